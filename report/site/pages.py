"""Pages from templates: texts of documents are escaped, and nothing is loaded from elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from report.directions import UNCLEAR
from report.doubts import doubt_of
from report.marks import SIGNS, is_late, standing, status_word, target_words, veto_effects
from report.rule_words import method_words, parameters
from report.site import format as site_words
from report.site import model as site_model
from report.site.kept import shared
from report.templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = Path(__file__).parents[1] / "assets" / "site"
COPIED = ("site.css", "print.css", "heat.css", "site.js", "heat.js", "icon.svg")

#: Stands in every page of a site; a folder without it is not ours to replace.
MARK = '<meta name="generator" content="kaohe report">'


@cache
def environment() -> Environment:
    """Return the templates with the words that they use, compiled once a process."""
    made = templates(ASSETS)
    made.globals |= {
        "words": site_words,
        "signs": SIGNS,
        "unclear_way": UNCLEAR,
        "doubt_of": doubt_of,
        "parameters": parameters,
        "method_words": method_words,
        "status_word": status_word,
        "standing": standing,
        "is_late": is_late,
        "veto_effects": veto_effects,
        "target_words": target_words,
        "indicator_page": site_model.indicator_page,
    }
    made.filters |= {
        "plain": site_words.plain,
        "share_points": site_words.share_points,
        "share": site_words.share,
        "day": site_words.day,
    }
    return made


class Pages:
    """Writes the pages of one site into a folder and counts them.

    A page that is the same in ``before`` is not written but shared with it.
    """

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        self.folder, self.before = folder, before
        self.environment = environment()
        self.written = 0

    def copy_assets(self) -> None:
        """Copy what all pages share."""
        for name in COPIED:
            shutil.copyfile(ASSETS / name, self.folder / name)

    def write(self, path: str, template: str, context: Mapping[str, object]) -> None:
        """Write one page; ``path`` is from the site's folder, ``root`` leads back to it."""
        root = "../" * path.count("/")
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        content = self.text(template, {"root": root, **context}).encode("utf-8", "replace")
        if self.before is None or not shared(self.before, path, file, content):
            file.write_bytes(content)
        self.written += 1

    def text(self, template: str, context: Mapping[str, object]) -> str:
        """Return what a template makes of its context."""
        return self.environment.get_template(template).render({"mark": MARK, **context})


def is_site(folder: Path) -> bool:
    """Say whether the folder holds a site made by this program."""
    page = folder / "index.html"
    return page.is_file() and MARK in page.read_text(encoding="utf-8", errors="replace")[:4000]
