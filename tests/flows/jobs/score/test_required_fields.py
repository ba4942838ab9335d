"""Forms ask for what the rules in force will count."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.refusal import Refusal
from flows.jobs.returns.forms import read_document_lines
from schemas.records.forms import FormLine

HEAD = '[rules]\nversion = "1"\nfrom = 2020-01-01\nbasis = "办法"\n'


def lines_of(landed: Path, raw: Path, rules: str) -> dict[int, list[FormLine]]:
    """Return the lines of one entity by serial number."""
    path = raw / "notices/ziyang-2020/source.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + rules, encoding="utf-8")
    document, _ = read_document_lines(landed, 2020, None, raw)
    found: dict[int, list[FormLine]] = {}
    for line in document.lines:
        if line.entity == "安岳县":
            found.setdefault(line.serial_no, []).append(line)
    return found


def test_without_rules_the_kind_says(landed: Path, tmp_path: Path) -> None:
    document, _ = read_document_lines(landed, 2020, None, tmp_path)
    needs = {line.needs for line in document.lines}
    assert needs == {
        frozenset({"actual"}), frozenset({"award"}), frozenset({"actual", "benchmark"}),
    }  # fmt: skip


def test_another_rule_asks_for_another_value(landed: Path, tmp_path: Path) -> None:
    plain = lines_of(landed, tmp_path, "")
    number, judged = (
        next(serial for serial, lines in plain.items() if lines[0].target_kind == kind)
        for kind in ("number", "judged")
    )
    rules = (
        f'[[rules.rule]]\nserial_no={number}\nrule="judged"\n'
        f'[[rules.rule]]\nserial_no={judged}\nrule="deduction"\n'
        "parameters={points_per_event=0.5}\nfrom=2021-01-05\n"
    )
    found = lines_of(landed, tmp_path, rules)
    assert plain[number][0].needs == {"actual"}
    assert found[number][0].needs == {"award"}
    assert found[judged][0].needs == {"actual"}


def test_a_compound_target_counted_as_a_whole_is_asked_for_once(
    landed: Path, tmp_path: Path
) -> None:
    plain = lines_of(landed, tmp_path, "")
    serial = next(serial for serial, lines in plain.items() if len(lines) > 1)
    rule = f'[[rules.rule]]\nserial_no={serial}\nrule="judged"\n'
    (line,) = lines_of(landed, tmp_path, rule)[serial]
    assert (line.part_no, line.part_text, line.needs) == (1, None, frozenset({"award"}))
    part = f'[[rules.rule]]\nserial_no={serial}\npart_no=2\nrule="judged"\n'
    needs = [line.needs for line in lines_of(landed, tmp_path, part)[serial]]
    assert needs == [plain[serial][0].needs, {"award"}, *(x.needs for x in plain[serial][2:])]


def test_wrong_rules_are_refused_before_any_form_is_made(landed: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        lines_of(landed, tmp_path, '[[rules.rule]]\nserial_no=1\nrule="nothing"\n')
    assert "第1条" in refused.value.zh
