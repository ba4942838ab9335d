"""What is said at the desk names fields, never keys of files or options of commands."""

from __future__ import annotations

import re

import pytest

from common.declared import declared
from flows.desk.shared.labels import at_the_desk, label
from flows.desk.shared.pages import ASSETS
from scoring.rules.registry import METHODS


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "source.toml 中 points_per_event 现为 -1，应为数字",
            "source.toml 中“每起扣分”现为 -1，应为数字",
        ),
        ("请在 source.toml 的 [directions] 中写明。", "请在通知页面的“哪头好”中写明。"),
        ("[[rules.rule]] 第1条有误", "“另写计分办法”第1条有误"),
        (
            "应为slope、slope_points 中恰好一项",
            "应为“每相差一个单位加减”、“每相差一个单位加减分”中恰好一项",
        ),
        ("请用 --year 指明", "请用“考核年度”指明"),
        ("“title”不是数字", "“title”不是数字"),
        ("/srv/year/title.toml 读不了", "/srv/year/title.toml 读不了"),
        ("收到日早于考核年度", "收到日早于考核年度"),
    ],
)
def test_keys_and_options_are_called_as_the_forms_call_them(said: str, shown: str) -> None:
    assert at_the_desk(said) == shown


def test_every_parameter_of_a_rule_and_every_label_of_a_form_is_known() -> None:
    names = {spec.name for method in METHODS.values() for spec in method.all_parameters}
    assert {at_the_desk(f"应为 {name} 的值") for name in names}.isdisjoint(
        {f"应为 {name} 的值" for name in names}
    )
    used = {
        key
        for path in ASSETS.glob("*.html")
        for key in re.findall(r'label\("(\w+)"\)', path.read_text("utf-8"))
    }
    assert used
    assert all(label(key) for key in used)
    assert used <= set(declared("flows", "desk_fields")["key"])
