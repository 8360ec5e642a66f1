"""REST as a client outside of the project speaks it: http.client, JSON and nothing of ours."""

import contextlib
import http.client
import json
import socket


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json()["error"]

    def detail(self, kind):
        """The one detail of a type, such as ErrorInfo; an empty one where there is none."""
        found = [detail for detail in self.error["details"] if detail["@type"].endswith("." + kind)]
        return found[0] if found else {}

    @property
    def reason(self):
        return self.detail("ErrorInfo").get("reason")

    @property
    def metadata(self):
        return self.detail("ErrorInfo").get("metadata", {})

    @property
    def fields(self):
        """The paths of the fields at fault, with what was expected."""
        return {fault["field"]: fault["description"] for fault in self.detail("BadRequest").get("fieldViolations", [])}

    def __repr__(self):
        return f"{self.status} {self.body[:1500]!r}"


class Api:
    def __init__(self, port, key=None, timeout_s=30.0):
        self.port = port
        self.key = key
        self._timeout_s = timeout_s

    def call(self, method, path, body=None, headers=None):
        """One request on a connection of its own. A body that is not text or bytes is sent as JSON."""
        sent = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
            if not isinstance(body, (str, bytes)):
                body = json.dumps(body)
            if isinstance(body, str):
                body = body.encode()
        sent.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self._timeout_s)
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value is not None})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.call("GET", path, headers=headers)

    def post(self, path, body, headers=None):
        return self.call("POST", path, body, headers)

    def patch(self, path, body, headers=None):
        return self.call("PATCH", path, body, headers)

    @contextlib.contextmanager
    def stream(self, path, accept):
        """The answer of a server stream while it is being sent, to be read line by line."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self._timeout_s)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}", "Accept": accept})
            yield connection.getresponse()
        finally:
            connection.close()

    def ok(self, method, path, body=None, headers=None):
        """The JSON of a call that must succeed."""
        answer = self.call(method, path, body, headers)
        if answer.status != 200:
            raise AssertionError(f"{method} {path}: {answer}")
        return answer.json()

    # --- what nearly every test needs ---------------------------------------------------------------------------------

    def new_vendor(self, **fields):
        vendor = {
            "name": "Northwind Analytics Inc.",
            "email": "billing@northwind.example.com",
            "address": {"line1": "100 King Street West", "city": "Toronto", "region": "ON", "postalCode": "M5X 1A9", "countryCode": "CA"},
        }
        return self.ok("POST", "/api/v1/vendors", {**vendor, **fields})

    def new_customer(self, vendor_id, rate="125.50", **fields):
        """A customer that can be billed: monthly, HST 13 %; without a rate it cannot."""
        customer = {
            "vendorId": vendor_id,
            "name": "Contoso Manufacturing Ltd.",
            "email": "payables@contoso.example.com",
            "address": {"line1": "1 Harbour Road", "city": "Halifax", "region": "NS", "postalCode": "B3J 1S9", "countryCode": "CA"},
        }
        created = self.ok("POST", "/api/v1/customers", {**customer, **fields})
        if rate is not None:
            self.ok("PATCH", f"/api/v1/customers/{created['id']}/contract", {
                "ratePerHour": rate,
                "taxes": [{"name": "HST", "rate": "0.13", "registrationNumber": "123456789 RT0001"}],
            })
        return created

    def run_quick(self, customer_id, run_date="2025-03-01", total_hours="7.5", headers=None, **fields):
        request = {"customerId": customer_id, "runDate": run_date, "totalHours": total_hours, **fields}
        return self.post("/api/v1/invoices:runQuick", request, headers)


def raw_exchange(port, request, timeout_s=20.0):
    """Sends bytes and returns all that comes back until the server closes; for what http.client would not send."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received
