"""A Word notice whose signs are not in its plain text, from the file to the records."""

from __future__ import annotations

from pathlib import Path

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from tests.support.extract.docx_files import p, save, tbl, tc, tr

STYLES = (
    '<w:style w:type="paragraph" w:styleId="gone"><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="no"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    "</w:pPr></w:style>"
)
LISTS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
SERIAL = tc('<w:p><w:pPr><w:pStyle w:val="no"/></w:pPr></w:p>')


def runs(first: str, properties: str, second: str) -> str:
    """A paragraph of two runs, of which the first has properties."""
    return (
        f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{first}</w:t></w:r>"
        f"<w:r><w:t>{second}</w:t></w:r></w:p>"
    )


UP = '<w:r><w:rPr><w:rStyle w:val="up"/></w:rPr><w:t>1</w:t></w:r>'
RAISED = f"<w:p><w:r><w:t>5200</w:t></w:r>{UP}</w:p>"
GONE = '<w:p><w:pPr><w:pStyle w:val="gone"/></w:pPr><w:r><w:t>7</w:t></w:r></w:p>'
WHITE = runs("1", '<w:color w:val="FFFFFF"/>', "9")
SYMBOL = '<w:p><w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r><w:r><w:t>3</w:t></w:r></w:p>'
ROWS = (
    ("地区生产总值增长率（%）", GONE + p("8"), "7.5"),
    ("城镇新增就业（人）", RAISED, "3100"),
    ("实施重点项目（个）", WHITE, "12"),
    ("较大安全事故（起）", SYMBOL, "2"),
)


def test_values_are_what_is_seen(tmp_path: Path) -> None:
    head = tr(*map(tc, ("序号", "一级指标", "二级指标", "分值", "东河区", "南屏县", "考核部门")))
    rows = (
        tr(SERIAL, *map(tc, ("经济发展", name, "10", *targets, "市统计局")))
        for name, *targets in ROWS
    )
    front = p("平府办发〔2022〕18号") + p("关于印发2022年度目标考核指标的通知") + p("2022年3月15日")
    body = front + tbl(head, *rows) + p("注1：含灵活就业。")
    path = save(tmp_path, body, parts={"styles": STYLES, "numbering": LISTS})
    notice = normalize(read_document(path), SourceMeta("word"))
    read = {
        (t.serial_no, t.entity): (t.target_text, t.target_value, t.needs_review)
        for t in notice.targets
    }
    assert [read[row, "东河区"] for row in (1, 2, 3, 4)] == [
        ("8", 8.0, False),
        ("5200", 5200.0, False),
        ("9", 9.0, False),
        ("≤3", 3.0, False),
    ]
    assert not any(doubted for *_, doubted in read.values())
    assert "注1：含灵活就业。" in [note.text for note in notice.indicators[1].notes]
    assert {"struck_text", "hidden_text"} <= {finding.code for finding in notice.findings}
    assert not any("serial" in finding.code for finding in notice.findings)
