"""What the page is given: totals, the printed grid, and data that no text can break out of."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from report.review.data import as_script_text, review_data
from report.review.grid import grid_rows
from report.review.page import page_text
from report.review.totals import totals, usual
from tests.support.for_each import for_each
from tests.support.report.landed import cell, grid, landed, target
from tests.support.schemas.records import small_document, small_notice

HOSTILE = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> ]]> &lt; \u2028"


def test_data_of_a_small_notice() -> None:
    data = review_data(landed(small_document(), small_notice()), [])
    assert data["entities"] == ["东河区", "南屏县", "高新区"]
    assert data["totals"]["points"] == {"东河区": 9.5, "南屏县": 8.0, "高新区": 6.0}
    doubtful = data["targets"]["2"]["南屏县"]
    assert doubtful["needs_review"] and doubtful["review_reason"] == "两次读取不一致"
    assert data["cells"][doubtful["cell"]][2:4] == [3, 4]
    assert [finding["cell"] for finding in data["findings"]] == [doubtful["cell"], None]
    assert len(data["tables"][0]["rows"]) == 7


def test_a_printed_method_comes_with_what_it_was_read_as() -> None:
    method = {
        "serial_no": 2, "text": "每低1个百分点扣0.2分", "status": "proposed", "page": 3,
        "rule": "pass_fail", "parameters": "{}", "reason": "待确认", "annex": 1,
    }  # fmt: skip
    data = review_data(replace(landed(small_document(), small_notice()), methods=[method]), [])
    (found,) = data["indicators"][1]["methods"]
    told = {name: method[name] for name in ("text", "status", "page", "reason")}
    assert found == {**told, "read": "达标得满分"}
    assert data["indicators"][0]["methods"] == []


def test_script_text_is_the_same_data_and_holds_no_markup() -> None:
    text = as_script_text({"text": HOSTILE, "list": [1.5, None, True]})
    assert json.loads(text) == {"text": HOSTILE, "list": [1.5, None, True]}
    assert not set("<>&\u2028") & set(text)


def test_lone_surrogates_do_not_stop_the_page() -> None:
    assert json.loads(as_script_text({"text": "a\ud800b"})) == {"text": "a?b"}


@pytest.mark.parametrize("title", [HOSTILE, "</title><script>alert(1)</script>", "@DATA@ @TITLE@"])
def test_page_has_its_own_scripts_only(title: str) -> None:
    data = review_data(landed(small_document(), small_notice()), [])
    data["meta"]["title"] = title
    found: list[tuple[str, dict[str, str | None]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
    parser.feed(page_text(data["meta"]["title"], data))
    scripts = [attrs for tag, attrs in found if tag == "script"]
    assert [attrs.get("type") for attrs in scripts[:1]] == ["application/json"]
    assert all((attrs["src"] or "").endswith(".js") for attrs in scripts[1:])
    assert not [tag for tag, _ in found if tag in {"img", "style", "iframe"}]
    assert not [name for _, attrs in found for name in attrs if name.startswith(("on", "style"))]


def test_weight_groups_count_once_and_where_they_apply() -> None:
    targets = [
        target(1, "东河区", "5", weight_group=1, max_points=2.0),
        target(2, "东河区", "6", weight_group=1, max_points=2.0),
        target(1, "南屏县", None, weight_group=1, max_points=2.0),
        target(2, "南屏县", "6", weight_group=1, max_points=2.5, needs_review=True),
        target(3, "南屏县", None, weight_group=3, max_points=4.0),
        target(3, "东河区", "", weight_group=3, max_points=None),
    ]
    found = totals(targets, ["东河区", "南屏县"])
    assert found["points"] == {"东河区": 2.0, "南屏县": 2.5}
    assert found["counts"]["东河区"]["no_points"] == found["counts"]["东河区"]["no_target"] == 1
    assert found["counts"]["南屏县"] == {
        "assessed": 1, "not_assessed": 2, "review": 1, "no_points": 0, "no_target": 0,
    }  # fmt: skip


@for_each(
    "values, expected",
    [([99, 99, 98.5], 99), ([1, 2], None), ([1, 1, 2, 2], None), ([], None), ([5], None)],
)
def test_usual_total(values: list[float], expected: float | None) -> None:
    assert usual(values) == expected


def test_grid_fills_gaps_and_heeds_spans() -> None:
    cells = [cell(1, 1, "A", row_span=2), cell(1, 2, "B", column_span=2), cell(3, 2, "C")]
    assert grid_rows(cells, [0, 1, 2]) == [[0, 1], [-1, -1], [-1, 2, -1]]


def test_grid_keeps_cells_that_contradict_each_other() -> None:
    cells = [*grid("A B"), cell(1, 1, "again", column_span=2)]
    assert sorted(number for row in grid_rows(cells, [0, 1, 2]) for number in row) == [0, 1, 2]


def test_grid_of_absurd_size_is_not_filled() -> None:
    cells = [cell(1, 1, "A"), cell(10**7, 3, "B", column_span=10**7)]
    assert grid_rows(cells, [0, 1]) == [[0], [1]]


def test_the_head_tells_the_hour_as_all_pages_do() -> None:
    shown = landed(small_document(), small_notice())
    at = datetime(2024, 3, 1, 20, 27, tzinfo=UTC)
    data = review_data(replace(shown, notice={**shown.notice, "landed_at": at}), [])
    assert data["meta"]["landed_at"].isoformat()[:16] == "2024-03-02T04:27"
