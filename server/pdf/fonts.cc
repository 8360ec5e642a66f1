#include "pdf/fonts.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"

namespace invoice::pdf {
namespace {

// One upright sans-serif face for each script in regular and bold. Faces of other styles would only make the choice of
// a fallback depend on what else is installed.
constexpr std::string_view kSelection = R"(
  <selectfont>
    <acceptfont>
      <glob>*/NotoSerifTibetan-*</glob>
    </acceptfont>
    <rejectfont>
      <glob>*/*Italic.*</glob>
      <glob>*/*Oblique.*</glob>
      <glob>*/Noto*Mono*</glob>
      <glob>*/NotoSerif*</glob>
      <glob>*/NotoLooped*</glob>
      <glob>*/NotoKufi*</glob>
      <glob>*/NotoNaskh*</glob>
      <glob>*/NotoNastaliq*</glob>
      <glob>*/NotoRashi*</glob>
      <glob>*/NotoMusic*</glob>
      <glob>*/NotoColorEmoji*</glob>
      <glob>*/DejaVuSansMono*</glob>
      <glob>*/DejaVuSansCondensed*</glob>
      <glob>*/DejaVuSans-ExtraLight*</glob>
      <glob>*/DejaVuSerif*</glob>
      <glob>*/DejaVuMath*</glob>
    </rejectfont>
  </selectfont>
  <cachedir>/var/cache/fontconfig</cachedir>
  <cachedir prefix="xdg">fontconfig</cachedir>)";

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string Configuration(const std::vector<std::string>& folders) {
  std::string xml = "<?xml version=\"1.0\"?><fontconfig>";
  xml += fmt::format("<dir>{}</dir>", Escape(FontLibrary::OwnFolder()));
  for (const std::string& folder : folders) xml += fmt::format("<dir>{}</dir>", Escape(folder));
  xml += kSelection;
  xml += "</fontconfig>";
  return xml;
}

bool HasFamily(const FcPattern* font, std::string_view wanted) {
  FcChar8* family = nullptr;
  return FcPatternGetString(font, FC_FAMILY, 0, &family) == FcResultMatch &&
         std::string_view(reinterpret_cast<const char*>(family)) == wanted;
}

}  // namespace

std::string FontLibrary::OwnFolder() {
  std::error_code unknown;
  return (std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path() / "fonts").string();
}

std::vector<std::string> FontLibrary::DefaultFolders() {
  return {"/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/droid"};
}

absl::StatusOr<FontLibrary> FontLibrary::Load(const std::vector<std::string>& folders) {
  FontConfigHandle config(FcConfigCreate());
  const std::string xml = Configuration(folders);
  if (!FcConfigParseAndLoadFromMemory(config.get(), reinterpret_cast<const FcChar8*>(xml.c_str()), FcTrue) ||
      !FcConfigBuildFonts(config.get())) {
    return absl::InternalError("fontconfig refused the configuration of the document fonts");
  }
  CharacterSetHandle characters(FcCharSetCreate());
  bool has_own_family = false;
  bool has_base_family = false;
  const FcFontSet* fonts = FcConfigGetFonts(config.get(), FcSetSystem);
  for (int i = 0; fonts != nullptr && i < fonts->nfont; ++i) {
    const FcPattern* font = fonts->fonts[i];
    has_own_family |= HasFamily(font, "Invoice Sans");
    has_base_family |= HasFamily(font, "Noto Sans");
    FcCharSet* covered = nullptr;
    // A blank takes the font of the character before it: one without a blank prints a box.
    if (FcPatternGetCharSet(font, FC_CHARSET, 0, &covered) == FcResultMatch && FcCharSetHasChar(covered, ' ')) {
      FcCharSetMerge(characters.get(), covered, nullptr);
    }
  }
  if (!has_own_family) {
    return absl::FailedPreconditionError(
        fmt::format("the font Invoice Sans, which the build makes, is not in {}", OwnFolder()));
  }
  if (!has_base_family) {
    return absl::FailedPreconditionError(fmt::format(
        "the font Noto Sans (package fonts-noto-core) is in none of the folders {}", fmt::join(folders, ", ")));
  }
  // Pango looks for a configuration of the process before it uses the one it is given; without this it would read the
  // machine's.
  FcConfigSetCurrent(config.get());
  return FontLibrary(std::move(config), std::move(characters));
}

bool FontLibrary::Has(char32_t character) const { return FcCharSetHasChar(characters_.get(), character); }

}  // namespace invoice::pdf
