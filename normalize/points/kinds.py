"""Items that are no ordinary, scored ones: bonus, minus, veto and unscored rows.

What makes one is printed in its points cell (+5, 最高加5分, 扣分项, 一票否决), or in its heading or
name (加分项). Such points come on top of the whole or are taken off it: they are never part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from common.declared import declared, declared_list, longest_first
from common.fold import fold
from common.numbers import exact
from schemas.vocabulary import ItemKind

_NUMBER = r"\d+(?:\.\d+)?"
_MARKS = re.compile(r"[()\[\]【】:,、;/.。≤<=\s]")
_SIGNED = re.compile(rf"(?<![\d.分%])([-+±]|\+/?-|-/?\+)(?={_NUMBER})")
_BEHIND = re.compile(r"\([^()]*\)$")
_BOTH = frozenset({ItemKind.BONUS, ItemKind.MINUS})


@dataclass(frozen=True, slots=True)
class PrintedKind:
    """What a points cell says instead of points: a kind, and the most it gives or takes.

    ``by_sign``: nothing but a sign says so.
    """

    kind: ItemKind
    cap: float | None
    by_sign: bool = False


def kind_in_cell(text: str) -> PrintedKind | None:
    """Return the kind that a points cell names, None where it names none.

    >>> kind_in_cell("最高加5分")
    PrintedKind(kind=<ItemKind.BONUS: 'bonus'>, cap=5.0, by_sign=False)
    """
    folded = fold(text)
    signs = {_kind_of_sign(found) for found in _SIGNED.findall(folded)}
    if folded == "±":
        return PrintedKind(ItemKind.BONUS_OR_MINUS, None)
    plain = _SIGNED.sub("", folded)
    words = _kinds_of_words(re.sub(_NUMBER, "", plain), "cell")
    caps = _caps(plain)
    if words is None or len(caps) > 1 or not (signs or words):
        return None
    kind = _one({*signs, *words})
    return None if kind is None else PrintedKind(kind, next(iter(caps), None), not words)


def _caps(text: str) -> set[float | None]:
    """Return the numbers that are the most a row gives or takes: those called so, else all."""
    before, behind, each = (
        "|".join(declared_list("normalize", "item_kinds", "limits", name))
        for name in ("before", "behind", "each")
    )
    called = rf"(?:{before})[^\d]*({_NUMBER})|(?<!\d)({_NUMBER})分?(?:{behind})"
    limits = [one or other for one, other in re.findall(called, text)]
    others = [] if re.search(each, text) else re.findall(_NUMBER, text)
    return {exact(number) for number in limits or others}


def kind_in_name(name: str) -> ItemKind | None:
    """Return the kind that a heading or an indicator's name is called by, None where by none.

    >>> kind_in_name("加分项（最高加5分）"), kind_in_name("奖励资金")
    (<ItemKind.BONUS: 'bonus'>, None)
    """
    words = _kinds_of_words(_BEHIND.sub("", fold(name)), "name")
    return _one(words) if words else None


def speaks_of_kinds(texts: Iterable[str]) -> bool:
    """Tell whether any text of a row speaks of adding, taking off or barring."""
    lists = declared(dict[str, list[str]], "normalize", "item_kinds", "words").values()
    said = re.compile("|".join(word for words in lists for word in words))
    return any(said.search(fold(text)) for text in texts)


def _one(kinds: Iterable[ItemKind]) -> ItemKind | None:
    found = frozenset(kinds)
    if found == _BOTH or ItemKind.BONUS_OR_MINUS in found:
        return ItemKind.BONUS_OR_MINUS
    return next(iter(found)) if len(found) == 1 else None


def _kind_of_sign(sign: str) -> ItemKind:
    signs = declared(dict[str, str], "normalize", "item_kinds", "signs")
    kinds = (ItemKind(kind) for kind, own in signs.items() if own == sign)
    return next(kinds, ItemKind.BONUS_OR_MINUS)


def _kinds_of_words(text: str, where: str) -> frozenset[ItemKind] | None:
    """Return the kinds whose words a text holds; None where it holds anything else."""
    bare = _MARKS.sub("", text)
    words, whole = _patterns(where)
    if not whole.fullmatch(bare):
        return None
    return frozenset(words[found] for found in _tokens(where).findall(bare) if found in words)


@cache
def _patterns(where: str) -> tuple[dict[str, ItemKind], re.Pattern[str]]:
    """Return each word with its kind, and the pattern of texts of nothing else."""
    declared_words = declared(dict[str, list[str]], "normalize", "item_kinds", "words")
    words = {word: ItemKind(kind) for kind, own in declared_words.items() for word in own}
    return words, re.compile(f"(?:{_tokens(where).pattern})*")


@cache
def _tokens(where: str) -> re.Pattern[str]:
    lists = declared(dict[str, list[str]], "normalize", "item_kinds", "words").values()
    beside = declared_list("normalize", "item_kinds", "beside", where)
    words = (word for own in lists for word in own)
    return re.compile("|".join(longest_first((*words, *beside))))
