"""Forms that departments fill in and hand back: their lines, their layout, what was read of them.

What a form shows is written by ``report``, read by ``extract`` and interpreted by ``returns``; the
three meet here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from schemas.records.asked import UNSIGNED, SignOff
from schemas.vocabulary import word, words

#: The columns of a form in order: role and heading. ``returns`` knows other headings too.
HEADINGS = words("form_heading")
#: The columns that a department fills in.
FILLED = ("actual", "award", "benchmark", "veto", "grounds", "evidence")
#: What a form's head, or columns that a department adds, say of who signed: role and label.
SIGN_OFF = words("sign_off")
#: The columns of a form by those of the returns.
FORM_COLUMNS = {"actual_value": "actual", "awarded_pct": "award", "benchmark_value": "benchmark"}

FORM_SHEET = "考核数据填报表"
HELP_SHEET = "填表说明"
REPLY_SHEET = "退回说明"
REFUSED, WARNING, INFO = "refused", "warning", "info"
#: The hidden sheet that identifies the form: a name in column A, its value in column B.
INFO_SHEET = "kaohe"
INFO_FORM = "kaohe-form-1"
DEPARTMENT_LABEL, DOCUMENT_LABEL = "填报部门", "文件编号"
SAMPLE_LABEL = "样例数据"


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of a form. Key: ``serial_no``, ``entity``, ``part_no`` (1 where there are no parts).

    ``unit`` is the one the actual value is expected in, ``target_value`` the number to reach in
    that unit, ``needs`` the columns of :data:`FILLED` without which the line counts as blank.
    ``in_doubt``: the target needs review, so that no figure can be refused for being far from it.
    ``fall`` is the sign that a fall is returned with where the target asks for one: -1 as a rule,
    1 where the indicator itself is the fall (下降率); 0: no fall is asked for. ``points`` are the
    line's own, ``most_award`` is the greatest award in per cent of them, ``on_top``: they come on
    top of the whole. ``counts_class``: ``part_text`` is a class whose events are counted.
    ``one_figure``: the figure to compare with is one for all entities, ``asks_figure``: this is the
    line that asks for it.
    """

    indicator_id: str
    serial_no: int
    level1: str | None
    level2: str | None
    indicator: str
    entity: str
    target_text: str | None
    target_kind: str
    part_no: int
    part_text: str | None
    unit: str | None
    target_value: float | None
    departments: tuple[str, ...]
    needs: frozenset[str]
    in_doubt: bool = False
    fall: int = 0
    points: float | None = None
    most_award: float = 100.0
    on_top: bool = False
    counts_class: bool = False
    one_figure: bool = False
    asks_figure: bool = True

    @property
    def of_veto(self) -> bool:
        """Nothing but a veto, or that there is none, is returned for the line."""
        return self.on_top and not self.needs

    @property
    def shown_target(self) -> str | None:
        """The target as forms show it: one that may have been read wrongly says so."""
        if self.target_text is None or not self.in_doubt:
            return self.target_text
        return f"{self.target_text}{open_mark()}"

    @property
    def key(self) -> tuple[int, str, int]:
        """What makes the line unique in its document."""
        return self.serial_no, self.entity, self.part_no


def open_mark() -> str:
    """Return what a form prints behind a target that may have been read wrongly."""
    return f"（{word('finding_state', 'open')}）"


def indicator_name(level3: str | None, level4: str | None, indicator: str | None) -> str:
    """Return what a form calls an indicator: behind its parent's name where level 3 is split."""
    name = indicator or ""
    return f"{level3}：{name}" if level4 and level3 else name


