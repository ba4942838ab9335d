"""The glossary, written from the vocabulary: Chinese, English and code of every term and state.

``python -m schemas.glossary > docs/glossary.md`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.vocabulary import english, words

_HEAD = """# Glossary

Made from `schemas/vocabulary.toml`; to change it, change that and run `make dictionary`.
"""
_TITLES = {
    "term": "Terms of the field",
    "field": "Fields of a value",
    "target_kind": "Kinds of target",
    "operator": "Operators",
    "direction": "Directions",
    "item_kind": "What an indicator's points do",
    "entity_kind": "Kinds of entity",
    "method_status": "How far a printed method was understood",
    "target_status": "Whether a target counts",
    "score_status": "Why a line has points, or none",
    "counting": "What becomes of a line without points",
    "reporting": "How far a department came with its returns",
    "lateness": "Whether a return came by the deadline",
    "light": "Lights",
    "severity": "Severities of findings",
    "finding_state": "States of findings",
    "notice_role": "What a document is to its notice",
}


def markdown() -> str:
    """Return the glossary as Markdown, one table a section."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for section, title in _TITLES.items():
        yield f"## {title}\n\n| 中文 | English | code |\n|---|---|---|"
        for code, chinese in words(section).items():
            yield f"| {chinese} | {english(section, code)} | `{code}` |"
        yield ""


if __name__ == "__main__":
    print(markdown(), end="")
