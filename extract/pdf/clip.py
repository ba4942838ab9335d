"""Follows clip paths while a page's program runs: what they hide is not on the page.

Spreadsheet programs draw the text of a merged cell on every page that the cell touches and let a
clip path hide the part that belongs to another page; such ghosts must never be read.
"""

from __future__ import annotations

from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import dict_value, list_value, resolve1, stream_value
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import mult_matrix

from extract.page.page import Rule
from extract.page.paths import Rect, box_on_page, path_to_subpaths
from extract.pdf.annotations import PageAnnotation
from extract.pdf.optional import Over

MOST_CLIP_BOXES = 16
PLAIN_BLENDS = ("Normal", "Compatible")
THROUGH = 0.7
"""Paint that blends otherwise lets what is under it show at least so."""
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Clip = tuple[Rect, ...]


class ClipInterpreter(PDFPageInterpreter):  # type: ignore[misc]  # pdfminer is untyped here
    """pdfminer's interpreter, following rectangular clip paths through q, Q and forms."""

    inherited: Clip | None = None

    def init_state(self, ctm: Any) -> None:
        """Begin with the clip of the caller."""
        super().init_state(ctm)
        self.pending = False
        self._set_clip(self.device.clip if self.inherited is None else self.inherited)

    def subinterp(self) -> Any:
        """Hand the clip on to a form."""
        below = super().subinterp()
        below.inherited = self.form_clip
        return below

    def execute(self, streams: Any) -> None:
        """Count the program's length before running it."""
        self.device.spend(sum(len(stream_value(stream).get_data()) for stream in streams))
        self.execute_any(streams)

    def execute_any(self, streams: Any) -> None:
        """Run a program of any form, operation by operation."""
        super().execute(streams)

    def get_current_state(self) -> Any:
        """Save the clip with the rest."""
        return (*super().get_current_state(), self.clip, self.device.alpha)

    def set_current_state(self, state: Any) -> None:
        """Restore the clip with the rest."""
        super().set_current_state(state[:3])
        self._set_clip(state[3])
        self.device.alpha = state[4]

    def do_W(self) -> None:  # noqa: N802 - named by the PDF operator
        """Let the current path clip once it is painted."""
        self.pending = True

    do_W_a = do_W  # noqa: N815

    def do_n(self) -> None:
        """End the path; clip."""
        self._clip_by_path()
        super().do_n()

    def do_S(self) -> None:  # noqa: N802
        """Stroke; clip."""
        path = self.curpath
        super().do_S()
        self._clip_by_path(path)

    def do_f(self) -> None:
        """Fill; clip."""
        path = self.curpath
        super().do_f()
        self._clip_by_path(path)

    do_F = do_f  # noqa: N815 - the obsolete name of the same operator

    def do_f_a(self) -> None:
        """Fill by the even-odd rule; clip."""
        path = self.curpath
        super().do_f_a()
        self._clip_by_path(path)

    def do_B(self) -> None:  # noqa: N802
        """Fill and stroke; clip."""
        path = self.curpath
        super().do_B()
        self._clip_by_path(path)

    def do_B_a(self) -> None:  # noqa: N802
        """Fill by the even-odd rule and stroke; clip."""
        path = self.curpath
        super().do_B_a()
        self._clip_by_path(path)

    def do_Do(self, name: Any) -> None:  # noqa: N802
        """Draw a form inside its own box, or a picture."""
        self.form_clip, alpha = self._clip_of_form(name), self.device.alpha
        form = resolve1(self.xobjmap.get(literal_name(name)))
        layer = form.get("OC") if form is not None else None
        marked = len(self.device.marked)
        self.device.marked.append(self.device.layers.mark(layer))
        super().do_Do(name)
        del self.device.marked[marked:]
        self.device.set_ctm(self.ctm)
        self.device.alpha = alpha
        self._set_clip(self.clip)

    def show(self, annotation: PageAnnotation) -> None:
        """Draw an annotation over the page that was drawn."""
        page = self.device.page_matrix
        self.device.pens.extend(annotation.strokes(page))
        if annotation.is_by_hand:
            self.device.drawn_over.append((box_on_page(page, annotation.box), annotation.text))
        if annotation.text and not annotation.struck:
            self.device.annotations.append(annotation.text)
        form = annotation.form
        if form is None or annotation.is_by_hand or annotation.struck:
            return
        self.device.marked.clear()
        self.device.over = Over.READ if annotation.is_read else Over.APART
        below = self.dup()
        below.inherited = (self.device.page,)
        resources = resolve1(form.get("Resources")) or {}
        self.device.alpha = 1.0
        below.render_contents(resources, [form], ctm=mult_matrix(annotation.matrix, page))
        self.device.over = Over.PAGE

    def do_gs(self, name: Any) -> None:
        """Take from a state dictionary how far paint lets light through."""
        states = dict_value(self.resources.get("ExtGState") or {})
        state = resolve1(states.get(literal_name(name))) or {}
        alpha, blend = resolve1(state.get("ca")), resolve1(state.get("BM"))
        if isinstance(alpha, (int, float)):
            self.device.alpha = float(alpha)
        if blend is not None and getattr(blend, "name", "") not in PLAIN_BLENDS:
            self.device.alpha = min(self.device.alpha, THROUGH)

    def do_BMC(self, tag: Any) -> None:  # noqa: N802
        """Begin a marked piece of the program."""
        self.device.marked.append(self.device.layers.mark_of_tag(tag, None))

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802
        """Begin a marked piece of the program; its properties may say that it is hidden."""
        named = dict_value(self.resources.get("Properties") or {})
        said = named.get(props.name) if isinstance(props, PSLiteral) else props
        self.device.marked.append(self.device.layers.mark_of_tag(tag, said))

    def do_EMC(self) -> None:  # noqa: N802
        """End a marked piece of the program."""
        if self.device.marked:
            self.device.marked.pop()

    def do_TJ(self, seq: Any) -> None:  # noqa: N802
        """Show text without copying the graphic state for each string."""
        state = self.graphicstate
        self.device.render_string(self.textstate, seq, state.ncs, state)

    def _clip_of_form(self, name: Any) -> Clip:
        form = resolve1(self.xobjmap.get(literal_name(name)))
        box = resolve1(form.get("BBox")) if form is not None else None
        if box is None:
            return self.clip
        matrix = tuple(list_value(form.get("Matrix", IDENTITY)))
        corners = box_on_page(matrix, [resolve1(value) for value in box])
        return _meet_clips(self.clip, (box_on_page(self.ctm, corners),))

    def _clip_by_path(self, path: Any = None) -> None:
        if not self.pending:
            return
        self.pending = False
        subpaths = path_to_subpaths(self.curpath if path is None else path, self.ctm)
        if subpaths:
            boxes = tuple(subpath.box() for subpath in subpaths)
            self._set_clip(_meet_clips(self.clip, boxes))

    def _set_clip(self, clip: Clip) -> None:
        self.clip: Clip = clip
        self.device.clip = clip


