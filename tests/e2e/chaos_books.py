"""The customers of the chaos test, and what their books must say in the end.

The rows are written by the owner of the database, as the API would write them: ten thousand calls would take longer than the year.
"""

import dataclasses
import datetime
import json
import uuid
import zoneinfo

from billing_rule import DAY, FREQUENCIES, Rule, clip
from process import Failed

ZONES = ("America/Toronto", "Europe/Berlin", "Asia/Tokyo", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe")
CURRENCIES = ("CAD", "EUR", "JPY")  # one vendor each
MAX_CATCH_UP = 100  # the column's bound: nothing is held because the clock made a long jump
FAULTS_SHOWN = 10
ADDRESS = json.dumps({"line1": "1 Harbour Road", "line2": "", "city": "Halifax", "region": "NS", "postalCode": "B3J 1S9",
                      "countryCode": "CA"})
BANK = json.dumps({name: "" for name in ("accountHolder", "bankName", "iban", "bic", "accountNumber", "routingNumber",
                                         "instructions")})
TAXES = json.dumps([{"name": "HST", "rate": "0.13", "registrationNumber": "123456789 RT0001", "category": "STANDARD",
                     "exemptionReason": ""}])


@dataclasses.dataclass(frozen=True)
class Customer:
    id: str
    vendor: int
    zone: str
    rule: Rule
    start: datetime.date | None
    end: datetime.date | None

    def next_run(self, after):
        """What the API answers for a schedule that was switched on: none where the contract ends before the period."""
        due = self.rule.next_due(after)
        return None if self.end and self.rule.period(due)[0] > self.end else due

    def expected_periods(self, begin, end):
        """What is billed between two instants: the periods of all due dates behind the local day of the first."""
        due_dates = self.rule.due_dates(local_date(begin, self.zone), local_date(end, self.zone))
        clipped = [clip(self.rule.period(due), self.start, self.end) for due in due_dates]
        return [period for period in clipped if period]


def local_date(instant, zone):
    return instant.astimezone(zoneinfo.ZoneInfo(zone)).date()


def make_customers(count, begin, length, choice):
    """All frequencies in all zones with all vendors; every tenth contract begins on the way, every tenth ends there."""
    customers = []
    for number in range(count):
        rule = Rule(frequency=FREQUENCIES[number % 5], weekday=choice.randrange(7),
                    anchor=begin.date() + choice.randrange(-400, 400) * DAY, day=choice.choice((1, 15, 28, 29, 30, 31)))
        on_the_way = begin.date() + choice.randrange(length.days) * DAY
        customers.append(Customer(
            id=str(uuid.UUID(int=choice.getrandbits(128), version=4)), vendor=number % len(CURRENCIES),
            zone=choice.choice(ZONES), rule=rule,
            start=on_the_way if number % 10 == 3 else None, end=on_the_way if number % 10 == 7 else None))
    return customers


# --- writing ----------------------------------------------------------------------------------------------------------

def copy(table, rows):
    """A COPY with its data, for psql. Its columns are the keys of the rows."""
    def text(value):
        if value is None:
            return r"\N"
        return str(value).replace("\\", "\\\\").replace("\t", r"\t").replace("\n", r"\n")

    lines = ["\t".join(text(value) for value in row.values()) for row in rows]
    return "\n".join([f"COPY {table} ({', '.join(rows[0])}) FROM stdin;", *lines, "\\.", ""])


def vendor_row(number, now):
    return {"id": uuid.UUID(int=number + 1), "name": f"Vendor {number}", "email": f"billing{number}@northwind.example.com",
            "phone": "", "tax_number": "", "default_contractor": "", "currency_code": CURRENCIES[number], "locale": "en-CA",
            "paper_size": "A4", "accent_color": "#1F4E79", "logo_sha256": None, "archive_email": "",
            "address": ADDRESS, "bank": BANK,
            "number_pattern": "{PREFIX}-{YYYY}-{SEQ:4}", "credit_note_pattern": "{PREFIX}-CN-{YYYY}-{SEQ:4}",
            "books_closed_through_on": None, "active": True, "version": 1, "created_at": now, "updated_at": now}


def customer_row(number, customer, now):
    return {"id": customer.id, "vendor_id": uuid.UUID(int=customer.vendor + 1), "name": f"Customer {number}",
            "email": f"payables{number}@contoso.example.com", "cc_emails": "[]", "bcc_emails": "[]",
            "contractor_name": "", "service_location": "",
            "locale": "en-CA", "tax_number": "", "address": ADDRESS, "active": True, "version": 1, "created_at": now,
            "updated_at": now}


def contract_row(customer, now):
    return {"customer_id": customer.id, "vendor_id": uuid.UUID(int=customer.vendor + 1), "invoice_prefix": "INV",
            "number_pattern": "", "frequency": customer.rule.frequency, "default_hours": "7.5", "rate_per_hour": "125.5",
            "currency_code": CURRENCIES[customer.vendor], "taxes": TAXES, "payment_terms_kind": "NET", "payment_terms_days": 30,
            "extra_fees_minor": 0, "extra_fees_label": "", "start_on": customer.start, "end_on": customer.end,
            "purchase_order": "", "buyer_reference": "", "require_timesheet": False, "notes": "", "version": 1, "updated_at": now}


def schedule_row(customer, begin, now):
    return {"customer_id": customer.id, "vendor_id": uuid.UUID(int=customer.vendor + 1), "enabled": True,
            "auto_send_email": False, "auto_issue": True, "time_zone": customer.zone, "billing_weekday": customer.rule.weekday,
            "anchor_on": customer.rule.anchor, "billing_day": customer.rule.day, "missed_run_policy": "CATCH_UP",
            "max_catch_up": MAX_CATCH_UP, "next_run_on": customer.next_run(local_date(begin, customer.zone)), "version": 1,
            "updated_at": now}


def write(postgres, customers, begin):
    now = begin.isoformat()
    tables = {
        "vendors": [vendor_row(number, now) for number in range(len(CURRENCIES))],
        "customers": [customer_row(number, customer, now) for number, customer in enumerate(customers)],
        "contracts": [contract_row(customer, now) for customer in customers],
        "schedules": [schedule_row(customer, begin, now) for customer in customers],
    }
    copies = "".join(copy(table, rows) for table, rows in tables.items())
    postgres.execute(f"BEGIN;\n{copies}COMMIT;\nANALYZE;")


# --- checking ---------------------------------------------------------------------------------------------------------

# Each of them must find nothing. What they answer is shown.
NOTHING_MAY_BE_FOUND = {
    "runs that are not SUCCEEDED": "SELECT id, state, problem FROM runs WHERE state <> 'SUCCEEDED'",
    "chunks that are not DONE": "SELECT id, run_id, state, problem FROM run_chunks WHERE state <> 'DONE'",
    "results that are not INVOICED": "SELECT run_id, customer_id, outcome, reason, message FROM run_results WHERE outcome <> 'INVOICED'",
    "periods that wait or were left out": "SELECT customer_id, period_start_on, state, reason FROM period_decisions",
    "jobs that were given up": "SELECT kind, subject_id, last_error FROM jobs WHERE failed_at IS NOT NULL",
    "runs whose counts are not those of their results": """
        SELECT r.id, r.total_count, k.invoiced, o.results
          FROM runs r
          LEFT JOIN (SELECT run_id, sum(invoiced_count) AS invoiced FROM run_chunks GROUP BY 1) k ON k.run_id = r.id
          LEFT JOIN (SELECT run_id, count(*) AS results FROM run_results GROUP BY 1) o ON o.run_id = r.id
         WHERE r.total_count IS DISTINCT FROM k.invoiced OR r.total_count IS DISTINCT FROM o.results""",
    "invoices that do not claim exactly their period": """
        SELECT i.id, i.number, i.period_start_on, i.period_end_on, c.days
          FROM invoices i LEFT JOIN period_claims c ON c.invoice_id = i.id
         WHERE c.days IS DISTINCT FROM daterange(i.period_start_on, i.period_end_on, '[]')
            OR c.customer_id IS DISTINCT FROM i.customer_id""",
    "invoices that are not the result of exactly one run": """
        SELECT i.id, i.run_id, count(r.run_id)
          FROM invoices i LEFT JOIN run_results r ON r.invoice_id = i.id AND r.run_id = i.run_id AND r.outcome = 'INVOICED'
         GROUP BY 1, 2 HAVING count(r.run_id) <> 1""",
    "results without an invoice": """
        SELECT run_id, customer_id FROM run_results r
         WHERE NOT EXISTS (SELECT 1 FROM invoices i WHERE i.id = r.invoice_id AND i.customer_id = r.customer_id)""",
    "invoices without a number": "SELECT id FROM invoices WHERE issued_at IS NULL OR number IS NULL OR sequence IS NULL",
    "invoices dated outside of their series": """
        SELECT id, number, invoice_on, series_key FROM invoices
         WHERE number <> 'INV-' || extract(year FROM invoice_on) || '-' || lpad(sequence::text, greatest(4, length(sequence::text)), '0')""",
    "numbers given twice": "SELECT vendor_id, number, count(*) FROM invoices GROUP BY 1, 2 HAVING count(*) > 1",
    "series with a gap, a repetition, or another counter": """
        SELECT vendor_id, series_key, s.last_sequence, i.count, i.first, i.last
          FROM (SELECT vendor_id, series_key, count(DISTINCT sequence) AS count, min(sequence) AS first, max(sequence) AS last,
                       count(*) AS rows
                  FROM invoices GROUP BY 1, 2) i
          FULL JOIN number_series s USING (vendor_id, series_key)
         WHERE (i.first, i.last, i.count, i.rows) IS DISTINCT FROM (1::bigint, s.last_sequence, s.last_sequence, s.last_sequence)""",
    "invoices without their line or their tax": """
        SELECT i.id FROM invoices i
         WHERE (SELECT count(*) FROM invoice_lines l WHERE l.invoice_id = i.id) <> 1
            OR (SELECT count(*) FROM invoice_taxes t WHERE t.invoice_id = i.id) <> 1
            OR (SELECT sum(amount_minor) FROM invoice_lines l WHERE l.invoice_id = i.id) <> i.subtotal_minor""",
}


def billed_periods(postgres):
    """{customer id: [(first day, last day)]} in order, by the claims of the invoices."""
    billed = {}
    rows = postgres.rows("SELECT customer_id, lower(days), upper(days) - 1 FROM period_claims ORDER BY 1, 2")
    for customer_id, first, last in rows:
        billed.setdefault(customer_id, []).append((datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)))
    return billed


