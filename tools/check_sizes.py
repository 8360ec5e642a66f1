#!/usr/bin/env python3
"""Hints at files and functions that grow too long. It never fails: a long table may be right; clang-tidy draws the line.

A C++ function is found by its shape in formatted code: a line that begins in column 0 or 2 and ends in "{" after a ")",
up to the closing brace in the same column.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE_LINES = 400
FUNCTION_LINES = 70
SOURCES = (".cc", ".h", ".py", ".sh", ".ts", ".tsx")
OPENING = re.compile(r"^(?P<indent> {0,2})(?!namespace|struct|class|enum|\}|#)\S.*\)[^;]*\{$")


def tracked_files() -> list[pathlib.Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listing.stdout.splitlines() if name.endswith(SOURCES) and (ROOT / name).is_file()]


def long_functions(lines: list[str]) -> list[tuple[int, int]]:
    """(first line, length) of each function that is too long."""
    found = []
    start, end_mark = 0, ""
    for number, line in enumerate(lines, 1):
        if end_mark and line.rstrip(";") == end_mark:
            if number - start + 1 > FUNCTION_LINES:
                found.append((start, number - start + 1))
            end_mark = ""
        elif not end_mark and (opening := OPENING.match(line)):
            start, end_mark = number, opening["indent"] + "}"
    return found


def main() -> int:
    for path in tracked_files():
        name = path.relative_to(ROOT)
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > FILE_LINES:
            print(f"hint: {name}: {len(lines)} lines; aim at {FILE_LINES}")
        if path.suffix in (".cc", ".h"):
            for line, length in long_functions(lines):
                print(f"hint: {name}:{line}: a function of {length} lines; {FUNCTION_LINES} is the end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
