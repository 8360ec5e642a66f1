// Checks and small changes of text from outside. Text is UTF-8 everywhere in the system. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace invoice::base {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

// Unicode code points of a well-formed text: what length limits count.
size_t CountCodePoints(std::string_view text);

// Whether there is a C0 or C1 control character, or DEL. With `allow_lines`, line feeds, carriage returns and tabs are
// let through. Also the two Unicode separators U+2028 and U+2029 count, which break lines in some readers; never let
// through.
bool HasControlCharacters(std::string_view text, bool allow_lines = false);

// With a space for each run of control characters (HasControlCharacters) and blanks, and none at the ends: one line.
std::string WithoutControlCharacters(std::string_view text);

// Without blanks (space, tab, carriage return, line feed) at both ends.
std::string_view Trim(std::string_view text);

// Without blanks of any kind at both ends: white space of Unicode, and characters that take no room or show nothing,
// such as a zero-width space, a byte order mark or U+2800. Of a text that is not well-formed UTF-8 only those of ASCII
// go.
std::string_view TrimBlanks(std::string_view text);

// Whether there is a letter, digit, punctuation mark or symbol. Blanks, format characters, marks alone and the fillers
// of Hangul and Braille are none.
bool HasVisibleCharacter(std::string_view text);

// The text as it counts where blanks at the ends mean nothing: without them, and empty where nothing of it can be seen.
// A text of control, private or unassigned characters stays: the checks after it name them.
std::string_view VisibleText(std::string_view text);

}  // namespace invoice::base
