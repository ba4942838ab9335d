"""What counts is declared in forms as it would be by hand: rules, vetoes, coefficients, figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from common.days import ZONE
from extract.read import read_document
from flows.desk.shared.labels import label
from flows.jobs.desk.glance import glances
from flows.jobs.desk.memory import Memory, key_of
from flows.jobs.desk.rule_evidence import parameters_of, rules_with_form
from flows.jobs.ingest import code_version
from flows.jobs.returns.asked import OF_LINES, effective
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from flows.jobs.sidecar.document import locate
from flows.jobs.sidecar.meta import parse_sidecar
from flows.jobs.sidecar.rules import periods_of, rules_of, total_of
from schemas.records.document import Document
from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import RETURNS
from scoring.total.rules import VetoEffect
from tests.support.flows.desk import ORIGIN, Office
from tests.support.for_each import for_each
from warehouse.landing import Amendment, amend
from warehouse.reading import read_tables

NAME = "small-2024"
PROPOSED = "每低于目标1个百分点扣0.2分，扣完为止；情节严重的加倍扣分"
ROWS = (
    ("1", "固定资产投资增长率（%）", "5", "8", "10", PROPOSED),
    ("2", "招商引资到位资金（亿元）", "4", "35", "20", "市里另行规定"),
    ("3", "人均可支配收入增速（%）", "3", "高于全省平均水平", "高于全省平均水平", ""),
    ("4", "安全生产事故（起）", "2", "0", "0", ""),
)
HEAD = ("序号", "指标", "分值", "甲区", "乙县", "评分标准")


def small_notice() -> str:
    lines = [HEAD, *ROWS]
    table = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in row)}</tr>" for row in lines)
    title = (
        "<p>某市人民政府办公室</p><p>关于印发2024年度目标考核指标的通知</p><p>某府办〔2024〕9号</p>"
    )
    notes = "<p>说明：1.90分以上为优秀。2.发生重大事故的，一票否决，取消评优资格。</p>"
    head = "<html><meta charset=utf-8><body>"
    return f"{head}{title}<table border=1>{table}</table>{notes}</body></html>"


@pytest.fixture(scope="module")
def landed_small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Document]:
    root = tmp_path_factory.mktemp("rules")
    folder = root / "raw/notices" / NAME
    folder.mkdir(parents=True)
    (folder / "notice.html").write_text(small_notice(), "utf-8")
    (folder / "source.toml").write_text("# 手写的说明\nissued_on = 2024-03-01\n", "utf-8")
    memory, located = Memory(), locate(folder)
    document = read_document(located.path)
    memory.keep(key_of(located), document)
    memory.land(memory.understand(located, root / "tables"), folder, root / "tables")
    return root, document


@pytest.fixture
def office(landed_small: tuple[Path, Document], tmp_path: Path) -> Office:
    root, document = landed_small
    return Office.of(root, tmp_path, NAME, document)


def sidecar(office: Office) -> Path:
    return office.root / "raw/notices" / NAME / "source.toml"


def form_in(page: str, action: str) -> dict[str, Any]:
    """Return the form of a page as a browser would send it unchanged."""
    form = re.search(rf'<form method="post" action="{re.escape(action)}">(.*?)</form>', page, re.S)
    assert form is not None
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            fields[name[1]] = value[1] if value else ""
        elif name and value and " checked" in tag:
            fields.setdefault(name[1], []).append(value[1])
    for name, options in re.findall(r'<select name="([^"]*)">(.*?)</select>', form[1], re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def declare(office: Office, **fields: Any) -> Response:
    page = office.get(f"/notices/{NAME}/").text
    path = f"/notices/{NAME}/declare"
    return office.post(path, {**form_in(page, path), **fields})


def write_rule(office: Office, asked: str, **fields: Any) -> Response:
    path = f"/notices/{NAME}/method"
    page = office.get(f"{path}?{asked}").text
    return office.post(path, {**form_in(page, path), **fields})


def rule_of(office: Office, serial_no: int, entity: str) -> tuple[str, str, str]:
    """Return an indicator's rule, its parameters and its origin as they count now."""
    tables = read_tables(office.desk.order.warehouse, OF_LINES)
    listed = effective(sidecar(office), NAME, 2024, tables, office.root / "raw")
    (own,) = (each for each in listed if (each.serial_no, each.entity) == (serial_no, entity))
    return own.rule, json.dumps(own.parameters), own.origin


