// A JSON text from its begin to its end, read strictly: RFC 8259 to the letter (a byte order mark is passed over), at
// most base::kMaxJsonDepth levels and kMaxJsonValues values and names. Numbers stay as they are written. The caller
// walks the text and finds names that stand twice. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace invoice::gateway {

enum class JsonKind : uint8_t { kNull, kTrue, kFalse, kNumber, kString, kArray, kObject };

// Every function that answers bool is false where the text is refused; status() says why, and nothing more is read.
class JsonInput {
 public:
  // The text must outlive it.
  explicit JsonInput(std::string_view text);

  // The next value: all of it, but of an array or object the bracket only. Then Item() or Name() and Begin() follow
  // until there is no more.
  bool Begin(JsonKind* kind);
  // Of the last Begin(): the content of a text, or a number as written. Stands until the next one.
  std::string_view text() const { return text_; }
  // Whether there is another item of the array, or another member of the object and its name. Names stand until the
  // end.
  bool Item(bool* more);
  bool Name(std::string_view* name, bool* more);
  // What is left of a value that Begin() began. Its names are checked too.
  bool Skip(JsonKind kind);
  // Of the object whose bracket is open, before its first name: the text that the member has, if there is such a text,
  // and whether the object is empty. Nothing is read by that.
  bool FindText(std::string_view name, std::string* text, bool* empty) const;
  // Nothing follows.
  bool End();

  bool Refuse(std::string_view fault);
  // The same name twice in one object.
  bool RefuseName();
  // INVALID_ARGUMENT says what is wrong and at which byte; it never repeats the text.
  absl::Status status() const;

 private:
  bool Count();
  void SkipBlanks();
  bool String(std::string_view* text, bool name);
  bool Unescape(const char* begin, std::string* text);
  bool Escape(std::string* text);
  bool Hex4(uint32_t* unit);
  bool Utf8();
  bool Number();
  bool Digits();
  bool Literal(std::string_view word);
  bool RefuseAt(const char* at);
  bool Unexpected();

  const char* const begin_;
  const char* at_;
  const char* const end_;
  std::string_view text_;
  std::string unescaped_;          // what text_ shows, where the text has escapes
  std::deque<std::string> names_;  // those with escapes
  std::string fault_;
  size_t count_ = 0;
  int depth_ = 0;
  bool fresh_ = false;  // a bracket was opened, and nothing stands in it yet
};

}  // namespace invoice::gateway
