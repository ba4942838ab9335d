"""Documents with odd cells: texts that no office prints, rows and cells lost, spans made nonsense.

Everything is drawn from one seed: layout, format, what is done to the grid and, for HTML, Word
and workbooks, to the file that was written of it. Whatever comes of it, a reader must land the
rest or refuse the document for a reason of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from tests.support.workshop.damage_rows import row_dropped, row_repeated
from tests.support.workshop.draw import default_style, draw
from tests.support.workshop.grid import Grid, Span, grid_of
from tests.support.workshop.layout import Kind, fitted
from tests.support.workshop.layouts import LAYOUTS
from tests.support.workshop.samples import sample

#: Formats that hold any text; a PDF is drawn with a font that has no odd characters.
_FREE = ("html", "docx", "xlsx", "md")
_LONG = 100_000
_CONTROL = "\x01\x08\x0b\x0c\x1b\x7f\x85\u202e\u200b\ufeff"

#: What may stand in a cell, by name; each is as long and as odd as it says.
TEXTS: dict[str, str] = {
    "nothing": "",
    "blanks": " \u3000\t",
    "3000 digits": "9" * 3000,
    "100000 digits": "9" * 100_000,
    "3000 decimals": "0." + "3" * 3000,
    "beyond a float": "1" + "0" * 400,
    "10^300": "1" + "0" * 300,
    "huge with unit": "8" * 20 + "万元",
    "huge in words": "达到" + "7" * 400 + "亿元以上，增长" + "6" * 330 + "%",
    "NaN": "NaN",
    "inf": "inf",
    "-Infinity": "-Infinity",
    "1e309": "1e309",
    "negative": "-5",
    "negative points": "-3000",
    "many points": "99999",
    "zero": "0",
    "controls": f"5{_CONTROL}6",
    "surrogates": "甲\ud800\udfff\udc80县",
    "nonsense": "�" * 40,
    "long word": "项" * _LONG,
    "long digits": "12." * (_LONG // 3),
    "long list": "市统计局、" * (_LONG // 5),
    "brackets": "（" * 3000,
    "newlines": "\n" * 1000 + "5",
    "serial words": "第一百二十三项",
    "serial number": "1",
    "other digits": "٣٤",
    "circled": "㊿",
    "formula": "=1+1",
    "percent": "%",
    "minus": "-",
    "exception": "5（不存在县7、甲县x）",
    "exceptions without end": "2（" + "东江县3、" * 800 + "）",
    "total": "合计",
    "header": "三级指标",
    "note": "注：无",
    "not assessed": "---",
    "date": "2021-02-30",
    "year 0001": "0001年",
    "range": "5-" + "9" * 350,
    "rank": "前" + "9" * 40 + "名",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Odd:
    """An odd document: its file, and what was done to it in words."""

    path: Path
    what: str


Change = tuple[Grid, str] | None
Way = Callable[[Grid, Random], Change]


def odd_document(seed: int, folder: Path, kind: str | None = None) -> Odd:
    """Draw one odd document of the format ``kind``, or of any."""
    random = Random(seed)
    kind = kind or random.choice(_FREE)
    name = random.choice(sorted(LAYOUTS))
    layout = LAYOUTS[name]
    notice = fitted(sample(random.choice((2, 5, 8))), layout)
    grid = grid_of(notice, layout)
    done = [f"seed {seed}", kind, name]
    for _ in range(random.choice((1, 1, 2, 3))):
        changed = random.choice(WAYS)(grid, random)
        if changed is not None:
            grid = changed[0]
            done.append(changed[1])
    path = draw(notice, writable(grid, kind), folder, default_style(kind))
    spoil = _SPOILERS.get(kind)
    if spoil is not None:
        done += spoil(path, random)
    return Odd(path, "; ".join(done))


def with_texts(grid: Grid, spans: list[Span], text: str) -> Grid:
    """Print one text in all of these spans."""
    gone = {id(span) for span in spans}
    kept = tuple(replace(s, text=text) if id(s) in gone else s for s in grid.spans)
    return replace(grid, spans=kept)


def one_text(grid: Grid, random: Random) -> Change:
    """Print an odd text in one cell, be it one of the header."""
    name, span = random.choice(sorted(TEXTS)), random.choice(grid.spans)
    return with_texts(grid, [span], TEXTS[name]), f"{name} in {_where(span)}"


def column_text(grid: Grid, random: Random) -> Change:
    """Print an odd text in some or all cells of a kind."""
    name, kind = random.choice(sorted(TEXTS)), random.choice(grid.kinds)
    spans = [s for s in grid.spans if s.kind is kind and not s.header]
    if len(TEXTS[name]) >= _LONG:
        spans = spans[:1]
    spans = spans if random.random() < 0.5 else [s for s in spans if random.random() < 0.2]
    return (with_texts(grid, spans, TEXTS[name]), f"{name} in {kind}") if spans else None


def same_names(grid: Grid, random: Random) -> Change:
    """Give several headers or names of one kind the same text, numbered as twins are, too."""
    header = random.random() < 0.5
    kinds = (Kind.TARGETS,) if header else (Kind.LEVEL1, Kind.LEVEL2, Kind.LEVEL3, Kind.LEVEL4)
    spans = [s for s in grid.spans if s.header is header and s.kind in kinds]
    if len(spans) < 3:
        return None
    chosen = random.sample(spans, min(len(spans), random.choice((2, 3, len(spans)))))
    text = chosen[0].text
    grid = with_texts(grid, chosen, text)
    twin = [s for s in grid.spans if s.header is header and s.kind in kinds and s.text != text]
    if twin and random.random() < 0.5:
        grid = with_texts(grid, [random.choice(twin)], f"{text}（2）")
    return grid, f"{len(chosen)} times {text}"


def row_lost_or_twice(grid: Grid, random: Random) -> Change:
    """Lose a row, or print one twice."""
    hurt = random.choice((row_dropped, row_repeated))(grid, random)
    return (hurt.grid, hurt.what) if hurt else None


def row_emptied(grid: Grid, random: Random) -> Change:
    """Print nothing in a row but, maybe, one cell."""
    row = random.randrange(grid.row_count)
    spans = [s for s in grid.spans if s.row == row]
    spans = spans if random.random() < 0.5 else spans[1:]
    return with_texts(grid, spans, ""), f"row {row} emptied"


WAYS: tuple[Way, ...] = (
    one_text,
    one_text,
    column_text,
    same_names,
    row_lost_or_twice,
    row_emptied,
)


def _where(span: Span) -> str:
    return f"{span.kind or 'heading'}{' header' if span.header else ''} {span.row}/{span.column}"


def writable(grid: Grid, kind: str) -> Grid:
    """Write what the format's file cannot hold as the format writes it, or leave it out."""
    codes = (*range(9), *range(11, 32), 0xD800, 0xDFFF, 0xDC80)
    marks = {code: _MARKS[kind].format(code) if kind in _MARKS else None for code in codes}
    kept = {code: chr(code) for code in range(32)} if kind == "md" else {}
    longest = {"xlsx": 32_000, "pdf": 60}.get(kind)
    texts = (s.text.translate({**marks, **kept})[:longest] for s in grid.spans)
    if kind == "pdf":
        texts = ("\n".join(re.findall(".{1,3}", text)) for text in texts)
    spans = (replace(s, text=text) for s, text in zip(grid.spans, texts, strict=True))
    return replace(grid, spans=tuple(spans))


