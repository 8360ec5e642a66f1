#!/usr/bin/env python3
"""Checks that docs/errors.md lists every error reason, and no other.

A reason is an upper-case name in quotes in server/base/reasons.cc or gateway/reasons.h; in docs/errors.md it is the first cell of a table row,
in backquotes. Exit code 77 while one of the two is not there.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "server/base/reasons.cc", ROOT / "gateway/reasons.h")
DOCUMENT = ROOT / "docs/errors.md"


def main() -> int:
    for path in (*SOURCES, DOCUMENT):
        if not path.exists():
            print(f"there is no {path.relative_to(ROOT)}")
            return 77
    known = set()
    for path in SOURCES:
        known |= set(re.findall(r'"([A-Z][A-Z0-9_]+)"', path.read_text(encoding="utf-8")))
    listed = set(re.findall(r"^\|\s*`([A-Z][A-Z0-9_]+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    for reason in sorted(known - listed):
        print(f"{DOCUMENT.relative_to(ROOT)}: {reason} is missing")
    for reason in sorted(listed - known):
        print(f"{DOCUMENT.relative_to(ROOT)}: {reason} is not in the sources")
    if not known:
        print("no reason found")
    return 0 if known and known == listed else 1


if __name__ == "__main__":
    sys.exit(main())
