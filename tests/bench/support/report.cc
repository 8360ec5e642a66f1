#include "tests/bench/support/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace invoice::bench {
namespace {

namespace fs = std::filesystem;

Options ReadArguments(const std::string& name, int argc, char** argv) {
  const char* folder = std::getenv("BENCH_OUT");
  Options options{.file = std::string(folder == nullptr ? "build/bench" : folder) + "/" + name + ".json"};
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--smoke") {
      options.smoke = true;
    } else if (argument.starts_with("-")) {
      throw std::runtime_error("usage: bench_" + name + " [--smoke] [FILE]");
    } else {
      options.file = argument;
    }
  }
  return options;
}

void Write(const fs::path& file, const std::string& text) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

void Report::Add(const std::string& key, double value, const std::string& meaning, int decimals) {
  rows_.push_back({key, fmt::format("{:.{}f}", value, decimals), meaning});
}

std::string Report::Table() const {
  size_t key_width = 0;
  size_t value_width = 0;
  for (const Row& row : rows_) {
    key_width = std::max(key_width, row.key.size());
    value_width = std::max(value_width, row.value.size());
  }
  std::string table;
  for (const Row& row : rows_) {
    table += fmt::format("  {:<{}}  {:>{}}  {}\n", row.key, key_width, row.value, value_width, row.meaning);
  }
  return table;
}

std::string Report::Json() const {
  std::string members;
  for (const Row& row : rows_) members += fmt::format("{}\"{}\": {}", members.empty() ? "" : ", ", row.key, row.value);
  return "{" + members + "}\n";
}

int RunBenchmark(const std::string& name, int argc, char** argv,
                 const std::function<void(const Options& options, Report* report)>& measure) {
  try {
    const Options options = ReadArguments(name, argc, argv);
    Report report;
    measure(options, &report);
    fmt::print("{}\n{}", name, report.Table());
    Write(options.file, report.Json());
    return 0;
  } catch (const std::exception& fault) {
    fmt::print(stderr, "bench {}: {}\n", name, fault.what());
    return 1;
  }
}

}  // namespace invoice::bench
