#!/usr/bin/env python3
"""The invoice of bench_pdf by ReportLab, for the ratio of the two: the same content, ten lines, one tax, no logo, fonts in TrueType.

Reads the content as JSON from standard input, renders it PAGES times a round in one warm process and prints the milliseconds of one page in
the best round: other work on the machine only ever adds.
"""

import io
import json
import sys
import time

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

ROUNDS = 25
FONTS = "/usr/share/fonts/truetype/noto/NotoSans-"
ACCENT = colors.HexColor("#1f4e79")
TINT = colors.HexColor("#f2f5f7")
BODY = ParagraphStyle("body", fontName="Regular", fontSize=9, leading=12)
SMALL = ParagraphStyle("small", fontName="Regular", fontSize=8, leading=11, textColor=colors.HexColor("#5c6673"))
NAME = ParagraphStyle("name", fontName="Bold", fontSize=13, leading=17)
TITLE = ParagraphStyle("title", fontName="Bold", fontSize=25, leading=30, alignment=2, textColor=ACCENT)


def pairs(entries, widths):
    rows = [[Paragraph(label, SMALL), Paragraph(value, BODY)] for label, value in entries]
    table = Table(rows, colWidths=widths)
    table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, -1), TINT), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def lines(content):
    head = content["columns"]
    rows = [head] + [[Paragraph(row[0], BODY)] + row[1:] for row in content["rows"]]
    table = Table(rows, colWidths=[282, 70, 70, 90], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), "Bold", 8),
                ("FONT", (0, 1), (-1, -1), "Regular", 9),
                ("BACKGROUND", (0, 0), (-1, 0), TINT),
                ("LINEBELOW", (0, 0), (-1, 0), 1, ACCENT),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, colors.lightgrey),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ]
        )
    )
    return table


def totals(content):
    table = Table(content["totals"], colWidths=[140, 100])
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -2), "Regular", 9),
                ("FONT", (0, -1), (-1, -1), "Bold", 13),
                ("ALIGN", (1, 0), (1, -1), "RIGHT"),
                ("BACKGROUND", (0, -1), (-1, -1), ACCENT),
                ("TEXTCOLOR", (0, -1), (-1, -1), colors.white),
            ]
        )
    )
    return table


def party(name, parts):
    return [Paragraph(name, NAME)] + [Paragraph(part, BODY) for part in parts]


def foot(content):
    def draw(canvas, document):
        canvas.setFont("Regular", 8)
        canvas.drawString(50, 36, content["contact"])
        canvas.drawRightString(562, 36, f"Page {document.page} of 1")

    return draw


def render(content):
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=letter, leftMargin=50, rightMargin=50, topMargin=40, bottomMargin=52, title=content["title"],
        author=content["vendor"][0], lang="en-CA",
    )
    head = Table([[party(*content["vendor"]), [Paragraph("Invoice", TITLE), Paragraph(content["number"], BODY)]]], colWidths=[300, 212])
    parties = Table([[party(*content["customer"]), pairs(content["details"], [80, 150])]], colWidths=[266, 246])
    closing = Table([[pairs(content["payment"], [80, 150]), totals(content)]], colWidths=[256, 256])
    story = [head, Spacer(1, 14), parties, Spacer(1, 16), lines(content), Spacer(1, 14), closing, Spacer(1, 12)]
    story += [Paragraph(text, BODY) for text in content["closing"]]
    document.build(story, onFirstPage=foot(content), onLaterPages=foot(content))
    return out.getvalue()


def main():
    pages = int(sys.argv[1])
    content = json.load(sys.stdin)
    pdfmetrics.registerFont(TTFont("Regular", FONTS + "Regular.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", FONTS + "Bold.ttf"))
    for _ in range(min(pages, 5)):
        render(content)
    best = min(timed(content, pages) for _ in range(ROUNDS))
    print(f"{best:.4f}")


def timed(content, pages):
    start = time.perf_counter()
    for _ in range(pages):
        render(content)
    return (time.perf_counter() - start) * 1000 / pages


if __name__ == "__main__":
    main()
