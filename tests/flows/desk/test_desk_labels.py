"""What is said at the desk names fields, never keys of files or options of commands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from common.declared import declared
from flows.desk.shared.labels import at_the_desk, label
from flows.desk.shared.pages import ASSETS
from schemas.vocabulary import words
from scoring.rules.registry import METHODS
from tests.support.paths import ROOT


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
        ("请写明（命令行：source.toml 的 [directions]，或 --year）。", "请写明。"),
        ("请用 --year 指明", "请用“考核年度”指明"),
        ("“title”不是数字", "“title”不是数字"),
        ("/srv/year/title.toml 读不了", "/srv/year/title.toml 读不了"),
        ("收到日早于考核年度", "收到日早于考核年度"),
    ],
)
def test_keys_and_options_are_called_as_the_forms_call_them(said: str, shown: str) -> None:
    assert at_the_desk(said) == shown


#: What only they read who start programs: messages of these never come up at the desk.
AT_THE_KEYBOARD = re.compile(
    "flows[.](wrong_folder|wrong_use|overview|no_bundled_notice|scored_all|total_printed[.]proposal|"
    "proposals_exist|no_dask|no_engine|scheduler_without_tls|scores_differ|nothing_to_replay|"
    "document_twice[.]other|later_not_compared|other_source|"
    "already_serving|port_taken|desk_no_raw)|extract[.]scanned_pdf[.]not_installed|"
    "scoring[.]what_if_rules_later|warehouse[.](path_not_utf8|not_a_table_file[.]writing)"
)
COMMAND = re.compile(r"(?:source|corrections)[.]toml|kaohe [a-z]|(?<![\w-])--[a-z]")
PLACE = re.compile(
    r"(?:工作台|核对|报送|收)?[^，。；（）]*?(?:页|通知时)[^“，。；]{0,3}((?:“[^”{}]+”[或、]?)+)"
)


def chinese_messages() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def walk(room: str, name: str, each: dict[str, Any]) -> None:
        for key, value in each.items():
            if isinstance(value, dict):
                walk(room, f"{name}.{key}" if name else key, value)
            elif key == "zh":
                found.append((f"{room}.{name}", value))

    for path in sorted(ROOT.glob("*/data/messages.toml")):
        walk(path.parent.parent.name, "", tomllib.loads(path.read_text("utf-8")))
    return found


def test_what_an_officer_may_read_at_the_desk_names_no_file_and_no_command() -> None:
    wrong = {
        name: text
        for name, text in chinese_messages()
        if not AT_THE_KEYBOARD.match(name) and COMMAND.search(at_the_desk(text))
    }
    assert wrong == {}


def test_what_messages_call_at_the_desk_is_there_by_that_name() -> None:
    pages = "".join(path.read_text("utf-8") for path in ASSETS.glob("*.html"))
    labels = {
        *declared(dict[str, str], "flows", "desk_fields", "key").values(),
        *words("field").values(),
    }
    named = {
        place
        for _, text in chinese_messages()
        if "工作台" in text
        for places in PLACE.findall(text)
        for place in re.findall("“([^”]+)”", places)
    }
    assert len(named) > 8
    assert {each for each in named if each not in labels and f">{each}<" not in pages} == set()


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
    assert used <= set(declared(dict[str, str], "flows", "desk_fields", "key"))