def test_all_that_an_officer_declares_of_the_whole_has_a_field(office: Office) -> None:
    page = office.get(f"/notices/{NAME}/").text
    assert "取消评优" in page  # what the notes say stands beside the fields
    fields = {
        "deadline": "2024-12-20",
        "approval": "required",
        "one_figure": "listed",
        "one_figure_of": "3",
        "group.甲区": "区",
        "group.乙县": "县",
        "coefficient.别组": "2",  # neither a group nor an entity
        "accumulates.1": "level",
        "direction.4": "lower_is_better",
        "veto1.serial_no": "4",
        "veto1.effects": ["set_aside", "lower_grade"],
        "basis": "附注第2条",
    }
    answer = declare(office, **fields)
    assert answer.status_code == 303, answer.text
    assert (
        declare(office, **{"coefficient.县": "0.95", "coefficient.甲区": "0.9"}).status_code == 303
    )
    meta, total = parse_sidecar(sidecar(office), NAME), total_of(sidecar(office))
    assert total is not None
    assert (meta.deadline, meta.approval) == (date(2024, 12, 20), "required")
    assert meta.one_figure == (3,)
    assert meta.accumulates == {"1": "level"}
    assert meta.directions == {"4": "lower_is_better"}
    assert dict(total.coefficients) == {"县": 0.95, "甲区": 0.9}
    assert (total.basis, total.since) == ("附注第2条", date(2024, 3, 1))
    assert total.effects(4) == {VetoEffect.SET_ASIDE, VetoEffect.LOWER_GRADE}
    assert total.effects(1) == frozenset()
    text = sidecar(office).read_text("utf-8")
    assert text.startswith("# 手写的说明\n")
    assert declare(office).status_code == 303  # the form as it is shown says the same
    assert sidecar(office).read_text("utf-8") == text
    taken_back = {"one_figure": "", "veto1.effects": [], "coefficient.县": "", "accumulates.1": ""}
    assert declare(office, **taken_back).status_code == 303
    assert parse_sidecar(sidecar(office), NAME).accumulates == {}
    assert "veto" not in sidecar(office).read_text("utf-8")


def test_a_coefficient_alone_is_declared_and_is_another_version(office: Office) -> None:
    groups = {"group.甲区": "区", "group.乙县": "县"}
    for factor, version in (("0.95", "1"), ("0.9", "2")):
        answer = declare(office, **groups, **{"coefficient.甲区": factor})
        assert answer.status_code == 303, answer.text
        total = total_of(sidecar(office))
        assert total is not None
        assert (dict(total.coefficients), total.version) == ({"甲区": float(factor)}, version)


def test_a_proposal_is_confirmed_or_another_rule_written_instead(office: Office) -> None:
    path = f"/notices/{NAME}/method?serial_no=1"
    page = office.get(path).text
    assert PROPOSED in page
    assert "甲区 <q>8</q>" in page
    before = rule_of(office, 1, "甲区")
    assert before[2] == "default"
    fields = {f"p.bands.{n}.{key}": each for n, pair in enumerate((("1", "1"), ("0.9", "0.8")), 1)
              for key, each in zip(("of", "gives"), pair, strict=True)}  # fmt: skip
    saved = write_rule(office, "serial_no=1&rule=bands", **fields, basis="第七条")
    assert saved.status_code == 303, saved.text
    assert "done=saved" in saved.headers["location"]
    assert "分档" in office.get(saved.headers["location"]).text
    rule, parameters, origin = rule_of(office, 1, "甲区")
    assert (rule, origin) == ("bands", "notice")
    assert "[0.9, 0.8], [1.0, 1.0]" in parameters
    own = rules_of(sidecar(office))
    assert own is not None
    assert (own.version, own.since) == ("1", date(2024, 3, 1))
    assert [each.rule.basis for each in own.overrides if each.rule] == ["第七条"]
    # for one entity alone, beside the first
    alone = write_rule(office, "serial_no=1&for=entity%7C乙县&rule=pass_fail")
    assert alone.status_code == 303, alone.text
    assert rule_of(office, 1, "乙县")[0] == "pass_fail"
    assert rule_of(office, 1, "甲区")[0] == "bands"
    # the page of each holds what it says, and takes it out again
    held = office.get(f"{path}&rule=bands").text
    assert 'name="p.bands.2.of" value="0.9"' in held
    assert write_rule(office, "serial_no=1", remove="1").status_code == 303
    assert rule_of(office, 1, "甲区") == before
    assert rule_of(office, 1, "乙县")[0] == "pass_fail"
    assert "另写" in office.get(f"/notices/{NAME}/").text


