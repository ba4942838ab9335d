"""What a document says of itself before its table: number, title, issuer, date, year."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from common.fold import as_seen
from schemas.records.document import FrontMatter

_OPEN, _CLOSE = "〔［\\[【（(﹝", "〕］\\]】）)﹞"
_NUMBER = re.compile(
    rf"([\u4e00-\u9fff]{{1,40}})[{_OPEN}]((?:19|20)\d\d)[{_CLOSE}]第?(\d{{1,5}})号"
)
_NUMBER_LABEL = re.compile(r"^.*(?:文件|发文字号|文号|文件编号|[：:])")
_HANZI_YEAR = r"二[〇○O零0一二三四五六七八九]{3}"
_DATE = re.compile(
    rf"(20\d\d|19\d\d|{_HANZI_YEAR})[年.\-/]([0-9]{{1,2}}|[一二三四五六七八九十元正]{{1,3}})[月.\-/]"
    r"([0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})日?"
)
_DATE_LABEL = re.compile(r"^(?:成文日期|发文日期|印发日期|签发日期|发布日期|发布时间)[：:]?")
_YEAR = re.compile(
    rf"(?<![\d—–~～至到-])(20\d\d|{_HANZI_YEAR})年(?!\d{{1,2}}月|[一二三四五六七八九十]+月)"
)
_ORGAN_END = (
    "人民政府|政府|办公室|办公厅|委员会|管委会|党委|党工委|市委|县委|区委|州委|省委|旗委|地委"
    "|领导小组|指挥部|督查室|局|厅"
)
_ORGAN = re.compile(rf"^[\u4e00-\u9fff、（）()]{{2,40}}?(?:{_ORGAN_END})$")
_KIND = "通知|通报|意见|决定|函|公告|方案|办法|批复|报告|请示|通告"
_NOTICE = re.compile(rf"关于.{{2,150}}(?:{_KIND})(?:[（(][^）)]{{1,10}}[）)])?$")
_ANNEX_WORD = re.compile("考核|目标|指标|责任|任务|评价|绩效|评分|考评")
_ANNEX_END = re.compile(
    r"(?:指标|目标|表|体系|任务|方案|办法|细则|责任书|标准|分解|清单|明细|一览|考核|内容|分值|值)"
    r"(?:[一二三四五六七八九十\d]*)(?:[（(][^）)]{1,20}[）)])*$"
)
_LABEL = re.compile(r"^(?:附件?|附表|表)\s*[一二三四五六七八九十\d]*[：:.、]?$|^[^：:]{1,8}[：:]")
_ANNEX_LABEL = re.compile(r"^(?:附件|附表|附)\s*[一二三四五六七八九十\d]*[：:.、]?(?=.)")
_SENTENCE = re.compile(r"[。；;，,：:！？]$")
_TITLE_LINES = 6
_ADDRESSED = re.compile("政府|委员会|管委会|部门|单位|街道|办事处|局|各")


def front_matter(lines: Sequence[str]) -> FrontMatter:
    """Return what the lines before the first table say of the document; None where they do not.

    ``title`` is the notice's (关于…的通知) where there is one, otherwise the annex's. ``year`` is
    the year the targets are for: the annex's title says it before the notice's, the notice's
    before its number, and the date is the last resort.
    """
    printed = [text for line in lines for text in (fold_line(part) for part in line.split("\n"))]
    printed = [text for text in printed if text]
    compact = [_squeeze(text) for text in printed]
    notice, end = _notice_title(compact)
    annex = _annex_title(compact[end:])
    number = _doc_number(compact)
    issued_on = _issued_on(compact)
    return FrontMatter(
        addressed=_salutation(compact[end:]) if notice else None,
        doc_number=number,
        title=_without_organ(notice) if notice else annex,
        issuer=_issuer(printed, notice),
        issued_on=issued_on,
        year=_target_year([annex, notice, number]) or (issued_on.year if issued_on else None),
    )


def completed(front: FrontMatter, other: FrontMatter) -> FrontMatter:
    """Return ``front`` with what it does not say taken from ``other`` (headers, end of text)."""
    names = ("doc_number", "title", "issuer", "issued_on", "year", "addressed")
    missing = {name: getattr(other, name) for name in names if getattr(front, name) is None}
    return replace(front, **missing)


def fold_line(line: str) -> str:
    """Return the line as it is seen, without the signs of Markdown around it."""
    return as_seen(line).strip("#* ")


def _squeeze(line: str) -> str:
    """Return the line without the white space that stands beside Chinese text or digits."""
    return re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])", "", line)


def is_date(line: str) -> bool:
    """Say whether a line holds a date and nothing else."""
    return _date_in(_squeeze(fold_line(line)).strip("（）()"), whole=True) is not None


def is_sentence(line: str) -> bool:
    """Say whether a line is running text (it ends as a sentence or a salutation does)."""
    return bool(_SENTENCE.search(line.rstrip()))


def _doc_number(lines: Iterable[str]) -> str | None:
    """Return the document's own number; a number cited inside running text is not its own."""
    for line in lines:
        match = _NUMBER.search(line)
        if match is None or is_sentence(line) or "《" in line:
            continue
        prefix = _NUMBER_LABEL.sub("", match[1])
        rest = line[match.end() :]
        own = match.start() == 0 or line[match.start() - 1] in "：:"
        if own and 0 < len(prefix) <= 12 and (not rest or rest.startswith("签发")):
            return f"{prefix}〔{match[2]}〕{int(match[3])}号"
    return None


