"""What receiving returned forms amounts to, for the person who handed them in."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from common.files import is_leftover
from common.names import shown_name
from common.refusal import Refusal
from schemas.records.forms import INFO, REFUSED, Receipt, Remark
from schemas.vocabulary import word

SHOWN_REMARKS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """One returned file in numbers.

    ``state``: received, again (the same file lay there already), finished (filed by an earlier run
    that did not end), redated (its day was set right), refused (not filed), left_out (what a
    program laid beside the files), or what the program could not do: failed (nothing landed),
    unanswered (landed, without its reply); the next run does it again. ``landed`` counts rows that
    are new in the warehouse, ``accepted`` those that the file brings.
    """

    file: str
    state: str
    document_id: str | None = None
    department: str | None = None
    sample: bool = False
    accepted: int = 0
    landed: int
    unapproved: int = 0
    late: int = 0
    unfilled: int = 0
    absent: int = 0
    filed_as: str | None
    received_on: str | None
    reply: str | None
    remarks: tuple[Remark, ...]

    @property
    def refused(self) -> int:
        """How many places were refused."""
        return sum(remark.severity == REFUSED for remark in self.remarks)

    @property
    def failed(self) -> bool:
        """The program could not bring the file to its end."""
        return self.state in ("failed", "unanswered")

    @property
    def standing(self) -> str:
        """What is to be said of a filed file that was not simply received, in Chinese."""
        return {
            "again": f"同一文件已于 {self.received_on} 收到，未重复归档；"
            "此后收到的更正仍以更正为准",
            "finished": f"{self.received_on} 收到，上次没有办完，现已补办",
            "redated": f"收到日已定为 {self.received_on}",
            "failed": "已归档，没有办完，下次运行时再办",
            "unanswered": "已归档、入库，没有办完，下次运行时再办",
        }.get(self.state, "")

    @property
    def clean(self) -> bool:
        """Nothing was refused or is to be looked at."""
        return all(remark.severity == INFO for remark in self.remarks)

    def as_json(self) -> dict[str, object]:
        """Return the summary in JSON's types."""
        remarks = [{**asdict(each), "place": each.place_zh} for each in self.remarks]
        return {**asdict(self), "remarks": remarks, "refused": self.refused}

    def as_text(self) -> str:
        """Return the summary for a person."""
        if self.filed_as is None:
            zh = {"failed": "没有办完", "left_out": "略过"}.get(self.state, "未接收")
            head = [f"{self.file}　{zh} {self.state}"]
        else:
            sample = "　【样例数据】" if self.sample else ""
            late = f"，{word('lateness', 'late')} late {self.late}" if self.late else ""
            head = [
                f"{self.file}　{self.department}　{self.document_id}{sample}"
                f"{f'（{self.standing}）' if self.standing else ''}",
                f"  接收 accepted {self.accepted} 行（新入库 landed {self.landed}，"
                f"未审核 unapproved {self.unapproved}{late}）　"
                f"退回 refused {self.refused} 处　未填 blank {self.unfilled} 行　"
                f"缺少 absent {self.absent} 行",
                f"  原件 filed as {self.filed_as}",
            ]
        if self.reply:
            head.append(f"  退回说明 reply: {self.reply}")
        return "\n".join([*head, *self._remark_lines()])

    def _remark_lines(self) -> list[str]:
        shown = [
            f"  {word('remark', remark.severity)}　{_where(remark)}　{remark.message_zh}"
            for remark in self.remarks[:SHOWN_REMARKS]
        ]
        left = len(self.remarks) - len(shown)
        return [*shown, *([f"  …另有 {left} 条，见退回说明或 --json"] if left else [])]


@dataclass(frozen=True, slots=True)
class Received:
    """All files of one command."""

    files: tuple[FileSummary, ...]

    @property
    def clean(self) -> bool:
        """Nothing was refused or is to be looked at in any file."""
        return all(each.clean for each in self.files)

    @property
    def nothing_taken(self) -> bool:
        """No file brought a single row, and something was refused."""
        taken = any(each.accepted for each in self.files)
        return not taken and any(each.refused for each in self.files)

    def as_json(self) -> dict[str, object]:
        """Return the result in JSON's types."""
        return {"files": [each.as_json() for each in self.files]}

    def as_text(self) -> str:
        """Return the result for a person."""
        return "\n".join(each.as_text() for each in self.files)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where a file was filed, when it came, how many rows of it landed, and its reply."""

    filed_as: str | None
    received_on: str | None
    again: bool
    landed: int
    reply: str | None
    left: bool = False
    dated: bool = False
    failed_at: str | None = None
    left_out: bool = False

    @property
    def state(self) -> str:
        """Whether the file was received, was there already, was refused, or failed."""
        if self.failed_at is not None:
            return self.failed_at
        if self.filed_as is None:
            return "left_out" if self.left_out else "refused"
        if self.left:
            return "redated" if self.dated else "finished"
        return "again" if self.again else "received"


def file_summary(
    file: Path, receipt: Receipt | None, refused: Refusal | None, place: FilePlace
) -> FileSummary:
    """Return one file's summary."""
    remarks = list(receipt.remarks) if receipt else []
    if refused is not None:  # first of all: the order of remarks is kept within a gravity
        severity = INFO if place.left_out else REFUSED
        remarks.insert(0, Remark(severity, refused.code, refused.en, refused.zh))
    summary = FileSummary(
        file=shown_name(file),
        state=place.state,
        landed=place.landed,
        filed_as=place.filed_as,
        received_on=place.received_on,
        reply=place.reply,
        remarks=tuple(sorted(remarks, key=_gravity)),
    )
    return _counted(summary, receipt) if receipt else summary


def not_taken(name: str, refused: Refusal) -> FileSummary:
    """Return the summary of a file that was left out or refused before it was looked at."""
    place = FilePlace(None, None, again=False, landed=0, reply=None, left_out=is_leftover(name))
    return file_summary(Path(name), None, refused, place)


def _counted(summary: FileSummary, receipt: Receipt) -> FileSummary:
    """Return a summary with what its file brings: nothing where it was not taken."""
    taken = summary.state not in ("refused", "failed")
    return replace(
        summary,
        document_id=receipt.document_id,
        department=receipt.department,
        sample=receipt.sample,
        accepted=len(receipt.values) if taken else 0,
        unapproved=receipt.unapproved if taken else 0,
        late=receipt.late if taken else 0,
        unfilled=receipt.unfilled,
        absent=receipt.absent,
    )


def _gravity(remark: Remark) -> int:
    return {REFUSED: 0, INFO: 2}.get(remark.severity, 1)


def _where(remark: Remark) -> str:
    """Return the place of a remark, with indicator and entity where it is about a line."""
    about = " ".join(filter(None, (remark.indicator, remark.entity)))
    return f"{remark.place_zh}（{about}）" if about else remark.place_zh
