"""The site as it is made: what is taken over from the last one, and the rest on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.isolated import Call, Limits
from common.processes import hearing_pages, pages_said, side_by_side
from flows.jobs.site.done import PagesDone
from flows.jobs.site.make import (
    PRINT,
    WORKBOOKS,
    Share,
    Shown,
    make_pages,
    make_workbooks,
    printed_pages_of,
    source_of,
    tables_of,
)
from flows.jobs.site.marks import OF_PRINT, marks_of_tables, program_mark
from report.site.across import keys, lines_of
from report.site.kept import Parts, mark_of
from report.site.model import Edition
from report.site.pages import Pages
from report.site.write import page_count, write_across
from schemas.tables.frames import Row, records
from warehouse.contents import Contents

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress

#: So many parts are made side by side, each in a process, where they show more targets than this:
#: to start a process takes as long as to show some hundred.
PROCESSES, WORTH_A_PROCESS = 2, 2_000
_LIMITS = Limits(memory_mb=8192, cpu_seconds=3600)
#: What tells whether an indicator is known to be the same in several years.
_OF_KEYS = ("notices", "indicators", "indicator_keys")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an edition that is to be made, by a function that tells something of it."""

    share: Share
    name: str
    mark: str
    make: Callable[..., Any]
    made_of: tuple[Any, ...] = ()

    @property
    def key(self) -> str:
        """What the part is recorded by."""
        return f"{self.share.folder}/{self.name}"


class Site:
    """A site that is made in ``new`` of a snapshot, to take the place of ``old``.

    ``heads`` are folder and notice of each document, in the order they are shown in; ``raw`` is
    where the documents themselves are.
    """

    def __init__(
        self, snapshot: Path, old: Path, new: Path, heads: Sequence[tuple[str, Row]], raw: Path
    ) -> None:
        self.old, self.new, self.heads, self.raw = old, new, heads, raw
        self.parts = Parts(old, new)
        self.contents = Contents(snapshot)
        self.shares = [
            Share(snapshot, str(notice["document_id"]), new, folder, old)
            for folder, notice in heads
        ]

    @cached_property
    def across(self) -> bool:
        """Whether an indicator is known to be the same in several documents."""
        several = len(self.shares) > 1
        return several and bool(lines_of([_edition(share, _OF_KEYS) for share in self.shares]))

    def make(self, progress: Progress) -> list[dict[str, Any]]:
        """Make or take over all parts; return what is told of each edition, and its remark."""
        shown = [source_of(notice, self.raw) for _, notice in self.heads]
        wanted = [
            part
            for share, (source, remark) in zip(self.shares, shown, strict=True)
            for part in self._parts(share, source, remark)
        ]
        told: dict[str, Any] = {}
        for part in wanted:
            told[part.key] = self.parts.take(part.key, part.mark)
        self._make([part for part in wanted if told[part.key] is None], told, progress)
        if self.across:
            self._make_across([part.mark for part in wanted])
        return [
            {**told[f"{share.folder}/pages"], "remark": remark}
            for share, (_, remark) in zip(self.shares, shown, strict=True)
        ]

    def _parts(self, share: Share, source: Path | None, remark: str | None) -> Iterator[Part]:
        """Yield workbooks and pages; with the pages go pictures of print that are as they were."""
        tables = marks_of_tables(self.contents, share.document_id)
        program = program_mark()
        yield Part(share, "workbooks", mark_of(program, tables), make_workbooks)
        drawn = mark_of(program, source is not None, {name: tables[name] for name in OF_PRINT})
        printed = self.parts.take(f"{share.folder}/print", drawn)
        heads = [(folder, _named(notice)) for folder, notice in self.heads]
        mark = mark_of(program, tables, heads, self.across, drawn, remark)
        shown = Shown(tuple(self.heads), self.across, self.raw, remark)
        yield Part(share, "pages", mark, make_pages, (shown, printed, drawn))

    def _make(self, parts: Sequence[Part], told: dict[str, Any], progress: Progress) -> None:
        """Make parts, several at a time where that is worth it, and record them."""
        sizes = {folder: notice["targets"] or 0 for folder, notice in self.heads}
        large = sum(sizes[part.share.folder] for part in parts) > WORTH_A_PROCESS

        pages = PagesDone({part.key: self._pages_of(part) for part in parts}, progress)

        def make(part: Part) -> Any:
            with pages.of_part(part.key, f"{part.name} of {part.share.document_id}") as tell:
                if not large:
                    with hearing_pages(lambda done, _: tell(done)):
                        return part.make(part.share, *part.made_of)
                with Call(part.make, part.share, *part.made_of, limits=_LIMITS) as call:
                    return call.result(lambda said: tell((pages_said(said) or (0, 0))[0]))

        # What takes longest first, so that no process is left to work alone.
        order = sorted(parts, key=lambda part: -sizes[part.share.folder])
        made = side_by_side(make, order, PROCESSES if large else 1)
        for part, found in zip(order, made, strict=True):
            told[part.key] = self._record(part, found or {})

    def _pages_of(self, part: Part) -> int:
        """Return how many pages a part is: those of its print that are to be drawn, and its own."""
        if part.name == "workbooks":
            return 1
        _, printed, _ = part.made_of
        tables = tables_of(part.share, ("notices", "indicators", "targets"))
        rows = {name: records(tables[name]) for name in ("notices", "indicators")}
        entities = tables["targets"]["entity"].unique().to_pylist()
        rows["targets"] = [{"entity": entity} for entity in entities]
        drawn = printed_pages_of(rows["notices"][-1]) if printed is None else 0
        return drawn + page_count(Edition(part.share.folder, rows))

    def _record(self, part: Part, told: dict[str, Any]) -> dict[str, Any]:
        home = part.share.home
        if part.name == "workbooks":
            self.parts.note(part.key, part.mark, home.glob(f"{WORKBOOKS}/*"), told)
            return told
        printed = told.pop("printed")
        key, mark = f"{part.share.folder}/print", part.made_of[-1]
        self.parts.note(key, mark, home.glob(f"{PRINT}/*"), printed)
        self.parts.note(part.key, part.mark, home.rglob("*.html"), told)
        return told

    def _make_across(self, marks: Sequence[str]) -> None:
        mark = mark_of(*marks)
        if self.parts.take("across", mark) is None:
            linked = keys([_edition(share) for share in self.shares])
            write_across(Pages(self.new, self.old), linked)
            files = [self.new / "across.html", *self.new.glob("k/*.html")]
            self.parts.note("across", mark, files, {})


def _edition(share: Share, tables: Sequence[str] | None = None) -> Edition:
    """Return a document with its rows alone."""
    found = tables_of(share) if tables is None else tables_of(share, tables)
    return Edition(share.folder, {name: records(table) for name, table in found.items()})


def _named(notice: Row) -> Mapping[str, Any]:
    """Return what pages of other documents show of a document."""
    return {name: str(notice[name]) for name in ("year", "document_id", "issuer")}
