// Owners of the C objects of cairo, pango, fontconfig and librsvg. Include only from .cc files and internal headers of
// this folder.
#pragma once

#include <fontconfig/fontconfig.h>
#include <librsvg/rsvg.h>
#include <pango/pangocairo.h>

#include <memory>

namespace invoice::pdf {

template <auto kFree>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <typename T>
using GObjectHandle = std::unique_ptr<T, FreeWith<g_object_unref>>;
using SvgHandle = GObjectHandle<RsvgHandle>;
using CairoHandle = std::unique_ptr<cairo_t, FreeWith<cairo_destroy>>;
using SurfaceHandle = std::unique_ptr<cairo_surface_t, FreeWith<cairo_surface_destroy>>;
using FontOptionsHandle = std::unique_ptr<cairo_font_options_t, FreeWith<cairo_font_options_destroy>>;
using FontDescriptionHandle = std::unique_ptr<PangoFontDescription, FreeWith<pango_font_description_free>>;
using FontMetricsHandle = std::unique_ptr<PangoFontMetrics, FreeWith<pango_font_metrics_unref>>;
using AttributesHandle = std::unique_ptr<PangoAttrList, FreeWith<pango_attr_list_unref>>;
using LineIteratorHandle = std::unique_ptr<PangoLayoutIter, FreeWith<pango_layout_iter_free>>;
using FontConfigHandle = std::unique_ptr<FcConfig, FreeWith<FcConfigDestroy>>;
using CharacterSetHandle = std::unique_ptr<FcCharSet, FreeWith<FcCharSetDestroy>>;

}  // namespace invoice::pdf
