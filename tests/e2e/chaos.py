"""A year of scheduled billing while processes die and the clock jumps: every period is invoiced exactly once.

Real processes share a clock that this program moves, forward and back, past every change to and from summer time. At random
moments a worker, a scheduler, the gateway, the server or a session of PostgreSQL is killed. In the end the books must be those
that the rules give. Meanwhile clients record payments through the gateway and repeat with the same key what was cut off: each is
recorded exactly once.

The moments come from a seed, which is printed; INVOICE_SEED or --seed repeats them (not what the processes make of them).
`./dev test chaos` runs the long form, test_chaos.py a short one.
"""

import argparse
import collections
import dataclasses
import datetime
import os
import random
import signal
import sys
import time
import zoneinfo

import chaos_books
from chaos_clients import Clients
from process import Failed, wait_until
from stack import Stack

HOUR = datetime.timedelta(hours=1)
FIRST_BEGIN = datetime.datetime(2025, 10, 1, 9, tzinfo=datetime.timezone.utc)
MAX_STEP_BACK_H = 120
BACKWARD_SHARE = 0.15  # of the stops
NOTICE_SHARE = 0.2
STUCK_S = 15.0  # a run that stays open though no work is left
FIGHT = (0.05, 0.65)  # the share of the walk in which processes are killed
LINGER = """
    CREATE OR REPLACE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END';
    CREATE OR REPLACE TRIGGER lingers BEFORE UPDATE ON runs FOR EACH ROW WHEN (NEW.state = 'SUCCEEDED') EXECUTE FUNCTION linger()"""
HIT, MISSED = "hit", "missed"  # a missed fight is tried again at the next stop
NO_LINGERING = "DROP TRIGGER IF EXISTS lingers ON runs"
SLOW_PAYMENTS = """
    CREATE OR REPLACE FUNCTION pay_slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.6); RETURN NEW; END';
    CREATE OR REPLACE TRIGGER pays_slowly BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION pay_slowly()"""
FAST_PAYMENTS = "DROP TRIGGER IF EXISTS pays_slowly ON payments"


@dataclasses.dataclass(frozen=True)
class Settings:
    seed: int
    customers: int = 10_000
    days: int = 365
    workers: int = 8
    schedulers: int = 2
    run_chunk: int = 100
    stops: int = 250  # of the clock, besides those around the changes of summer time
    pause_s: float = 6.0  # at most, at each stop; faster, and no round of a scheduler would end before the next kill
    settle_s: float = 1800.0
    worker_kills: int = 40
    kills_at_the_end_of_a_run: int = 6
    scheduler_kills: int = 16
    terminated_backends: int = 16
    killed_backends: int = 8
    clients: int = 4
    gateway_kills: int = 8
    gateway_stops: int = 4
    server_kills: int = 4


def zone_changes(zone, begin, end):
    """The hours in which the local time of a zone leaps."""
    local, hour = zoneinfo.ZoneInfo(zone), begin
    while hour < end:
        if hour.astimezone(local).utcoffset() != (hour + HOUR).astimezone(local).utcoffset():
            yield hour + HOUR / 2
        hour += HOUR


