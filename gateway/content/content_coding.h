// In which coding an answer goes out (RFC 9110, sections 8.4 and 12.5.3). Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace invoice::gateway {

enum class Coding : uint8_t { kIdentity, kGzip, kBrotli };

struct CodingChoice {
  Coding coding = Coding::kIdentity;
  bool identity_refused = false;  // the client takes no body as it is
};

// By the values of Accept-Encoding: the coding with the greatest weight, of equal ones br before gzip. A coding that is
// named goes before identity, unless identity is named with a greater weight. Where nothing that is taken is known, it
// is identity. An entry that is malformed counts as refused.
CodingChoice ChooseCoding(const std::vector<std::string_view>& accept_encoding);

// "gzip", "br"; empty for kIdentity.
std::string_view NameOf(Coding coding);

// Whether bodies of this content type become smaller: texts, JSON, XML. Not those that are compressed by themselves.
bool IsCompressible(std::string_view content_type);

}  // namespace invoice::gateway
