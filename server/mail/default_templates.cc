// The built-in templates: one layout, and the words of each language for an invoice and for a credit note.
#include <map>
#include <utility>

#include "absl/strings/str_replace.h"
#include "mail/template.h"

namespace invoice::mail {
namespace {

struct MailWords {
  const char* language;
  const char* subject;
  const char* greeting;
  const char* invoice;      // the sentence that goes with one
  const char* credit_note;  // and that of a credit note
  const char* number;
  const char* date;
  const char* period;
  const char* to;  // between the days of a period
  const char* total;
  const char* credited;
  const char* due;
  const char* attached;
  const char* closing;
};

constexpr MailWords kWords[] = {
    {"en", "{{documentName}} {{number}} from {{vendorName}}", "Hello {{customerName}},",
     "Please find attached invoice {{number}}, due on {{dueDate}}.",
     "Please find attached credit note {{number}}. There is nothing you need to pay.", "Number", "Date", "Period", "to",
     "Total", "Amount credited", "Due date",
     "The PDF is attached. If anything about it is unclear, just reply to this email.", "Kind regards"},
    {"fr", "{{documentName}} {{number}} – {{vendorName}}", "Bonjour {{customerName}},",
     "Veuillez trouver ci-joint la facture {{number}}, à régler au plus tard le {{dueDate}}.",
     "Veuillez trouver ci-joint l’avoir {{number}}. Vous n’avez rien à régler.", "Numéro", "Date", "Période", "au",
     "Total", "Montant crédité", "Échéance",
     "Le document PDF est joint. Pour toute question, il vous suffit de répondre à cet e-mail.", "Cordialement"},
    {"de", "{{documentName}} {{number}} von {{vendorName}}", "Guten Tag {{customerName}},",
     "anbei erhalten Sie die Rechnung {{number}}, zahlbar bis {{dueDate}}.",
     "anbei erhalten Sie die Gutschrift {{number}}. Sie müssen nichts bezahlen.", "Nummer", "Datum", "Zeitraum", "bis",
     "Gesamtbetrag", "Gutgeschriebener Betrag", "Zahlbar bis",
     "Das PDF ist beigefügt. Wenn Sie Fragen haben, antworten Sie einfach auf diese E-Mail.",
     "Mit freundlichen Grüßen"},
    {"es", "{{documentName}} {{number}} de {{vendorName}}",
     "Estimado cliente, {{customerName}}:", "Adjuntamos la factura {{number}}, con vencimiento el {{dueDate}}.",
     "Adjuntamos la nota de crédito {{number}}. No tiene que pagar nada.", "Número", "Fecha", "Período", "al", "Total",
     "Importe abonado", "Vencimiento", "El PDF va adjunto. Si tiene alguna duda, responda a este correo.",
     "Atentamente"},
};

constexpr char kText[] = R"($greeting

$sentence

  $number: {{number}}
  $date: {{invoiceDate}}
  $period: {{periodStart}} $to {{periodEnd}}
  $total: {{total}} {{currencyCode}}
$due
$attached

$closing
{{vendorName}}
)";
constexpr char kTextDue[] = "  $due: {{dueDate}}\n";

// Tables and inline styles: the only layout that mail readers agree on.
constexpr char kHtml[] = R"(<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{documentName}} {{number}}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6;">
<tr><td align="center" style="padding:32px 16px;">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px;background:#ffffff;border-radius:8px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1f2937;">
<tr><td style="padding:32px 32px 0 32px;">
<p style="margin:0;font-size:14px;line-height:20px;color:#6b7280;">{{vendorName}}</p>
<h1 style="margin:4px 0 24px 0;font-size:22px;line-height:28px;font-weight:600;">{{documentName}} {{number}}</h1>
<p style="margin:0 0 12px 0;font-size:15px;line-height:24px;">$greeting</p>
<p style="margin:0 0 24px 0;font-size:15px;line-height:24px;">$sentence</p>
</td></tr>
<tr><td style="padding:0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:15px;line-height:24px;">
<tr><td style="padding:8px 0;border-top:1px solid #e5e7eb;color:#6b7280;">$date</td><td align="right" style="padding:8px 0;border-top:1px solid #e5e7eb;">{{invoiceDate}}</td></tr>
<tr><td style="padding:8px 0;border-top:1px solid #e5e7eb;color:#6b7280;">$period</td><td align="right" style="padding:8px 0;border-top:1px solid #e5e7eb;">{{periodStart}} $to {{periodEnd}}</td></tr>
$due<tr><td style="padding:12px 0;border-top:2px solid #1f2937;font-weight:600;">$total</td><td align="right" style="padding:12px 0;border-top:2px solid #1f2937;font-size:18px;font-weight:600;">{{total}} {{currencyCode}}</td></tr>
</table>
</td></tr>
<tr><td style="padding:24px 32px 32px 32px;">
<p style="margin:0 0 12px 0;font-size:14px;line-height:22px;color:#6b7280;">$attached</p>
<p style="margin:0;font-size:14px;line-height:22px;color:#6b7280;">$closing<br>{{vendorName}}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
)";
constexpr char kHtmlDue[] =
    R"(<tr><td style="padding:8px 0;border-top:1px solid #e5e7eb;color:#6b7280;">$due</td><td align="right" style="padding:8px 0;border-top:1px solid #e5e7eb;">{{dueDate}}</td></tr>
)";

std::string FillLayout(const char* layout, const char* due_row, const MailWords& words, bool credit_note) {
  const std::string due = credit_note ? "" : absl::StrReplaceAll(due_row, {{"$due", words.due}});
  return absl::StrReplaceAll(layout, {{"$greeting", words.greeting},
                                      {"$sentence", credit_note ? words.credit_note : words.invoice},
                                      {"$number", words.number},
                                      {"$date", words.date},
                                      {"$period", words.period},
                                      {"$total", credit_note ? words.credited : words.total},
                                      {"$to", words.to},
                                      {"$due", due},
                                      {"$attached", words.attached},
                                      {"$closing", words.closing},
                                      {"$language", words.language}});
}

using Templates = std::map<std::pair<std::string, bool>, MailTemplate>;

Templates MakeAll() {
  Templates all;
  for (const MailWords& words : kWords) {
    for (const bool credit_note : {false, true}) {
      all[{words.language, credit_note}] = {.subject = words.subject,
                                            .text = FillLayout(kText, kTextDue, words, credit_note),
                                            .html = FillLayout(kHtml, kHtmlDue, words, credit_note)};
    }
  }
  return all;
}

}  // namespace

const MailTemplate& DefaultTemplate(std::string_view language, bool credit_note) {
  static const Templates* const kAll = new Templates(MakeAll());
  const auto found = kAll->find({std::string(language), credit_note});
  return found == kAll->end() ? kAll->at({"en", credit_note}) : found->second;
}

}  // namespace invoice::mail
