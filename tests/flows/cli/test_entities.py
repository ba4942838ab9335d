"""Who is assessed, said by a person; several annexes from the document to the scorecards."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from flows.cli.main import cli
from warehouse.reading import read_table

LETTER = """<!doctype html><meta charset="utf-8"><p>临政办发〔2022〕8号</p>
<p>临江市人民政府办公室</p><p>关于下达2022年度考核指标的通知</p><p>{to}：</p><p>临江市人民政府办公室</p><p>2022年3月1日</p>"""
COMMON = """<table><tr><td>一级指标</td><td>二级指标</td><td>分值</td><td>目标值</td>
<td>责任单位</td><td>备注</td></tr><tr><td>发展</td><td>高企数量（户）</td><td>60</td><td>30</td><td>市科技局</td><td></td>
</tr><tr><td>发展</td><td>工业投资（亿元）</td><td>40</td><td>12</td><td>市发改委</td><td>南屏县不考核</td>
</tr></table>"""
OWN = """<p>附件{0}</p><p>2022年度{1}考核指标</p><table><tr><td>一级指标</td><td>二级指标</td>
<td>分值</td><td>{2}</td><td>{3}</td><td>责任单位</td></tr><tr><td>发展</td><td>{4}数量（个）</td>
<td>100</td><td>30</td><td>20</td><td>市科技局</td></tr></table>"""


def kaohe(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], catch_exceptions=False)


def written(folder: Path, *parts: str) -> Path:
    folder.mkdir(parents=True)
    path = folder / "notice.html"
    path.write_text("".join(parts), encoding="utf-8")
    return path


def entities(warehouse: Path, document: str) -> list[str]:
    table = read_table(warehouse, "entities")
    return list(table[table["document_id"] == document]["entity"])


def test_entities_by_option_and_by_sidecar(tmp_path: Path) -> None:
    notice = written(tmp_path / "raw", LETTER.format(to="各县（区）人民政府"), COMMON)
    land = ("ingest", notice, "--warehouse", tmp_path / "w", "--document")
    assert kaohe(*land, "assumed").exit_code == 3
    assert kaohe(*land, "option", "--entities", "东河区，南屏县").exit_code == 3
    (tmp_path / "raw/source.toml").write_text('entities = ["东河区", "高新区"]', "utf-8")
    assert kaohe(*land, "sidecar").exit_code == 0
    assert entities(tmp_path / "w", "assumed") == ["临江市"]
    assert entities(tmp_path / "w", "option") == ["东河区", "南屏县"]
    assert entities(tmp_path / "w", "sidecar") == ["东河区", "高新区"]
    targets = read_table(tmp_path / "w", "targets").set_index(["document_id", "entity"])
    assert targets.loc["assumed"]["needs_review"].all()
    assert list(targets.loc[("option", "南屏县")]["status"]) == ["assessed", "not_assessed"]
    assert targets.loc["option"]["inherited"].all()


def test_annexes_are_scored_and_ranked_each_by_itself(tmp_path: Path) -> None:
    notice = written(
        tmp_path / "raw",
        LETTER.format(to="各县（区）人民政府，各园区管委会"),
        OWN.format(1, "县（区）", "东河区", "南屏县", "学校"),
        OWN.format(2, "园区", "高新区", "经开区", "企业"),
    )
    common = ("--warehouse", tmp_path / "w", "--document", "two")
    assert kaohe("ingest", notice, *common).exit_code == 0
    assert kaohe("forms", 2022, "--out", tmp_path / "forms", *common).exit_code == 0
    assert kaohe("score", 2022, "--raw", tmp_path / "raw", *common).exit_code == 0
    targets = read_table(tmp_path / "w", "targets")
    assert list(targets["serial_no"]) == [1, 1, 2, 2]
    assert list(targets["annex"]) == [1, 1, 2, 2]
    cards = read_table(tmp_path / "w", "scorecards").query("level == 'total'")
    assert dict(zip(cards["entity"], cards["rank_group"], strict=True)) == {
        "东河区": "指标表1",
        "南屏县": "指标表1",
        "高新区": "指标表2",
        "经开区": "指标表2",
    }
    assert set(cards["max_points"]) == {100.0}
