// The result of a benchmark: rows with a key, a number and what it means, printed as a table and written as one flat
// JSON object. And the main function that all benchmarks share.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace invoice::bench {

class Report {
 public:
  // `key` names the unit last: one_page_ms. It must be plain ASCII.
  void Add(const std::string& key, double value, const std::string& meaning, int decimals = 2);

  std::string Table() const;
  std::string Json() const;

 private:
  struct Row {
    std::string key;
    std::string value;
    std::string meaning;
  };
  std::vector<Row> rows_;
};

struct Options {
  std::string file;    // where the JSON goes
  bool smoke = false;  // a few calls only: does it still work?
};

// main() of the benchmark NAME: [--smoke] [FILE]. FILE is NAME.json in the folder of BENCH_OUT (build/bench) unless
// given. An exception is printed and makes the exit code 1.
int RunBenchmark(const std::string& name, int argc, char** argv,
                 const std::function<void(const Options& options, Report* report)>& measure);

}  // namespace invoice::bench
