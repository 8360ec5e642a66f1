// InvoiceRenderer with pango and cairo. Thread-safe: each call works on an engine of its own, and engines with their
// loaded fonts are kept for the next call, as many as there were calls at the same time. Make one renderer for a
// process.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pdf/renderer.h"

namespace invoice::pdf {

class PangoInvoiceRenderer final : public InvoiceRenderer {
 public:
  // `font_folders` are searched with the folders below them; empty means the places of Debian's font packages.
  // FAILED_PRECONDITION where the fonts are not there.
  static absl::StatusOr<std::unique_ptr<PangoInvoiceRenderer>> Create(
      const std::vector<std::string>& font_folders = {});
  ~PangoInvoiceRenderer() override;

  absl::StatusOr<std::string> Render(const domain::InvoiceDocument& document, std::string_view logo) override;
  absl::StatusOr<std::string> RenderStatement(const domain::StatementDocument& document,
                                              std::string_view logo) override;
  absl::Status CheckText(const domain::InvoiceDocument& document) override;
  absl::Status CheckField(std::string_view field, std::string_view text, bool several_lines) override;

 private:
  struct Engine;
  struct Fonts;
  class Lease;

  explicit PangoInvoiceRenderer(std::unique_ptr<Fonts> fonts);
  template <typename AnyContent>
  absl::StatusOr<std::string> Print(const AnyContent& content, const domain::VendorSnapshot& vendor,
                                    absl::CivilDay date, std::string_view logo);
  std::unique_ptr<Engine> TakeEngine();
  void GiveBack(std::unique_ptr<Engine> engine);

  const std::unique_ptr<Fonts> fonts_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Engine>> idle_;
};

}  // namespace invoice::pdf
