"""Pages on which something lies over text, hides it, or is drawn through it."""

from __future__ import annotations

from reportlab.lib.colors import Color, black, navy, red, white
from reportlab.pdfbase import pdfdoc

from tests.support.extract.pdf_samples import ROWS, XS, YS, Draw, Sheet, plain

VALUE = (XS[2], YS[1], XS[3], YS[2])
"""The cell of 4.5."""
BASELINE = (YS[1] + YS[2]) / 2 + 4


def paint(sheet: Sheet, box: tuple[float, float, float, float], color: Color) -> None:
    sheet.canvas.setFillColor(color)
    sheet.box(*box, stroke=0, fill=1)
    sheet.canvas.setFillColor(black)


def typed_over(color: Color, text: str = "6") -> Draw:
    """Paint over the value, as an editor of PDFs does, and write another."""

    def draw(sheet: Sheet) -> None:
        plain(sheet)
        paint(sheet, (XS[2] + 5, YS[1] + 5, XS[3] - 5, YS[2] - 5), color)
        sheet.text(XS[2] + 40, BASELINE, text)

    return draw


def written(color: Color, size: float = 10, ground: Color | None = None) -> Draw:
    """Write one more digit beside the value, in a colour, on a ground."""

    def draw(sheet: Sheet) -> None:
        if ground is not None:
            paint(sheet, VALUE, ground)
        plain(sheet)
        sheet.canvas.setFillColor(color)
        sheet.text(XS[2] + 60, BASELINE, "9", size=size)
        sheet.canvas.setFillColor(black)

    return draw


def marked_piece(begin: str, text: str = "9") -> Draw:
    """Write one more digit in a marked piece of the page's program."""

    def draw(sheet: Sheet) -> None:
        plain(sheet)
        sheet.canvas._code.append(begin)
        sheet.text(XS[2] + 60, BASELINE, text)
        sheet.canvas._code.append("EMC")

    return draw


def line_through(beyond: float, thick: float = 0.0) -> Draw:
    """Strike out a digit before the value with a line, or a box as thin as one."""

    def draw(sheet: Sheet) -> None:
        plain(sheet)
        sheet.text(XS[2] + 15, BASELINE, "8")
        y, x0, x1 = BASELINE - 3.5, XS[2] + 15 - beyond, XS[2] + 20 + beyond
        if thick:
            sheet.box(x0, y - thick / 2, x1, y + thick / 2, stroke=0, fill=1)
        else:
            sheet.line(x0, y, x1, y)

    return draw


def stamp(sheet: Sheet) -> None:
    """Press a red seal's text over three cells."""
    plain(sheet)
    sheet.canvas.setFillColor(red)
    sheet.text(XS[0] + 60, BASELINE + 6, "某某某市人民政府办公室专用印章章", size=13)
    sheet.canvas.setFillColor(black)


def faint(sheet: Sheet) -> None:
    """Lay large pale letters over the table."""
    plain(sheet)
    sheet.canvas.setFillColor(Color(0.8, 0.8, 0.8))
    sheet.text(XS[0] + 30, YS[2] + 10, "样张样张样", size=50)
    sheet.canvas.setFillColor(black)


def red_values(sheet: Sheet) -> None:
    """Print one row in red, as people do to point at it."""
    sheet.grid(XS, YS)
    sheet.fill(XS, YS[:2], ROWS[:1])
    sheet.canvas.setFillColor(red)
    sheet.fill(XS, YS[1:3], ROWS[1:2])
    sheet.canvas.setFillColor(black)
    sheet.fill(XS, YS[2:], ROWS[2:])


def see_through(sheet: Sheet) -> None:
    """Paint over the value with paint that lets it show."""
    plain(sheet)
    paint(sheet, VALUE, Color(0.7, 0.8, 1, alpha=0.3))


def on_dark(sheet: Sheet) -> None:
    """Print the value in white on a dark ground."""
    paint(sheet, VALUE, navy)
    plain(sheet)
    sheet.canvas.setFillColor(white)
    sheet.text(XS[2] + 60, BASELINE, "9")
    sheet.canvas.setFillColor(black)


def annotated(kind: str, program: str | None, /, base: Draw = plain, **entries: object) -> Draw:
    """Lay an annotation over the value; ``program`` draws it within 100 by 30 points."""

    def draw(sheet: Sheet) -> None:
        base(sheet)
        document = sheet.canvas._doc
        x0, top, x1, bottom = VALUE
        held = {
            "Type": pdfdoc.PDFName("Annot"),
            "Subtype": pdfdoc.PDFName(kind),
            "Rect": pdfdoc.PDFArray([x0, sheet.height - bottom, x1, sheet.height - top]),
            **entries,
        }
        if program is not None:
            form = pdfdoc.PDFStream(content=program)
            form.dictionary.dict.update(
                {
                    "Type": pdfdoc.PDFName("XObject"),
                    "Subtype": pdfdoc.PDFName("Form"),
                    "BBox": pdfdoc.PDFArray([0, 0, 100, 30]),
                    "Resources": pdfdoc.PDFDictionary(
                        {
                            "Font": pdfdoc.PDFDictionary(
                                {
                                    "F1": pdfdoc.PDFDictionary(
                                        {
                                            "Type": pdfdoc.PDFName("Font"),
                                            "Subtype": pdfdoc.PDFName("Type1"),
                                            "BaseFont": pdfdoc.PDFName("Helvetica"),
                                            "Encoding": pdfdoc.PDFName("WinAnsiEncoding"),
                                        }
                                    )
                                }
                            )
                        }
                    ),
                }
            )
            held["AP"] = pdfdoc.PDFDictionary({"N": document.Reference(form)})
        sheet.canvas._addAnnotation(pdfdoc.PDFDictionary(held))

    return draw


def contents(text: str) -> pdfdoc.PDFString:
    return pdfdoc.PDFString(text)


def flat(below: float) -> pdfdoc.PDFArray:
    """Return a box without height over the value, so many points below its middle."""
    x0, top, x1, bottom = VALUE
    at = 400 - (top + bottom) / 2 - below
    return pdfdoc.PDFArray([x0, at, x1, at])


def quads() -> pdfdoc.PDFArray:
    """Return where 4.5 stands, as a strike-out annotation says it."""
    x0, x1, low, high = XS[2] + 40, XS[2] + 60, 400 - BASELINE - 2, 400 - BASELINE + 8
    return pdfdoc.PDFArray([x0, high, x1, high, x0, low, x1, low])


def cropped(left: float, low: float, right: float, high: float) -> Draw:
    """Show a part of the page only."""

    def draw(sheet: Sheet) -> None:
        sheet.canvas.setCropBox((left, low, right, high))
        plain(sheet)

    return draw
