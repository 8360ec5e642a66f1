#include "app/printed_fields.h"
#include "rpc/change.h"
#include "rpc/convert_parties.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

// The answer to a change, with what should be looked at.
v1::Vendor SavedVendorToProto(const domain::Vendor& vendor) {
  v1::Vendor message = VendorToProto(vendor);
  AddWarnings(app::WarningsOfLocale(vendor.locale), message.mutable_warnings());
  return message;
}

absl::StatusOr<v1::ListVendorsResponse> ListVendors(app::Vendors& vendors, const PageTokens& tokens,
                                                    const v1::ListVendorsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::VendorFilter filter{.active = {}, .q = request.q()};
  if (request.has_active()) filter.active = request.active();
  ASSIGN_OR_RETURN(const auto found, vendors.List(filter, page));
  v1::ListVendorsResponse response;
  for (const domain::Vendor& vendor : found.records) *response.add_vendors() = VendorToProto(vendor);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::Vendor> CreateVendor(app::Vendors& vendors, Context& context, const v1::Vendor& given) {
  domain::Vendor vendor;
  ApplyVendor(given, &vendor);
  return Answer<domain::Vendor>(context, SavedVendorToProto,
                                [&](const auto& encode) { return vendors.Create(context.call(), vendor, encode); });
}

absl::StatusOr<v1::Vendor> UpdateVendor(app::Vendors& vendors, Context& context,
                                        const v1::UpdateVendorRequest& request) {
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), request.vendor()));
  const auto change = [&](domain::Vendor& vendor) -> absl::Status {
    v1::Vendor merged = VendorToProto(vendor);
    RETURN_IF_ERROR(mask.Merge(request.vendor(), &merged));
    ApplyVendor(merged, &vendor);
    return absl::OkStatus();
  };
  return Answer<domain::Vendor>(context, SavedVendorToProto, [&](const auto& encode) {
    return vendors.Update(context.call(), request.vendor().id(), request.vendor().etag(), change, encode);
  });
}

absl::StatusOr<v1::Vendor> SetVendorActive(app::Vendors& vendors, Context& context, const std::string& id,
                                           const std::string& etag, bool active) {
  return Answer<domain::Vendor>(context, VendorToProto, [&](const auto& encode) {
    return vendors.SetActive(context.call(), id, etag, active, encode);
  });
}

absl::StatusOr<v1::Vendor> Upload(app::Logos& logos, Context& context, const v1::UploadLogoRequest& request) {
  return Answer<domain::Vendor>(context, VendorToProto, [&](const auto& encode) {
    return logos.Upload(context.call(), request.id(), request.data(), encode);
  });
}

absl::StatusOr<v1::Vendor> Remove(app::Logos& logos, Context& context, const v1::DeleteLogoRequest& request) {
  return Answer<domain::Vendor>(context, VendorToProto,
                                [&](const auto& encode) { return logos.Remove(context.call(), request.id(), encode); });
}

}  // namespace

void ServeLogos(Api& api, app::Logos& logos) {
  api.On("VendorService/UploadLogo",
         [&](Context& context, const v1::UploadLogoRequest& request) { return Upload(logos, context, request); });
  api.On("VendorService/DeleteLogo",
         [&](Context& context, const v1::DeleteLogoRequest& request) { return Remove(logos, context, request); });
  api.On("VendorService/GetLogo", [&](Context&, const v1::GetLogoRequest& request) -> absl::StatusOr<v1::FileContent> {
    ASSIGN_OR_RETURN(app::Document logo, logos.Get(request.id()));
    return FileToProto(std::move(logo));
  });
}

void ServeVendors(Api& api, app::Vendors& vendors, const PageTokens& tokens) {
  api.On("VendorService/CreateVendor", [&](Context& context, const v1::CreateVendorRequest& request) {
    return CreateVendor(vendors, context, request.vendor());
  });
  api.On("VendorService/GetVendor", [&](Context&, const v1::GetVendorRequest& request) -> absl::StatusOr<v1::Vendor> {
    ASSIGN_OR_RETURN(const domain::Vendor vendor, vendors.Get(request.id()));
    return VendorToProto(vendor);
  });
  api.On("VendorService/ListVendors",
         [&](Context&, const v1::ListVendorsRequest& request) { return ListVendors(vendors, tokens, request); });
  api.On("VendorService/UpdateVendor", [&](Context& context, const v1::UpdateVendorRequest& request) {
    return UpdateVendor(vendors, context, request);
  });
  api.On("VendorService/DeleteVendor", [&](Context& context, const v1::DeleteVendorRequest& request) {
    return SetVendorActive(vendors, context, request.id(), request.etag(), false);
  });
  api.On("VendorService/UndeleteVendor", [&](Context& context, const v1::UndeleteVendorRequest& request) {
    return SetVendorActive(vendors, context, request.id(), "", true);
  });
}

}  // namespace invoice::rpc