def _notice_title(lines: Sequence[str]) -> tuple[str | None, int]:
    """Return the first title of the form 关于…的通知 (it may take several lines) and its end."""
    for start, line in enumerate(lines):
        if not _may_start_title(line):
            continue
        joined = ""
        for end, part in enumerate(lines[start : start + _TITLE_LINES], start + 1):
            if is_sentence(part) and not part.endswith(("，", "、", ",")):
                break
            joined += part
            if _NOTICE.search(joined):
                return joined, end
    return None, 0


def _may_start_title(line: str) -> bool:
    position = line.find("关于")
    if position < 0 or is_sentence(line):
        return False
    return position == 0 or _ORGAN.match(line[:position]) is not None


def _salutation(lines: Sequence[str]) -> str | None:
    """Return whom a letter is addressed to: the lines under its title up to one with a colon."""
    joined = ""
    for line in lines[:_TITLE_LINES]:
        joined += line
        if line.endswith(("：", ":")):
            return joined[:-1] if _ADDRESSED.search(joined) else None
        if _SENTENCE.search(line) and not line.endswith(("，", ",")):
            return None
    return None


def _without_organ(title: str) -> str:
    position = title.find("关于")
    return title[position:] if _ORGAN.match(title[:position]) else title


def _annex_title(lines: Sequence[str]) -> str | None:
    """Return the title nearest the table that names targets."""
    for index in range(len(lines) - 1, -1, -1):
        line = _ANNEX_LABEL.sub("", lines[index])
        if not _LABEL.match(line) and _names_targets(line):
            return _with_line_before(lines, index, line)
    return None


def _names_targets(line: str) -> bool:
    if is_sentence(line) or len(line) > 80 or line.startswith("关于") or _NOTICE.search(line):
        return False
    return bool(_ANNEX_WORD.search(line) and (_ANNEX_END.search(line) or _YEAR.search(line)))


def _with_line_before(lines: Sequence[str], index: int, line: str) -> str:
    """Return the title with its first half, where that is printed on the line above."""
    if index == 0 or _YEAR.search(line):
        return line
    before = _ANNEX_LABEL.sub("", lines[index - 1])
    apart = is_sentence(before) and not before.endswith(("，", "、"))
    if apart or is_date(before) or _LABEL.match(before) or _ANNEX_END.search(before):
        return line
    return before + line if _YEAR.search(before) and len(before) <= 60 else line


