"""The returns of the night: received by the day they came, then taken out or put aside.

A file leaves the inbox only when it is filed, the filed one is the same byte for byte, and its
rows are landed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from flows.jobs.night.inbox import Arrival, put_aside, take_out
from flows.jobs.night.ledger import Problem
from flows.jobs.night.night import PASSING, Night, attempt
from flows.jobs.night.summary import Item
from flows.jobs.returns.receive import Delivery, receive, today
from flows.jobs.returns.summary import FileSummary, Received


def receive_arrivals(night: Night, came: Sequence[Arrival]) -> None:
    """Receive all files, one delivery a day; each is named in the night's summary."""
    for day, own in groupby(came, key=lambda arrival: arrival.received_on):
        files = [arrival.path for arrival in own]
        if day > today():
            for file in files:
                night.note(Item("return", _name(night, file), "waiting", None, f"{day} 起接收"))
            continue
        links = [file for file in files if file.is_symlink()]
        for link in links:
            _refuse(night, link, "inbox_link", "收件箱中只接收文件本身，不接收链接。")
        _receive(night, [file for file in files if file not in links], day)


def _receive(night: Night, files: list[Path], day: date) -> None:
    """Receive a day's files together; where that fails on one of them, each on its own."""
    problem = _deliver(night, files, day) if files else None
    if problem is None:
        return
    if len(files) > 1 and problem.code not in PASSING and problem.code != "nothing_landed":
        for file in files:
            _receive(night, [file], day)
        return
    for file in files:
        told = (problem.zh, problem.en, problem.code)
        name = _name(night, file)
        night.note(Item("return", name, "failed", None, *told, clean=False, holds=True))


def _deliver(night: Night, files: list[Path], day: date) -> Problem | None:
    order = night.order
    got: list[Received] = []

    def do() -> None:
        delivery = Delivery(tuple(files), order.warehouse, day, order.raw, order.replies)
        got.append(receive(delivery, night.progress))

    problem = attempt(night, "return", f"{files[0].parent} ({len(files)})", do)
    if problem is not None:
        return problem
    for file, summary in zip(files, got[0].files, strict=True):
        _settle(night, file, summary)
    return None


def _settle(night: Night, file: Path, summary: FileSummary) -> None:
    """Take a received file out of the inbox, and put a refused one aside with its reason."""
    first = summary.remarks[0] if summary.remarks else {}
    if summary.filed_as is None:
        _refuse(night, file, str(first.get("code", "refused")), str(first.get("message_zh", "")))
        return
    filed = Path(summary.filed_as)
    same = take_out(file, filed)
    reply = f"；退回说明 {summary.reply}" if summary.reply else ""
    changed = "" if same else "；收件箱中的文件已变，留待下次"
    night.note(
        Item(
            "return",
            _name(night, file),
            summary.state,
            int(filed.parts[-3]),
            f"{summary.department}　{summary.received_on} 接收 {summary.accepted} 行"
            f"（新入库 {summary.landed}），退回 {summary.refused} 处{reply}{changed}",
            summary.filed_as,
            clean=summary.clean and same,
        )
    )


def _refuse(night: Night, file: Path, code: str, reason: str) -> None:
    """Put a file aside that cannot be received; nobody's year is kept back for it.

    It was answered: what it would have brought counts as not received, as the scorecard says.
    """
    name = _name(night, file)
    place = put_aside(night.order.raw, file, reason)
    night.note(
        Item("return", name, "refused", None, reason, f"moved to {place}", code, clean=False)
    )


def _name(night: Night, file: Path) -> str:
    return str(file.relative_to(night.order.raw / "inbox"))
