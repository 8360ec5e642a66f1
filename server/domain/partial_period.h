// What of the default hours and extra fees a period bills that the contract's dates cut short. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/invoice.h"
#include "domain/kinds.h"
#include "domain/money.h"
#include "domain/parties.h"

namespace invoice::domain {

// A period of which only a part is billed, how much of it that is by the contract's rule, and what is billed by it.
struct PartialPeriod {
  PartialPeriods rule = PartialPeriods::kFull;
  Period whole;
  int64_t billed_days = 1;  // of FULL and PRORATE_DAYS calendar days, of PRORATE_WORKDAYS Monday to Friday
  int64_t whole_days = 1;
  bool default_hours = false;  // billed by the rule; given hours and those of timesheets are not
  bool extra_fees = false;     // billed by the rule; false where the contract has none

  // In proportion, half away from zero: to 4 decimals, to the minor unit. As they are under FULL.
  Quantity ShareOf(Quantity hours) const;
  int64_t ShareOf(int64_t amount_minor) const;
};

// Nothing where `billed` is all of `whole`. Calendar days count where the whole period has no workday. What is billed
// by the rule is set by the caller.
std::optional<PartialPeriod> PartialPeriodOf(PartialPeriods rule, const Period& billed, const Period& whole);

// The billing period that the contract's dates cut down to exactly these days; the days themselves where there is none.
Period WholePeriodOf(const Customer& customer, const Period& period);

// One sentence: "the contract's dates cut the period ... short; extra fees are billed for 15 of 30 days".
std::string TextOf(const PartialPeriod& part);

}  // namespace invoice::domain
