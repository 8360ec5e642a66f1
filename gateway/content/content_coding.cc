#include "gateway/content/content_coding.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "gateway/content/header_parts.h"

namespace invoice::gateway {
namespace {

constexpr int kFullWeight = 1000;

// "0.25" -> 250: a digit, and at most three behind a point.
int ParseWeight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  int weight = (text[0] - '0') * kFullWeight;
  int unit = kFullWeight / 10;
  for (const char c : text.substr(std::min<size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight <= kFullWeight ? weight : 0;
}

// What stands behind the name of a coding.
int WeightOf(std::string_view parameters) {
  if (parameters.empty()) return kFullWeight;
  const std::string_view name = TakePart(&parameters, '=');
  return SameName(name, "q") ? ParseWeight(base::Trim(parameters)) : 0;
}

struct Weights {
  std::optional<int> gzip;
  std::optional<int> brotli;
  std::optional<int> identity;
  std::optional<int> any;

  std::optional<int>* Find(std::string_view name) {
    if (SameName(name, "gzip") || SameName(name, "x-gzip")) return &gzip;
    if (SameName(name, "br")) return &brotli;
    if (SameName(name, "identity")) return &identity;
    return name == "*" ? &any : nullptr;
  }
};

}  // namespace

CodingChoice ChooseCoding(const std::vector<std::string_view>& accept_encoding) {
  Weights weights;
  for (std::string_view list : accept_encoding) {
    while (!list.empty()) {
      std::string_view entry = TakePart(&list, ',');
      const std::string_view name = TakePart(&entry, ';');
      if (std::optional<int>* weight = weights.Find(name)) *weight = WeightOf(base::Trim(entry));
    }
  }
  CodingChoice choice;
  choice.identity_refused = weights.identity.value_or(weights.any.value_or(kFullWeight)) == 0;
  const int gzip = weights.gzip.value_or(weights.any.value_or(0));
  const int brotli = weights.brotli.value_or(weights.any.value_or(0));
  const int best = std::max(gzip, brotli);
  if (best > 0 && best >= weights.identity.value_or(0)) {
    choice.coding = brotli == best ? Coding::kBrotli : Coding::kGzip;
  }
  return choice;
}

std::string_view NameOf(Coding coding) {
  switch (coding) {
    case Coding::kIdentity:
      return "";
    case Coding::kGzip:
      return "gzip";
    case Coding::kBrotli:
      return "br";
  }
  return "";
}

bool IsCompressible(std::string_view content_type) {
  const std::string_view type = TakePart(&content_type, ';');
  if (type.size() > 5 && SameName(type.substr(0, 5), "text/")) return !SameName(type, "text/event-stream");
  for (const std::string_view known :
       {"application/json", "application/javascript", "application/xml", "image/svg+xml"}) {
    if (SameName(type, known)) return true;
  }
  return type.size() > 5 &&
         (SameName(type.substr(type.size() - 5), "+json") || SameName(type.substr(type.size() - 4), "+xml"));
}

}  // namespace invoice::gateway