#: How a format writes a character by its number; HTML's sign for one is put in afterwards.
_MARKS = {"html": "#{:d};", "xlsx": "_x{:04X}_"}
_NONSENSE = ("0", "99999", "abc", "-1", "", "1", "3", "2.5", "9" * 30)


def _spoil_html(path: Path, random: Random) -> list[str]:
    """Put in the characters that were kept out; lose cells, tags and attributes."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?<!&)#(\d+);", r"&#\1;", text)
    text, done = _attributes(text, random, r'(?:row|col)span="(?P<value>\d+)"')
    if random.random() < 0.3:
        pieces = list(re.finditer(r"<td[^>]*>.*?</td>|</?tr>|</?tbody>|</table>", text, re.DOTALL))
        for piece in sorted(random.sample(pieces, 3), key=lambda p: -p.start()):
            text = text[: piece.start()] + text[piece.end() :]
            done.append(f"lost {piece[0][:30]}")
    path.write_text(text, encoding="utf-8")
    return done


def _attributes(text: str, random: Random, pattern: str) -> tuple[str, list[str]]:
    """Lose some of the attributes that match, or give them nonsense."""
    found = list(re.finditer(pattern, text))
    if not found or random.random() < 0.5:
        return text, []
    done = []
    chosen = random.sample(found, min(len(found), random.choice((1, 2, 5))))
    for each in sorted(chosen, key=lambda match: -match.start()):
        value = random.choice((None, *_NONSENSE))
        start, end = each.span() if value is None else each.span("value")
        text = text[:start] + (value or "") + text[end:]
        done.append(f"{each[0]} -> {value if value is None else value[:9]}")
    return text, done


def _spoil_docx(path: Path, random: Random) -> list[str]:
    return _in_part(path, "word/document.xml", r'w:gridSpan w:val="(?P<value>\d+)"', random) + (
        _in_part(path, "word/document.xml", r'w:vMerge(?: w:val="(?P<value>\w+)")?', random)
        if random.random() < 0.5
        else []
    )


def _spoil_xlsx(path: Path, random: Random) -> list[str]:
    name = "xl/worksheets/sheet1.xml"
    pattern = random.choice((r'<mergeCell ref="(?P<value>[A-Z0-9:]+)"/>', r'<c r="(?P<value>\w+)"'))
    return _in_part(path, name, pattern, random)


_REFERENCES = ("A1:A1", "C3:E9", "B2", "XFD1048576", "A1:ZZ9")


def _in_part(path: Path, name: str, pattern: str, random: Random) -> list[str]:
    """Lose or change one match in a part of a package; a value only where it was caught."""
    content = io.BytesIO(path.read_bytes())
    done: list[str] = []
    with zipfile.ZipFile(content) as before, zipfile.ZipFile(path, "w") as after:
        for info in before.namelist():
            data = before.read(info)
            found = list(re.finditer(pattern, data.decode())) if info == name else []
            if found and random.random() < 0.5:
                text, each = data.decode(), random.choice(found)
                value = random.choice(_REFERENCES if "xl/" in name else _NONSENSE)
                start, end = each.span("value") if each["value"] else (0, 0)
                data = (text[:start] + value + text[end:]).encode() if end else data
                done += [f"{each[0]} -> {value[:9]}"] if end else []
            after.writestr(info, data)
    return done


_SPOILERS: dict[str, Callable[[Path, Random], list[str]]] = {
    "html": _spoil_html,
    "docx": _spoil_docx,
    "xlsx": _spoil_xlsx,
}
