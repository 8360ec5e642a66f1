"""Attacks, end-to-end tests and mixed load on binaries of a sanitizer preset: no report of a sanitizer, and the tests pass.

`./dev test sanitizers` builds gateway and server with the preset asan and the gateway with the preset tsan, and runs this on both.
Suppressions are in tools/sanitizers/.
"""

import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE_DIR = os.environ.get("INVOICE_SOURCE_DIR") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENTRIES = {"asan": b"__asan_init", "tsan": b"__tsan_init"}
MODULES = ("test_http_sweep", "test_gateway_attacks", "test_grpc_port", "test_main_job", "test_parallel", "test_shutdown")
MODULE_LIMIT_S = 900
SOAK_MINUTES = 2
SHOWN_BYTES = 6000  # of the output of a module that failed
SHOWN_LINES = 120  # of a report
LINE = 200


def options(preset, reports):
    suppressions = os.path.join(SOURCE_DIR, "tools", "sanitizers")
    log = f"log_path={reports}/report:exitcode=66"
    if preset == "asan":
        return {"ASAN_OPTIONS": f"{log}:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1",
                "UBSAN_OPTIONS": f"{log}:print_stacktrace=1",
                "LSAN_OPTIONS": f"suppressions={suppressions}/lsan.txt:print_suppressions=0"}
    # What Debian's libraries do among themselves is not instrumented, so only calls from ours are looked at.
    return {"TSAN_OPTIONS": f"{log}:suppressions={suppressions}/tsan.txt:ignore_noninstrumented_modules=1:second_deadlock_stack=1"
                            ":history_size=4:print_suppressions=0"}


def check_binary(path, preset):
    with open(path, "rb") as binary:
        if ENTRIES[preset] not in binary.read():
            sys.exit(f"FAILED: {path} is not built by the preset {preset}")


def run(name, environment, *arguments):
    """True if the module passed."""
    print(f"--- {name}", flush=True)
    command = ["/usr/bin/python3", "-B", os.path.join(SOURCE_DIR, "tests", "e2e", name + ".py"), *arguments]
    try:
        done = subprocess.run(command, env={**os.environ, **environment}, timeout=MODULE_LIMIT_S, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as late:
        print(f"{(late.stdout or b'')[-SHOWN_BYTES:].decode(errors='replace')}\nnot within {MODULE_LIMIT_S} s", flush=True)
        return False
    if done.returncode != 0:
        print(done.stdout[-SHOWN_BYTES:].decode(errors="replace"), flush=True)
    return done.returncode == 0


def show_reports(reports):
    """How many there are; each is printed once."""
    seen = set()
    for path in sorted(glob.glob(f"{reports}/*")):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        summary = next((line for line in text.splitlines() if line.startswith("SUMMARY")), text[:200])
        if summary not in seen:
            seen.add(summary)
            # Names of templates fill pages; the place stands at the end of the line.
            print("\n".join(line if len(line) <= LINE else f"{line[:LINE // 2]} ... {line[-LINE // 2:]}"
                            for line in text.splitlines()[:SHOWN_LINES]), flush=True)
    return len(seen)


def collect_binaries(folder, preset, server_preset):
    """Those of the preset, with the server of another one."""
    os.mkdir(folder)
    check_binary(os.path.join(build_folder(preset), "invoice-gateway"), preset)
    if server_preset == preset:
        check_binary(os.path.join(build_folder(preset), "invoice-server"), preset)
    for name in ("invoice-gateway", "quiet-backend"):
        os.symlink(os.path.join(build_folder(preset), name), os.path.join(folder, name))
    for name in ("invoice-server", "fonts"):
        os.symlink(os.path.join(build_folder(server_preset), name), os.path.join(folder, name))


def build_folder(preset):
    return os.path.join(SOURCE_DIR, "build", preset, "bin")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset", choices=ENTRIES)
    parser.add_argument("--server", metavar="PRESET", help="the preset that the server is from; default the same")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="invoice-sanitizers-", dir="/tmp")
    os.chmod(folder, 0o711)
    reports, bin_dir = os.path.join(folder, "reports"), os.path.join(folder, "bin")
    try:
        os.mkdir(reports)
        collect_binaries(bin_dir, arguments.preset, arguments.server or arguments.preset)
        environment = {"INVOICE_SOURCE_DIR": SOURCE_DIR, "INVOICE_BIN_DIR": bin_dir, **options(arguments.preset, reports)}
        failed = [name for name in MODULES if not run(name, environment)]
        if not run("soak", environment, "--minutes", str(SOAK_MINUTES)):
            failed.append("soak")
        count = show_reports(reports)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if failed or count:
        sys.exit(f"FAILED: {count} reports of {arguments.preset}; modules that failed: {', '.join(failed) or 'none'}")
    print(f"{arguments.preset}: no report")


if __name__ == "__main__":
    main()
