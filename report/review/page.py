"""The review page as a folder of files that a browser opens from disk."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from report.review.data import as_script_text

ASSETS = Path(__file__).parents[1] / "assets" / "review"
TEMPLATE = "index.html"
PICTURES = "pages"
#: What only a page has that is served by the desk, where decisions are saved.
OF_DESK = ("desk.js", "desk.css")

#: Stands in every review page; a folder without it is not ours to replace.
MARK = '<meta name="generator" content="kaohe review">'

_POLICY = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>\n")
_AFTER = '<script src="correction.js" defer></script>'
_SAVES = '<script src="desk.js" defer></script><link rel="stylesheet" href="desk.css">'


def write_page(folder: Path, title: str, data: Mapping[str, object]) -> Path:
    """Write the page, its styles and scripts into ``folder`` and return the page's path."""
    for asset in sorted(ASSETS.iterdir()):
        if asset.name not in (TEMPLATE, *OF_DESK):
            shutil.copyfile(asset, folder / asset.name)
    page = folder / TEMPLATE
    page.write_text(page_text(title, data), encoding="utf-8")
    return page


def page_text(title: str, data: Mapping[str, object], *, served: bool = False) -> str:
    """Return the page's HTML; the document's texts are in it as escaped data only.

    One that is ``served`` by the desk has its policy in the answer's headers, and saves.
    """
    template = (ASSETS / TEMPLATE).read_text(encoding="utf-8")
    if served:
        template = _POLICY.sub("", template).replace(_AFTER, f"{_AFTER}{_SAVES}")
    before, between, after = _split(template)
    return f"{before}{html.escape(title)}{between}{as_script_text(data)}{after}"


def is_page(folder: Path) -> bool:
    """Say whether the folder holds a review page made by this program."""
    page = folder / TEMPLATE
    return page.is_file() and MARK in page.read_text(encoding="utf-8", errors="replace")[:4000]


def _split(template: str) -> tuple[str, str, str]:
    before, rest = template.split("@TITLE@")
    between, after = rest.split("@DATA@")
    return before, between, after