class Chaos:
    def __init__(self, settings):
        print(f"seed {settings.seed}: INVOICE_SEED={settings.seed} repeats the moments", flush=True)
        self.settings = settings
        self.choice = random.Random(settings.seed)
        self.length = datetime.timedelta(days=settings.days)
        self.begin = FIRST_BEGIN + self.choice.randrange(90 * 24) * HOUR
        self.end = self.begin + self.length
        self.customers = chaos_books.make_customers(settings.customers, self.begin, self.length, self.choice)
        self.figures = collections.Counter()
        self.stack = Stack()
        self.clock_path = f"{self.stack.folder}/clock"
        self.stack.settings = {
            "CLOCK_FILE": self.clock_path, "RUN_CHUNK": str(settings.run_chunk), "WORKER_THREADS": "1", "DB_POOL_SIZE": "3",
            "REDIS_URL": "",
        }
        self.processes = []
        self.clients = None

    # --- the course of it ---------------------------------------------------------------------------------------------

    def run(self):
        """Answers the figures; Failed where the books are wrong."""
        started = time.monotonic()
        try:
            self.start()
            self.walk()
            walked = time.monotonic()
            self.settle()
            settled = time.monotonic()
            self.stop_processes()
            chaos_books.check_payments(self.stack.postgres, self.clients.done)
            self.figures["invoices"] = chaos_books.check(self.stack.postgres, self.customers, self.begin, self.end)
            self.check_log()
        except BaseException:
            self.stack.print_logs()
            print(f"seed {self.settings.seed} failed; until then: {dict(self.figures)}", file=sys.stderr, flush=True)
            raise
        finally:
            self.clean_up()
        self.figures.update({"walk_s": round(walked - started), "settle_s": round(settled - walked),
                             "check_s": round(time.monotonic() - settled)})
        print(", ".join(f"{name} {count}" for name, count in sorted(self.figures.items())), flush=True)
        return self.figures

    def start(self):
        self.show(self.begin)
        self.stack.postgres.create()
        chaos_books.write(self.stack.postgres, self.customers, self.begin)
        counts = {"serve": 1, "scheduler": self.settings.schedulers, "worker": self.settings.workers}
        for command, count in counts.items():
            for number in range(count):
                name = f"{command}{number}"
                # PostgreSQL's log says who it was.
                self.stack.settings["DATABASE_URL"] = f"{self.stack.postgres.url()}&application_name={name}"
                self.processes.append(self.stack.new_process(name, command).start())
        self.processes.append(self.stack.new_process("gateway0", "gateway").start())
        for process in self.processes:
            process.wait_for_log('"listening"')
        payers = [customer.id for customer in self.customers if chaos_books.CURRENCIES[customer.vendor] != "JPY"]
        self.clients = Clients(self.stack.http_port, self.stack.create_api_key("chaos", "FINANCE"), payers[:self.settings.clients],
                               str(self.begin.date() - datetime.timedelta(days=1)), self.settings.seed)
        self.clients.start()

    def walk(self):
        stops = self.make_stops()
        fights = self.make_fights(len(stops))
        for number, stop in enumerate(stops):
            if self.choice.random() < BACKWARD_SHARE:
                self.figures["jumps_back"] += 1
                self.show(max(self.begin, self.now - self.choice.uniform(1, MAX_STEP_BACK_H) * HOUR))
                self.pause()
            self.figures["jumps_forward"] += 1
            self.show(stop)
            if self.choice.random() < NOTICE_SHARE:
                # All schedulers wake at the same moment.
                self.patiently(lambda: self.stack.postgres.execute("NOTIFY invoice_schedules"))
            self.clients.work()
            for fight in fights[number]:
                time.sleep(self.choice.uniform(0.0, 0.15))
                if fight() is MISSED:
                    fights[number + 1].append(fight)
            self.pause()
            self.clients.rest()
            if number % 10 == 0:
                self.drop_rendering()
            self.check_alive()
        self.clients.stop()
        self.figures.update(self.clients.figures)
        self.show(self.end)

    def settle(self):
        """Waits until the schedulers have taken over all that is due and the workers have done it."""
        stuck_since = None

        def is_settled():
            nonlocal stuck_since
            self.check_alive()
            self.drop_rendering()
            due, runs, jobs = self.open_work()
            if runs and not due and not jobs:
                stuck_since = stuck_since or time.monotonic()
                if time.monotonic() - stuck_since > STUCK_S:
                    raise Failed(f"no job is left, but {runs} runs stay open")
            else:
                stuck_since = None
            return due + runs + jobs == 0

        try:
            wait_until(is_settled, "all that is due is billed", self.settings.settle_s, 0.5)
        except Failed as fault:
            raise Failed(f"{fault}; due schedules, open runs, jobs: {self.open_work()}; {self.open_runs()}") from None

    # --- the parts ----------------------------------------------------------------------------------------------------

    def make_stops(self):
        """Where the clock stops on its way: hours to days apart, and shortly before and after each change of summer time."""
        stops = {self.begin + self.choice.random() * self.length for _ in range(self.settings.stops)}
        for zone in chaos_books.ZONES:
            for change in zone_changes(zone, self.begin + HOUR, self.end - HOUR):
                self.figures["summer_time_changes"] += 1
                stops |= {change - 0.75 * HOUR, change + 0.75 * HOUR}
        return sorted(stops)

    def make_fights(self, stop_count):
        """{number of the stop: what is killed there}"""
        fights = collections.defaultdict(list)
        settings = self.settings
        wanted = {self.kill_worker: settings.worker_kills,
                  self.kill_worker_at_the_end_of_a_run: settings.kills_at_the_end_of_a_run,
                  self.kill_scheduler: settings.scheduler_kills,
                  self.terminate_backend: settings.terminated_backends,
                  self.kill_backend: settings.killed_backends,
                  self.kill_gateway: settings.gateway_kills,
                  self.stop_gateway: settings.gateway_stops,
                  self.kill_server: settings.server_kills}
        for fight, count in wanted.items():
            for _ in range(count):
                fights[int(stop_count * self.choice.uniform(*FIGHT))].append(fight)
        return fights

    def show(self, instant):
        """Sets the clock of all processes at once."""
        self.now = instant
        with open(self.clock_path + ".new", "w", encoding="utf-8") as file:
            file.write(instant.strftime("%Y-%m-%dT%H:%M:%SZ\n"))
        os.replace(self.clock_path + ".new", self.clock_path)

    def pause(self):
        time.sleep(self.choice.uniform(0.0, self.settings.pause_s))

    def kill_worker(self):
        worker = self.choice.choice([process for process in self.processes if process.name.startswith("worker")])
        pid = worker.pid
        worker.kill()
        worker.start()
        self.figures["worker_kills"] += 1
        at_work = self.patiently(lambda: self.stack.postgres.value(
            f"SELECT count(*) FROM jobs WHERE worker LIKE '%:{pid}' AND kind = 'RUN_CHUNK' AND lease_until > now()"))
        self.figures["worker_kills_amid_a_chunk"] += at_work != "0"

    def kill_worker_at_the_end_of_a_run(self):
        """All customers of a run are billed and whoever is to say that it has ended dies: too short a moment to be hit by chance."""
        self.patiently(lambda: self.stack.postgres.execute(LINGER))
        try:
            name = wait_until(lambda: self.patiently(self.stack.postgres.lingering_session), "a run ends", 3)
        except Failed:
            name = ""  # nothing was due
        hit = False
        for worker in self.processes:
            if worker.name == name:
                worker.kill()
                worker.start()
                self.figures["kills_at_the_end_of_a_run"] += 1
                hit = True
        self.patiently(lambda: self.stack.postgres.execute(NO_LINGERING))
        return HIT if hit else MISSED

    def kill_scheduler(self):
        scheduler = self.choice.choice([process for process in self.processes if process.name.startswith("scheduler")])
        scheduler.kill()
        scheduler.start()
        self.figures["scheduler_kills"] += 1

    def process(self, name):
        return next(process for process in self.processes if process.name == name)

    def kill_gateway(self):
        """The server records payments whose answers are lost with the gateway: too short a moment to be hit by chance."""
        self.patiently(lambda: self.stack.postgres.execute(SLOW_PAYMENTS))
        try:
            wait_until(lambda: self.patiently(self.stack.postgres.lingering_session), "payments are under way", 5)
        except Failed:
            return MISSED
        finally:
            self.process("gateway0").kill()
            self.process("gateway0").start()
            self.patiently(lambda: self.stack.postgres.execute(FAST_PAYMENTS))
        self.figures["gateway_kills"] += 1
        return HIT

    def stop_gateway(self):
        """As an orderly restart: what is under way is answered."""
        if self.process("gateway0").stop() != 0:
            raise Failed(f"the gateway did not end well:\n{self.process('gateway0').log()[-2000:]}")
        self.process("gateway0").start()
        self.figures["gateway_stops"] += 1

    def kill_server(self):
        self.process("serve0").kill()
        self.process("serve0").start()
        self.figures["server_kills"] += 1

    def terminate_backend(self):
        self.patiently(self.stack.postgres.terminate_backend)
        self.figures["terminated_backends"] += 1

    def kill_backend(self):
        self.patiently(self.stack.postgres.kill_backend)
        self.figures["killed_backends"] += 1

    @staticmethod
    def patiently(ask):
        """PostgreSQL, which answers nobody while it recovers, is asked until it answers."""
        def answer():
            try:
                return (ask(),)
            except (Failed, OSError):
                return None

        return wait_until(answer, "PostgreSQL answers", 30, 0.1)[0]

    def drop_rendering(self):
        """No PDF is looked at here, and a hundred thousand of them would take longer than the year. Never one in work."""
        self.patiently(lambda: self.stack.postgres.execute(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE kind = 'RENDER_DOCUMENT' AND lease_until IS NULL"
            " FOR UPDATE SKIP LOCKED)"))

    def open_work(self):
        rows = self.patiently(lambda: self.stack.postgres.rows(f"""
            SELECT (SELECT count(*) FROM schedules
                     WHERE enabled AND next_run_on <= ('{self.end.isoformat()}'::timestamptz AT TIME ZONE time_zone)::date),
                   (SELECT count(*) FROM runs WHERE state IN ('PENDING', 'RUNNING')),
                   (SELECT count(*) FROM jobs WHERE kind IN ('START_RUN', 'RUN_CHUNK') AND failed_at IS NULL)"""))
        return [int(count) for count in rows[0]]

    def open_runs(self):
        return self.patiently(lambda: self.stack.postgres.rows("""
            SELECT r.id, r.state, r.complete, r.run_on, k.state, count(k.id), count(j.id), max(j.last_error)
              FROM runs r
              LEFT JOIN run_chunks k ON k.run_id = r.id
              LEFT JOIN jobs j ON j.subject_id = k.id
             WHERE r.state IN ('PENDING', 'RUNNING') GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 LIMIT 10"""))

    def check_alive(self):
        for process in self.processes:
            if not process.is_running():
                raise Failed(f"{process.name} ended by itself:\n{process.log()[-2000:]}")

    def check_log(self):
        deadlocks = self.stack.postgres.log().split("deadlock detected")[1:]
        if deadlocks:
            raise Failed(f"PostgreSQL had to break {len(deadlocks)} deadlocks; the first:{deadlocks[0][:1500]}")

    # --- the end ------------------------------------------------------------------------------------------------------

    def stop_processes(self):
        for process in self.processes:
            process.send(signal.SIGTERM)
        for process in self.processes:
            # They were all told already; 0 is no signal.
            if process.stop(30, 0) != 0:
                raise Failed(f"{process.name} did not end well:\n{process.log()[-2000:]}")

    def clean_up(self):
        if self.clients:
            self.clients.stop()
        for process in self.processes:
            process.kill()
        self.stack.postgres.crash()
        if not os.environ.get("INVOICE_E2E_KEEP"):
            self.stack.remove()


def seed_of_day(given=None):
    return int(given or os.environ.get("INVOICE_SEED") or time.time_ns() % 1_000_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed")
    for name in ("customers", "days", "workers", "stops"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Settings, name))
    arguments = parser.parse_args()
    # A SIGTERM must go through the clean-up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        Chaos(Settings(seed=seed_of_day(arguments.seed), customers=arguments.customers, days=arguments.days,
                       workers=arguments.workers, stops=arguments.stops)).run()
    except Failed as fault:
        sys.exit(f"FAILED: {fault}")


if __name__ == "__main__":
    main()
