"""Every row of the schedule vectors through REST, with nothing stored."""

import csv
import http.client
import json
import os
import unittest

from stack import SOURCE_DIR, StackCase


class ComputeScheduleTest(StackCase):
    def test_every_vector(self):
        with open(os.path.join(SOURCE_DIR, "tests", "vectors", "schedule.csv"), encoding="utf-8", newline="") as file:
            vectors = list(csv.DictReader(file))
        self.assertEqual(len(vectors), 400)
        # One connection for all of them: keep-alive is tested along the way.
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.http_port, timeout=20)
        wrong = []
        for vector in vectors:
            status, body = self.compute(connection, {
                "frequency": vector["frequency"],
                "billingWeekday": int(vector["billing_weekday"]),
                "anchorDate": vector["anchor_date"],
                "billingDay": int(vector["billing_day"]),
                "after": vector["after"],
            })
            expected = {"dueDate": vector["next_due"], "periodStart": vector["period_start"], "periodEnd": vector["period_end"]}
            if status != 200 or body.get("occurrences") != [expected]:
                wrong.append((vector, status, body))
        connection.close()
        self.assertEqual(wrong, [])

    def compute(self, connection, request):
        headers = {"Authorization": f"Bearer {self.stack.api_key}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/billingPeriods:computeSchedule", json.dumps(request), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    def test_periods_of_many_occurrences_touch(self):
        occurrences = self.api.ok("POST", "/api/v1/billingPeriods:computeSchedule", {
            "frequency": "MONTHLY", "billingDay": 31, "after": "2024-01-31", "count": 200})["occurrences"]
        self.assertEqual(len(occurrences), 200)
        self.assertEqual(occurrences[0], {"dueDate": "2024-02-29", "periodStart": "2024-01-01", "periodEnd": "2024-01-31"})
        for before, after in zip(occurrences, occurrences[1:]):
            self.assertLess(before["periodEnd"], after["periodStart"])
            self.assertLess(before["dueDate"], after["dueDate"])

    def test_biweekly_needs_its_anchor(self):
        answer = self.api.post("/api/v1/billingPeriods:computeSchedule", {"frequency": "BIWEEKLY", "after": "2025-01-01"})
        self.assertEqual((answer.status, list(answer.fields)), (400, ["anchorDate"]), answer)


if __name__ == "__main__":
    unittest.main(verbosity=2)
