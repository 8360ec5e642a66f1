// How many pages a document takes, from the lengths of its texts alone: what is far from the limit need not be laid out
// to be sure that its page can be made. Pure.
#pragma once

#include "domain/invoice.h"

namespace invoice::pdf {

struct PageEstimate {
  int least = 0;
  int most = 0;
};

PageEstimate EstimatePages(const domain::InvoiceDocument& document);

}  // namespace invoice::pdf
