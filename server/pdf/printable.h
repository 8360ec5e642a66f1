// Finds the texts of a document that cannot be printed, by the path of their field in JSON spelling. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "domain/invoice.h"
#include "domain/statement.h"
#include "pdf/fonts.h"

namespace invoice::pdf {

// Texts of one line allow no line break; texts of several lines allow \n, \r\n and tabs.
enum class TextKind { kOneLine, kParagraphs };

// The first character that cannot be printed, as "U+3042", or "invalid UTF-8". Control characters, unassigned ones and
// those that override the direction of writing (they can make an amount read backwards) are refused whatever the fonts
// have.
std::optional<std::string> FirstUnprintable(std::string_view text, TextKind kind, const FontLibrary& fonts);

// INVALID_ARGUMENT, INVALID_FIELD, for a text with such a character.
absl::Status CheckPrintableField(std::string_view field, std::string_view text, TextKind kind,
                                 const FontLibrary& fonts);

// FAILED_PRECONDITION, CHARACTER_NOT_IN_FONTS, {field, character} for the first text at fault.
absl::Status CheckPrintable(const domain::InvoiceDocument& document, const FontLibrary& fonts);
absl::Status CheckPrintable(const domain::StatementDocument& document, const FontLibrary& fonts);

}  // namespace invoice::pdf
