// Rows of tests/vectors/*.csv, made by an independent program. Fields hold no quotes and no commas.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace invoice::domain {

using VectorRow = std::map<std::string, std::string>;

inline std::vector<std::string> SplitOn(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else if (c != '\r') {
      parts.back() += c;
    }
  }
  return parts;
}

// Fails the test where the file is missing or has no rows.
inline std::vector<VectorRow> ReadVectors(const std::string& name) {
  const char* root = std::getenv("INVOICE_SOURCE_DIR");
  std::ifstream file(std::string(root == nullptr ? "." : root) + "/tests/vectors/" + name);
  std::vector<VectorRow> rows;
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = SplitOn(line, ',');
  while (std::getline(file, line)) {
    const std::vector<std::string> values = SplitOn(line, ',');
    EXPECT_EQ(values.size(), names.size()) << line;
    VectorRow row;
    for (size_t i = 0; i < names.size() && i < values.size(); ++i) row[names[i]] = values[i];
    rows.push_back(std::move(row));
  }
  EXPECT_GE(rows.size(), 200u) << name << " (is INVOICE_SOURCE_DIR set?)";
  return rows;
}

// The row as a message of a failure.
inline std::string ToText(const VectorRow& row) {
  std::ostringstream text;
  for (const auto& [name, value] : row) text << name << '=' << value << ' ';
  return text.str();
}

}  // namespace invoice::domain
