#include "rpc/import_cells.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "app/import_rows.h"
#include "base/field_fault.h"
#include "base/text.h"
#include "fmt/format.h"
#include "invoice/v1/common.pb.h"
#include "invoice/v1/customers.pb.h"
#include "rpc/convert.h"

namespace invoice::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What was expected, where the text is not of the form.
using CellFault = std::optional<std::string>;

std::string TrimmedPart(std::string_view text) { return std::string(base::VisibleText(text)); }

std::vector<std::string> PartsOf(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, separator))) {
    parts.push_back(TrimmedPart(part));
  }
  return parts;
}

std::string CellNames(const google::protobuf::EnumDescriptor* type) {
  std::string names = "one of";
  for (int i = 1; i < type->value_count(); ++i) names += (i == 1 ? " " : ", ") + type->value(i)->name();
  return names;
}

// "GST=0.05|123456789 RT0001", "VAT=EXEMPT||schools". The rules of a tax are checked with those of all fields.
CellFault FillTax(const std::string& text, v1::Tax* tax) {
  constexpr char kExpected[] =
      "taxes separated by \";\", each NAME=RATE or NAME=CATEGORY, then |REGISTRATION NUMBER and |EXEMPTION REASON as "
      "needed";
  const std::vector<std::string> parts = PartsOf(text, '|');
  const size_t equals = parts[0].rfind('=');
  if (equals == std::string::npos || parts.size() > 3) return kExpected;
  tax->set_name(TrimmedPart(std::string_view(parts[0]).substr(0, equals)));
  const std::string value = TrimmedPart(std::string_view(parts[0]).substr(equals + 1));
  if (tax->name().empty() || value.empty()) return kExpected;
  const auto category = EnumOf<v1::Tax::Category>(value);
  tax->set_category(category);
  if (category == v1::Tax::CATEGORY_UNSPECIFIED) tax->set_rate(value);
  if (parts.size() > 1) tax->set_registration_number(parts[1]);
  if (parts.size() > 2) tax->set_exemption_reason(parts[2]);
  return std::nullopt;
}

// "Train=125.50".
CellFault FillExpense(const std::string& text, v1::Timesheet::Expense* expense) {
  const size_t equals = text.rfind('=');
  if (equals == std::string::npos) return "expenses separated by \";\", each DESCRIPTION=AMOUNT";
  expense->set_description(TrimmedPart(std::string_view(text).substr(0, equals)));
  expense->set_amount(TrimmedPart(std::string_view(text).substr(equals + 1)));
  return std::nullopt;
}

// "NET 30", "END_OF_MONTH".
CellFault FillTerms(const std::string& text, v1::PaymentTerms* terms) {
  const std::string expected = CellNames(v1::PaymentTerms::Kind_descriptor()) + ", NET with its days: NET 30";
  const size_t blank = text.find(' ');
  const auto kind = EnumOf<v1::PaymentTerms::Kind>(text.substr(0, blank));
  if (kind == v1::PaymentTerms::KIND_UNSPECIFIED) return expected;
  terms->set_kind(kind);
  if (blank == std::string::npos) return std::nullopt;
  int days = 0;
  if (!absl::SimpleAtoi(text.substr(blank + 1), &days)) return expected;
  terms->set_days(days);
  return std::nullopt;
}

CellFault FillEntry(const FieldDescriptor* field, const std::string& text, Message* message) {
  const Reflection* reflection = message->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection->AddString(message, field, text);
    return std::nullopt;
  }
  Message* added = reflection->AddMessage(message, field);
  if (auto* tax = dynamic_cast<v1::Tax*>(added)) return FillTax(text, tax);
  return FillExpense(text, dynamic_cast<v1::Timesheet::Expense*>(added));
}

CellFault FillSingle(const FieldDescriptor* field, const std::string& text, Message* message) {
  const Reflection* reflection = message->GetReflection();
  int number = 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection->SetString(message, field, text);
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return "true or false";
      reflection->SetBool(message, field, text == "true");
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_INT32:
      if (!absl::SimpleAtoi(text, &number)) return "a whole number";
      reflection->SetInt32(message, field, number);
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = field->enum_type()->FindValueByName(text);
      if (value == nullptr || value->number() == 0) return CellNames(field->enum_type());
      reflection->SetEnum(message, field, value);
      return std::nullopt;
    }
    default:
      return FillTerms(text, dynamic_cast<v1::PaymentTerms*>(reflection->MutableMessage(message, field)));
  }
}

// A text is taken as it is in the cell: what of its blanks counts is a rule of the field. All else is read without
// them.
CellFault FillField(const std::string& path, const std::string& cell, const std::string& text, Message* message) {
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    const FieldDescriptor* outer = message->GetDescriptor()->FindFieldByName(names[i]);
    message = message->GetReflection()->MutableMessage(message, outer);
  }
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(names.back());
  if (!field->is_repeated()) {
    return FillSingle(field, field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? cell : text, message);
  }
  // A separator may also end the list.
  const std::string list(absl::StripSuffix(text, ";"));
  for (const std::string& part : PartsOf(list, ';')) {
    if (CellFault fault = FillEntry(field, part, message)) return fault;
  }
  return std::nullopt;
}

}  // namespace

csv::Columns HeaderOf(const ImportColumns& columns) {
  csv::Columns header;
  for (const ImportColumn& column : columns) {
    header.known.emplace_back(column.name);
    if (column.required) header.required.emplace_back(column.name);
  }
  return header;
}

void FillFromCells(const ImportColumns& columns, const csv::Table& table, const csv::Row& cells, Message* message,
                   domain::ImportRow* row) {
  if (cells.cells.size() != table.columns.size()) {
    row->faults.push_back(fmt::format("line {}: expected {} cells, as the header has, found {}", row->line,
                                      table.columns.size(), cells.cells.size()));
    return;
  }
  for (const ImportColumn& column : columns) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), column.name);
    if (found == table.columns.end()) continue;
    const std::string& cell = cells.cells[static_cast<size_t>(found - table.columns.begin())];
    const std::string text = TrimmedPart(cell);
    if (text.empty()) {
      if (column.required) app::AddFault(*row, column.name, base::kRequired);
    } else if (column.path[0] == '\0') {
      row->customer = text;
    } else if (const CellFault fault = FillField(column.path, cell, text, message)) {
      app::AddFault(*row, column.name, *fault);
    }
  }
}

}  // namespace invoice::rpc
