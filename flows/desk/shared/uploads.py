"""Files that are dropped on a page: kept under names of their own that are safe, within a size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import refusal
from flows.desk.shared.desk import Desk
from flows.desk.shared.watch import watched
from flows.jobs.desk.dropping import clear, files_of, stage
from flows.jobs.ingest import Progress

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.responses import Response

MOST_BYTES = 100 * 2**20
"""Of one file; forms have a limit of their own where they are received."""
_PART = 1 << 20


def with_files(
    desk: Desk,
    form: FormData,
    title: Callable[[Sequence[str]], str],
    do: Callable[[Path, Sequence[str], Progress], str],
) -> Response:
    """Start a piece of work on the files of a form, and lead to the page where it is watched.

    ``do`` gets the folder of ours that they lie in, which is there until it has ended, and their
    names. Raises Refusal where there is no file, or one is larger than any that is meant.
    """
    folder = stage(desk.order.raw)
    try:
        names = kept_files(form, folder)
    except BaseException:
        clear(folder)
        raise

    def work(say: Progress) -> str:
        try:
            return do(folder, names, say)
        finally:
            clear(folder)

    return watched(desk, title(names), work)


def kept_files(form: FormData, folder: Path) -> list[str]:
    """Write the files of a form into a folder of ours; return their names there.

    Raises Refusal where there is none, or one is larger than any that is meant.
    """
    from starlette.datastructures import UploadFile

    files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    dropped = [each for each in files if each.filename]
    if not dropped:
        raise refusal("flows.desk_drop.nothing")
    names = files_of([each.filename for each in dropped])
    for name, file in zip(names, dropped, strict=True):
        if (file.size or 0) > MOST_BYTES:
            size, most = (file.size or 0) // 2**20, MOST_BYTES // 2**20
            raise refusal("flows.desk_drop.too_large", file=name, size=size, most=most)
        with (folder / name).open("xb") as kept:
            while part := file.file.read(_PART):
                kept.write(part)
    return names
