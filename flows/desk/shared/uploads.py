"""Files that are dropped on a page: kept under names of their own that are safe, within a size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import Refusal, refusal
from flows.desk.shared.desk import Desk
from flows.desk.shared.watch import watched
from flows.jobs.desk.dropping import clear, files_of, left_of, stage
from flows.jobs.ingest import Progress

if TYPE_CHECKING:
    from starlette.datastructures import FormData, UploadFile
    from starlette.responses import Response

MOST_BYTES = 100 * 2**20
"""Of one file; forms have a limit of their own where they are received."""
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """Dropped files by their names in a folder of ours; ``left``: the others, each with why."""

    names: tuple[str, ...]
    left: tuple[tuple[str, Refusal], ...] = ()


def with_files(
    desk: Desk,
    form: FormData,
    title: Callable[[Sequence[str]], str],
    do: Callable[[Path, Kept, Progress], str],
) -> Response:
    """Start a piece of work on the files of a form, and lead to the page where it is watched.

    ``do`` gets the folder of ours that they lie in, which is there until it has ended, and what
    was kept. Raises Refusal where there is no file that can be.
    """
    folder = stage(desk.order.raw)
    try:
        kept = kept_files(form, folder)
    except BaseException:
        clear(folder)
        raise

    def work(say: Progress) -> str:
        try:
            return do(folder, kept, say)
        finally:
            clear(folder)

    return watched(desk, title(kept.names), work)


def kept_files(form: FormData, folder: Path) -> Kept:
    """Write the files of a form into a folder of ours; one that cannot be kept stops no other.

    Raises Refusal where there is none that can be: that of the first.
    """
    dropped = _dropped(form)
    why = [_refused(file) for file in dropped]
    taken = [file for file, refused in zip(dropped, why, strict=True) if refused is None]
    left = [(_last(file), each) for file, each in zip(dropped, why, strict=True) if each]
    if not taken:
        raise left[0][1]
    names = files_of([each.filename for each in taken])
    for name, file in zip(names, taken, strict=True):
        with (folder / name).open("xb") as kept:
            while part := file.file.read(_PART):
                kept.write(part)
    return Kept(tuple(names), tuple(left))


def _dropped(form: FormData) -> list[UploadFile]:
    """Return the files of a form; Refusal where there is none."""
    from starlette.datastructures import UploadFile

    files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    dropped = [each for each in files if each.filename]
    if not dropped:
        raise refusal("flows.desk_drop.nothing")
    return dropped


def _refused(file: UploadFile) -> Refusal | None:
    """Return why a file is not kept: what a program lays beside files, or far too large."""
    size = file.size or 0
    if size <= MOST_BYTES:
        return left_of(file.filename or "")
    slots = {"size": size // 2**20, "most": MOST_BYTES // 2**20}
    return refusal("flows.desk_drop.too_large", file=_last(file), **slots)


def _last(file: UploadFile) -> str:
    """Return a file's name without the folders before it."""
    return Path((file.filename or "").replace("\\", "/")).name