def _meet_clips(old: Clip, new: Clip) -> Clip:
    """Return what both clips leave open; a clip of very many boxes counts as the box around."""
    if len(new) * len(old) > MOST_CLIP_BOXES:
        new = (_around(new),)
    if len(new) * len(old) > MOST_CLIP_BOXES:
        old = (_around(old),)
    return tuple(both for one in old for other in new if (both := one.meet(other)))


def _around(boxes: Clip) -> Rect:
    return Rect(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def share_seen(box: Rect, clip: Clip, page: Rect) -> float:
    """Return the part (0..1) of a glyph's box that the page and the clip leave open."""
    best = 0.0
    for window in clip:
        across = _overlap(box.x0, box.x1, max(window.x0, page.x0), min(window.x1, page.x1))
        down = _overlap(box.y0, box.y1, max(window.y0, page.y0), min(window.y1, page.y1))
        best = max(best, across * down)
        if best >= 1:
            break
    return best


def _overlap(low: float, high: float, window_low: float, window_high: float) -> float:
    if high - low < 1e-6:
        return 1.0 if window_low <= low <= window_high else 0.0
    return max(0.0, min(high, window_high) - max(low, window_low)) / (high - low)


def clip_rule(rule: Rule, clip: Clip, page: Rect) -> list[Rule]:
    """Return the parts of a rule inside the clip; one just on the clip's edge still shows."""
    parts = []
    for window in clip:
        x0, y0 = max(window.x0, page.x0) - 1, max(window.y0, page.y0) - 1
        x1, y1 = min(window.x1, page.x1) + 1, min(window.y1, page.y1) + 1
        low, high, first, last = (y0, y1, x0, x1) if rule.horizontal else (x0, x1, y0, y1)
        start, end = max(rule.start, first), min(rule.end, last)
        if low <= rule.at <= high and start < end:
            parts.append(rule._replace(start=start, end=end))
    return parts
