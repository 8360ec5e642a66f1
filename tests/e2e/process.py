"""One real process under test: started with a log file of its own, stopped by its pid, every wait bounded."""

import os
import signal
import subprocess
import time


# Named by tests/e2e/sanitizers.py, under which everything is slower and larger.
SANITIZER_OPTIONS = ("ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")
SANITIZED = any(name in os.environ for name in SANITIZER_OPTIONS)
SLOWNESS = 6 if SANITIZED else 1


class Failed(AssertionError):
    """The stack could not do what a test needs; the message says which log to read."""


def wait_until(check, what, timeout_s=30.0, pause_s=0.05):
    """Calls `check` until it answers something true, and returns that."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(pause_s)


class Process:
    """Must be started from the main thread: the kernel ends it when the thread that started it ends."""

    def __init__(self, name, command, folder, environment=None, user=None, death_signal="KILL"):
        self.name = name
        self.log_path = os.path.join(folder, name + ".log")
        self._command = self._wrapped(command, user, death_signal)
        # Nothing of the developer's own environment reaches the process but what it needs to start.
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", *SANITIZER_OPTIONS) if key in os.environ}
        self._environment = {**kept, **(environment or {})}
        self._child = None
        self._log_start = 0

    @staticmethod
    def _wrapped(command, user, death_signal):
        # A test that is killed leaves no process behind.
        wrapped = ["setpriv", "--pdeathsig", death_signal]
        if user:
            wrapped += ["--reuid", user, "--regid", user, "--init-groups"]
        return wrapped + ["--"] + [str(part) for part in command]

    def start(self):
        self._log_start = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        with open(self.log_path, "ab") as log:
            self._child = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                start_new_session=True,
            )
        return self

    @property
    def pid(self):
        return self._child.pid

    def is_running(self):
        return self._child is not None and self._child.poll() is None

    def log(self):
        """What the process wrote since it was last started."""
        with open(self.log_path, "rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def wait_ready(self, check, timeout_s=40.0):
        def alive_and_ready():
            if not self.is_running():
                raise Failed(f"{self.name} ended with {self._child.returncode} while starting:\n{self.log()[-2000:]}")
            return check()

        wait_until(alive_and_ready, f"{self.name} is ready", timeout_s)
        return self

    def wait_for_log(self, text, timeout_s=40.0):
        return self.wait_ready(lambda: text in self.log(), timeout_s)

    def send(self, number):
        self._child.send_signal(number)

    def stop(self, timeout_s=10.0, number=signal.SIGTERM):
        """Asks the process to end and returns its exit code; one that does not end in time is killed and is a failure."""
        if self._child is None:
            return 0
        if self._child.poll() is None:
            self._child.send_signal(number)
        try:
            return self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.name} did not end within {timeout_s:.0f} s:\n{self.log()[-2000:]}") from None

    def kill(self):
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.wait(10)
