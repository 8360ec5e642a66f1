// The fonts of the documents: TrueType files of folders that the project names, nothing of the machine's or the user's
// own configuration, so that every machine renders the same page. Immutable after Load and safe to share between
// threads.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pdf/handles.h"

namespace invoice::pdf {

// The families in the order of preference; a character that the first lacks comes from the next, glyph by glyph, and at
// last from any font of the folders.
inline constexpr char kFontFamilies[] =
    "Invoice Sans,Noto Sans,Noto Sans Arabic,Noto Sans Hebrew,Noto Sans Armenian,Noto Sans Georgian,Noto Sans "
    "Lao,DejaVu Sans,Droid "
    "Sans Fallback";

class FontLibrary {
 public:
  // "fonts" beside the binary, where the build puts Invoice Sans: Noto Sans without hints for screens and without what
  // few texts need (tools/fonts/cut_fonts.py).
  static std::string OwnFolder();
  // The folders of Debian's fonts-noto-core, fonts-dejavu-core and fonts-droid-fallback (Chinese, Japanese).
  static std::vector<std::string> DefaultFolders();

  // Reads our own folder, the given ones and those below them, and makes them the fonts of the process.
  // FAILED_PRECONDITION where Invoice Sans is not in the first or Noto Sans in none of the others.
  static absl::StatusOr<FontLibrary> Load(const std::vector<std::string>& folders);

  // Whether any font that has a blank, too, has a glyph for the character.
  bool Has(char32_t character) const;

  FcConfig* config() const { return config_.get(); }

 private:
  FontLibrary(FontConfigHandle config, CharacterSetHandle characters)
      : config_(std::move(config)), characters_(std::move(characters)) {}

  FontConfigHandle config_;
  CharacterSetHandle characters_;
};

}  // namespace invoice::pdf
