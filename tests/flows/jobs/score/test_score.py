"""Scoring a landed notice: what is landed, printed, and what a sidecar may declare."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal
from common.terminal import json_text
from flows.cli.main import cli
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.returns.forms import make_forms
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.owed import NO_DEPARTMENT
from flows.jobs.score.rules import RulesListed, list_rules
from flows.jobs.score.run import score_year
from flows.jobs.score.what_if import what_if
from flows.jobs.score.whole import rules_of_the_whole
from schemas.tables.frames import records
from scoring.results.replay import replay
from scoring.total.printed import printed_total
from tests.support.flows.nights import notice_text
from tests.support.flows.scored_years import (
    DAY,
    DOCUMENT,
    Row,
    hand_in,
    keep_first,
    met,
    order,
    score,
    scored_rows,
    silent,
)
from tests.support.paths import ROOT
from tests.support.warehouse.landings import relist
from warehouse import snapshots as store
from warehouse.reading import read_table


@pytest.fixture
def tables(landed_few: Path, tmp_path: Path) -> Path:
    """A warehouse of its own that holds the first indicators of the notice of 2020."""
    return Path(shutil.copytree(landed_few, tmp_path / "tables", symlinks=True))


@pytest.fixture(scope="module")
def landed_returned(landed_few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returned")
    tables = Path(shutil.copytree(landed_few, folder / "tables", symlinks=True))
    hand_in(tables)
    return tables


@pytest.fixture
def returned(landed_returned: Path, tmp_path: Path) -> Path:
    """The first indicators with what a department returned for all of their lines."""
    return Path(shutil.copytree(landed_returned, tmp_path / "tables", symlinks=True))


@pytest.fixture
def whole(landed: Path, tmp_path: Path) -> Path:
    """One that holds all of it."""
    return Path(shutil.copytree(landed, tmp_path / "tables", symlinks=True))


def sidecar(tables: Path, text: str, name: str = DOCUMENT) -> Path:
    path = tables.parent / "raw/notices" / name / "source.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_fully_returned_and_fully_met_year_of_the_bundled_notice(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    ingest(Order(ROOT / "raw/notices/ziyang-2020", tables, cross_check=False), silent)
    sidecar(tables, (ROOT / "raw/notices/ziyang-2020/source.toml").read_text("utf-8"))
    hand_in(tables)
    summary = score(tables, raw=ROOT / "raw")
    totals = {row["entity"]: row["points"] for row in summary.scorecard}
    assert list(totals.values()) == [99, 99, 99, 99, 98.5]
    assert totals == {row["entity"]: row["max_points"] for row in summary.scorecard}
    assert summary.as_of == DAY.isoformat()
    rows = scored_rows(tables)
    assert len(rows) == 530
    assert {row["status"] for row in rows} == {"scored", "not_assessed"}
    assert {row["rank_group"] for row in summary.scorecard} == {"县（区）", "开发区"}
    for entity, points in totals.items():
        own = [replay(row["trace"]) or 0.0 for row in rows if row["entity"] == entity]
        assert sum(own) == pytest.approx(points, abs=1e-9)
    assert (summary.late, summary.unmatched, summary.clean) == ((), (), True)
    assert set(summary.lights) == {"green", "yellow", "red", "grey"}
    assert summary.lights["green"] == summary.statuses["scored"]


def test_before_anything_came(whole: Path) -> None:
    summary = score(whole)
    assert summary.as_of == "2020-12-06"
    assert summary.statuses == {
        "scored": 0, "not_assessed": 80, "method_not_applied": 0, "not_received": 450,
        "invalid": 0, "unreadable": 0,
    }  # fmt: skip
    # 98.5 may be half a point more, in one of two groups whose points its total doubts.
    assert {row["points_high"] for row in summary.scorecard} == {99.0}
    assert {row["max_points"] for row in summary.scorecard} == {99.0, 98.5}
    beyond = {e["entity"] for e in summary.scorecard if e["points_high"] > e["max_points"]}
    assert set(summary.points_in_doubt) == beyond
    assert f"得分区间上限高于满分：{'、'.join(summary.points_in_doubt)}。" in summary.as_text()
    assert {row["points"] for row in summary.scorecard} == {0.0}
    assert summary.late[0].not_received == sum(summary.late[0].entities.values())
    assert NO_DEPARTMENT in {each.department for each in summary.late}
    assert summary.departments_late == len(summary.late) - 1 == 30
    assert "未报送的部门 30 个" in summary.as_text()
    assert list(summary.late) == sorted(summary.late, key=lambda each: -each.not_received)


def test_landing_the_same_changes_nothing(returned: Path) -> None:
    assert score(returned).changed
    before = store.current_snapshot(returned)
    assert not score(returned).changed
    assert store.current_snapshot(returned) == before


def test_other_dates_stay(returned: Path) -> None:
    days = [date(2020, 12, 31), DAY, date(2020, 6, 30)]
    for day in days:
        assert score(returned, as_of=day).changed
    for name in ("scores", "scorecards", "rank_stability"):
        found = [row["as_of"] for row in scored_rows(returned, name)]
        assert sorted(set(found)) == sorted(days)
        assert found == sorted(found)
    assert not score(returned, as_of=days[0]).changed
    assert {row["received_share"] for row in score(returned, as_of=days[0]).scorecard} == {0.0}


def test_who_is_late(tables: Path) -> None:
    def fill(line: Row) -> Row | None:
        owed = "市财政局" in line["owner"]["assessing_departments"] and line["entity"] == "安岳县"
        return None if owed else met(line)

    hand_in(tables, fill)
    late = {each.department: each for each in score(tables).late}
    assert late["市财政局"].entities == {"安岳县": late["市财政局"].not_received}
    assert "市财政局" in score(tables).as_text()


def test_orphans_are_named(tables: Path) -> None:
    def fill(line: Row) -> Row | None:
        if line["serial_no"] == 1 and line["entity"] == "安岳县":
            return {**met(line), "serial_no": 999}
        return met(line)

    hand_in(tables, fill)
    summary = score(tables)
    assert not summary.clean
    assert [(each.serial_no, each.entity) for each in summary.unmatched] == [(999, "安岳县")]
    assert "表.xlsx" in summary.as_text()
    assert summary.statuses["not_received"] == 1


def test_departments_that_differ_are_named(returned: Path) -> None:

    def fill(line: Row) -> Row | None:
        first = line["serial_no"] == 1 and line["entity"] == "安岳县"
        return {"actual_value": 0.5, "revision": 2} if first else None

    hand_in(returned, fill, department="市发展和改革委")
    summary = score(returned)
    assert not summary.clean
    (dispute,) = summary.disputes
    assert (dispute.serial_no, dispute.entity) == (1, "安岳县")
    assert set(dispute.values) == {"市统计局", "市发展和改革委"}
    assert summary.statuses["invalid"] == 1
    assert "市发展和改革委 0.5" in summary.as_text()


def test_returns_for_a_superseded_document_are_named(returned: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raw/notices/newer"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "tests/fixtures/notices/2020/notice.html", folder)
    (folder / "source.toml").write_text(
        f'year = 2020\nrole = "official"\nsupersedes = "{DOCUMENT}"\n', "utf-8"
    )
    ingest(Order(folder, returned, cross_check=False), silent)
    summary = score(returned)
    assert summary.document_id == "newer"
    assert summary.left_behind == {DOCUMENT: len(scored_rows(returned, "returns"))}
    assert not summary.clean
    assert DOCUMENT in summary.as_text()


def test_points_that_a_total_doubts_widen_the_interval(whole: Path) -> None:
    hand_in(whole, met)
    card = next(card for card in score(whole).scorecard if card["entity"] == "临空经济区")
    assert (card["points"], card["points_low"]) == (98.5, 98.5)
    rows = records(read_table(whole, "scores"))
    spans = {
        row["serial_no"]: (row["points_low"], row["points_high"])
        for row in rows
        if row["points_low"] != row["points_high"]
    }
    third = pytest.approx((2 / 3, 2.5 / 3))
    assert spans == {98: (1, 1.5), 33: third, 34: third, 35: third}


def test_a_damaged_warehouse_is_told(tables: Path) -> None:
    hand_in(tables, met)
    (path,) = (tables / "current/targets/year=2020").glob("*.parquet")
    whole = path.read_bytes()
    harms: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: path.write_bytes(whole[:100]), "damaged_table"),
        (path.unlink, "damaged_table"),
        (lambda: relist((tables / "current").resolve()), "targets_missing"),
    )
    path.unlink()
    for harm, code in harms:
        harm()
        with pytest.raises(Refusal) as refused:
            score(tables, document_id=DOCUMENT)
        assert refused.value.code == code


def test_another_official_document_of_the_year_is_named(tables: Path) -> None:
    assert score(tables).passed_over == ()
    for name, supersedes in (("other", ""), ("older", ""), ("newer", f'supersedes="{DOCUMENT}"')):
        folder = tables.parent / "raw/notices" / name
        folder.mkdir(parents=True)
        (folder / "notice.txt").write_text(notice_text(2020), encoding="utf-8")
        told = f"year = 2020\n{supersedes}\n"
        told += f'role = "{"draft" if name == "older" else "official"}"\n'
        (folder / "source.toml").write_text(told, encoding="utf-8")
        ingest(Order(folder, tables, cross_check=False), silent)
    summary = score(tables, document_id="newer")
    assert summary.passed_over == ("other",)
    assert "另有正式文件：other" in summary.as_text()


def test_a_day_still_to_come_is_not_scored(tables: Path) -> None:
    refused = kaohe(tables, 2020, "--as-of", "2999-12-31")
    assert refused.exit_code == 2
    assert "still to come" in refused.stderr
    assert not len(read_table(tables, "scores"))


def test_a_sidecar_that_is_not_there_any_more_is_told(tables: Path) -> None:
    assert "没有 " in score(tables).rules  # this document never had one
    notice = tables.parent / "elsewhere/notices" / DOCUMENT
    shutil.copytree(ROOT / "raw/notices/ziyang-2020", notice)
    ingest(Order(notice, tables, cross_check=False), silent)
    keep_first(tables, 8)  # all of it shows no more
    for step in (
        lambda raw: score(tables, raw=raw),
        lambda raw: make_forms(tables, 2020, tables.parent / "forms", raw=raw),
    ):
        with pytest.raises(Refusal) as refused:
            step(tables.parent / "raw")
        assert refused.value.code == "sidecar_missing"
        step(tables.parent / "elsewhere")
    groups = {card["rank_group"] for card in score(tables, raw=notice.parents[1]).scorecard}
    assert groups == {"县（区）", "开发区"}


def test_rules_and_rank_groups_of_the_sidecar(returned: Path) -> None:
    sidecar(
        returned,
        """
        year = 2020
        [rank_groups]
        "县" = ["雁江区", "安岳县", "乐至县"]
        "区" = ["高新区", "临空经济区"]
        [rules]
        version = "1"
        from = 2020-01-01
        basis = "试行办法"
        [[rules.rule]]
        serial_no = 1
        rule = "external"
        """,
    )
    summary = score(returned)
    assert {row["rank_group"] for row in summary.scorecard} == {"县", "区"}
    assert "试行办法" in summary.rules
    first = [row for row in scored_rows(returned) if row["serial_no"] == 1]
    assert {row["rule"] for row in first} == {"external"}
    assert json.loads(first[0]["trace"])["rule"]["origin"] == "notice"


def test_the_head_says_how_many_indicators_count_by_which_rules(tables: Path) -> None:
    rule = '[rules]\nversion="9"\nfrom=2020-01-01\nbasis="办法"\n'
    sidecar(tables, f'{rule}[[rules.rule]]\nserial_no = 1\nrule = "external"\n')
    said = score(tables).rules
    count = int(re.search(r"(\d+) 项按通用规则", said)[1])
    assert "1 项按通知自定规则" in said
    assert count + 1 == len({row["serial_no"] for row in scored_rows(tables)})


def test_rules_are_json_with_what_the_notes_say_of_the_whole() -> None:
    printed = printed_total([("发生重大事故的，取消评优资格", None)])
    listed = RulesListed("x", 2020, "2020-12-31", None, None, (), printed)
    told = json.loads(json_text(listed.as_json()))["printed_total"]
    assert told["factors"] == {}
    assert told["vetoes"] == [{"serial_no": None, "effects": ["bar"]}]


def test_clauses_of_the_whole_that_nobody_understood_stand_with_the_rules(tmp_path: Path) -> None:
    printed = printed_total([("总分的10%由督查得分折算", None)])
    assert printed.unread
    rules = rules_of_the_whole(None, printed)
    assert rules is not None
    assert rules.unread == printed.unread
    head = "version = '1'\nfrom = 2020-01-01\n"
    quoted = f"[total]\n{head}basis = '{printed.unread[0]}'\n"
    (tmp_path / "source.toml").write_text(quoted, encoding="utf-8")
    settled = rules_of_the_whole(tmp_path / "source.toml", printed)
    assert settled is not None
    assert not settled.unread


def test_declaring_what_the_veto_of_a_row_does_settles_the_sentence_about_it(
    tmp_path: Path,
) -> None:
    said = "发生较大及以上生产安全事故的，实行一票否决"
    sidecar = tmp_path / "source.toml"

    def unread(declared: int, *printed: tuple[str, int | None]) -> tuple[str, ...]:
        veto = f"[[total.veto]]\nserial_no = {declared}\neffects = ['bar']\n"
        head = "[total]\nversion = '1'\nfrom = 2020-01-01\nbasis = '附注'\n"
        sidecar.write_text(head + veto, encoding="utf-8")
        rules = rules_of_the_whole(sidecar, printed_total(printed))
        return rules.unread if rules else ()

    assert unread(7, (said, 7)) == ()
    assert unread(6, (said, 7)) == (said,)
    assert unread(7, (said, 7), (said, 8)) == (said,)
    assert unread(7, (said, 7), (said, None)) == (said,)


def test_a_folder_of_another_name_may_claim_the_document(tables: Path) -> None:
    rules = '[rules]\nversion="9"\nfrom=2020-01-01\nbasis="办法"\n'
    sidecar(tables, "year = 2020\n" + rules, "other")
    assert "通用规则" in score(tables).rules
    sidecar(tables, f'document_id = "{DOCUMENT}"\n' + rules, "third")
    assert "办法" in score(tables).rules


def test_rules_that_begin_later_are_said(tables: Path) -> None:
    sidecar(tables, '[rules]\nversion="9"\nfrom=2022-01-01\nbasis="办法"\n')
    assert "尚未施行" in score(tables).rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[rules]\nversion="1"', ("source.toml", "from")),
        ("rules = 3", ("source.toml", "rules")),
        ("[rules", ("source.toml", "TOML")),
        (
            '[rules]\nversion="1"\nfrom=2020-01-01\nbasis="x"\n[[rules.rule]]\nserial_no=1\n'
            'rule="nothing"',
            ("第1条", "rule"),
        ),
        (
            '[rules]\nversion="1"\nfrom=2020-01-01\nbasis="x"\n[[rules.rule]]\nserial_no=999\n'
            'rule="judged"',
            ("999", "没有对应的指标"),
        ),
        (
            '[rules]\nversion="1"\nfrom=2020-01-01\nbasis="x"\n[[rules.share]]\nweight_group=13\n'
            "fractions={13=0.5}",
            ("合计为1",),
        ),
        ('[rank_groups]\n"县"=["没有的县"]', ("没有的县",)),
        ('[rank_groups]\n"县"=[3]', ("rank_groups.县",)),
    ],
)
def test_a_wrong_sidecar_is_refused(
    landed: Path, tmp_path: Path, text: str, words: Sequence[str]
) -> None:
    sidecar(tmp_path / "tables", text)
    before = store.current_snapshot(landed)
    with pytest.raises(Refusal) as refused:
        score(landed, raw=tmp_path / "raw")
    for word in words:
        assert word in refused.value.zh
    assert store.current_snapshot(landed) == before


def test_what_is_not_there_is_refused(landed: Path) -> None:
    with pytest.raises(Refusal) as refused:
        score(landed, document_id="nobody")
    assert refused.value.code == "no_such_document"
    with pytest.raises(Refusal) as refused:
        score_year(ScoreOrder(2021, landed, DOCUMENT, raw=landed.parent), silent)
    assert refused.value.code == "other_year"


def test_what_landed_meanwhile_is_scored_too(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import flows.jobs.score.run as module

    real, calls = module.score_case, []

    def slow(case: Any) -> Any:
        calls.append(case)
        if len(calls) == 1:
            hand_in(tables)
        return real(case)

    monkeypatch.setattr(module, "score_case", slow)
    assert {row["received_share"] for row in score(tables).scorecard} == {1.0}
    assert len(calls) == 2


def test_what_if_lands_nothing(returned: Path, tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text('[[actual]]\nserial_no=1\nentity="安岳县"\nactual_value=0\n', "utf-8")
    before = store.current_snapshot(returned)
    found = what_if(order(returned), file, silent)
    assert store.current_snapshot(returned) == before
    (row,) = found.changed
    assert (row["serial_no"], row["entity"], row["points_what_if"]) == (1, "安岳县", 0.0)
    assert len(found.totals) == 5
    assert row["indicator"] in found.as_text()
    json.dumps(found.as_json(), default=str)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[[target", b"a = 1", b""])
def test_a_wrong_what_if_file_is_refused(landed: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "w.toml"
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        what_if(order(landed), file, silent)
    assert str(file) in refused.value.zh


def test_rules_are_listed_before_any_return(landed: Path) -> None:
    listed = list_rules(order(landed))
    assert len({(row.serial_no, row.entity) for row in listed.rows}) == 450
    text = listed.as_text()
    assert "按完成比例" in text
    assert "部门评定" in text


def kaohe(tables: Path, *arguments: object) -> Result:
    told = ["score", *map(str, arguments), "--warehouse", str(tables), "--raw", str(tables.parent)]
    return CliRunner().invoke(cli, told)


def test_the_command(tables: Path, tmp_path: Path) -> None:
    shown = kaohe(tables, 2020)
    assert shown.exit_code == 0, shown.output
    assert "雁江区" in shown.stdout
    told = json.loads(kaohe(tables, 2020, "--json", "--as-of", "2020-12-31").stdout)
    assert (told["as_of"], len(told["scorecard"])) == ("2020-12-31", 5)
    rules = json.loads(kaohe(tables, 2020, "--rules", "--json").stdout)
    assert rules["rows"][0]["rule"] == "proportional"
    file = tmp_path / "w.toml"
    file.write_text("[[target]]\nserial_no=1\ntarget_value=9\n", "utf-8")
    tried = kaohe(tables, 2020, "--what-if", file, "--json")
    assert json.loads(tried.stdout)["changed"] == []
    assert kaohe(tables, 2020, "--what-if", file, "--rules").exit_code == 2
    assert kaohe(tables, 2019).exit_code == 1


def test_the_command_replays_what_is_landed(tables: Path) -> None:
    refused = kaohe(tables, 2020, "--replay")
    assert refused.exit_code == 1
    assert "kaohe score 2020" in refused.stderr
    hand_in(tables)
    assert kaohe(tables, 2020).exit_code == 0
    agreed = kaohe(tables, 2020, "--replay")
    assert (agreed.exit_code, len(agreed.stdout.splitlines())) == (0, 1)
    assert "160 条得分均" in agreed.stdout
    assert json.loads(kaohe(tables, 2020, "--replay", "--json").stdout)["differences"] == []
    assert kaohe(tables, 2020, "--replay", "--rules").exit_code == 2


def test_the_command_says_what_to_look_at(tables: Path) -> None:
    hand_in(tables, lambda line: {**met(line), "serial_no": 999})
    assert kaohe(tables, 2020).exit_code == 3


def test_printed_weights_of_periods_stand_beside_the_totals_until_they_are_declared(
    tmp_path: Path,
) -> None:
    said = "一季度占15%、二季度占25%、三季度占25%、四季度占35%"
    printed = printed_total([(said, None)])
    undeclared = rules_of_the_whole(None, printed)
    assert undeclared is not None
    assert undeclared.unread == (said,)
    weights = zip((15, 25, 25, 35), ("04-20", "07-20", "10-20", "12-31"), strict=True)
    declared = "".join(
        f"2022-Q{quarter} = {{ weight = {weight}, as_of = 2022-{day} }}\n"
        for quarter, (weight, day) in enumerate(weights, 1)
    )
    sidecar = tmp_path / "source.toml"
    sidecar.write_text(f"[periods]\n{declared}", encoding="utf-8")
    assert rules_of_the_whole(sidecar, printed) is None
