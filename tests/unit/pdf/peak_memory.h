// How much memory the process took at its peak so far.
#pragma once

namespace invoice::pdf::testing {

double PeakMemory_mib();

}  // namespace invoice::pdf::testing
