"""A whole site at once, as ``kaohe report`` makes it part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from report.site.across import keys
from report.site.model import Edition
from report.site.pages import Pages
from report.site.write import write_across, write_edition, write_index


def write_site(
    folder: Path,
    editions: Sequence[Edition],
    say: Callable[[str], None],
    last: Mapping[str, Mapping[str, Any]] | None = None,
) -> int:
    """Write the site into an empty folder and return how many pages it has.

    ``editions`` come in the order they are shown in, the latest year first. ``last`` is what the
    publication before says of itself (:func:`report.site.published.read_states`).
    """
    pages = Pages(folder)
    linked = keys(editions)
    told = []
    for edition in editions:
        say(f"pages of {edition.document_id}")
        told.append(write_edition(pages, edition, editions, lambda _: None, across=bool(linked)))
    write_across(pages, linked)
    write_index(pages, told, last or {}, across=bool(linked))
    return pages.written
