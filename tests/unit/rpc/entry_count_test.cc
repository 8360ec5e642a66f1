#include "rpc/entry_count.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <string>

#include "invoice/v1/invoices.pb.h"

namespace invoice::rpc {
namespace {

bool HasMore(int64_t most, const std::string& bytes) {
  google::protobuf::io::ArrayInputStream array(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedInputStream stream(&array);
  return HasMoreEntriesThan(most, v1::PreviewInvoiceRequest::descriptor(), &stream);
}

TEST(HasMoreEntriesThan, CountsTheEntriesOfAllLists) {
  v1::PreviewInvoiceRequest request;
  request.set_notes(std::string(1000, 'x'));
  for (int i = 0; i < 3; ++i) {
    auto* line = request.add_lines();
    line->add_tax_names("a");
    line->add_tax_names("b");
  }
  const std::string bytes = request.SerializeAsString();
  EXPECT_FALSE(HasMore(9, bytes));
  EXPECT_TRUE(HasMore(8, bytes));
}

TEST(HasMoreEntriesThan, CountsEmptyEntries) {
  std::string bytes;
  for (int i = 0; i < 2'000'000; ++i) bytes += "\x32" + std::string(1, '\0');  // field 6, of no bytes
  EXPECT_TRUE(HasMore(100'000, bytes));
  EXPECT_FALSE(HasMore(2'000'000, bytes));
}

TEST(HasMoreEntriesThan, EndsWithMalformedBytes) {
  for (const std::string& bytes :
       {std::string("\x32\x05\x01"), std::string("\xff\xff\xff\xff\xff\xff"), std::string("\x32\xff\xff\xff\xff\x0f"),
        std::string("\x33\x33\x33"), std::string(1, '\0')}) {
    EXPECT_FALSE(HasMore(10, bytes));
  }
}

TEST(HasMoreEntriesThan, GoesDownNoFurtherThanParsingDoes) {
  std::string bytes;
  for (int i = 0; i < 500; ++i) {
    std::string outer = "\x3a";  // field 7 of the request; no message is in itself, so this stays an unknown field
    for (size_t size = bytes.size();; size >>= 7) {
      outer += static_cast<char>(size > 127 ? (size & 127) | 128 : size);
      if (size <= 127) break;
    }
    bytes = outer + bytes;
  }
  EXPECT_FALSE(HasMore(10, bytes));
}

}  // namespace
}  // namespace invoice::rpc