def _date_in(text: str, *, whole: bool) -> date | None:
    match = _DATE.fullmatch(text) if whole else _DATE.search(text)
    if match is None:
        return None
    try:
        return date(_year_value(match[1]), _small_number(match[2]), _small_number(match[3]))
    except ValueError:
        return None  # such as 2月30日: the line does not say a date


def _year_value(text: str) -> int:
    return int(text if text.isdigit() and text.isascii() else "".join(map(_hanzi_digit, text)))


def _hanzi_digit(char: str) -> str:
    return "0" if char in "〇○O零0" else str("〇一二三四五六七八九".index(char.replace("两", "二")))


def _small_number(text: str) -> int:
    if text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十").replace("元", "一").replace("正", "一")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(map(_hanzi_digit, text)))
    return (int(_hanzi_digit(tens)) if tens else 1) * 10 + (int(_hanzi_digit(ones)) if ones else 0)


def _issued_on(lines: Sequence[str]) -> date | None:
    """Return the date under the text; else a labelled one, else that of the printing (印发)."""
    alone = [_date_in(_signed_date(line), whole=True) for line in lines]
    for found in reversed(alone):
        if found:
            return found
    for line in lines:
        if _DATE_LABEL.match(line):
            labelled = _date_in(_DATE_LABEL.sub("", line), whole=False)
            if labelled:
                return labelled
    printed = [_date_in(line, whole=False) for line in lines if line.endswith("印发")]
    return next((found for found in reversed(printed) if found), None)


def _signed_date(line: str) -> str:
    """Return the line without brackets and without the issuer's name before the date."""
    line = line.strip("（）()")
    match = _DATE.search(line)
    if match and match.start() and _ORGAN.match(line[: match.start()]):
        return line[match.start() :]
    return line


def _issuer(printed: Sequence[str], notice: str | None) -> str | None:
    """Return who signs, else who stands in the letterhead, else who stands in the title."""
    names = [_organs(line) for line in printed]
    for index in reversed(range(len(printed))):
        signed = _signature(printed[index], names[:index])
        if signed:
            return "、".join(signed)
    head = next((index for index, name in enumerate(names) if name), None)
    if head is not None:
        return "、".join(_run_below(names, head))
    return _organ_before(notice, notice.find("关于")) if notice else None


def _signature(line: str, above: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return who signs beside or above a line that ends in a date; nothing for other lines."""
    compact = _squeeze(line)
    match = _DATE.search(compact)
    if match is None or match.end() != len(compact):
        return ()
    if match.start():
        signed = _organ_before(compact, match.start())
        return (signed,) if signed else ()
    signing = itertools.takewhile(bool, reversed(above))
    return [name for names in reversed(list(signing)) for name in names]


def _organ_before(line: str, position: int) -> str | None:
    """Return what stands before a position of a line if it is an organ's name."""
    return line[:position] if _ORGAN.match(line[:position]) else None


def _run_below(names: Sequence[Sequence[str]], index: int) -> list[str]:
    found: list[str] = []
    while index < len(names) and names[index]:
        found.extend(name for name in names[index] if name not in found)
        index += 1
    return found


def _organs(line: str) -> list[str]:
    """Return the organs a line names when it names nothing else (two may share a line)."""
    bare = re.sub(r"\s*文\s*件$", "", line)
    bare = re.sub(r"^发文(?:机关|单位)[：:]\s*", "", bare)
    parts = bare.split()
    if len(parts) > 1 and all(len(part) >= 4 and _ORGAN.match(part) for part in parts):
        return parts
    whole = _squeeze(bare)
    return [whole] if len(whole) >= 4 and _ORGAN.match(whole) else []


def _target_year(texts: Iterable[str | None]) -> int | None:
    for text in texts:
        years = [_year_value(year) for year in _YEAR.findall(text)] if text else []
        if years:
            return max(years)  # 2019年完成情况及2020年目标: the targets are for the later one
        number = re.search(r"〔(\d{4})〕", text) if text else None
        if number:
            return int(number[1])
    return None