def test_a_proposal_that_leaves_words_out_is_no_choice_and_not_saved(office: Office) -> None:
    page, before = office.get(f"/notices/{NAME}/").text, sidecar(office).read_bytes()
    assert f'value="1|{PROPOSED}"' not in page
    answer = declare(office, method=[f"1|{PROPOSED}"])
    assert answer.status_code == 400
    assert "第 1 项" in answer.text and "情节严重的加倍扣分" in answer.text
    assert sidecar(office).read_bytes() == before


def test_parameters_of_a_confirmed_method_stay_and_answer_the_finding(office: Office) -> None:
    written = (
        '\n[rules]\nversion = "1"\nfrom = 2024-03-01\nbasis = "办法"\n'
        "[[rules.method]]\nserial_no = 1\n"
        f'text = "{PROPOSED}"\nrule = "per_unit"\nparameters = {{ per = 1, points = -0.2 }}\n'
    )
    with sidecar(office).open("a", encoding="utf-8") as file:
        file.write(written)
    assert declare(office, title="某市通知").status_code == 303
    assert "points = -0.2" in sidecar(office).read_text("utf-8")
    assert rule_of(office, 1, "甲区")[::2] == ("per_unit", "notice")
    found = read_tables(office.desk.order.warehouse, ("findings",))["findings"]
    states = found[found["code"] == "method_not_applied"].set_index("serial_no")["state"]
    assert states.to_dict() == {1: "accepted", 2: "open"}


def test_rules_written_by_hand_stay_with_their_remarks(office: Office) -> None:
    by_hand = (
        '\n[rules]  # 手写\nversion = "7"\nfrom = 2024-01-01\nbasis = "办法"\n\n'
        '# 第二项\n[[rules.rule]]\nserial_no = 2  # 由会议定\nrule = "pass_fail"\n'
    )
    with sidecar(office).open("a", encoding="utf-8") as file:
        file.write(by_hand)
    assert write_rule(
        office, "serial_no=4&rule=deduction", **{"p.points_per_event": "1"}
    ).is_redirect
    text = sidecar(office).read_text("utf-8")
    assert "# 第二项" in text
    assert "# 由会议定" in text
    assert 'version = "8"' in text
    assert rule_of(office, 2, "甲区")[0] == "pass_fail"
    assert rule_of(office, 4, "甲区")[0] == "deduction"


@pytest.mark.parametrize("rule", [*rules_with_form()])
def test_every_rule_has_a_form_whose_empty_fields_are_the_defaults(
    office: Office, rule: str
) -> None:
    needed = {
        f"p.{spec.name}": str(number)
        for number, (spec, default) in enumerate(parameters_of(rule), 1)
        if default is None and not spec.optional and spec.kind == "number"
    }
    if rule == "bands":
        needed = {"p.bands.1.of": "1", "p.bands.1.gives": "1"}
    if rule == "classes":
        needed = {"p.classes.1.of": "国家级", "p.classes.1.gives": "3"}
    asked = f"&rule={rule}&m1=pass_fail" if rule == "mix" else f"&rule={rule}"
    saved = write_rule(office, f"serial_no=1{asked}", **needed)
    assert saved.status_code == 303, saved.text


