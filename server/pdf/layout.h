// One document from its texts to its pages: measures every part, plans the pages, draws them. Used once.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "pdf/canvas.h"
#include "pdf/content.h"
#include "pdf/logo.h"
#include "pdf/palette.h"
#include "pdf/statement_content.h"
#include "pdf/typesetter.h"

namespace invoice::pdf {

struct LayoutOptions {
  PageSize page_size = kLetterPage;
  Palette palette;
  const Logo* logo = nullptr;  // none; outlives the call
};

// FAILED_PRECONDITION, DOCUMENT_TOO_LONG.
absl::Status TooManyPages();

// Without drawing them.
size_t CountPages(const Content& content, const LayoutOptions& options, Typesetter& type);

// TooManyPages() where there are more than base::kMaxPdfPages.
absl::StatusOr<std::string> LayOut(const Content& content, const DocumentProperties& properties,
                                   const LayoutOptions& options, Typesetter& type);
absl::StatusOr<std::string> LayOut(const StatementContent& content, const DocumentProperties& properties,
                                   const LayoutOptions& options, Typesetter& type);

}  // namespace invoice::pdf
