"""Charts drawn once, or a stand-in where none is looked at: to draw them takes half of a site."""

from __future__ import annotations

import json
from typing import Any

import pytest
import vl_convert

DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def leave_charts_out(patch: pytest.MonkeyPatch) -> None:
    """Let nothing be drawn in this process."""
    patch.setattr(vl_convert, "vegalite_to_svg", lambda *_, **__: DRAWING)


def draw_charts_once(patch: pytest.MonkeyPatch) -> None:
    """Let a chart be drawn once in this process, however many sites it stands in."""
    draw, drawn = vl_convert.vegalite_to_svg, dict[str, str]()

    def draw_once(*of: Any, **settings: Any) -> str:
        key = json.dumps([of, settings], sort_keys=True)
        if key not in drawn:
            drawn[key] = draw(*of, **settings)
        return drawn[key]

    patch.setattr(vl_convert, "vegalite_to_svg", draw_once)
