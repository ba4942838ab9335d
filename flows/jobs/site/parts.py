"""The site as it is made: what is taken over from the last one, and the rest on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

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
from report.site.model import Edition, Print
from report.site.pages import Pages
from report.site.write import Told, page_count, write_across
from schemas.records.rows import NoticeRow, TargetRow
from schemas.tables.frames import rows_as, table_rows
from warehouse.contents import Contents

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress

#: So many parts are made side by side, each in a process, where they show more targets than this:
#: to start a process takes as long as to show some hundred.
PROCESSES, WORTH_A_PROCESS = 2, 2_000
_LIMITS = Limits(memory_mb=8192, cpu_seconds=3600)
#: What tells whether an indicator is known to be the same in several years.
_OF_KEYS = ("notices", "indicators", "indicator_keys")


#: What is told of a part that was made: of pages what they show, of workbooks nothing.
Made = tuple[Told, Print] | None


@dataclass(frozen=True, slots=True)
class OfPages:
    """What an edition's pages show beside its rows; ``drawn`` is the mark of its print."""

    shown: Shown
    printed: Print | None
    drawn: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an edition: its pages with their print, or, without ``pages``, its workbooks."""

    share: Share
    mark: str
    pages: OfPages | None = None

    @property
    def name(self) -> str:
        """What the part is called."""
        return "workbooks" if self.pages is None else "pages"

    @property
    def key(self) -> str:
        """What the part is recorded by."""
        return f"{self.share.folder}/{self.name}"

    @property
    def work(self) -> tuple[Callable[..., Made], tuple[object, ...]]:
        """What makes the part, and of what."""
        if self.pages is None:
            return make_workbooks, (self.share,)
        return make_pages, (self.share, self.pages.shown, self.pages.printed)

    def taken(self, parts: Parts) -> Told | dict[str, object] | None:
        """Take the part over and return what was told of it; None where it is to be made."""
        if self.pages is None:
            return parts.take(self.key, self.mark, dict[str, object])
        return parts.take(self.key, self.mark, Told.of)


class Site:
    """A site that is made in ``new`` of a snapshot, to take the place of ``old``.

    ``heads`` are folder and notice of each document, in the order they are shown in; ``raw`` is
    where the documents themselves are.
    """

    def __init__(
        self,
        snapshot: Path,
        old: Path,
        new: Path,
        heads: Sequence[tuple[str, NoticeRow]],
        raw: Path,
    ) -> None:
        self.old, self.new, self.heads, self.raw = old, new, heads, raw
        self.parts = Parts(old, new)
        self.contents = Contents(snapshot)
        self.shares = [
            Share(snapshot, notice["document_id"], new, folder, old) for folder, notice in heads
        ]

    @cached_property
    def across(self) -> bool:
        """Whether an indicator is known to be the same in several documents."""
        several = len(self.shares) > 1
        return several and bool(lines_of([_edition(share, _OF_KEYS) for share in self.shares]))

    @cached_property
    def _sources(self) -> list[tuple[Path | None, str | None]]:
        """The file of each document whose pages are shown, or why there is none."""
        return [source_of(notice, self.raw) for _, notice in self.heads]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said of documents whose pages are not shown."""
        return tuple(remark for _, remark in self._sources if remark)

    def make(self, progress: Progress) -> list[Told]:
        """Make or take over all parts; return what is told of each edition."""
        wanted = [
            part
            for share, (source, remark) in zip(self.shares, self._sources, strict=True)
            for part in self._parts(share, source, remark)
        ]
        taken = {part.key: (part, part.taken(self.parts)) for part in wanted}
        told = {
            part.share.folder: found for part, found in taken.values() if isinstance(found, Told)
        }
        told |= self._make([part for part, found in taken.values() if found is None], progress)
        if self.across:
            self._make_across([part.mark for part in wanted])
        return [told[share.folder] for share in self.shares]

    def _parts(self, share: Share, source: Path | None, remark: str | None) -> Iterator[Part]:
        """Yield workbooks and pages; with the pages go pictures of print that are as they were."""
        tables = marks_of_tables(self.contents, share.document_id)
        program = program_mark()
        yield Part(share, mark_of(program, tables))
        drawn = mark_of(program, source is not None, {name: tables[name] for name in OF_PRINT})
        printed = self.parts.take(f"{share.folder}/print", drawn, Print.of)
        heads = [(folder, _named(notice)) for folder, notice in self.heads]
        mark = mark_of(program, tables, heads, self.across, drawn, remark)
        shown = Shown(tuple(self.heads), self.across, self.raw, remark)
        yield Part(share, mark, OfPages(shown, printed, drawn))

    def _make(self, parts: Sequence[Part], progress: Progress) -> dict[str, Told]:
        """Make parts, several at a time where that is worth it; return what is told of pages."""
        sizes = {folder: notice["targets"] for folder, notice in self.heads}
        large = sum(sizes[part.share.folder] for part in parts) > WORTH_A_PROCESS

        pages = PagesDone({part.key: self._pages_of(part) for part in parts}, progress)

        def make(part: Part) -> Made:
            work, given = part.work
            with pages.of_part(part.key, f"{part.name} of {part.share.document_id}") as tell:
                if not large:
                    with hearing_pages(lambda done, _: tell(done)):
                        return work(*given)
                with Call(work, *given, limits=_LIMITS) as call:
                    found: Made = call.result(lambda said: tell((pages_said(said) or (0, 0))[0]))
                    return found

        # What takes longest first, so that no process is left to work alone.
        order = sorted(parts, key=lambda part: -sizes[part.share.folder])
        made = list(zip(order, side_by_side(make, order, PROCESSES if large else 1), strict=True))
        for part, found in made:
            self._record(part, found)
        return {part.share.folder: found[0] for part, found in made if found is not None}

    def _pages_of(self, part: Part) -> int:
        """Return how many pages a part is: those of its print that are to be drawn, and its own."""
        if part.pages is None:
            return 1
        tables = tables_of(part.share, ("notices", "indicators", "targets"))
        rows = table_rows({name: tables[name] for name in ("notices", "indicators")})
        rows["targets"] = rows_as(TargetRow, tables["targets"], ["entity"])
        drawn = printed_pages_of(rows["notices"][-1]) if part.pages.printed is None else 0
        return drawn + page_count(Edition(part.share.folder, rows))

    def _record(self, part: Part, made: Made) -> None:
        home = part.share.home
        if part.pages is None or made is None:
            self.parts.note(part.key, part.mark, home.glob(f"{WORKBOOKS}/*"), {})
            return
        told, printed = made
        key = f"{part.share.folder}/print"
        self.parts.note(key, part.pages.drawn, home.glob(f"{PRINT}/*"), printed.as_json())
        self.parts.note(part.key, part.mark, home.rglob("*.html"), told.as_json())

    def _make_across(self, marks: Sequence[str]) -> None:
        mark = mark_of(*marks)
        if self.parts.take("across", mark, dict[str, object]) is None:
            linked = keys([_edition(share) for share in self.shares])
            write_across(Pages(self.new, self.old), linked)
            files = [self.new / "across.html", *self.new.glob("k/*.html")]
            self.parts.note("across", mark, files, {})


def _edition(share: Share, tables: Sequence[str] | None = None) -> Edition:
    """Return a document with its rows alone."""
    found = tables_of(share) if tables is None else tables_of(share, tables)
    return Edition(share.folder, table_rows(found))


def _named(notice: NoticeRow) -> list[str]:
    """Return what pages of other documents show of a document."""
    return [str(notice["year"]), notice["document_id"], str(notice["issuer"])]