def test_a_rule_is_made_of_others_and_taken_up_again(office: Office) -> None:
    asked = "serial_no=1&rule=mix&m1=proportional&m2=bands"
    fields = {"m1.weight": "0.6", "m1.cap": "1", "m2.weight": "0.4"}
    bands = {"m2.bands.1.of": "1", "m2.bands.1.gives": "1"}
    saved = write_rule(office, asked, **fields, **bands)
    assert saved.status_code == 303, saved.text
    rule, parameters, origin = rule_of(office, 1, "甲区")
    assert (rule, origin) == ("mix", "notice")
    assert "0.6" in parameters and "proportional" in parameters and "[1.0, 1.0]" in parameters
    page = office.get(f"/notices/{NAME}/method?serial_no=1").text
    assert 'name="m1.weight" value="0.6"' in page
    assert 'name="m2.bands.1.of" value="1' in page
    assert "本单位设定" in page
    text = sidecar(office).read_text("utf-8")
    assert write_rule(office, "serial_no=1").status_code == 303  # as it is shown it says the same
    assert sidecar(office).read_text("utf-8") == text


def test_periods_have_fields_and_say_what_is_wrong_by_their_labels(office: Office) -> None:
    quarters = (("2024-H1", "40", "2024-07-20"), ("2024-H2", "60", "2025-01-20"))
    keys = ("name", "weight", "as_of")
    fields = {
        f"period{n}.{key}": each
        for n, quarter in enumerate(quarters, 1)
        for key, each in zip(keys, quarter, strict=True)
    }
    wrong = declare(office, **fields | {"period2.weight": "50"})
    assert wrong.status_code == 400
    assert "“权重”合计为 1 或 100（现合计 90）" in wrong.text
    assert declare(office, **fields).status_code == 303
    found = periods_of(sidecar(office))
    assert [(each.name, each.weight) for each in found] == [("2024-H1", 0.4), ("2024-H2", 0.6)]
    text = sidecar(office).read_text("utf-8")
    assert declare(office).status_code == 303
    assert sidecar(office).read_text("utf-8") == text
    assert declare(office, **{"period1.name": "", "period2.name": ""}).status_code == 303
    assert periods_of(sidecar(office)) == ()


def test_what_was_understood_is_shown_with_what_it_was_understood_by(office: Office) -> None:
    page = office.get(f"/notices/{NAME}/").text
    for understood in ("比率", "全年累计", "越高越好", "越低越好"):
        assert f"看出来的：{understood}" in page
    for because in ("单位是“%”", "没有别的迹象", "名称和单位这样说"):
        assert f"依据：{because}" in page


#: Which form is asked for, what is filled in of it wrongly, and what is said of it.
NO_RULES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("serial_no=1&rule=bands", {}, "“分档”没有填写"),
    ("serial_no=1&rule=bands", {"p.bands.1.of": "1"}, "要填数字"),
    ("serial_no=1&rule=bands", {"p.bands.1.gives": "1"}, "要填数字"),
    ("serial_no=1&rule=proportional", {"p.cap": "多"}, "要填数字"),
    ("serial_no=1&rule=proportional", {"p.cap": "nan"}, "“上限”现为 nan"),
    ("serial_no=1&rule=deduction", {}, "“每起扣分”没有填写"),
    ("serial_no=1&rule=pass_fail", {"rule": "no_such"}, "没有“no_such”"),
    ("serial_no=1&rule=mix", {}, "“各办法”没有填写"),
    ("serial_no=1&rule=mix&m1=judged", {"m1.rule": "judged", "m1.weight": "1"}, "“各办法”现为"),
    ("serial_no=1&rule=mix&m1=pass_fail", {"m1.rule": "mix"}, "没有“mix”"),
    ("serial_no=1&rule=mix&m1=pass_fail", {"m1.weight": ""}, "“权重 1”要填数字"),
    ("serial_no=1&rule=pass_fail", {"serial_no": "99"}, "没有第 99 项"),
    ("serial_no=1&rule=pass_fail", {"for": "rank_group|没有的组"}, "排名组"),
    ("serial_no=1&rule=pass_fail", {"seen": "x"}, "改过"),
)


