// The grid and the type scale that every part of a document shares. Points throughout. Constants and plain data.
#pragma once

#include "pdf/content.h"
#include "pdf/logo.h"
#include "pdf/palette.h"
#include "pdf/typesetter.h"

namespace invoice::pdf {

// A long title is smaller, so that it stands on one line.
inline constexpr TextStyle kTitleStyles[] = {
    {Face::kBold, 25}, {Face::kBold, 22}, {Face::kBold, 20}, {Face::kBold, 18}};
inline constexpr TextStyle kNameStyle{Face::kBold, 13};
inline constexpr TextStyle kStrongStyle{Face::kBold, 10};
inline constexpr TextStyle kBodyStyle{Face::kRegular, 9};
inline constexpr TextStyle kBodyBoldStyle{Face::kBold, 9};
inline constexpr TextStyle kSmallStyle{Face::kRegular, 8};
inline constexpr TextStyle kSmallBoldStyle{Face::kBold, 8};
inline constexpr TextStyle kTotalStyle{Face::kBold, 13};
inline constexpr TextStyle kWatermarkStyle{Face::kBold, 150};

inline constexpr double kMargin = 50;          // left and right
inline constexpr double kTop = 36;             // of the first page
inline constexpr double kNextTop = 76;         // of what flows on further pages
inline constexpr double kBottom = 52;          // of what flows, from the lower edge
inline constexpr double kFooterFromEdge = 42;  // rule of the footer
inline constexpr double kGutter = 24;          // between the halves
inline constexpr double kAccentBar = 6;
inline constexpr double kPanelPadding = 10;
inline constexpr double kPanelRadius = 3;

// What the parts need to measure themselves; lives as long as one rendering.
struct Sheet {
  Typesetter& type;
  const Content& content;
  const Palette& palette;
  const Logo* logo = nullptr;  // none
  double width = 0;
  double height = 0;

  double left() const { return kMargin; }
  double right() const { return width - kMargin; }
  double inner_width() const { return right() - left(); }
  double half_width() const { return (inner_width() - kGutter) / 2; }
  double right_half() const { return right() - half_width(); }
};

}  // namespace invoice::pdf
