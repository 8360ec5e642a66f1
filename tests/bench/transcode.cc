// bench_transcode: what it costs the gateway to turn an answer's wire bytes into JSON and a body into wire bytes,
// against protobuf's own way over a message object in the same run.
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "gateway/transcode/body_reader.h"
#include "gateway/transcode/json_writer.h"
#include "invoice/v1/customers.pb.h"
#include "invoice/v1/invoices.pb.h"
#include "tests/bench/support/report.h"

namespace invoice::bench {
namespace {

using google::protobuf::Message;
using google::protobuf::util::JsonPrintOptions;

constexpr int kListed = 50;

// Every field has a value, every list three entries; a text is as long as an id or an amount.
void Fill(Message* message, int depth = 0) {
  const auto* type = message->GetDescriptor();
  const auto* reflection = message->GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    using Field = google::protobuf::FieldDescriptor;
    if (field->real_containing_oneof() != nullptr || (field->is_map() || depth > 3)) continue;
    for (int count = field->is_repeated() ? 3 : 1; count > 0; --count) {
      const bool many = field->is_repeated();
      if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
        Fill(many ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field), depth + 1);
      } else if (field->type() == Field::TYPE_STRING) {
        const std::string text = i % 4 == 0   ? "01900000-0000-7000-8000-000000000000"
                                 : i % 4 == 1 ? "1234.50"
                                              : "Beratung";
        many ? reflection->AddString(message, field, text) : reflection->SetString(message, field, text);
      } else if (field->cpp_type() == Field::CPPTYPE_INT32 && !many) {
        reflection->SetInt32(message, field, 123'456);
      } else if (field->cpp_type() == Field::CPPTYPE_INT64 && !many) {
        reflection->SetInt64(message, field, type->full_name() == "google.protobuf.Timestamp" ? 1'790'843'400 : 5'000);
      } else if (field->cpp_type() == Field::CPPTYPE_BOOL && !many) {
        reflection->SetBool(message, field, true);
      } else if (field->cpp_type() == Field::CPPTYPE_ENUM && !many) {
        reflection->SetEnumValue(message, field, 1);
      }
    }
  }
}

// Nanoseconds of processor time for one call: the best of many rounds, because other work on the machine only ever
// adds.
double Nanoseconds(const std::function<void()>& call, const Options& options) {
  const int rounds = options.smoke ? 1 : 30;
  const std::clock_t length = CLOCKS_PER_SEC / (options.smoke ? 1000 : 50);
  double best = std::numeric_limits<double>::max();
  for (int round = 0; round < rounds; ++round) {
    const std::clock_t start = std::clock();
    std::clock_t spent = 0;
    int calls = 0;
    for (; spent < length; spent = std::clock() - start, calls += 8) {
      for (int i = 0; i < 8; ++i) call();
    }
    best = std::min(best, static_cast<double>(spent) * 1e9 / CLOCKS_PER_SEC / calls);
  }
  return best;
}

void Check(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

class Bench {
 public:
  Bench(const Options& options, Report* report)
      : options_(options),
        report_(report),
        tables_(gateway::MessageTables::Build(
                    {v1::Invoice::descriptor(), v1::ListInvoicesResponse::descriptor(), v1::Customer::descriptor()})
                    .value()) {}

  void Write(const std::string& name, const Message& message) {
    const gateway::MessageTable& table = *tables_->Find(message.GetDescriptor()->full_name());
    const std::string wire = message.SerializeAsString();
    std::string json;
    const auto ours = [&] {
      json.clear();
      Check(gateway::WriteJson(table, wire, &json).ok(), "not written");
    };
    const auto theirs = [&] {
      const std::unique_ptr<Message> parsed(message.New());
      std::string text;
      JsonPrintOptions print;
      print.always_print_primitive_fields = true;
      Check(parsed->ParseFromString(wire) && MessageToJsonString(*parsed, &text, print).ok(), "not printed");
    };
    Add(name + "_write", ours, theirs);
    report_->Add(name + "_json_bytes", static_cast<double>(json.size()), "size of that JSON", 0);
  }

  void Read(const std::string& name, const Message& message) {
    const gateway::MessageTable& table = *tables_->Find(message.GetDescriptor()->full_name());
    std::string json;
    Check(gateway::WriteJson(table, message.SerializeAsString(), &json).ok(), "not written");
    const auto ours = [&] {
      gateway::FieldFaults faults;
      std::string wire;
      Check(gateway::BodyReader(json, &faults, &wire).ReadMessage(table) && faults.empty(), "not read");
    };
    const auto theirs = [&] {
      const std::unique_ptr<Message> parsed(message.New());
      Check(google::protobuf::util::JsonStringToMessage(json, parsed.get()).ok(), "not parsed");
      Check(!parsed->SerializeAsString().empty(), "not serialized");
    };
    Add(name + "_read", ours, theirs);
  }

 private:
  void Add(const std::string& key, const std::function<void()>& ours, const std::function<void()>& theirs) {
    const double our_ns = Nanoseconds(ours, options_);
    const double their_ns = Nanoseconds(theirs, options_);
    report_->Add(key + "_ns", our_ns, "by tables", 0);
    report_->Add(key + "_protobuf_ns", their_ns, "by a message and protobuf's JSON", 0);
    report_->Add(key + "_factor", their_ns / our_ns, "times as fast", 1);
  }

  const Options& options_;
  Report* report_;
  std::unique_ptr<gateway::MessageTables> tables_;
};

void Measure(const Options& options, Report* report) {
  Bench bench(options, report);
  v1::Invoice invoice;
  Fill(&invoice);
  v1::ListInvoicesResponse list;
  for (int i = 0; i < kListed; ++i) *list.add_invoices() = invoice;
  v1::Customer customer;
  Fill(&customer);
  bench.Write("invoice", invoice);
  bench.Write("list", list);
  bench.Write("customer", customer);
  bench.Read("customer", customer);
  bench.Read("invoice", invoice);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) {
  return invoice::bench::RunBenchmark("transcode", argc, argv, invoice::bench::Measure);
}
