"""Charts as SVG, drawn by Vega-Lite while the site is made: no script runs where it is read.

The drawing is copied element by element, and only the elements and attributes that a drawing needs
are kept, so no text of a document can bring anything else into a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any, Literal

from lxml import etree
from markupsafe import Markup

from report.doubts import Card
from report.figures import fixed
from report.marks import PARTLY
from report.site.format import shorter

INK, SOFT, LINE = "#22303c", "#5d6b78", "#d9dfe5"
WHOLE, LOST, OPEN, GAINED = "#44617b", "#c8553d", "#f0c9a4", "#2f7f6d"
_FONT = (
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Source Han Sans SC", "WenQuanYi Micro Hei", system-ui, sans-serif'
)
_LONGEST_LABEL = 11
#: Where less than a fifth of the height is lost, a scale from zero would show nothing of it.
_FAR = 0.8
_STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000)
_CONFIG = {
    "font": _FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "labelFontSize": 12,
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "title": None,
        "labelPadding": 6,
    },
    "scale": {"bandPaddingInner": 0.32, "bandPaddingOuter": 0.1},
}
_TAGS = frozenset({"svg", "g", "path", "text", "rect", "line", "circle", "defs", "clipPath"})
_SHAPE = ("d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "transform")
_LOOK = (
    *("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-miterlimit"),
    *("stroke-dasharray", "opacity", "text-anchor", "font-size", "font-weight"),
)
_ATTRIBUTES = frozenset(("width", "height", "viewBox", *_SHAPE, *_LOOK))


StepKind = Literal["whole", "lost", "open", "gained"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a waterfall, with the signs of its doubt; ``partly``: the points are of a part."""

    label: str
    kind: StepKind
    start: float
    end: float
    signs: str = ""
    partly: bool = False


