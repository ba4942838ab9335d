"""The words of states and kinds stand in ``vocabulary.toml`` alone: pages and workbooks ask it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bench.house import ROOMS, nodes
from common.declared import declared_in
from schemas.vocabulary import words
from tests.support.paths import ROOT

#: Sections that name columns, things and rules: their words are also ordinary headings and nouns,
#: and signs stand in what is read. A word of any other section is asked for by its code.
NAMING = {
    *("operator", "entity_kind", "scorecard_level", "field", "form_heading", "sign_off"),
    *("whole_part", "remark", "rule", "parameter", "choice", "term", "night_step"),
    *("rule_origin", "column_role"),
}
#: Words that stood for one of these once.
RETIRED = (
    "无灯",
    "目标不清",
    "目标无法识别",
    "数据不能使用",
    "采用专项考核结果",
    "未能读出",
    "未能辨认",
    "迟报",
    "没有报送",
    "尚未报送",
    "尚未收到",
    "至今未交",
    "欠报",
)
READ = {".py", ".js", ".html"}
#: A column of the sheet of keys, and one of the list of rules, are called so too.
ORDINARY = {"提示", "注意"}
_QUOTED = re.compile(r'"([^"\n]*)"|`([^`\n]*)`|>([^<>{}\n]*)<')


def texts_of(path: Path) -> Iterator[str]:
    """Yield the whole texts of a module, a script or a template."""
    content = path.read_text("utf-8")
    if path.suffix == ".py":
        constants = (node for node in nodes(path) if isinstance(node, ast.Constant))
        yield from (node.value for node in constants if isinstance(node.value, str))
    else:
        yield from ("".join(found) for found in _QUOTED.findall(content))


def test_no_page_and_no_module_words_a_state() -> None:
    states = set(declared_in("schemas", "vocabulary.toml")) - NAMING
    known = {word for section in states for word in words(section).values()} - ORDINARY
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in READ]
    wording = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted(files)
        for text in texts_of(path)
        if text.strip() in known or any(word in text for word in RETIRED)
    ]
    assert len(files) > 300 and not wording, "\n".join(wording)
