"""Due dates and billing periods by the rules of the domain, written a second time: what the server billed is compared with this.

It shares nothing with the server but the rules: it walks all days and asks each whether it is due.
"""

import calendar
import dataclasses
import datetime

DAY = datetime.timedelta(days=1)
MONTHS_DUE = {"MONTHLY": range(1, 13), "QUARTERLY": (1, 4, 7, 10), "YEARLY": (1,)}
MONTHS_BILLED = {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12}
FREQUENCIES = ("WEEKLY", "BIWEEKLY", "MONTHLY", "QUARTERLY", "YEARLY")


@dataclasses.dataclass(frozen=True)
class Rule:
    frequency: str
    weekday: int  # 0 is Monday
    anchor: datetime.date
    day: int

    def is_due(self, date):
        if self.frequency in MONTHS_DUE:
            last = calendar.monthrange(date.year, date.month)[1]
            return date.month in MONTHS_DUE[self.frequency] and date.day == min(self.day, last)
        if self.frequency == "WEEKLY":
            return date.weekday() == self.weekday
        first = self.anchor + (self.weekday - self.anchor.weekday()) % 7 * DAY
        return (date - first).days % 14 == 0

    def due_dates(self, after, through):
        """All due dates behind `after`, up to `through`, in order."""
        return [date for date in days(after + DAY, through) if self.is_due(date)]

    def next_due(self, after):
        date = after + DAY
        while not self.is_due(date):
            date += DAY
        return date

    def period(self, due):
        """The first and the last day that a run on a due date bills."""
        if self.frequency == "WEEKLY":
            return due - 7 * DAY, due - DAY
        if self.frequency == "BIWEEKLY":
            return due - 14 * DAY, due - DAY
        months = MONTHS_BILLED[self.frequency]
        first_of_own = (due.year * 12 + due.month - 1) // months * months
        return first_of_month(first_of_own - months), first_of_month(first_of_own) - DAY


def first_of_month(months_since_year_0):
    return datetime.date(months_since_year_0 // 12, months_since_year_0 % 12 + 1, 1)


def days(first, last):
    return (first + number * DAY for number in range((last - first).days + 1))


def clip(period, start, end):
    """The part of a period inside of the contract's dates, either of which may be None; None where no day is left."""
    first = max(period[0], start or period[0])
    last = min(period[1], end or period[1])
    return (first, last) if first <= last else None
