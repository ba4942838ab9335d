"""Each code has its word, and one word does not stand for two codes of a section."""

from __future__ import annotations

import tomllib
from enum import StrEnum

from schemas import vocabulary
from schemas.glossary import markdown
from tests.support.for_each import for_each
from tests.support.paths import DOCS, ROOT

SECTIONS = {
    "severity": vocabulary.Severity,
    "finding_state": vocabulary.FindingState,
    "target_status": vocabulary.TargetStatus,
    "target_kind": vocabulary.TargetKind,
    "operator": vocabulary.Operator,
    "scorecard_level": vocabulary.ScorecardLevel,
    "change": vocabulary.ChangeKind,
    "direction": vocabulary.Direction,
    "item_kind": vocabulary.ItemKind,
    "entity_kind": vocabulary.EntityKind,
    "method_status": vocabulary.MethodStatus,
    "score_status": vocabulary.ScoreStatus,
    "light": vocabulary.Light,
    "notice_role": vocabulary.NoticeRole,
}
CONTENT = tomllib.loads((ROOT / "schemas/vocabulary.toml").read_text("utf-8"))


@for_each("section, codes", SECTIONS.items())
def test_every_code_has_a_word_and_every_word_a_code(section: str, codes: type[StrEnum]) -> None:
    assert list(vocabulary.words(section)) == [code.value for code in codes]


@for_each("section", [name for name in CONTENT if name not in {"field", "term"}])
def test_no_word_stands_for_two_codes(section: str) -> None:
    for language in ("zh", "en"):
        said = [word[language] for word in CONTENT[section].values()]
        assert len(set(said)) == len(said)
        assert all(said)


def test_the_glossary_is_up_to_date() -> None:
    assert (DOCS / "glossary.md").read_text("utf-8") == markdown(), "run make dictionary"
