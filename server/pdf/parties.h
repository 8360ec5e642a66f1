// Vendor and customer as lines of text: what the letterhead of every document says of them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pdf/content.h"

namespace invoice::pdf {

// The parts that are not empty, with the separator between them.
std::string JoinParts(const std::vector<std::string_view>& parts, std::string_view separator);

// Name, address, contact and tax number, as far as they are given.
void DescribeVendor(const domain::VendorSnapshot& vendor, Content& content);
void DescribeCustomer(const domain::CustomerSnapshot& customer, Content& content);

}  // namespace invoice::pdf
