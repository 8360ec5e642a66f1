#!/usr/bin/env python3
"""Checks that files of one library can be compiled together: no two name something alike in an anonymous namespace.

The preset dev compiles several .cc files of a library as one. A name that two of them define is an error there, and one
that a header of the library declares too would hide the header's. Equal `using` lines are allowed. A library is a folder
with a CMakeLists.txt and what is below it. Formatted code is expected: what begins in column 0 is declared there.
"""

import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Compiled file by file in every preset.
ALONE = {"gateway/http"}

RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.DOTALL)
TYPE = re.compile(r"(?:struct|class|enum class|enum) (\w+)")
ALIAS = re.compile(r"using (?:[\w:]+::)?(\w+)(?: =.*)?;$")
FUNCTION = re.compile(r"(?<![\w:~])(\w+)\(")
VALUE = re.compile(r"(?<![\w:])(\w+)(?:\[\w*\])*(?: = | =$|\{|;$)")


def declared(line: str) -> str | None:
    """The name that a line in column 0 declares, if it does; of a member function defined outside of its class none."""
    if found := TYPE.match(line):
        return found[1]
    function, value = FUNCTION.search(line), VALUE.search(line)
    if function and (not value or function.start() < value.start()):
        return function[1]
    return value[1] if value and "::" + value[1] not in line else None


def names_of(text: str) -> dict[str, str]:
    """Name -> the line that declares it in an anonymous namespace."""
    names, inside = {}, False
    for line in RAW_STRING.sub('""', text).splitlines():
        if line == "namespace {":
            inside = True
        elif line == "}  // namespace":
            inside = False
        elif inside and line and line[0] not in " }/#)" and not line.startswith(("template", "extern")):
            name = ALIAS.match(line)[1] if ALIAS.match(line) else declared(line)
            if name:
                names[name] = line
    return names


def functions_of(text: str) -> set[str]:
    """Functions that a header declares outside of classes."""
    lines = RAW_STRING.sub('""', text).splitlines()
    plain = [line for line in lines if line and line[0] not in " }/#" and not line.startswith(("template", "using", "namespace"))]
    return {found[1] for line in plain if (found := FUNCTION.search(line))}


def library_of(path: pathlib.Path) -> pathlib.Path:
    return next(folder for folder in path.parents if (folder / "CMakeLists.txt").exists())


def check_library(sources: list[pathlib.Path], headers: list[pathlib.Path]) -> list[str]:
    faults = []
    places = collections.defaultdict(list)
    for path in sources:
        for name, line in names_of(path.read_text(encoding="utf-8")).items():
            places[name].append((path, line))
    for name, found in sorted(places.items()):
        alike = len({line for _, line in found}) == 1 and found[0][1].startswith("using ")
        if len(found) > 1 and not alike:
            files = ", ".join(path.relative_to(ROOT).as_posix() for path, _ in found)
            faults.append(f"{name}: in anonymous namespaces of {files}; give them names of their own, or share one")
    for header in headers:
        for name in sorted(functions_of(header.read_text(encoding="utf-8")) & places.keys()):
            place = places[name][0][0].relative_to(ROOT)
            faults.append(f"{name}: {place} hides that of {header.relative_to(ROOT)}; give it another name")
    return faults


def main() -> int:
    libraries = collections.defaultdict(lambda: ([], []))
    for top in ("server", "gateway"):
        for position, pattern in enumerate(("*.cc", "*.h")):
            for path in sorted((ROOT / top).rglob(pattern)):
                library = library_of(path)
                if library.relative_to(ROOT).as_posix() not in ALONE:
                    libraries[library][position].append(path)
    faults = [fault for sources, headers in libraries.values() for fault in check_library(sources, headers)]
    print("\n".join(faults) if faults else f"no name is used twice in {len(libraries)} libraries")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
