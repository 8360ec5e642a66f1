// How many entries a serialized request has in all its lists, counted before it is parsed: an empty entry is two bytes
// on the wire and a hundred in memory. Pure.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>

#include <cstdint>

namespace invoice::rpc {

// Whether the message has more than `most`; each byte of a packed list counts as an entry. Of bytes that are no such
// message it tells what it has read.
bool HasMoreEntriesThan(int64_t most, const google::protobuf::Descriptor* type,
                        google::protobuf::io::CodedInputStream* bytes);

}  // namespace invoice::rpc