def test_what_is_no_rule_is_refused_and_nothing_written(office: Office) -> None:
    before, path = sidecar(office).read_bytes(), f"/notices/{NAME}/method"
    forms = {
        asked: form_in(office.get(f"{path}?{asked}").text, path)
        for asked in dict.fromkeys(asked for asked, _, _ in NO_RULES)
    }
    for asked, fields, said in NO_RULES:
        answer = office.post(path, {**forms[asked], **fields})
        assert answer.status_code == 400, (asked, fields)
        assert said in answer.text, (asked, fields)
        assert sidecar(office).read_bytes() == before, (asked, fields)


def test_pages_of_no_indicator_are_refused(office: Office) -> None:
    for asked in ("", "?serial_no=x", "?serial_no=0", "?serial_no=99", "?serial_no=1%00"):
        assert office.get(f"/notices/{NAME}/method{asked}").status_code == 400
    page = office.get(f"/notices/{NAME}/method?serial_no=1&rule=%3Cscript%3E&for=entity%7C%3Cb%3E")
    assert page.status_code == 200
    assert "<script>" not in page.text.replace("<script src", "")
    assert "<b>&" not in page.text


def test_a_rule_is_written_with_origin_cookie_and_word_alone(office: Office) -> None:
    before, path = sidecar(office).read_bytes(), f"/notices/{NAME}/method"
    data = {"serial_no": "1", "rule": "pass_fail", "landed_year": "2024"}
    own = {"origin": ORIGIN}
    tries = [
        office.client.post(path, data=data, headers=own),
        office.client.post(path, data={**data, "csrf": office.csrf}),
        office.browser().post(path, data={**data, "csrf": office.csrf}, headers=own),
        Office(office.root, read_only=True).post(path, data),
    ]
    assert [each.status_code for each in tries] == [403, 403, 401, 403]
    assert sidecar(office).read_bytes() == before


def test_what_a_rule_rests_on_is_said_of_that_rule_alone(office: Office) -> None:
    first = write_rule(office, "serial_no=1&rule=pass_fail", basis="第1项备注")
    second = write_rule(office, "serial_no=2&rule=pass_fail", basis="会议纪要第3条")
    third = write_rule(office, "serial_no=3&rule=pass_fail")
    assert [each.status_code for each in (first, second, third)] == [303] * 3
    own = rules_of(sidecar(office))
    assert own is not None
    rules = {each.value: each.rule.basis for each in own.overrides if each.rule}
    assert rules == {1: "第1项备注", 2: "会议纪要第3条", 3: "没有写明依据"}
    page = office.get(f"/notices/{NAME}/").text
    assert not re.search(r'name="basis" value="[^"]', page)
    assert declare(office, bonus_cap="3").status_code == 303
    assert declare(office, basis="附注第1条").status_code == 303
    total = total_of(sidecar(office))
    assert total is not None and total.basis == "附注第1条"


def test_the_glance_counts_what_is_open_whether_scored_or_not(office: Office) -> None:
    places, said = office.desk.order.places, []
    for _ in range(2):
        (glance,) = glances(places, 2024)
        said.append((glance.methods, glance.whole))
        assert glance.states()["methods"] == "todo"
        everybody = replace(glance, handed_in=("甲局",), departments=("甲局",), differs=())
        scored = replace(everybody, as_of=date(2024, 3, 1), published_on=datetime.now(ZONE))
        assert (scored.states()["scores"], scored.states()["published"]) == ("partly", "partly")
        score_year(ScoreOrder(2024, places.warehouse, NAME, None, places.raw), lambda _: None)
    assert said == [(2, ("等次", "一票否决怎样影响总分"))] * 2
    page = office.get("/").text
    assert "2 项指标的计分办法待确认" in page and "通知载明而没有写明的：等次" in page
    write_rule(office, "serial_no=1&rule=pass_fail")
    assert glances(places, 2024)[0].methods == 1


