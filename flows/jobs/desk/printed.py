"""Where one indicator stands in print: the part of the page to show, drawn when it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.jobs.diff import not_landed
from flows.jobs.ingest import Progress
from flows.jobs.site.make import make_print, source_of
from report.review.places import find_places
from report.site.crops import Strip, printed_rows, strips
from schemas.records.rows import NoticeRow, TableRows
from schemas.tables.frames import of_document, table_rows

_TABLES = ("notices", "cells", "indicators", "targets")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """An indicator's parts of pages, or where none is to be shown heading and text of its cells."""

    notice: NoticeRow
    rows: TableRows
    strips: tuple[Strip, ...]
    texts: tuple[tuple[str, str], ...]


def printed_line(warehouse: Path, raw: Path, document_id: str, serial_no: int) -> PrintedLine:
    """Return where an indicator is printed. Raises Refusal where the document is not landed."""
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, _TABLES)
    own = table_rows({name: of_document(each, document_id) for name, each in tables.items()})
    if not own["notices"]:
        raise not_landed(document_id, [str(each) for each in tables["notices"]["document_id"]])
    notice = own["notices"][-1]
    rows: TableRows = {
        "cells": own["cells"],
        "indicators": [each for each in own["indicators"] if each["serial_no"] == serial_no],
        "targets": [each for each in own["targets"] if each["serial_no"] == serial_no],
    }
    if source_of(notice, raw)[0] is None:
        everywhere = find_places(own["cells"], own["indicators"], own["targets"], ())
        texts = printed_rows(own["cells"], everywhere).get(serial_no, [])
        return PrintedLine(notice, rows, (), tuple(texts))
    places = find_places(rows["cells"], rows["indicators"], rows["targets"], ())
    found = strips(rows["cells"], rows["indicators"], rows["targets"], places)
    return PrintedLine(notice, rows, tuple(found), ())


def draw_line(line: PrintedLine, raw: Path, folder: Path, progress: Progress) -> None:
    """Draw the parts of pages of an indicator into a new folder; Refusal where it cannot be."""
    make_print(line.notice, line.rows, folder, raw, progress)


def name_of(strip: Strip) -> str:
    """Return the name of a part's picture."""
    return f"{strip.serial_no:03d}-{strip.page}.webp"
