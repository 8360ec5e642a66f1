#!/usr/bin/env python3
"""Checks who includes whom: a folder uses only lower floors, and each foreign library has one home.

A file of ours is named as #include "folder/file.h"; its folder is the longest known one. A foreign header in angle
brackets, or in quotes where a generator writes it so, must be allowed to the folder if it belongs to one of the guarded
libraries. Tests may include everything.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Folder -> (folders of ours it may include besides itself, guarded libraries it may use).
# "" in the first set stands for nothing; main.cc and the other files right in server/ wire everything.
BASE = {"base"}
DOMAIN = BASE | {"domain"}
STORES = DOMAIN | {"locale", "store", "mail", "pdf", "redis", "csv"}
GATEWAY = {"gateway/content", "gateway/http", "gateway/io", "gateway/routes", "gateway/transcode", "gateway/upstream"}
FLOORS = {
    "server/base": (set(), {"absl", "icu", "sodium", "prometheus", "spdlog", "json"}),
    "server/domain": (BASE, {"absl"}),
    "server/csv": (DOMAIN, {"absl", "libcsv"}),
    "server/redis": (DOMAIN, {"absl", "poco-foundation", "poco-net", "poco-redis"}),
    "server/locale": (DOMAIN, {"absl", "icu"}),
    "server/pdf": (DOMAIN | {"locale"}, {"absl", "cairo", "glib", "qrencode", "rsvg", "turbojpeg"}),
    "server/mail": (DOMAIN, {"absl", "glib", "gmime", "libxml2", "poco-foundation", "poco-net"}),
    "server/store": (DOMAIN, {"absl", "json", "soci"}),
    "server/app": (STORES | {"app"}, {"absl"}),
    "server/rpc": (STORES | {"app"}, {"absl", "grpc", "poco-foundation", "protobuf", "protos"}),
    "server/jobs": (STORES | {"app"}, {"absl"}),
    "server": (
        STORES | {"app", "rpc", "jobs", "server"},
        {"absl", "grpc", "json", "protobuf", "protos", "prometheus", "spdlog"},
    ),
    "gateway/content": (BASE | {"gateway"}, {"absl", "brotli", "zlib"}),
    "gateway/http": (BASE | {"gateway", "gateway/io"}, {"absl", "boost-net"}),
    "gateway/io": (BASE | {"gateway"}, {"absl", "boost-net"}),
    "gateway/routes": (BASE | {"gateway", "gateway/transcode"}, {"absl", "protobuf", "protos"}),
    "gateway/transcode": (BASE | {"gateway"}, {"absl", "protobuf", "protos"}),
    "gateway/upstream": (BASE | {"gateway", "gateway/io", "gateway/transcode"}, {"absl", "boost-net", "nghttp2", "protos"}),
    "gateway": (BASE | GATEWAY, {"absl", "protobuf", "protos", "json", "prometheus", "spdlog"}),
    "client-sdk/cpp": (set(), {"absl", "grpc", "protobuf", "protos"}),
}

# The first match names the library of a foreign header; what matches none is the standard library or free for all.
LIBRARIES = [
    ("boost-net", r"^boost/(asio|beast)/"),
    ("soci", r"^(soci/|soci\.h|soci-|libpq-fe\.h|libpq/|pqxx/|postgresql/)"),
    ("cairo", r"^(cairo|pango/|fontconfig/|hb|ft2build\.h|freetype)"),
    ("brotli", r"^brotli/"),
    ("zlib", r"^(zlib|zconf)\.h$"),
    ("libxml2", r"^libxml/"),
    ("libcsv", r"^csv\.h$"),
    ("qrencode", r"^qrencode\.h"),
    ("rsvg", r"^librsvg/"),
    ("turbojpeg", r"^(turbojpeg|jpeglib)\.h"),
    ("gmime", r"^gmime/"),
    ("glib", r"^glib"),
    ("poco-http", r"^Poco/Net/(HTTP|HTMLForm|PartHandler)"),
    ("poco-redis", r"^Poco/Redis/"),
    ("poco-foundation", r"^Poco/(Exception|Runnable|ThreadPool)\.h"),
    ("poco-net", r"^Poco/"),
    ("sodium", r"^sodium"),
    ("nghttp2", r"^nghttp2/"),
    ("grpc", r"^(grpc|grpcpp|grpc\+\+)/"),
    ("protos", r"(^(invoice|google/(api|rpc|type))/.*\.pb\.h$)|\.grpc\.pb\.h$"),
    ("protobuf", r"^google/protobuf/"),
    ("prometheus", r"^prometheus/"),
    ("spdlog", r"^spdlog/"),
    ("json", r"^nlohmann/"),
    ("icu", r"^unicode/"),
    ("absl", r"^absl/"),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
OWN_FOLDERS = ["base", "domain", "locale", "csv", "redis", "pdf", "mail", "store", "app", "rpc", "jobs"]


def folder_of(path: str) -> str | None:
    """The entry of FLOORS that a file belongs to."""
    return next((f for f in sorted(FLOORS, key=len, reverse=True) if path.startswith(f + "/")), None)


def own_folder(header: str) -> str | None:
    """The folder of ours that a quoted header names, or None if it is foreign."""
    if header.startswith("gateway/"):
        return folder_of(header)
    if header.startswith("server/"):
        return own_folder(header.removeprefix("server/")) or "server"
    first = header.split("/")[0]
    return first if "/" in header and first in OWN_FOLDERS else None


def library_of(header: str) -> str | None:
    return next((name for name, pattern in LIBRARIES if re.search(pattern, header)), None)


def breach(folder: str, quote: str, header: str) -> str | None:
    """What is wrong with one #include in a file of the folder, or None."""
    own, libraries = FLOORS[folder]
    target = own_folder(header) if quote == '"' else None
    if target is not None:
        itself = folder.removeprefix("server/")
        return None if target == itself or target in own else f"{folder}/ may not include from {target}/"
    library = library_of(header)
    if library is None or library in libraries:
        return None
    return f"{library} has no place in {folder}/"


def check_file(path: pathlib.Path) -> list[str]:
    name = path.relative_to(ROOT).as_posix()
    folder = folder_of(name)
    if folder is None:
        return []
    text = path.read_text(encoding="utf-8")
    faults = []
    for match in INCLUDE.finditer(text):
        fault = breach(folder, match[1], match[2])
        if fault:
            line = text.count("\n", 0, match.start(2)) + 1
            faults.append(f'{name}:{line}: "{match[2]}": {fault}')
    return faults


def main() -> int:
    sources = [p for top in ("server", "gateway", "client-sdk") for e in ("*.h", "*.cc") for p in (ROOT / top).rglob(e)]
    faults = [fault for path in sorted(sources) for fault in check_file(path)]
    print("\n".join(faults) if faults else f"{len(sources)} files keep to their floors")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
