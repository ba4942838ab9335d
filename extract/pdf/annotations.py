"""What annotations and form fields show over a page.

Text that is typed over a page is read like the page's own. A stamp's is kept apart, and what is
drawn by hand over text is not understood: the text under it is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pdfminer.pdftypes import PDFStream, list_value, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from extract.page.page import Mark, Rule
from extract.page.paths import Matrix, Rect, box_on_page

HIDDEN, NO_VIEW = 2, 32
"""Flags of an annotation that is not shown on the screen."""
PUSH_BUTTON = 1 << 16
READ = ("FreeText", "Widget")
APART = ("Stamp", "Watermark")
BY_HAND = ("Ink", "Line", "PolyLine", "Redact")
MOST = 2_000
"""Most annotations of a page that are looked at."""
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PageAnnotation:
    """One annotation that changes what a page shows; places are in the page's own space.

    ``form`` is the program that draws it, if the file has one, and ``matrix`` puts it in place.
    """

    kind: str
    box: Rect
    text: str
    form: PDFStream | None
    matrix: Matrix
    struck: tuple[Rect, ...] = ()

    @property
    def is_read(self) -> bool:
        """Tell whether its text counts as the page's."""
        return self.kind in READ

    @property
    def is_by_hand(self) -> bool:
        """Tell whether it is a drawing over the page, or text that the file does not draw."""
        return self.kind in BY_HAND or (self.is_read and self.form is None and bool(self.text))

    def strokes(self, page: Matrix) -> Iterator[Rule]:
        """Yield the lines with which it strikes out text, placed by the page's matrix."""
        for box in self.struck:
            placed = box_on_page(page, box)
            across = placed.x1 - placed.x0 >= placed.y1 - placed.y0
            at = (placed.y0 + placed.y1) / 2 if across else (placed.x0 + placed.x1) / 2
            start, end = (placed.x0, placed.x1) if across else (placed.y0, placed.y1)
            yield Rule(across, at, start, end, Mark.STROKE)


def annotations_of(annotations: object) -> Iterator[PageAnnotation]:
    """Yield a page's annotations that change what it shows, in the order they are drawn."""
    for entry in list_value(annotations or [])[:MOST]:
        held = resolve1(entry)
        if isinstance(held, Mapping) and (found := _annotation(held)):
            yield found


def _annotation(held: Mapping[str, object]) -> PageAnnotation | None:
    kind = _name(held.get("Subtype"))
    flags = resolve1(held.get("F", 0))
    if kind not in (*READ, *APART, *BY_HAND, "StrikeOut") or _is_hidden(flags):
        return None
    box = _box(held.get("Rect"))
    if box is None or (kind == "Widget" and _is_button(held)):
        return None
    form = _form(held)
    matrix = IDENTITY if form is None else _placing(form, box)
    struck = tuple(_quads(held)) if kind == "StrikeOut" else ()
    return PageAnnotation(kind, box, _text(held, kind), form, matrix, struck)


def _is_hidden(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (HIDDEN | NO_VIEW))


def _is_button(held: Mapping[str, object]) -> bool:
    flags = _inherited(held, "Ff")
    return _name(_inherited(held, "FT")) == "Btn" and bool(
        isinstance(flags, int) and flags & PUSH_BUTTON
    )


def _text(held: Mapping[str, object], kind: str) -> str:
    said = _inherited(held, "V") if kind == "Widget" else resolve1(held.get("Contents"))
    if isinstance(said, bytes):
        return str(decode_text(said)).strip()
    return ""


def _inherited(held: Mapping[str, object], key: str) -> object:
    """Return what a field says, or the one it belongs to."""
    for _ in range(8):
        if key in held:
            return resolve1(held[key])
        above = resolve1(held.get("Parent"))
        if not isinstance(above, Mapping):
            return None
        held = above
    return None


def _form(held: Mapping[str, object]) -> PDFStream | None:
    """Return the program of an annotation's usual look: of its state, where it has several."""
    looks = resolve1(held.get("AP"))
    usual = resolve1(looks.get("N")) if isinstance(looks, Mapping) else None
    if isinstance(usual, Mapping):
        usual = resolve1(usual.get(_name(held.get("AS"))))
    return usual if isinstance(usual, PDFStream) else None


def _placing(form: PDFStream, box: Rect) -> Matrix:
    """Return the matrix that puts a form, moved by its own, into an annotation's box."""
    own = _numbers(form.get("Matrix", IDENTITY))
    bounds = _box(form.get("BBox"))
    if bounds is None or len(own) != 6:
        return IDENTITY
    first = (own[0], own[1], own[2], own[3], own[4], own[5])
    drawn = box_on_page(first, bounds)
    across = (box.x1 - box.x0) / (drawn.x1 - drawn.x0) if drawn.x1 > drawn.x0 else 1.0
    up = (box.y1 - box.y0) / (drawn.y1 - drawn.y0) if drawn.y1 > drawn.y0 else 1.0
    a, b, c, d, e, f = first
    left, low = box.x0 - drawn.x0 * across, box.y0 - drawn.y0 * up
    return (a * across, b * up, c * across, d * up, e * across + left, f * up + low)


def _quads(held: Mapping[str, object]) -> Iterator[Rect]:
    numbers = _numbers(held.get("QuadPoints"))
    for start in range(0, len(numbers) - 7, 8):
        xs, ys = numbers[start : start + 8 : 2], numbers[start + 1 : start + 8 : 2]
        yield Rect(min(xs), min(ys), max(xs), max(ys))


def _box(value: object) -> Rect | None:
    numbers = _numbers(value)
    if len(numbers) != 4:
        return None
    x0, y0, x1, y1 = numbers
    return Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _numbers(value: object) -> Sequence[float]:
    found = resolve1(value)
    parts = [resolve1(part) for part in found] if isinstance(found, (list, tuple)) else []
    return [float(part) for part in parts if isinstance(part, (int, float))]


def _name(value: object) -> str:
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""