def waterfall(steps: Sequence[Step], label: str) -> Markup:
    """Draw the way from full points to those given."""
    colours: Mapping[StepKind, str] = {"whole": WHOLE, "lost": LOST, "open": OPEN, "gained": GAINED}
    first = start(steps)
    lows = [max(min(step.start, step.end), first) for step in steps]
    highs = [max(step.start, step.end) for step in steps]
    values = [
        {
            "place": place,
            "name": _named(step),
            "low": low,
            "high": high,
            "fill": colours[step.kind],
            "text": _step_text(step),
        }
        for place, (step, low, high) in enumerate(zip(steps, lows, highs, strict=True))
    ]
    names = json.dumps([_named(step) for step in steps], ensure_ascii=False)
    y = {
        "field": "place",
        "type": "ordinal",
        "axis": {"labelExpr": f"{names}[datum.value]", "minExtent": 150, "maxExtent": 150},
    }
    most = max(highs, default=1.0)
    low = first or min(0, *lows)
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, most + (most - low) * 0.2], "zero": False, "nice": False},
        "axis": {"values": _ticks(first, most)},
    }
    bars = {
        "mark": {"type": "bar", "stroke": SOFT, "strokeWidth": 0.6, "cornerRadius": 1},
        "encoding": {
            "x": {"field": "low", **x},
            "x2": {"field": "high"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }
    texts = {
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": INK},
        "encoding": {"x": {"field": "high", **x}, "text": {"field": "text"}},
    }
    spec = {"width": 200, "height": {"step": 27}, "encoding": {"y": y}, "layer": [bars, texts]}
    return drawn(spec, values, label)


def progress_chart(dates: Sequence[Card], ends: tuple[float, float], label: str) -> Markup:
    """Draw points over as-of dates with their intervals, each date at its true distance.

    ``ends`` are the least and the most that any of the group may have at any date: the scale shows
    what moves, and is the same for all that are compared. Points of a part only are left out.
    """
    x = {
        "field": "day",
        "type": "temporal",
        "axis": {
            "values": [f"{card.row['as_of']:%Y-%m-%d}" for card in dates],
            "format": "%y-%m-%d",
            "labelOverlap": "greedy",
            "labelFlush": False,
            "grid": False,
        },
        "scale": {"type": "utc", "padding": 26},
    }
    room = max(ends[1] - ends[0], 1.0) * 0.06
    domain = [max(ends[0] - room, min(ends[0], 0.0)), ends[1] + room]
    scale = {"scale": {"domain": domain, "zero": False}, "axis": {"tickCount": 4}}
    span = {
        "mark": {"type": "rule", "strokeWidth": 9, "color": OPEN},
        "encoding": {
            "x": x,
            "y": {"field": "points_low", "type": "quantitative", **scale},
            "y2": {"field": "points_high"},
        },
    }
    line = {
        "transform": [{"filter": "isValid(datum.points)"}],
        "mark": {
            "type": "line",
            "color": WHOLE,
            "strokeWidth": 2,
            "point": {"size": 46, "filled": True, "color": WHOLE},
        },
        "encoding": {"x": x, "y": {"field": "points", "type": "quantitative", **scale}},
    }
    spec = {"width": 236, "height": 118, "layer": [span, line]}
    values = [
        {
            "day": f"{card.row['as_of']:%Y-%m-%d}",
            "points": None if card.points.partly else card.row["points"],
            "points_low": card.row["points_low"],
            "points_high": card.row["points_high"],
        }
        for card in dates
    ]
    return drawn(spec, values, label)


def drawn(spec: Mapping[str, object], values: Sequence[Mapping[str, object]], label: str) -> Markup:
    """Return a chart as an SVG element; ``label`` describes it for screen readers."""
    import vl_convert

    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": list(values)},
        "config": _CONFIG,
        **spec,
    }
    svg = vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return _cleaned(etree.fromstring(svg.encode(), parser), label)


def _cleaned(root: Any, label: str) -> Markup:
    """Return a drawing of nothing but shapes and texts, with a name for screen readers."""
    clean = _copied(root)
    clean.set("class", "chart")
    clean.set("role", "img")
    clean.set("aria-label", label)
    return Markup(etree.tostring(clean, encoding="unicode"))


def _copied(element: Any) -> Any:
    copy = etree.Element(etree.QName(element).localname)
    copy.text = element.text
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES:
            copy.set(name, value)
    for child in element:
        drawn_part = isinstance(child.tag, str) and etree.QName(child).localname in _TAGS
        if drawn_part and child.get("display") != "none" and child.get("d") != "M0,0h0v0h0Z":
            copy.append(_copied(child))
    return copy


def start(steps: Sequence[Step]) -> float:
    """Return what a waterfall's axis begins with: zero, or where all happens far above it.

    A page says so where it is not zero, as the lengths of the whole bars then tell nothing.
    """
    heights = [step.end for step in steps]
    low, high = min(heights, default=0.0), max(heights, default=1.0)
    if low <= high * _FAR:
        return 0.0
    step = _step(max(high - low, high / 50))
    return max(0.0, float(floor((low // step - 1) * step)))


def _step(span: float) -> float:
    """Return a round number that is contained at most six times in a span."""
    return next(each for each in _STEPS if span / each <= 6 or each == _STEPS[-1])


def _ticks(first: float, most: float) -> list[float]:
    """Return round numbers from ``first`` up to ``most``: at most eight."""
    step = _step(most - first)
    return [first + step * place for place in range(int((most - first) / step + 1e-9) + 1)]


def _named(step: Step) -> str:
    """Return a row's name; what is open has its heading's name, and that it is open."""
    if step.kind != "open":
        return shorter(step.label, _LONGEST_LABEL)
    return f"{shorter(step.label, _LONGEST_LABEL - 3)}·未定"


def _step_text(step: Step) -> str:
    """Return a step's figure with the signs of its doubt."""
    if step.partly:
        return f"{PARTLY}{step.signs}"
    if step.kind == "whole":
        return f"{fixed(step.end)}{step.signs}"
    change = step.end - step.start
    return f"{'+' if change > 0 else ''}{fixed(change)}{step.signs}"
