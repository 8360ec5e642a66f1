#include "gateway/transcode/json_value.h"

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using Kind = JsonValue::Kind;
using PlainJson = nlohmann::json;

// Receives the parser's events. Every function answers whether to go on.
class TreeBuilder : public nlohmann::json_sax<PlainJson> {
 public:
  bool null() override { return Add({}); }
  bool boolean(bool value) override { return Add(JsonValue::Boolean(value)); }
  bool number_integer(int64_t value) override { return AddNumber(fmt::to_string(value)); }
  bool number_unsigned(uint64_t value) override { return AddNumber(fmt::to_string(value)); }
  bool number_float(double, const std::string& written) override { return AddNumber(written); }
  bool string(std::string& value) override { return Add(JsonValue::String(std::move(value))); }
  bool binary(PlainJson::binary_t&) override { return false; }
  bool start_object(size_t) override { return Open(Kind::kObject); }
  bool start_array(size_t) override { return Open(Kind::kArray); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(std::string& name) override {
    if (!open_.back().names.insert(name).second) return Refuse("the same name twice in one object");
    open_.back().value.names.push_back(std::move(name));
    return Count();
  }

  bool parse_error(size_t position, const std::string&, const PlainJson::exception&) override {
    return Refuse(fmt::format("not valid JSON at byte {}", position));
  }

  absl::StatusOr<JsonValue> Take() && {
    if (!fault_.empty()) {
      return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField,
                           fmt::format("the body is refused: {}", fault_));
    }
    return std::move(root_);
  }

 private:
  struct Level {
    JsonValue value;
    absl::flat_hash_set<std::string> names;
  };

  bool Refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  bool Count() {
    if (++count_ > kMaxJsonValues) return Refuse(fmt::format("more than {} values", kMaxJsonValues));
    return true;
  }

  bool Add(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().value.items.push_back(std::move(value));
    }
    return Count();
  }

  bool AddNumber(std::string written) { return Add({Kind::kNumber, false, std::move(written), {}, {}}); }

  bool Open(Kind kind) {
    if (open_.size() >= static_cast<size_t>(base::kMaxJsonDepth)) {
      return Refuse(fmt::format("deeper than {} levels", base::kMaxJsonDepth));
    }
    open_.push_back({{kind, false, {}, {}, {}}, {}});
    return true;
  }

  bool Close() {
    JsonValue value = std::move(open_.back().value);
    open_.pop_back();
    return Add(std::move(value));
  }

  std::vector<Level> open_;
  JsonValue root_;
  size_t count_ = 0;
  std::string fault_;
};

}  // namespace

absl::StatusOr<JsonValue> ParseJson(std::string_view text) {
  TreeBuilder builder;
  PlainJson::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).Take();
}

}  // namespace invoice::gateway
