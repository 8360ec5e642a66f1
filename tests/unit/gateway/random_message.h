// Random messages and random wire forms of them, for property tests. Not thread safe.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace invoice::gateway {

class RandomMessages {
 public:
  explicit RandomMessages(uint32_t seed) : random_(seed) {}

  // Fills about half of the fields, with messages within up to `depth` levels. `readable` leaves out what JSON can show
  // but not give back: unknown enum numbers, numbers that are not finite and a Value of no kind.
  void Fill(google::protobuf::Message* message, int depth, bool readable = false);

  // The same fields in another legal form: in another order, some twice or in pieces, unknown ones between.
  std::string Scramble(std::string_view wire, const google::protobuf::Descriptor* type, int depth = 0);

  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }
  std::string Text();

 private:
  bool Chance(uint32_t one_in) { return Below(one_in) == 0; }
  int64_t Number();
  double Real();
  bool FillWellKnown(google::protobuf::Message* message, int depth);
  void FillField(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field, int depth);
  void FillAny(google::protobuf::Message* message, int depth);

  std::mt19937 random_;
  bool readable_ = false;
};

// The messages of all services of package invoice.v1, and those of kinds.proto and shelf.proto.
std::vector<const google::protobuf::Descriptor*> AllMessageTypes();

// How many messages a property test takes. INVOICE_RANDOM_MESSAGES=1000000 in the environment finds more.
int CountOfRandomMessages();

// Protobuf's own JSON with all fields that have no presence; nothing where it fails.
std::optional<std::string> JsonByProtobuf(const google::protobuf::Message& message);

// The text with the members of every object in the order of their names: all else stays as it is written.
std::string SortMembers(std::string_view json);

}  // namespace invoice::gateway
