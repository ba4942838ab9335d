"""The returns of the night: received by the day they came, then taken out or put aside.

A file leaves the inbox only when it is filed, the filed one is the same byte for byte, and its
rows are landed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from common.days import today
from common.files import office_lock_of
from common.messages import Message, message
from common.names import shown_name
from flows.jobs.apart import TRANSIENT, attempt
from flows.jobs.ingest import Progress
from flows.jobs.night.inbox import arrivals, put_aside, take_out
from flows.jobs.night.summary import Item, NightlyOrder
from flows.jobs.returns.receive import Delivery, finish, receive
from flows.jobs.returns.summary import FileSummary
from flows.jobs.returns.unanswered import unanswered


def receive_returns(order: NightlyOrder, progress: Progress) -> Iterator[Item]:
    """Receive what lies in the inbox, one delivery a day; yield what became of each file."""
    lying = arrivals(order.raw)
    for arrival in lying:
        if arrival.no_day is not None:
            no_day = message("flows.inbox_day", folder=arrival.no_day)
            yield Item.of_problem("return", _name(order.raw, arrival.path), no_day, "waiting")
    dated = [arrival for arrival in lying if arrival.no_day is None]
    for day, own in groupby(dated, key=lambda arrival: arrival.received_on):
        yield from _of_day(order, [arrival.path for arrival in own], day, progress)
    yield from _finish(order, progress)


def _of_day(
    order: NightlyOrder, files: Sequence[Path], day: date, progress: Progress
) -> Iterator[Item]:
    """Receive what came on a day; a day still to come waits, and a link is refused."""
    if day > today():
        for file in files:
            yield Item("return", _name(order.raw, file), "waiting", None, f"{day} 起接收")
        return
    links = [file for file in files if file.is_symlink()]
    for link in links:
        yield _refuse(order.raw, link, message("flows.inbox_link"))
    locks = {file: lock for file in files if (lock := office_lock_of(file)) is not None}
    for file, lock in locks.items():
        still_open = message("flows.open_in_office.inbox", lock=lock.name)
        yield Item.of_problem("return", _name(order.raw, file), still_open, "waiting")
    left = [file for file in files if file not in links and file not in locks]
    yield from _receive(order, left, day, progress)


def _finish(order: NightlyOrder, progress: Progress) -> Iterator[Item]:
    """Bring to its end what an earlier run filed and did not land or answer."""
    root = order.raw / "returns"
    left = [str(each.path.relative_to(root)) for each in unanswered(root)]
    if not left:
        return
    delivery = Delivery((), order.warehouse, today(), order.raw, order.replies)
    got = attempt("return", f"{root} ({len(left)})", lambda: finish(delivery, progress))
    if isinstance(got, Message):
        for name in left:
            yield Item.of_problem("return", name, got, "failed", int(name[:4]), holds=True)
        return
    yield from map(_finished, got.files)


def _receive(
    order: NightlyOrder, files: Sequence[Path], day: date, progress: Progress
) -> Iterator[Item]:
    """Receive a day's files together; where that fails on one of them, each on its own."""
    if not files:
        return
    got = attempt(
        "return", f"{files[0].parent} ({len(files)})", lambda: _deliver(order, files, day, progress)
    )
    if not isinstance(got, Message):
        yield from got
    elif len(files) > 1 and got.code not in {*TRANSIENT, "nothing_landed"}:
        for file in files:
            yield from _receive(order, [file], day, progress)
    else:
        for file in files:
            yield Item.of_problem("return", _name(order.raw, file), got, "failed", holds=True)


def _deliver(
    order: NightlyOrder, files: Sequence[Path], day: date, progress: Progress
) -> list[Item]:
    delivery = Delivery(tuple(files), order.warehouse, day, order.raw, order.replies)
    got = receive(delivery, progress)
    return [_settle(order.raw, *each) for each in zip(files, got.files, strict=True)]


def _settle(raw: Path, file: Path, summary: FileSummary) -> Item:
    """Take a received file out of the inbox, and put a refused one aside with its reason.

    One that the program failed on stays until it is filed.
    """
    if summary.failed:
        if summary.filed_as is not None:
            take_out(file, Path(summary.filed_as))
        return _failed(_name(raw, file), summary)
    if summary.filed_as is None:
        first = summary.remarks[0]
        return _refuse(raw, file, Message(first.code, first.message, first.message_zh))
    same = take_out(file, Path(summary.filed_as))
    changed = "" if same else "；收件箱中的文件已变，留待下次"
    return _item(_name(raw, file), summary, changed, clean=same)


def _finished(summary: FileSummary) -> Item:
    """Return what became of a return that an earlier run left unanswered."""
    name = "/".join(Path(summary.file).parts[-3:])
    if summary.filed_as is not None and not summary.failed:
        return _item(name, summary)
    return _failed(name, summary, int(name[:4]))


def _failed(name: str, summary: FileSummary, year: int | None = None) -> Item:
    """Return a return that did not pass; its year waits unless its rows are landed."""
    if summary.filed_as is not None:
        year = int(Path(summary.filed_as).parts[-3])
    first = summary.remarks[0]
    problem = Message(first.code, first.message, first.message_zh)
    holds = summary.state != "unanswered"
    return Item.of_problem("return", name, problem, "failed", year, holds=holds)


def _item(name: str, summary: FileSummary, more: str = "", *, clean: bool = True) -> Item:
    reply = f"；退回说明 {shown_name(summary.reply)}" if summary.reply else ""
    return Item(
        "return",
        name,
        summary.state,
        int(Path(summary.filed_as or "").parts[-3]),
        f"{summary.department}　{summary.received_on} 接收 {summary.accepted} 行"
        f"（新入库 {summary.landed}），退回 {summary.refused} 处{reply}{more}",
        shown_name(summary.filed_as or ""),
        clean=summary.clean and clean,
    )


def _refuse(raw: Path, file: Path, reason: Message) -> Item:
    """Put a file aside that cannot be received; nobody's year is kept back for it.

    It was answered: what it would have brought counts as not received, as the scorecard says.
    """
    name, place = _name(raw, file), put_aside(raw, file, reason.zh)
    return Item(
        "return",
        name,
        "refused",
        None,
        reason.zh,
        f"moved to {shown_name(place)}",
        reason.code,
        clean=False,
    )


def _name(raw: Path, file: Path) -> str:
    return shown_name(file.relative_to(raw / "inbox"))