def period_faults(customer, billed, expected):
    """In words, what is wrong with the billed periods of a customer."""
    for (_, last), (first, _) in zip(billed, billed[1:]):
        if first != last + DAY:
            yield f"{customer}: a period ends on {last} and the next begins on {first}"
    for first, last in sorted(set(expected) - set(billed)):
        yield f"{customer}: {first} to {last} is missing"
    for first, last in sorted(set(billed) - set(expected)):
        yield f"{customer}: {first} to {last} is billed and should not be"
    if len(set(billed)) != len(billed):
        yield f"{customer}: a period is billed twice"


def check_payments(postgres, done):
    """`done` is {reference: (id, customer, amount in cents)}: each of them is recorded exactly once, and nothing else is."""
    rows = postgres.rows("SELECT reference, id, customer_id, amount_minor FROM payments WHERE reversed_at IS NULL ORDER BY 1")
    recorded = sorted((reference, payment, customer, int(amount)) for reference, payment, customer, amount in rows)
    wanted = sorted((reference, *payment) for reference, payment in done.items())
    if recorded != wanted:
        missing, more = sorted(set(wanted) - set(recorded)), sorted(set(recorded) - set(wanted))
        raise Failed(f"{len(wanted)} payments are done and {len(recorded)} recorded; missing: {missing[:FAULTS_SHOWN]}, "
                     f"too many: {more[:FAULTS_SHOWN]}")


def check(postgres, customers, begin, end):
    """Compares the books with the rules and answers how many invoices there are; Failed with all that is wrong."""
    faults = []
    for what, query in NOTHING_MAY_BE_FOUND.items():
        found = postgres.rows(query)
        if found:
            faults.append(f"{len(found)} {what}: {found[:FAULTS_SHOWN]}")
    billed, expected_count, wrong = billed_periods(postgres), 0, []
    for customer in customers:
        expected = customer.expected_periods(begin, end)
        expected_count += len(expected)
        wrong += period_faults(customer, billed.pop(customer.id, []), expected)
    if wrong:
        faults.append(f"{len(wrong)} faults of periods:\n" + "\n".join(wrong[:FAULTS_SHOWN]))
    counts = {table: int(postgres.value(f"SELECT count(*) FROM {table}"))
              for table in ("invoices", "period_claims", "run_results")}
    if billed or set(counts.values()) != {expected_count}:
        faults.append(f"{expected_count} invoices are expected; there are {counts}; of unknown customers: {sorted(billed)[:FAULTS_SHOWN]}")
    if faults:
        raise Failed("\n".join(faults))
    return expected_count
