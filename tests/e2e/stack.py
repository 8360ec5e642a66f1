"""The whole system as real processes: PostgreSQL, Redis, the mail catcher, our server, worker, scheduler and gateway.

Everything listens on 127.0.0.1 or on sockets in one temporary folder, which also holds the logs and goes away at the end.
`StackCase` gives a test class its own stack and prints the logs when a test failed.
"""

import base64
import fcntl
import glob
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from api import Api
from mailbox import Mailbox
from postgres import Postgres
from process import Failed, Process, wait_until

SOURCE_DIR = os.environ.get("INVOICE_SOURCE_DIR") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN_DIR = os.environ.get("INVOICE_BIN_DIR") or os.path.join(SOURCE_DIR, "build", "dev", "bin")
LOG_TAIL_BYTES = 4000
# Below the range from which the kernel takes ports for outgoing connections.
PORTS = range(18000, 32000)


_taken_ports = []  # locked files, for as long as this process runs


def free_port():
    """A port that nobody uses and no other test takes: one that was only looked at could be chosen twice before it is bound."""
    folder = os.path.join(tempfile.gettempdir(), f"invoice-test-ports-{os.getuid()}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for port in random.sample(PORTS, 200):
        lock = open(os.path.join(folder, str(port)), "w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _taken_ports.append(lock)
        return port
    raise Failed("no free port")


def tool(variable, pattern):
    """A tool that `./dev test` names by a variable; started by hand, what `./dev` keeps in its cache."""
    if os.environ.get(variable):
        return os.environ[variable]
    cache = os.environ.get("DEV_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "invoice-enterprise")
    found = sorted(glob.glob(os.path.join(cache, pattern)))
    if not found:
        raise Failed(f"{variable} is not set and there is no {pattern} below {cache}: run the tests by ./dev test e2e")
    return found[-1]


def answers_on(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Stack:
    """Names of processes: redis, mail, server, worker, scheduler, gateway; PostgreSQL is `postgres`."""

    OURS = ("server", "worker", "scheduler", "gateway")

    def __init__(self, settings=None, clock=None, catches_mail=True):
        self.folder = tempfile.mkdtemp(prefix="invoice-e2e-", dir="/tmp")
        os.chmod(self.folder, 0o711)
        self.settings = dict(settings or {})
        if clock:
            self.set_clock(clock)
            self.settings["CLOCK_FILE"] = self._clock_path
        self.http_port, self.grpc_port, self.smtp_port, self.mail_port, self.console_port = (free_port() for _ in range(5))
        self.postgres = Postgres(self.folder, SOURCE_DIR)
        self.mailbox = Mailbox(self.mail_port)
        self.catches_mail = catches_mail
        self.processes = {}

    # --- starting -----------------------------------------------------------------------------------------------------

    def start(self):
        self.postgres.create()
        self._start_redis()
        if self.catches_mail:
            self._start_mail()
        self.api_key = self.create_api_key("e2e", "ADMIN")
        for name in self.OURS:
            self.start_ours(name)
        wait_until(lambda: self.readiness().status == 200, "the system is ready")
        return self

    def start_ours(self, name):
        """Starts one of our processes, the first time or again."""
        if name not in self.processes:
            self.processes[name] = self.new_process(name, "serve" if name == "server" else name)
        self.processes[name].start()
        if name == "server":
            self.processes[name].wait_ready(lambda: answers_on(self.grpc_port))
        else:
            self.processes[name].wait_for_log('"listening"')

    def restart_ours(self, name, **settings):
        """Kills one of our processes, which takes no time, and starts it with settings changed for all that start from now on."""
        self.processes.pop(name).kill()
        self.settings.update(settings)
        self.start_ours(name)

    def server_environment(self):
        return {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.postgres.url(),
            "REDIS_URL": f"redis+unix://{self.folder}/redis.sock",
            "SECRET_KEY": "e2e-secret-key-e2e-secret-key-e2e",
            "ENCRYPTION_KEY": base64.b64encode(b"k" * 32).decode(),
            "GRPC_LISTEN": f"127.0.0.1:{self.grpc_port}",
            "ADMIN_LISTEN": "127.0.0.1:0",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.smtp_port),
            "SMTP_SECURITY": "NONE",
            "SMTP_FROM": "invoices@northwind.example.com",
            # The customers of a test share an address, which the guard is not to stop.
            "SMTP_MAX_EMAILS_PER_RECIPIENT_PER_DAY": "10000",
            "LOG_LEVEL": "info",
            **self.settings,
        }

    def gateway_environment(self):
        return {
            "HTTP_LISTEN": f"127.0.0.1:{self.http_port}",
            "BACKEND_ADDRESS": f"127.0.0.1:{self.grpc_port}",
            "ADMIN_LISTEN": "127.0.0.1:0",
            "CORS_ORIGINS": f"http://127.0.0.1:{self.console_port}",
            "LOG_LEVEL": "info",
        }

    def new_process(self, name, command, **settings):
        """One of our processes, not yet started; `command` is one of invoice-server's, or gateway."""
        if command == "gateway":
            return Process(name, [f"{BIN_DIR}/invoice-gateway"], self.folder, self.gateway_environment())
        return Process(name, [f"{BIN_DIR}/invoice-server", command], self.folder, {**self.server_environment(), **settings})

    def _start_redis(self):
        binary = os.environ.get("INVOICE_REDIS_SERVER") or "redis-server"
        path = f"{self.folder}/redis.sock"
        redis = Process("redis", [binary, "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no",
                                  "--dir", self.folder, "--maxmemory", "32mb"], self.folder)
        self.processes["redis"] = redis.start().wait_ready(lambda: os.path.exists(path))

    def _start_mail(self):
        maildev = tool("INVOICE_MAILDEV", "npm-*/node_modules/.bin/maildev")
        node = os.environ.get("INVOICE_NODE") or shutil.which("node") or tool("INVOICE_NODE", "node-*/bin/node")
        mail = Process("mail", [node, maildev, "--ip", "127.0.0.1", "--smtp", self.smtp_port, "--web-ip", "127.0.0.1",
                                "--web", self.mail_port, "--mail-directory", f"{self.folder}/mail", "--silent"], self.folder)
        self.processes["mail"] = mail.start().wait_ready(lambda: self.mailbox.is_up() and answers_on(self.smtp_port))

    @property
    def _clock_path(self):
        return os.path.join(self.folder, "clock")

    def set_clock(self, instant):
        """Moves the time that business rules see in all our processes, to an instant like 2026-11-25T22:00:00Z."""
        with open(self._clock_path + ".next", "w", encoding="ascii") as file:
            file.write(instant + "\n")
        os.replace(self._clock_path + ".next", self._clock_path)

    # --- using --------------------------------------------------------------------------------------------------------

    def command(self, *arguments):
        """Runs a command of invoice-server to its end."""
        return subprocess.run([f"{BIN_DIR}/invoice-server", *arguments], env={**self.server_environment(), "PATH": "/usr/bin:/bin"},
                              capture_output=True, text=True, timeout=60, check=False)

    def create_api_key(self, name, role):
        done = self.command("create-api-key", "--name", name, "--role", role)
        if done.returncode != 0 or not done.stdout.strip():
            raise Failed(f"create-api-key: {done.returncode} {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def api(self, key=None, timeout_s=30.0):
        return Api(self.http_port, self.api_key if key is None else key, timeout_s)

    def readiness(self):
        return Api(self.http_port, timeout_s=10).get("/health/ready")

    def wait_email_states(self, states, timeout_s=60.0):
        """Waits until the emails in the database are in exactly these states, as {state: count}."""
        def reached():
            found = {state: int(count) for state, count in self.postgres.rows("SELECT state, count(*) FROM emails GROUP BY 1")}
            return found == states

        wait_until(reached, f"emails are {states}", timeout_s, 0.2)

    # --- stopping -----------------------------------------------------------------------------------------------------

    def stop(self):
        """Doors first, stores last. A process that ended by itself or does not stop is a failure."""
        faults = []
        for name in ("gateway", "scheduler", "worker", "server", "mail", "redis"):
            if name in self.processes:
                try:
                    self.processes[name].stop()
                except Failed as fault:
                    faults.append(str(fault))
        try:
            self.postgres.crash()
        except Failed as fault:
            faults.append(str(fault))
        if faults:
            raise Failed("\n".join(faults))

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def print_logs(self):
        for path in sorted(glob.glob(f"{self.folder}/*.log")):
            with open(path, "rb") as log:
                log.seek(max(0, os.path.getsize(path) - LOG_TAIL_BYTES))
                print(f"--- {os.path.basename(path)} (its end) ---\n{log.read().decode(errors='replace')}", file=sys.stderr)


class StackCase(unittest.TestCase):
    """One stack for all tests of a class. INVOICE_E2E_KEEP=1 keeps its folder."""

    settings = None
    clock = None  # an instant makes the time stand still there until a test calls `stack.set_clock`
    catches_mail = True  # False: the test brings a mail server of its own and names it in `settings`
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        # A SIGTERM of ctest's time-out must go through the clean-up.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        cls.failed = False
        cls.stack = Stack(cls.settings, cls.clock, cls.catches_mail)
        try:
            cls.stack.start()
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise
        cls.api = cls.stack.api()

    @classmethod
    def tearDownClass(cls):
        cls._clean_up()

    @classmethod
    def _clean_up(cls):
        if cls.failed:
            cls.stack.print_logs()
        try:
            cls.stack.stop()
        finally:
            if not os.environ.get("INVOICE_E2E_KEEP"):
                cls.stack.remove()

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            type(self).failed = True

