#include "pdf/exif.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace invoice::pdf {
namespace {

constexpr int kUpright = 1;

// Numbers at a place of some bytes; nothing where they end before.
struct Numbers {
  std::string_view bytes;
  bool big_endian = true;

  std::optional<uint32_t> At(size_t position, size_t size) const {
    if (position > bytes.size() || bytes.size() - position < size) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      const size_t at = position + (big_endian ? i : size - 1 - i);
      value = value * 256 + static_cast<unsigned char>(bytes[at]);
    }
    return value;
  }
};

// The content of the first segment of a kind that begins with `name`; nothing where the picture starts before.
std::optional<std::string_view> Segment(std::string_view jpeg, uint32_t kind, std::string_view name) {
  constexpr uint32_t kStartOfScan = 0xda;
  const Numbers numbers{jpeg};
  size_t at = 2;  // after the start of the image
  while (true) {
    const std::optional<uint32_t> mark = numbers.At(at, 1);
    const std::optional<uint32_t> found = numbers.At(at + 1, 1);
    if (mark != 0xffU || !found || found == kStartOfScan) return std::nullopt;
    if (found == 0xffU) {  // filling
      ++at;
      continue;
    }
    const std::optional<uint32_t> length = numbers.At(at + 2, 2);
    if (!length || *length < 2 || jpeg.size() - at - 2 < *length) return std::nullopt;
    const std::string_view content = jpeg.substr(at + 4, *length - 2);
    if (found == kind && content.substr(0, name.size()) == name) return content.substr(name.size());
    at += 2 + *length;
  }
}

// Of the first directory of a TIFF.
int OrientationIn(const Numbers& tiff) {
  constexpr uint32_t kOrientation = 0x0112;
  constexpr uint32_t kShort = 3;
  constexpr size_t kEntryBytes = 12;
  const std::optional<uint32_t> directory = tiff.At(4, 4);
  if (!directory) return kUpright;
  const std::optional<uint32_t> count = tiff.At(*directory, 2);
  for (size_t i = 0; count && i < *count; ++i) {
    const size_t entry = size_t{*directory} + 2 + i * kEntryBytes;
    const std::optional<uint32_t> value = tiff.At(entry + 8, 2);
    if (!value) return kUpright;
    if (tiff.At(entry, 2) != kOrientation || tiff.At(entry + 2, 2) != kShort) continue;
    return *value >= 1 && *value <= 8 ? static_cast<int>(*value) : kUpright;
  }
  return kUpright;
}

}  // namespace

int OrientationOf(std::string_view jpeg) {
  constexpr uint32_t kApp1 = 0xe1;
  const std::optional<std::string_view> tiff = Segment(jpeg, kApp1, std::string_view("Exif\0\0", 6));
  if (!tiff || (!tiff->starts_with("MM") && !tiff->starts_with("II"))) return kUpright;
  return OrientationIn({.bytes = *tiff, .big_endian = tiff->starts_with("MM")});
}

bool HasAdobeMarker(std::string_view jpeg) {
  constexpr uint32_t kApp14 = 0xee;
  return Segment(jpeg, kApp14, "Adobe").has_value();
}

}  // namespace invoice::pdf