def test_whose_share_a_quota_is_has_a_field(office: Office) -> None:
    grade = {"grade1.name": "优秀", "grade1.at_least": "90", "grade1.quota": "40"}
    for whose in ("group", "all"):
        assert declare(office, **grade, quota_of=whose).status_code == 303
        total = total_of(sidecar(office))
        assert total is not None and total.quota_of == whose
        assert declare(office).status_code == 303  # the form as it is shown says the same
        assert total_of(sidecar(office)) == total
    assert declare(office, quota_of="nobody").status_code == 400
    assert declare(office, quota_of="").status_code == 303
    assert "quota_of" not in sidecar(office).read_text("utf-8")


@for_each(
    "written, key",
    [
        ("[rules]\nrule = 3\n", "rules.rule"),
        ("[rules]\nmethod = [1]\n", "rules.method"),
        ("[[rules.method]]\nserial_no = [1]\ntext = [2]\n", None),
        ("[[rules.rule]]\nserial_no = 1\nrule = [1]\n", None),
        ("[[rules.rule]]\nserial_no = 1\nrule = 'bands'\nparameters = 3\n", None),
        ("[[rules.rule]]\nserial_no = 1\nrule = 'unheard'\n", None),
        ("[[rules.rule]]\nserial_no = 1\nrule = 'bands'\nparameters.bands = 3\n", None),
        ("[[rules.rule]]\nserial_no = 1\nrule = 'mix'\nparameters.rules = [[1]]\n", None),
        ("[total]\ngrade = 'A'\n", "total.grade"),
        ("[total]\nveto = [3]\n", "total.veto"),
        ("[[total.veto]]\neffects = 3\n", label("effects")),
        ("[[total.veto]]\nserial_no = 'x'\n", None),
        ("[[total.grade]]\nname = 'A'\nquota = 'half'\n", None),
        ("coefficients = 3\n", "coefficients"),
        ("[periods]\n2024-Q1 = 3\n", "2024-Q1"),
    ],
)
def test_what_no_form_has_a_place_for_is_refused_by_its_key(
    office: Office, written: str, key: str | None
) -> None:
    path = sidecar(office)
    before = path.read_text("utf-8")
    path.write_text(f"{before}{written}", "utf-8")
    try:
        for place in ("", "method?serial_no=1"):
            answer = office.get(f"/notices/{NAME}/{place}")
            assert answer.status_code == (200 if key is None else 400), answer.text
            assert key is None or key in answer.text
    finally:
        path.write_text(before, "utf-8")


def hand_in(office: Office) -> None:
    """Land a returned value of the first indicator for each entity."""
    tables = office.desk.order.warehouse
    names = ("document_id", "indicator_id", "serial_no", "entity")
    place = {"source_name": "表.xlsx", "source_sheet": "表", "source_sha256": "0" * 64}
    told = {"department": "甲局", "actual_value": 7.0, "received_on": date(2024, 12, 1)}
    rows = [
        dict.fromkeys(RETURNS.names)
        | {name: line[name] for name in names}
        | {**place, **told, "source_row": number, "revision": 1, "veto": False, "sample": False}
        for number, line in enumerate(records(read_tables(tables, ("targets",))["targets"]), 5)
        if line["serial_no"] == 1
    ]
    landed = rows_to_frame(RETURNS, rows)
    amend(tables, [Amendment(NAME, 2024, "returns", lambda _: landed, "run", code_version())])


def test_a_rule_that_is_written_is_not_asked_for_until_all_is_scored_again(office: Office) -> None:
    places = office.desk.order.places
    hand_in(office)
    score_year(ScoreOrder(2024, places.warehouse, NAME, None, places.raw), lambda _: None)
    for serial_no, left in ((1, 1), (2, 0)):
        assert write_rule(office, f"serial_no={serial_no}&rule=pass_fail").status_code == 303
        (glance,) = glances(places, 2024)
        assert (glance.methods, glance.rescore) == (left, True)
