// The written record of a dialogue with an SMTP server: what was said, by whom, with secrets blanked and nothing in it
// that a terminal or a page could act on. Bounded. Not thread safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace invoice::mail {

inline constexpr size_t kMaxTranscriptBytes = 16 * 1024;

class Transcript {
 public:
  // A text that must not appear from now on, however the server repeats it; shown as ****. Shorter ones than four bytes
  // are not looked for: they would blank half the dialogue.
  void AddSecret(std::string_view secret);

  // Sent by us ("> "), received ("< "), and what happened besides ("- ").
  void Sent(std::string_view line) { Add("> ", line); }
  void Received(std::string_view line) { Add("< ", line); }
  void Note(std::string_view line) { Add("- ", line); }

  // Text of a server, fit to be shown: control characters and ill-formed UTF-8 as "?", secrets blanked.
  std::string Clean(std::string_view text) const;

  // The record so far; begins a new one.
  std::string Take();

 private:
  void Add(std::string_view mark, std::string_view line);

  std::vector<std::string> secrets_;
  std::string text_;
  bool cut_ = false;
};

}  // namespace invoice::mail
