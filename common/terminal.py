"""Tables in a terminal and in files: columns that stay straight with Chinese text in them."""

from __future__ import annotations

import csv
import io
import json
import locale
import logging
import os
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.cells import cell_len, chop_cells

from common.characters import runs_as_formula
from common.names import escaped, readable
from common.numbers import show

WIDEST = 48


def for_terminal(text: str) -> str:
    """Return a text as it may be printed: nothing of a document acts on the terminal or hides.

    Escape sequences, marks of direction, NUL and the like are shown as escapes; lines stay lines.
    """
    return escaped(readable(text), kept="\n\t")


def speak_chinese() -> None:
    """Let this process print and name files in Chinese whatever the locale says.

    Where the locale's encoding has no Chinese (ISO-8859-1), the program starts once more in
    Python's own UTF-8 mode; what else a stream cannot show is printed as escapes.
    """
    if not sys.flags.utf8_mode and not _has_chinese(locale.getencoding()):
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            own = stream.encoding if _has_chinese(stream.encoding) else "utf-8"
            stream.reconfigure(encoding=own, errors="backslashreplace")


def _has_chinese(encoding: str) -> bool:
    try:
        return bool("汉字".encode(encoding))
    except (LookupError, UnicodeEncodeError):
        return False


def guard_logs() -> None:
    """Let what this process logs be as :func:`for_terminal` has it, whoever logs it."""
    make = logging.getLogRecordFactory()

    def guarded(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make(*arguments, **named)
        with suppress(TypeError, ValueError, KeyError):  # a record that cannot be formatted
            text = record.getMessage()
            if (safe := for_terminal(text)) != text:
                record.msg, record.args = safe, None
        return record

    logging.setLogRecordFactory(guarded)


def clipped(text: str, widest: int = WIDEST) -> str:
    """Return the text, cut with an ellipsis where it is wider than ``widest`` columns."""
    if cell_len(text) <= widest:
        return text
    return chop_cells(text, widest - 1)[0] + "…" if widest > 1 else "…"


def shown(value: Any) -> str:
    """Return a value as one line of text: nothing for null, no spare zeros, lists with 、."""
    if value is None or value != value:  # noqa: PLR0124 - a NaN is the one value unlike itself
        return ""
    if isinstance(value, float):
        return show(value)
    if holds_records(value):
        return record_text(value)
    if isinstance(value, (list, tuple)):
        return "、".join(shown(item) for item in value)
    return for_terminal(str(value)).replace("\n", "⏎").replace("\t", " ")


def text_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], widest: int = WIDEST) -> str:
    """Return rows as a table of aligned text, numbers to the right, with its heading ruled off."""
    records = [list(row) for row in rows]
    texts = [[clipped(shown(value), widest) for value in row] for row in records]
    widths = [
        max([cell_len(name), *(cell_len(row[place]) for row in texts)])
        for place, name in enumerate(columns)
    ]
    right = [_are_numbers([row[place] for row in records]) for place in range(len(columns))]
    lines = [line(columns, widths, right), "  ".join("─" * size for size in widths)]
    lines += [line(row, widths, right) for row in texts]
    return "\n".join(lines)


def _are_numbers(values: Sequence[Any]) -> bool:
    """Return whether a column holds numbers alone, beside blanks."""
    found = [value for value in values if value is not None]
    return bool(found) and all(isinstance(value, (int, float)) for value in found)


def line(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    """Return one row padded to the columns' widths."""
    padded = [
        " " * (size - cell_len(text)) + text if to_right else text + " " * (size - cell_len(text))
        for text, size, to_right in zip(texts, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip()


def plain(value: Any) -> Any:
    """Return a value in the types that JSON has; dates and times as ISO 8601 text.

    A record becomes an object of its fields, and what has no order is sorted.
    """
    if is_dataclass(value) or isinstance(value, (Mapping, list, tuple, Set)):
        return _plain_inside(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None  # JSON has neither NaN nor infinity
    return readable(str(value))


def _plain_inside(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    items = [plain(item) for item in value]
    return sorted(items) if isinstance(value, Set) else items


def json_text(value: Any) -> str:
    """Return a value as JSON for people and programs: indented, Chinese as it is."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as a JSON list of objects."""
    return json_text([dict(zip(columns, row, strict=True)) for row in rows])


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV that Excel opens: UTF-8 with a byte-order mark, no cell a formula.

    A text, of the header too, that a spreadsheet would run as a formula (it starts with one of
    :data:`~common.characters.FORMULA_SIGNS` and is no number) gets an apostrophe before it;
    ``---`` stays.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([csv_cell(name) for name in columns])
        writer.writerows([csv_cell(value) for value in row] for row in rows)


def csv_cell(value: Any) -> Any:
    """Return a value as it stands in a CSV cell."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = readable(record_text(value) if holds_records(value) else joined(value))
    return f"'{text}" if runs_as_formula(text) else text


def holds_records(value: Any) -> bool:
    """Say whether a value is a record or a list of them, which only JSON can show whole."""
    return isinstance(value, dict) or (
        isinstance(value, (list, tuple)) and any(isinstance(item, dict) for item in value)
    )


def record_text(value: Any) -> str:
    """Return records as one line of JSON."""
    return json.dumps(plain(value), ensure_ascii=False)


def joined(value: Any) -> str:
    """Return a value as text, a list's items joined with 、."""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
