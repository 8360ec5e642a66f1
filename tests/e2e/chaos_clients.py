"""Clients of the chaos test: they record payments through the gateway, with the same key until they are told that it is done.

A key is remembered for a day, and the clock of the test leaps by days. So the clients rest while it does.
"""

import collections
import http.client
import random
import threading
import time

from api import Api
from process import Failed

AGAIN = (429, 503, 504)  # what says that the same call may be made again
REPEATED_SHARE = 0.2  # of the payments are sent once more after their answer
TIMEOUT_S = 20
PATIENCE_S = 60
PAUSE_S = 0.02
RETRY_PAUSE_S = 0.05


class Clients:
    """A thread for each customer, whose currency has cents. The methods are for one thread of the test."""

    def __init__(self, port, key, customers, paid_on, seed):
        self._api = Api(port, key, TIMEOUT_S)
        self._customers = customers
        self._paid_on = paid_on
        self._may_work = False
        self._ended = False
        self._changed = threading.Condition()
        self._at_work = 0
        self.done = {}  # {reference: (id, customer, amount in cents)}
        self.figures = collections.Counter()
        self.faults = []
        self._threads = [threading.Thread(target=self._run, args=(number, random.Random(seed * 1000 + number)), daemon=True)
                         for number in range(len(customers))]

    def start(self):
        for thread in self._threads:
            thread.start()

    def work(self):
        with self._changed:
            self._may_work = True
            self._changed.notify_all()

    def rest(self):
        """Returns when every payment that was begun is done."""
        with self._changed:
            self._may_work = False
            if not self._changed.wait_for(lambda: self._at_work == 0, PATIENCE_S):
                raise Failed(f"{self._at_work} payments are not done within {PATIENCE_S} s; {self.faults}")
        if self.faults:
            raise Failed("\n".join(self.faults))

    def stop(self):
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _run(self, number, choice):
        for count in range(1, 1_000_000):
            if not self._begin():
                break
            try:
                self._pay(number, count, choice)
            except Exception as fault:  # pylint: disable=broad-except
                self.faults.append(f"client {number}: {fault!r}")
                break
            finally:
                with self._changed:
                    self._at_work -= 1
                    self._changed.notify_all()
            time.sleep(choice.uniform(0, PAUSE_S))

    def _begin(self):
        """Waits until it may work; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._may_work or self._ended)
            self._at_work += 1
            return not self._ended

    def _pay(self, number, count, choice):
        reference, customer = f"client-{number}-{count}", self._customers[number]
        body = {"customerId": customer, "date": self._paid_on, "amount": f"{count}.{number:02}", "reference": reference}
        payment = self._send_until_done(reference, body)
        if choice.random() < REPEATED_SHARE:
            self.figures["repeated_payments"] += 1
            if self._send_until_done(reference, body) != payment:
                raise Failed(f"{reference} got two answers")
        self.done[reference] = (payment["id"], customer, 100 * count + number)
        self.figures["payments"] += 1

    def _send_until_done(self, reference, body):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = self._api.post("/api/v1/payments", body, {"Idempotency-Key": reference})
            except (OSError, http.client.HTTPException):
                self.figures["broken_calls"] += 1
            else:
                if answer.status == 200:
                    return answer.json()
                if answer.status not in AGAIN:
                    raise Failed(f"{reference}: {answer}")
                self.figures["refused_calls"] += 1
            time.sleep(RETRY_PAUSE_S)
        raise Failed(f"{reference} is not done after {PATIENCE_S} s")
