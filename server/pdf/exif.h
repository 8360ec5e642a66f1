// How a camera was held when it made a JPEG. Pure.
#pragma once

#include <string_view>

namespace invoice::pdf {

// The orientation of Exif, 1 to 8 (1: as it is stored); 1 where the file says nothing that can be read.
int OrientationOf(std::string_view jpeg);

// Whether the file has Adobe's marker: its CMYK is stored with 255 for no ink.
bool HasAdobeMarker(std::string_view jpeg);

}  // namespace invoice::pdf
