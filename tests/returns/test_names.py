"""Names of departments and entities: one answer, or a question with candidates."""

from __future__ import annotations

from returns.names import meant_name
from tests.support.for_each import for_each
from tests.support.returns.samples import DEPARTMENTS, ENTITIES

ALIASES = {"市外事局": "市商务局"}


@for_each(
    "written, meant",
    [("市统计局", "市统计局"), (" 市 统计局", "市统计局"), ("天河市统计局", "市统计局"),
     ("统计局", "市统计局"), ("市经信局", "市经济和信息化局"), ("市外事局", "市商务局"),
     ("市经济与信息化局", "市经济和信息化局")],
)  # fmt: skip
def test_department(written: str, meant: str) -> None:
    assert meant_name(written, DEPARTMENTS, ALIASES).name == meant


@for_each("written", ["", "市管理局", "市档案馆", "市局", "市税务局", "水务局"])
def test_unclear_department(written: str) -> None:
    assert meant_name(written, DEPARTMENTS, ALIASES).name is None


def test_a_question_names_its_candidates() -> None:
    meant = meant_name("市管理局", DEPARTMENTS, {})
    assert set(meant.candidates) == {"市机关事务管理局", "市政务服务管理局"}


@for_each(
    "written, meant",
    [("东河区", "东河区"), ("东河", "东河区"), ("天河市高新区", "高新区"), ("西河区", None),
     ("南坪县", None), ("", None)],
)  # fmt: skip
def test_entity_is_never_taken_by_likeness(written: str, meant: str | None) -> None:
    assert meant_name(written, ENTITIES, {}, by_likeness=False).name == meant
