// How many pages a document takes and how long, from its texts alone: what is far from the limits need not be laid out
// to be sure that its page can be made. Pure.
#pragma once

#include <cstdint>

#include "domain/invoice.h"

namespace invoice::pdf {

struct PageEstimate {
  int least = 0;
  int most = 0;
};

// What it takes to shape the texts of the lines and the closing texts, in letters of Latin: a letter of another script
// counts four, a change between scripts three. The texts are valid UTF-8.
int64_t TextWork(const domain::InvoiceDocument& document);

PageEstimate EstimatePages(const domain::InvoiceDocument& document);

}  // namespace invoice::pdf