@dataclass(frozen=True, slots=True)
class Form:
    """One form to send out: a department's lines; ``version`` is a hash of them.

    ``unclear`` are its indicators of which the form asks which end is good. ``deadline`` is the
    day by which it is to be handed in, None where nobody declared one.
    """

    document_id: str
    year: int
    title: str | None
    department: str
    lines: tuple[FormLine, ...]
    version: str
    sample: bool = False
    unclear: frozenset[int] = frozenset()
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as a returned file holds it; ``row`` and ``column`` are 1-based.

    ``kind`` is number, text, bool, error, date or formula (one that keeps no value); ``value`` is
    the number in full, or the text. ``shown`` is what a person sees, ``code`` the number format.
    """

    row: int
    column: int
    kind: str
    value: str
    shown: str
    code: str = "General"
    struck: bool = False


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet: its cells that hold anything, its merged ranges (first, last row and column)."""

    name: str
    hidden: bool
    cells: tuple[ReadCell, ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()

    def across(self) -> dict[int, list[tuple[int, int]]]:
        """Return the ranges merged within a row: first and last columns by row, none overlapping.

        Of two that overlap, which no program writes, the one further to the left is kept.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        for row, first, last_row, last in sorted(self.merges):
            ranges = found.setdefault(row, []) if row == last_row else []
            if first < last and (not ranges or first > ranges[-1][1]):
                ranges.append((first, last))
        return found


@dataclass(frozen=True, slots=True)
class ReadBook:
    """A returned file as read; ``source_format`` is xlsx, xls or csv."""

    source_name: str
    source_format: str
    source_sha256: str
    sheets: tuple[ReadSheet, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark for a person on a place in a returned file.

    ``severity`` is refused (what stands there was not taken), warning (it was, and should be
    looked at) or info. ``column`` is None where a whole row is meant, ``row`` too where a whole
    sheet or file is. ``found`` is what stands there, ``indicator`` and ``entity`` are what the row
    says that it is of. ``line`` is the line that it is about: number, entity and part of a target,
    or of each entity where None.
    """

    severity: str
    code: str
    message: str
    message_zh: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    found: str | None = None
    indicator: str | None = None
    entity: str | None = None
    line: tuple[int, str | None, int] | None = None

    @property
    def place_zh(self) -> str:
        """Where it points, in words: 工作表“…”第5行, 单元格J5 or 整份文件."""
        where = f"工作表“{self.sheet}”" if self.sheet else ""
        if self.row is not None and self.column is not None:
            return f"{where}单元格 {column_letters(self.column)}{self.row}"
        where = f"{where}第 {self.row} 行" if self.row is not None else where
        return where or "整份文件"

    def is_of(self, serial_no: int, entity: str) -> bool:
        """Whether it is about a line of an indicator and entity."""
        return self.line is not None and self.line[:2] in ((serial_no, entity), (serial_no, None))


@dataclass(frozen=True, slots=True)
class ReturnedValue:
    """One line that a department returned, with the place it stands at."""

    line: FormLine
    actual_value: float | None
    actual_text: str | None
    awarded_pct: float | None
    benchmark_value: float | None
    veto: bool
    grounds: str | None
    sheet: str
    row: int
    evidence: str | None = None
    signed: SignOff = UNSIGNED


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """What can be returned for a document: all its lines, and its departments' other names.

    ``unclear`` are the serial numbers of indicators of which nobody knows which end is good.
    ``approval``: only values that somebody approved count. ``deadline`` is the day by which returns
    are to be there.
    """

    document_id: str
    year: int
    lines: tuple[FormLine, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    in_force: bool = True
    unclear: frozenset[int] = frozenset()
    approval: bool = False
    deadline: date | None = None

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that assess anything, each once, in printed order."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.departments))

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities, each once, in printed order."""
        return tuple(dict.fromkeys(line.entity for line in self.lines))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was understood of one returned file.

    ``document_id`` and ``department`` are None where the whole file is refused. ``unfilled``
    counts the department's lines that stand in the file and are blank, ``absent`` those that do
    not stand there. ``deadline`` is the document's, ``late`` counts the values that came after it.
    """

    book: ReadBook
    document_id: str | None
    year: int | None
    department: str | None
    sample: bool
    values: tuple[ReturnedValue, ...]
    remarks: tuple[Remark, ...]
    unfilled: int = 0
    absent: int = 0
    deadline: date | None = None
    late: int = 0

    @property
    def unapproved(self) -> int:
        """How many of the values nobody approved."""
        return sum(not value.signed.approved for value in self.values)

    @property
    def refused(self) -> tuple[Remark, ...]:
        """What was not taken."""
        return tuple(remark for remark in self.remarks if remark.severity == REFUSED)

    @property
    def to_look_at(self) -> tuple[Remark, ...]:
        """What was not taken, and what was and is doubtful."""
        return tuple(remark for remark in self.remarks if remark.severity != INFO)


def column_letters(column: int) -> str:
    """Return a column's letters: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
