"""The one error that people see."""

from __future__ import annotations

from collections.abc import Sequence

from common.messages import message


class Refusal(Exception):  # noqa: N818 - it is the refusal itself, named as the contract names it
    """Something was refused and nothing was landed or changed.

    ``zh`` is what a clerk reads: what was found, where, what was expected, what to do.
    ``en`` is the same for logs. ``code`` is a stable short name such as ``no_points_column``.
    """

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(code, en, zh)
        self.code = code
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        return f"{self.en} [{self.code}]"


def refusal(name: str, /, **slots: object) -> Refusal:
    """Return the refusal of a message's name (:mod:`common.messages`), its slots filled."""
    said = message(name, **slots)
    return Refusal(said.code, said.en, said.zh)


def together(refusals: Sequence[Refusal]) -> Refusal:
    """Return several refusals of one thing as one that says all; its code is the first one's."""
    if len(refusals) == 1:
        return refusals[0]
    said = [*dict.fromkeys((each.en, each.zh) for each in refusals)]
    return Refusal(
        refusals[0].code, "; ".join(en for en, _ in said), "\n".join(zh for _, zh in said)
    )
