"""What a person is told of a landing, and of how two documents differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from compare.documents import Item
from flows.jobs.batch.run import ingest
from flows.jobs.batch.summary import Summary, summarize
from flows.jobs.differences import Finding as Pointed
from flows.jobs.differences import is_flagged, value_differences
from flows.jobs.ingest import Order
from schemas.records.document import Document
from schemas.records.notice import Finding, Indicator, Notice, Target
from tests.support.compare import sides
from tests.support.paths import NOTICES

HTML = NOTICES / "2020/notice.html"


def indicator(serial_no: int, group: int) -> Indicator:
    return Indicator(
        *(serial_no, "甲", "乙", f"指标{serial_no}", None, f"指标{serial_no}", None, group, 2.0),
        *("higher_is_better", ("市统计局",), (), None, None),
    )


def target(serial_no: int, entity: str, *, assessed: bool, points: float = 2.0) -> Target:
    status = "assessed" if assessed else "not_assessed"
    return Target(
        *(serial_no, entity, status, points, "5" if assessed else None),
        *("number" if assessed else "none", ">=" if assessed else None, 5.0, None, ()),
        *(False, None, None, serial_no == 1, None),
    )


def notice(findings: tuple[Finding, ...] = ()) -> Notice:
    return Notice(
        document_id="a",
        year=2031,
        indicators=(indicator(1, 1), indicator(2, 1), indicator(3, 3)),
        targets=(
            target(1, "东", assessed=False),
            target(2, "东", assessed=True),
            target(3, "东", assessed=True, points=0.5),
            target(1, "西", assessed=True),
            target(2, "西", assessed=True),
            target(3, "西", assessed=False),
        ),
        findings=findings,
        entities=("东", "西"),
    )


def summary(*findings: Finding) -> Summary:
    document = Document("a.pdf", "pdf", "0" * 64, "reader", ())
    return replace(summarize(document, notice(findings)), landed_in="tables", changed=True)


def finding(severity: str, state: str = "open") -> Finding:
    return Finding(severity, "code", "a message", "一条说明", state=state)


def test_each_weight_group_counts_once_where_a_member_is_assessed() -> None:
    assert summary().totals == {"东": 2.5, "西": 2.0}
    assert summary().weight_groups == 2
    assert summary().needs_review == 2


def test_only_open_errors_and_warnings_make_it_unclean() -> None:
    assert summary(finding("info"), finding("error", state="corrected")).clean
    assert not summary(finding("warning")).clean
    counted = summary(finding("info"), finding("warning"), finding("error"))
    assert counted.findings == {"error": 1, "warning": 1, "info": 1}
    assert [item.severity for item in counted.open_findings] == ["error", "warning"]


def test_many_findings_are_cut_and_the_rest_is_named() -> None:
    text = summary(*[finding("warning")] * 30).as_text()
    assert text.count("一条说明") == 20
    assert "另有 10 条" in text
    assert "kaohe query" in text


def item(serial_no: int, **reviewed: bool) -> Item:
    plain = sides.item(serial_no, "指标")
    targets = {
        name: replace(sides.target("5", 3.0), needs_review=flag) for name, flag in reviewed.items()
    }
    return replace(plain, targets=targets)


def test_doubt_is_the_rows_or_a_findings() -> None:
    plain = item(7, 东=False, 西=False)
    assert is_flagged(item(7, 东=True, 西=False), "东", "unit", [])
    assert not is_flagged(item(7, 东=True, 西=False), None, "unit", [])
    assert is_flagged(plain, "东", "unit", [Pointed(7, None, None)])
    assert is_flagged(plain, "东", "unit", [Pointed(7, "东", "unit")])
    others = [Pointed(7, "西", None), Pointed(8, None, None), Pointed(7, "东", "level")]
    assert not is_flagged(plain, "东", "unit", others)


def test_document_does_not_differ_from_itself(landed: Path) -> None:
    assert value_differences(landed, "ziyang-2020", "ziyang-2020") == []


def landed(folder: Path, **said: str) -> tuple[str, ...]:
    """Land the small web page as a document of that name and return the remarks on it."""
    source = folder / "raw" / "notices" / said.pop("name")
    source.mkdir(parents=True)
    (source / "notice.html").write_bytes(HTML.read_bytes())
    lines = [f'{key} = "{value}"' for key, value in said.items() if key != "issued_on"]
    lines += [f"issued_on = {said['issued_on']}"] if "issued_on" in said else []
    (source / "source.toml").write_text("\n".join(lines), encoding="utf-8")
    return ingest(Order(source, folder / "tables", cross_check=False), lambda _: None).remarks


def test_a_notice_that_is_not_in_force_is_told_from_one_that_is(tmp_path: Path) -> None:
    office = {"issuer": "东江市人民政府办公室"}
    assert landed(tmp_path, name="first", issued_on="2020-12-06", **office) == ()
    (remark,) = landed(tmp_path, name="second", issued_on="2020-03-01", **office)
    assert "“first”" in remark
    assert landed(tmp_path, name="third", issued_on="2020-02-01", role="copy", **office) == ()
    (remark,) = landed(
        tmp_path, name="fourth", issued_on="2020-12-31", supersedes="nobody", **office
    )
    assert "“nobody”没有入库" in remark


def test_a_table_that_is_mostly_unread_stands_above_everything_else() -> None:
    found = replace(finding("error"), code="mostly_unread", message_zh="大部分没有读入。")
    first, said, *_ = summary(finding("error"), found).as_text().splitlines()
    assert set(first) == {"！"}
    assert said == "【严重错误】大部分没有读入。"
    assert "【" not in summary(finding("error")).as_text()


def test_the_same_question_of_several_indicators_is_one_line() -> None:
    asked = [
        Finding("warning", "direction_unknown", "which end?", f"第{n}项？", serial_no=n)
        for n in (1, 3)
    ]
    told = summary(asked[0], finding("warning"), asked[1])
    assert told.findings["warning"] == 3  # each counts
    assert len(told.open_findings) == 3
    text = told.as_text()
    assert "有2项指标（序号 1、3）看不出越高越好还是越低越好" in text
    assert "第1项？" not in text and "第3项？" not in text
    assert "第1项？" in summary(asked[0], finding("warning")).as_text()
