#include "app/logos.h"

#include "app/once.h"
#include "app/vendors.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/status.h"
#include "store/json.h"
#include "store/records.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::Vendor;

// The renderer knows the bytes as the content of a file, the caller as the field that it sent.
absl::Status AsData(const absl::Status& status) {
  std::vector<base::FieldViolation> fields = base::DetailOf(status).fields;
  if (fields.empty()) return status;
  for (base::FieldViolation& field : fields) field.field = "data";
  return base::InvalidFields(std::move(fields));
}

std::string FileNameOf(const std::string& content_type) {
  if (content_type == "image/png") return "logo.png";
  return content_type == "image/jpeg" ? "logo.jpg" : "logo.svg";
}

}  // namespace

absl::StatusOr<Outcome<Vendor>> Logos::Upload(const Call& call, const std::string& vendor_id, const std::string& bytes,
                                              const Encode<Vendor>& encode) {
  const absl::StatusOr<pdf::LogoForm> form = core_.logo_drawer.Draw(bytes, call.deadline);
  if (!form.ok()) return AsData(form.status());
  const std::string sha256 = base::Sha256Hex(bytes);
  const auto store = [&](store::Transaction& transaction) -> absl::Status {
    const absl::Time now = core_.clock.Now();
    RETURN_IF_ERROR(store::PutBlob(transaction, sha256, {.content_type = form->content_type, .bytes = bytes}, now));
    return store::PutLogoForm(transaction, sha256, {.content_type = form->form_type, .bytes = form->bytes}, now);
  };
  return Set(call, vendor_id, sha256, store, encode);
}

absl::StatusOr<Outcome<Vendor>> Logos::Remove(const Call& call, const std::string& vendor_id,
                                              const Encode<Vendor>& encode) {
  return Set(
      call, vendor_id, "", [](store::Transaction&) { return absl::OkStatus(); }, encode);
}

absl::StatusOr<Outcome<Vendor>> Logos::Set(const Call& call, const std::string& vendor_id, const std::string& sha256,
                                           const std::function<absl::Status(store::Transaction&)>& store,
                                           const Encode<Vendor>& encode) {
  return Once<Vendor>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Vendor> {
    store::Vendors vendors(transaction);
    ASSIGN_OR_RETURN(const Vendor before, vendors.Lock(vendor_id));
    RETURN_IF_ERROR(CheckActive(before));
    RETURN_IF_ERROR(store(transaction));
    if (before.logo_sha256 == sha256) return before;
    Vendor after = before;
    after.logo_sha256 = sha256;
    RETURN_IF_ERROR(vendors.Update(after, core_.clock.Now()));
    ASSIGN_OR_RETURN(const Vendor updated, vendors.Get(vendor_id));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {vendor_id, "update", "vendor", vendor_id, store::ToJson(before), store::ToJson(updated)}));
    return updated;
  });
}

absl::StatusOr<Document> Logos::Get(const std::string& vendor_id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const Vendor vendor, store::Vendors(transaction).Get(vendor_id));
  if (vendor.logo_sha256.empty()) return base::NotFound("logo", vendor_id);
  ASSIGN_OR_RETURN(std::optional<store::Blob> blob, store::GetBlob(transaction, vendor.logo_sha256));
  if (!blob) return absl::DataLossError("the stored logo of a vendor is missing");
  return Document{.file_name = FileNameOf(blob->content_type),
                  .content_type = std::move(blob->content_type),
                  .bytes = std::move(blob->bytes)};
}

namespace {

// Draws a logo that was uploaded before forms were kept, and keeps the form. Empty where it cannot be drawn within the
// bounds: a document without its logo is better than none.
absl::StatusOr<std::string> DrawStored(Core& core, const std::string& sha256, const std::string& upload) {
  const absl::StatusOr<pdf::LogoForm> form = core.logo_drawer.Draw(upload, absl::InfiniteFuture());
  if (absl::IsInvalidArgument(form.status())) {
    base::Log(base::Level::kWarning, "logo_left_out", {{"logo", sha256}});
    return std::string();
  }
  // A busy machine counts as a failure of the document's job, so that it is not tried for ever.
  if (absl::IsUnavailable(form.status())) return absl::DeadlineExceededError("the logo could not be drawn in time");
  RETURN_IF_ERROR(form.status());
  const store::Blob blob{.content_type = form->form_type, .bytes = form->bytes};
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  RETURN_IF_ERROR(store::PutLogoForm(transaction, sha256, blob, core.clock.Now()));
  // Where two drew at once, both print the form that was kept first.
  ASSIGN_OR_RETURN(std::optional<store::Blob> kept, store::GetLogoForm(transaction, sha256));
  RETURN_IF_ERROR(transaction.Commit());
  return kept ? std::move(kept->bytes) : form->bytes;
}

absl::StatusOr<std::string> FormBytes(Core& core, const std::string& sha256) {
  std::string upload;
  {
    ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
    ASSIGN_OR_RETURN(std::optional<store::Blob> form, store::GetLogoForm(transaction, sha256));
    if (form) return std::move(form->bytes);
    ASSIGN_OR_RETURN(std::optional<store::Blob> blob, store::GetBlob(transaction, sha256));
    if (!blob) return absl::DataLossError("the stored logo of a vendor is missing");
    upload = std::move(blob->bytes);
  }
  return DrawStored(core, sha256, upload);
}

}  // namespace

absl::StatusOr<LogoFiles::File> LogoFileOf(Core& core, const std::string& sha256) {
  static const LogoFiles::File* const kNone = new LogoFiles::File(std::make_shared<const std::string>());
  if (sha256.empty()) return *kNone;
  if (LogoFiles::File kept = core.logo_files->Find(sha256)) return kept;
  ASSIGN_OR_RETURN(std::string bytes, FormBytes(core, sha256));
  const auto file = std::make_shared<const std::string>(std::move(bytes));
  core.logo_files->Keep(sha256, file);
  return file;
}

}  // namespace invoice::app
