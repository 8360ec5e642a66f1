// What happened, told to people: the name of the event and one sentence for each kind of audit event. Pure.
#pragma once

#include <string>

#include "invoice/v1/dashboard.pb.h"
#include "store/dashboard.h"

namespace invoice::rpc {

v1::ListActivityResponse::Activity ActivityToProto(const store::ActivityRecord& record);

}  // namespace invoice::rpc
