"""Mixed load for an hour: memory and descriptors of the gateway and the server do not grow.

`./dev test soak` runs it on the release build; SOAK_MINUTES is its length. The first sixth, ten minutes of an hour, fills pools
and caches; after it no process may need a tenth and 8 MiB more than it did until then. When the load has gone, the descriptors are
those of the beginning.
"""

import argparse
import os
import signal
import sys
import time

from process import SANITIZED, Failed, wait_until
from soak_load import Load
from stack import Stack

WATCHED = ("gateway", "server")
WARM_UP_SHARE = 1 / 6
MORE_SHARE, MORE_MIB = 0.1, 8
MORE_DESCRIPTORS = 4
SAMPLES_A_MINUTE = 4
QUIET_S = 120  # until what was left half-sent, and what nobody took, is closed


def memory_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmRSS:")).split()[1]) / 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Soak:
    def __init__(self, minutes, seed):
        print(f"seed {seed}, {minutes:g} minutes", flush=True)
        self.minutes = minutes
        self.seed = seed
        self.stack = Stack()
        self.samples = []  # (minute, {name: MiB}, {name: descriptors})

    def pids(self):
        return {name: self.stack.processes[name].pid for name in WATCHED}

    def sample(self, minute):
        pids = self.pids()
        sample = (minute, {name: memory_mib(pid) for name, pid in pids.items()}, {name: descriptors(pid) for name, pid in pids.items()})
        self.samples.append(sample)
        return sample

    def run(self):
        try:
            self.stack.start()
            load = Load(self.stack, self.seed)
            self.warm_pools()
            before = {name: descriptors(pid) for name, pid in self.pids().items()}
            pids = self.pids()
            load.start()
            try:
                self.watch(load)
            finally:
                load.stop()
            self.check(load, before, pids)
            self.stack.stop()
        except BaseException:
            self.stack.print_logs()
            raise
        finally:
            self.clean_up()

    def warm_pools(self):
        """Opens the sessions and channels that are kept."""
        load = Load(self.stack, "warm")
        load.start()
        time.sleep(3)
        load.stop()
        time.sleep(2)

    def watch(self, load):
        begin = time.monotonic()
        while (minute := (time.monotonic() - begin) / 60) < self.minutes:
            _, memory, open_now = self.sample(minute)
            if len(self.samples) % SAMPLES_A_MINUTE == 1:
                shown = ", ".join(f"{name} {memory[name]:.0f} MiB {open_now[name]} open" for name in WATCHED)
                print(f"minute {minute:.1f}: {shown}; {sum(load.figures.values())} rounds, {len(load.faults)} faults", flush=True)
            if len(load.faults) > 20:
                break
            time.sleep(60 / SAMPLES_A_MINUTE)
        self.sample(self.minutes)

    def check(self, load, before, pids):
        print(", ".join(f"{name} {count}" for name, count in sorted(load.figures.items())), flush=True)
        faults = load.faults[:20]
        if self.pids() != pids:
            faults.append("a process was started anew")
        faults += self.growth()
        for name in WATCHED:
            try:
                wait_until(lambda name=name: descriptors(pids[name]) <= before[name] + MORE_DESCRIPTORS, f"{name} closes what it opened",
                           QUIET_S, 0.5)
            except Failed as fault:
                faults.append(f"{fault}: {descriptors(pids[name])} are open, {before[name]} were")
        if self.stack.readiness().status != 200:
            faults.append("it is not ready in the end")
        if faults:
            raise Failed("\n".join(faults))

    def growth(self):
        """What grew after the warm-up. Sanitizers keep what was freed, so with them memory tells nothing."""
        for name in WATCHED:
            warm = [memory[name] for minute, memory, _ in self.samples if minute <= self.minutes * WARM_UP_SHARE]
            later = [memory[name] for minute, memory, _ in self.samples if minute > self.minutes * WARM_UP_SHARE]
            print(f"{name}: at most {max(warm):.0f} MiB in the warm-up, {max(later):.0f} later, {later[-1]:.0f} in the end", flush=True)
            if max(later) > max(warm) * (1 + MORE_SHARE) + MORE_MIB and not SANITIZED:
                yield f"{name} grew from {max(warm):.0f} to {max(later):.0f} MiB"

    def clean_up(self):
        for process in self.stack.processes.values():
            process.kill()
        self.stack.postgres.crash()
        if not os.environ.get("INVOICE_E2E_KEEP"):
            self.stack.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("SOAK_MINUTES") or 60))
    parser.add_argument("--seed", default=os.environ.get("INVOICE_SEED") or str(time.time_ns() % 1_000_000))
    arguments = parser.parse_args()
    # A SIGTERM must go through the clean-up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        Soak(arguments.minutes, arguments.seed).run()
    except Failed as fault:
        sys.exit(f"FAILED: {fault}")
    print("nothing grew")


if __name__ == "__main__":
    main()
