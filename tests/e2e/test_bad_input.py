"""Bad input by REST: each refusal has its HTTP code, status, reason and field paths, and leaves no row behind."""

import json
import unittest

from api import Api, raw_exchange
from stack import StackCase

UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
QUICK = "/api/v1/invoices:runQuick"
CUSTOMERS = "/api/v1/customers"
MAX_BODY_BYTES = 4 * 1024 * 1024


class BadInputTest(StackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            # What a refused call writes must not be mixed with what the worker writes.
            cls.stack.processes["worker"].stop()
            cls.vendor = cls.api.new_vendor()
            cls.customer = cls.api.new_customer(cls.vendor["id"])
            cls.rateless = cls.api.new_customer(cls.vendor["id"], rate=None, name="No Rate Ltd.")
            cls.counts = cls.stack.postgres.counts()
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise

    def refused(self, answer, code, status, reason, fields=None):
        """Checks the one form of errors, and that nothing was written."""
        self.assertEqual(answer.status, code, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.error["code"], code)
        self.assertEqual((answer.error["status"], answer.reason), (status, reason), answer)
        self.assertTrue(answer.error["message"])
        self.assertTrue(answer.headers["X-Request-Id"])
        if fields is not None:
            self.assertEqual(set(answer.fields), set(fields), answer)
            for expected in answer.fields.values():
                self.assertRegex(expected, "^(expected .{3}|required|unknown )")
        self.assertEqual(self.stack.postgres.counts(), self.counts, "something was written")
        return answer

    def quick(self, **changes):
        request = {"customerId": self.customer["id"], "runDate": "2025-03-01", "totalHours": "7.5"}
        request.update(changes)
        return {name: value for name, value in request.items() if value is not None}

    def invalid(self, method, path, body, *fields):
        return self.refused(self.api.call(method, path, body), 400, "INVALID_ARGUMENT", "INVALID_FIELD", fields)

    # --- fields of a quick run ----------------------------------------------------------------------------------------

    def test_each_bad_field_of_a_quick_run_is_named(self):
        cases = {
            "hours of another type": ({"totalHours": {}}, "totalHours"),
            "hours that are no number": ({"totalHours": "seven"}, "totalHours"),
            "negative hours": ({"totalHours": "-1"}, "totalHours"),
            "five decimals": ({"totalHours": "1.12345"}, "totalHours"),
            "an exponent": ({"totalHours": "1e3"}, "totalHours"),
            "too many hours": ({"totalHours": "1000000.0001"}, "totalHours"),
            "zero hours": ({"totalHours": "0"}, "totalHours"),
            "a day that does not exist": ({"runDate": "2025-02-29"}, "runDate"),
            "a date of another form": ({"runDate": "01.03.2025"}, "runDate"),
            "a date before the accepted ones": ({"runDate": "1969-12-31"}, "runDate"),
            "a date too far ahead": ({"runDate": "2190-01-01"}, "runDate"),
            "no date": ({"runDate": None}, "runDate"),
            "a bad UUID": ({"customerId": "42"}, "customerId"),
            "a UUID in upper case": ({"customerId": UNKNOWN_ID.upper().replace("0190", "ABCD")}, "customerId"),
            "an unknown field": ({"hours": "3"}, "hours"),
            "a boolean as text": ({"sendEmail": "yes"}, "sendEmail"),
        }
        for name, (changes, field) in cases.items():
            with self.subTest(name):
                self.invalid("POST", QUICK, self.quick(**changes), field)

    def test_all_faults_of_a_request_are_reported_at_once(self):
        self.invalid("POST", QUICK, self.quick(runDate="never", totalHours="-1", customerId="?"), "runDate", "totalHours", "customerId")

    def test_values_are_not_echoed(self):
        answer = self.invalid("POST", QUICK, self.quick(totalHours="<b>1</b>"), "totalHours")
        self.assertNotIn(b"<b>", answer.body)

    # --- fields of records --------------------------------------------------------------------------------------------

    def test_each_bad_field_of_a_customer_is_named(self):
        cases = {
            "no name": ({"name": ""}, "name"),
            "an over-long name": ({"name": "x" * 201}, "name"),
            "a line feed in a name": ({"name": "a\nb"}, "name"),
            "a name of blanks": ({"name": "  "}, "name"),
            "a name of blanks of another kind": ({"name": "\u00a0\u3000\u200b"}, "name"),
            "a name of fillers": ({"name": "\u3164\u115f\u2800"}, "name"),
            "a name of a mark alone": ({"name": "\u0301"}, "name"),
            "an entry of blanks": ({"ccEmails": [" "]}, "ccEmails[0]"),
            "a tax whose name is blank": ({"contract": {"taxes": [{"name": "\u2003", "rate": "0.1"}]}}, "contract.taxes[0].name"),
            "letters beyond ASCII before the @": ({"email": "jürgen@example.de"}, "email"),
            "a hidden character in a domain": ({"email": "a@exa\u200bmple.de"}, "email"),
            "a domain that is none": ({"email": "a@bü_cher.de"}, "email"),
            "a bad address of email": ({"email": "nobody"}, "email"),
            "a header in an address": ({"email": "a@example.com\r\nBcc: b@example.com"}, "email"),
            "a bad entry of a list": ({"ccEmails": ["a@example.com", "b"]}, "ccEmails[1]"),
            "a null entry of a list": ({"ccEmails": [None]}, "ccEmails[0]"),
            "an unknown country": ({"address": {"countryCode": "XX"}}, "address.countryCode"),
            "an unknown time zone": ({"schedule": {"timeZone": "Mars/Olympus"}}, "schedule.timeZone"),
            "a zone that a library may accept": ({"schedule": {"timeZone": "EST5EDT4"}}, "schedule.timeZone"),
            "a number that no enum value has": ({"contract": {"frequency": 99}}, "contract.frequency"),
            "an unknown enum": ({"contract": {"frequency": "DAILY"}}, "contract.frequency"),
            "an unknown currency": ({"contract": {"currencyCode": "CAX"}}, "contract.currencyCode"),
            "a rate above one": ({"contract": {"taxes": [{"name": "HST", "rate": "13"}]}}, "contract.taxes[0].rate"),
            "a day out of range": ({"schedule": {"billingDay": 32}}, "schedule.billingDay"),
            "a fraction as an integer": ({"schedule": {"billingDay": 1.5}}, "schedule.billingDay"),
            "a bad vendor id": ({"vendorId": "v"}, "vendorId"),
        }
        for name, (changes, field) in cases.items():
            with self.subTest(name):
                self.invalid("POST", CUSTOMERS, {"vendorId": self.vendor["id"], "name": "Fine", **changes}, field)

    def test_bad_ids_in_the_path_and_bad_query_parameters(self):
        self.invalid("GET", f"{CUSTOMERS}/42", None, "id")
        self.invalid("GET", "/api/v1/invoices/42/pdf", None, "id")
        self.invalid("GET", "/api/v1/invoices?pageSize=201", None, "pageSize")
        self.invalid("GET", "/api/v1/invoices?pageSize=many", None, "pageSize")
        self.invalid("GET", "/api/v1/invoices?orderBy=total", None, "orderBy")
        self.invalid("GET", "/api/v1/invoices?from=yesterday", None, "from")
        self.invalid("GET", "/api/v1/invoices?state=LOST", None, "state")
        self.invalid("GET", "/api/v1/invoices?colour=red", None, "colour")

    def test_page_tokens_that_are_not_ours(self):
        for token in ("nonsense", "AAAA" * 20):
            answer = self.api.get(f"/api/v1/invoices?pageToken={token}")
            self.refused(answer, 400, "INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")
        page = self.api.ok("GET", f"{CUSTOMERS}?pageSize=1")
        self.assertTrue(page["nextPageToken"])
        other_filters = self.api.get(f"{CUSTOMERS}?pageSize=1&q=x&pageToken={page['nextPageToken']}")
        self.refused(other_filters, 400, "INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")

    # --- what is there ------------------------------------------------------------------------------------------------

    def test_unknown_ids_are_named(self):
        quick = {"customerId": UNKNOWN_ID, "runDate": "2025-03-01", "totalHours": "1"}
        for method, path, body in (
            ("GET", f"{CUSTOMERS}/{UNKNOWN_ID}", None),
            ("GET", f"{CUSTOMERS}/{UNKNOWN_ID}/contract", None),
            ("GET", f"{CUSTOMERS}/{UNKNOWN_ID}/billingPeriods", None),
            ("PATCH", f"{CUSTOMERS}/{UNKNOWN_ID}", {"name": "x"}),
            ("DELETE", f"{CUSTOMERS}/{UNKNOWN_ID}", None),
            ("POST", f"{CUSTOMERS}/{UNKNOWN_ID}:undelete", {}),
            ("POST", CUSTOMERS, {"vendorId": UNKNOWN_ID, "name": "x"}),
            ("GET", f"/api/v1/vendors/{UNKNOWN_ID}", None),
            ("GET", f"/api/v1/invoices/{UNKNOWN_ID}", None),
            ("GET", f"/api/v1/invoices/{UNKNOWN_ID}/pdf", None),
            ("POST", f"/api/v1/invoices/{UNKNOWN_ID}:resendEmail", {}),
            ("GET", f"/api/v1/runs/{UNKNOWN_ID}", None),
            ("GET", f"/api/v1/runs/{UNKNOWN_ID}/results", None),
            ("GET", f"/api/v1/emails/{UNKNOWN_ID}", None),
            ("POST", QUICK, quick),
        ):
            with self.subTest(f"{method} {path}"):
                answer = self.refused(self.api.call(method, path, body), 404, "NOT_FOUND", "NOT_FOUND")
                self.assertEqual(answer.metadata.get("id"), UNKNOWN_ID, answer)
                self.assertIn(UNKNOWN_ID, answer.error["message"])

    def test_a_contract_without_a_rate_says_what_is_missing(self):
        answer = self.api.post(QUICK, self.quick(customerId=self.rateless["id"]))
        self.refused(answer, 400, "FAILED_PRECONDITION", "CONTRACT_INCOMPLETE")
        self.assertEqual(answer.metadata, {"missing": "ratePerHour"})

    def test_a_stale_etag_is_aborted(self):
        stale = self.api.patch(f"{CUSTOMERS}/{self.customer['id']}", {"name": "Other", "etag": "9999"})
        self.refused(stale, 409, "ABORTED", "STALE_ETAG")
        self.assertEqual(self.api.ok("GET", f"{CUSTOMERS}/{self.customer['id']}")["name"], self.customer["name"])

    def test_the_same_quick_run_again_names_the_invoice(self):
        customer = self.api.new_customer(self.vendor["id"], name="Twice Ltd.")
        first = self.api.run_quick(customer["id"])
        self.assertEqual(first.status, 200, first)
        type(self).counts = self.stack.postgres.counts()
        number = first.json()["invoice"]["number"]
        for run_date in ("2025-03-01", "2025-03-31"):  # both bill February
            answer = self.refused(self.api.run_quick(customer["id"], run_date), 409, "ALREADY_EXISTS", "PERIOD_ALREADY_INVOICED")
            self.assertEqual(answer.metadata["number"], number)
            self.assertIn(number, answer.error["message"])

    # --- keys ---------------------------------------------------------------------------------------------------------

    def test_calls_without_a_good_key_and_with_too_low_a_role(self):
        for key in ("", "wrong"):
            answer = Api(self.stack.http_port, key).get(CUSTOMERS)
            self.refused(answer, 401, "UNAUTHENTICATED", "UNAUTHENTICATED")
            self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
        viewer = self.stack.api(self.stack.create_api_key("viewer", "VIEWER"))
        finance = self.stack.api(self.stack.create_api_key("finance", "FINANCE"))
        type(self).counts = self.stack.postgres.counts()
        self.assertEqual(viewer.get(CUSTOMERS).status, 200)
        self.refused(viewer.post(QUICK, self.quick()), 403, "PERMISSION_DENIED", "PERMISSION_DENIED")
        self.refused(finance.post("/api/v1/vendors", {"name": "x", "email": "x@example.com"}), 403, "PERMISSION_DENIED", "PERMISSION_DENIED")

    def test_an_idempotency_key_replays_and_is_not_used_for_another_content(self):
        headers = {"Idempotency-Key": "create-once"}
        request = {"vendorId": self.vendor["id"], "name": "Once Ltd."}
        first = self.api.post(CUSTOMERS, request, headers)
        self.assertEqual(first.status, 200, first)
        self.assertIsNone(first.headers["Idempotency-Replayed"])
        type(self).counts = self.stack.postgres.counts()
        # The same fields in another order and spelling are the same content, and so they are with blanks around.
        for name in ("Once Ltd.", "  Once Ltd.\u00a0"):
            again = self.api.post(CUSTOMERS, {"name": name, "vendor_id": self.vendor["id"]}, headers)
            self.assertEqual((again.status, again.body), (200, first.body))
            self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self.api.post(CUSTOMERS, {**request, "name": "Another Ltd."}, headers)
        self.refused(other, 409, "ALREADY_EXISTS", "IDEMPOTENCY_KEY_REUSED")

    def test_a_failed_call_keeps_no_idempotency_key(self):
        headers = {"Idempotency-Key": "failed-once"}
        self.refused(self.api.post(QUICK, self.quick(customerId=self.rateless["id"]), headers), 400, "FAILED_PRECONDITION",
                     "CONTRACT_INCOMPLETE")
        customer = self.api.new_customer(self.vendor["id"], name="Second Try Ltd.")
        answer = self.api.run_quick(customer["id"], headers=headers)
        self.assertEqual(answer.status, 200, answer)
        type(self).counts = self.stack.postgres.counts()

    # --- the body and the connection ----------------------------------------------------------------------------------

    def test_bodies_that_are_not_strict_json(self):
        good = json.dumps(self.quick())
        for name, body in {
            "cut off": good[:-2],
            "single quotes": good.replace('"', "'"),
            "a trailing comma": good[:-1] + ",}",
            "a key twice": good[:-1] + ', "totalHours": "9"}',
            "a comment": "/* hours */" + good,
            "two documents": good + good,
            "not UTF-8": good.encode().replace(b"7.5", b"7\xff5"),
            "too deep": "[" * 40 + "]" * 40,
        }.items():
            with self.subTest(name):
                self.refused(self.api.post(QUICK, body), 400, "INVALID_ARGUMENT", "INVALID_FIELD")

    def test_a_field_in_both_spellings_is_refused(self):
        self.invalid("POST", QUICK, {**self.quick(), "total_hours": "9"}, "totalHours")

    def test_a_body_that_is_no_object_is_refused(self):
        for body in ("[]", '"text"', "7", "null"):
            with self.subTest(body):
                answer = self.api.post(QUICK, body)
                self.refused(answer, 400, "INVALID_ARGUMENT", "INVALID_FIELD")

    def test_another_media_type_is_refused(self):
        answer = self.api.post(QUICK, json.dumps(self.quick()), {"Content-Type": "text/plain"})
        self.refused(answer, 415, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE")

    def test_a_body_that_is_too_large_is_answered(self):
        # http.client sends the whole body before it reads: a connection that was reset would raise.
        self.refused(self.api.post(QUICK, b" " * (MAX_BODY_BYTES + 1)), 413, "INVALID_ARGUMENT", "BODY_TOO_LARGE")
        self.refused(self.api.post(QUICK, b" " * (3 * MAX_BODY_BYTES)), 413, "INVALID_ARGUMENT", "BODY_TOO_LARGE")
        self.refused(self.api.post(QUICK, b" " * MAX_BODY_BYTES), 400, "INVALID_ARGUMENT", "INVALID_FIELD")

    def test_an_unknown_path_names_the_nearest(self):
        for path, nearest in (("/api/v1/customer", CUSTOMERS), ("/api/v1/customers/", CUSTOMERS), ("/customers", CUSTOMERS),
                              (f"/api/v1/invoices/{UNKNOWN_ID}/PDF", "/api/v1/invoices/{id}/pdf"), ("/health/raedy", "/health/ready")):
            answer = self.refused(self.api.get(path), 404, "NOT_FOUND", "NOT_FOUND")
            self.assertEqual(answer.metadata["nearest"], nearest)
            self.assertIn(nearest, answer.error["message"])
        self.assertEqual(self.api.get("/wp-login.php").metadata, {})

    def test_the_entrance_says_where_the_api_is(self):
        for path in ("/", "/api", "/api/", "/api/v1", "/api/v1/"):
            self.assertEqual(self.api.ok("GET", path)["openapi"], "/api/openapi.json", path)

    def test_what_is_absent_is_required_and_what_is_unknown_is_named(self):
        self.assertEqual(self.invalid("POST", QUICK, self.quick(customerId=None), "customerId").fields["customerId"], "required")
        self.assertRegex(self.invalid("POST", QUICK, self.quick(runDate=None), "runDate").fields["runDate"], "^required: a date")
        self.assertEqual(self.invalid("POST", CUSTOMERS, {"name": "n"}, "vendorId").error["message"], "vendorId: required")
        self.assertEqual(self.invalid("POST", QUICK, self.quick(totalhours="3"), "totalhours").fields["totalhours"],
                         "unknown field; did you mean totalHours?")
        unknown = self.invalid("POST", "/api/v1/customers:import", {"vendorId": UNKNOWN_ID, "content": "name"}, "content")
        self.assertRegex(unknown.fields["content"], r"^unknown field; known: vendorId, csv")
        for query, name, expected in (("pagesize=1", "pagesize", "did you mean pageSize?"), ("colour=red", "colour", "known: ")):
            answer = self.refused(self.api.get(f"{CUSTOMERS}?{query}"), 400, "INVALID_ARGUMENT", "INVALID_FIELD", [name])
            self.assertIn("unknown query parameter; " + expected, answer.fields[name])
            self.assertIn(name, answer.error["message"])

    def test_unknown_paths_and_methods(self):
        for path in ("/nothing", "/api/v1/nothing", "/api/v2/customers", "/api/v1/customers:fly"):
            self.refused(self.api.get(path), 404, "NOT_FOUND", "NOT_FOUND")
        for method, path, allowed in (
            ("PUT", CUSTOMERS, {"GET", "HEAD", "POST", "OPTIONS"}),
            ("DELETE", "/api/v1/invoices", {"GET", "HEAD", "OPTIONS"}),
            ("GET", QUICK, {"POST", "OPTIONS"}),
            ("POST", "/health", {"GET", "HEAD", "OPTIONS"}),
        ):
            answer = self.refused(self.api.call(method, path), 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED")
            self.assertEqual({name.strip() for name in answer.headers["Allow"].split(",")}, allowed)

    def test_requests_that_are_not_http_are_refused(self):
        two_lengths = b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"
        self.assertTrue(raw_exchange(self.stack.http_port, two_lengths).startswith(b"HTTP/1.1 400 "))
        no_host = b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n"
        self.assertTrue(raw_exchange(self.stack.http_port, no_host).startswith(b"HTTP/1.1 400 "))


if __name__ == "__main__":
    unittest.main(verbosity=2)
