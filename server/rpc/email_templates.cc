#include "app/email_templates.h"

#include "app/once.h"
#include "invoice/v1/emails.pb.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/handlers.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

v1::EmailTemplate TemplateToProto(const domain::EmailTemplate& own) {
  v1::EmailTemplate message;
  message.set_vendor_id(own.vendor_id);
  message.set_subject(own.subject);
  message.set_text_body(own.text_body);
  message.set_html_body(own.html_body);
  message.set_customized(own.customized());
  message.set_etag(app::Etag(own.version));
  if (own.version > 0) *message.mutable_update_time() = TimeOf(own.created_at);
  return message;
}

template <typename Message>
void ApplyTexts(const Message& message, domain::EmailTemplate* own) {
  own->subject = message.subject();
  own->text_body = message.text_body();
  own->html_body = message.html_body();
}

absl::StatusOr<v1::EmailTemplate> UpdateEmailTemplate(app::EmailTemplates& templates, Context& context,
                                                      const v1::UpdateEmailTemplateRequest& request) {
  const v1::EmailTemplate& given = request.email_template();
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), given));
  const auto change = [&](domain::EmailTemplate& own) -> absl::Status {
    v1::EmailTemplate merged = TemplateToProto(own);
    RETURN_IF_ERROR(mask.Merge(given, &merged));
    ApplyTexts(merged, &own);
    return absl::OkStatus();
  };
  return Answer<domain::EmailTemplate>(context, TemplateToProto, [&](const auto& encode) {
    return templates.Update(context.call(), given.vendor_id(), given.etag(), change, encode);
  });
}

absl::StatusOr<v1::PreviewEmailResponse> PreviewEmail(app::EmailTemplates& templates,
                                                      const v1::PreviewEmailRequest& request) {
  domain::EmailTemplate tried;
  ApplyTexts(request, &tried);
  ASSIGN_OR_RETURN(const app::EmailPreview preview, templates.Preview(request.invoice_id(), tried));
  v1::PreviewEmailResponse response;
  response.set_subject(preview.mail.subject);
  response.set_text_body(preview.mail.text);
  response.set_html_body(preview.mail.html);
  for (const std::string& recipient : preview.recipients) response.add_recipients(recipient);
  return response;
}

}  // namespace

void ServeEmailTemplates(Api& api, app::EmailTemplates& templates) {
  api.On("EmailService/GetEmailTemplate",
         [&](Context&, const v1::GetEmailTemplateRequest& request) -> absl::StatusOr<v1::EmailTemplate> {
           ASSIGN_OR_RETURN(const domain::EmailTemplate own, templates.Get(request.vendor_id()));
           return TemplateToProto(own);
         });
  api.On("EmailService/UpdateEmailTemplate", [&](Context& context, const v1::UpdateEmailTemplateRequest& request) {
    return UpdateEmailTemplate(templates, context, request);
  });
  api.On("EmailService/PreviewEmail",
         [&](Context&, const v1::PreviewEmailRequest& request) { return PreviewEmail(templates, request); });
}

}  // namespace invoice::rpc
