#!/usr/bin/env python3
"""Cuts the fonts of documents down once, at build time: usage: cut_fonts.py FOLDER FONT...

What a page needs of Noto Sans are its European letters and signs; instructions for screens (hinting) and rare features of layout
only make every document larger and slower to write. The result has a name of its own, so that nobody takes it for the whole
font, and is the same on every machine. Characters that are left out come from the whole font at run time.
"""

import pathlib
import sys

from fontTools import subset

FAMILY = "Invoice Sans"
RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x0300, 0x036F), (0x0370, 0x03FF), (0x0400, 0x04FF), (0x1E00, 0x1EFF),
    (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2150, 0x218F),
]  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
COPYRIGHT, FULL_NAME, POSTSCRIPT_NAME, LICENSE, LICENSE_URL = 0, 4, 6, 13, 14


def rename(font, style: str) -> None:
    names = font["name"]
    kept = {i: names.getDebugName(i) for i in (COPYRIGHT, LICENSE, LICENSE_URL)}
    full = FAMILY if style == "Regular" else f"{FAMILY} {style}"
    texts = {1: FAMILY, 2: style, 3: full, FULL_NAME: full, POSTSCRIPT_NAME: f"{FAMILY.replace(' ', '')}-{style}"}
    names.names = []
    for number, text in {**kept, **texts}.items():
        if text:
            names.setName(text, number, 3, 1, 0x409)


def cut(source: pathlib.Path, folder: pathlib.Path) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = FEATURES
    options.name_IDs = ["*"]
    options.notdef_outline = True
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
    subsetter.subset(font)
    style = source.stem.rsplit("-", 1)[1]
    rename(font, style)
    subset.save_font(font, str(folder / f"InvoiceSans-{style}.ttf"), options)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for source in sys.argv[2:]:
        cut(pathlib.Path(source), folder)


if __name__ == "__main__":
    main()
