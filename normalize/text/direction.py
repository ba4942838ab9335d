"""Which end of an indicator's scale is good, as far as its name says it.

A name is read from left to right. The last word that is good or bad by itself decides, for what
stands before it says only of what: 事故隐患 is bad, 事故隐患整改率 good, 失业人员再就业率 good,
企业投诉率 bad. 下降 turns what stands before it, 未 and 零 the word that follows. What no word
decides is unknown: nothing is taken for good because nothing is known of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from common.declared import declared, declared_list, longest_first
from common.fold import clean
from schemas.vocabulary import Direction

_ASIDE = re.compile(r"[（(][^（()）]*[)）]")
#: 占…比重, 与…的比率: what a share is a share of says nothing of the share.
_WHOLE = re.compile(
    r"(?:占|相当于)[^占]{1,24}?(?:的)?(?:比重|比例|比率|百分比|比)"
    r"|与[^与]{1,20}?(?:的|之)(?:比率|比例|比值|比)"
)
#: 每万人口, 每千名老年人: for how many something is counted.
_EACH = re.compile(r"每[十百千万亿]+(?:名|个|位|户)?(?:常住|户籍)?(?:老年人|居民|人口|人|户)?")
_LEADS = re.compile(r"^(?:推进|推动|开展|加强|全面|加快|做好|持续|深入|依法|严格|强化|着力)+")
_NAMING = re.compile("[\u3400-\u9fffA-Za-z]")
_GAP = 6  # characters between a verb and its object at most


@lru_cache(maxsize=4096)
def direction(indicator: str, unit: str | None = None) -> Direction:
    """Return what an indicator's name says of its good end, else its unit, else ``unknown``."""
    name = _ASIDE.sub("", clean(indicator)) or clean(indicator)
    units = declared(dict[str, list[str]], "normalize", "direction", "units")
    if unit in units["places"] and re.search("排|位次|名次", name):
        return Direction.LOWER
    found = _Reading(_LEADS.sub("", _EACH.sub("", _WHOLE.sub("占比", name)))).direction()
    if found != Direction.UNKNOWN:
        return found
    by_unit = {Direction.HIGHER: units["higher"], Direction.LOWER: units["lower"]}
    return next((way for way, known in by_unit.items() if unit in known), Direction.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Word:
    """A known word of a name: of which lists, and from where to where it stands."""

    lists: frozenset[str]
    start: int
    end: int


_LISTS = (
    *("good.measures", "good.acts", "good.things", "good.counted"),
    *("bad.things", "flaws.things"),
    *("dealt.things", "less.things", "less.wanted", "turned.things", "growth.things"),
    *("steps.things", "steps.times", "places.things", "used.things", "used.per"),
    *("open.things", "plain.things", "near.things"),
)


@cache
def _lexicon() -> dict[str, frozenset[str]]:
    """Return each known word with the lists it stands in."""
    found: dict[str, set[str]] = {}
    for name in _LISTS:
        section, key = name.split(".")
        for word in declared_list("normalize", "direction", section, key):
            found.setdefault(clean(word).upper(), set()).add(name)
    return {word: frozenset(lists) for word, lists in found.items()}


@cache
def _known() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, longest_first(tuple(_lexicon())))))


@cache
def _measures(*, behind_bad: bool) -> re.Pattern[str]:
    held = declared(dict[str, list[str]], "normalize", "direction", "measured")
    words = longest_first((*held["things"], *(held["behind_bad"] if behind_bad else ())))
    return re.compile("|".join(map(re.escape, words)))


def _naming(text: str, *, behind_bad: bool) -> int:
    """Count the characters of a text that are no measure: they say of what, or turn it."""
    return len(_NAMING.findall(_measures(behind_bad=behind_bad).sub("", text)))


@cache
def _work() -> re.Pattern[str]:
    return re.compile(declared(str, "normalize", "direction", "work", "pattern"))


def _words(name: str) -> Iterator[_Word]:
    for found in _known().finditer(name):
        yield _Word(_lexicon()[found.group()], *found.span())


@dataclass(slots=True)
class _Reading:
    """A name while it is read: ``sign`` is +1 good, -1 bad, 0 contradictory or open.

    ``firm`` tells that the sign is of a word that is good or bad in itself. ``turns`` is set by a
    reduction that has found nothing to reduce yet, ``turned_at`` is where 未 or 零 ends,
    ``dealing`` where a word of dealing with something stands, whose object may follow, and
    ``decided`` where the word ends that gave the sign; ``read_to`` is where the last word ends.
    """

    name: str
    sign: int | None = None
    firm: bool = False
    turns: bool = False
    wanted: bool = False
    grows: bool = False
    stepwise: bool = False
    per: bool = False
    near: bool = False
    turned_at: int = -1
    dealing: tuple[int, int] | None = None
    last: frozenset[str] = frozenset()
    decided: int = 0
    read_to: int = 0

    def direction(self) -> Direction:
        """Read the whole name."""
        for word in _words(self.name.upper()):
            self._read(word)
        if self.near:
            return Direction.NEARER
        if _work().search(self.name):
            return Direction.HIGHER
        if not self.firm and (self.wanted or (self.grows and self.sign is None)):
            return Direction.HIGHER
        if not self.sign or self._strange_tail():
            return Direction.UNKNOWN
        return Direction.HIGHER if self.sign > 0 else Direction.LOWER

    def _strange_tail(self) -> bool:
        """Tell whether something unknown follows the word that decided: 传染病 and then 报告率."""
        tail = _known().sub("", self.name.upper()[self.decided :])
        return _naming(tail, behind_bad=self.sign == -1) > 1

    def _read(self, word: _Word) -> None:
        """Take one word into account; a word may stand in several lists."""
        for section, take in _TAKES:
            if word.lists & section:
                take(self, word)
                break
        self.stepwise |= "steps.things" in word.lists
        self.per |= "used.per" in word.lists
        self.near |= "near.things" in word.lists
        self.last, self.read_to = word.lists, word.end
        self.grows |= "growth.things" in word.lists

    def _set(self, word: _Word, sign: int) -> None:
        """Let a word decide that is good or bad in itself, turned by 未 or 减少 before it."""
        turned = word.start == self.turned_at
        self.sign = -sign if turned != self.turns else sign
        self.firm, self.turns = True, False
        self.decided = max(self.decided, word.end)

    def _good(self, word: _Word) -> None:
        self._set(word, 1)

    def _act(self, word: _Word) -> None:
        if self.firm and self.sign == -1:
            self.sign = 0
            return
        if not self.firm:
            self._set(word, 1)
        self.decided = len(self.name)

    def _thing(self, word: _Word) -> None:
        """Take what is good in whatever amount, unless it is turned or nobody knows which of it."""
        if self.firm:
            return
        before = _naming(self.name[self.read_to : word.start], behind_bad=False)
        strange = "good.counted" in word.lists and before > _GAP // 2
        self.decided = word.end
        turned = word.start == self.turned_at
        self.sign = 0 if turned or strange else -1 if self.turns else 1

    def _bad(self, word: _Word) -> None:
        """Take what is bad, unless the word before deals with it: 清理拖欠账款."""
        start, end = self.dealing or (0, -1)
        if self.dealing is None or word.start - end > _GAP:
            self._set(word, -1)
        else:
            self.sign, self.firm = (1 if start == 0 else 0), True
        self.dealing = None

    def _flaw(self, word: _Word) -> None:
        self._set(word, -1)

    def _dealt(self, word: _Word) -> None:
        self._set(word, 1)
        self.dealing = (word.start, word.end)

    def _less(self, word: _Word) -> None:
        wanted = "less.wanted" in word.lists
        self.wanted |= wanted
        if self.sign is None:
            self.turns = True
        elif self.sign == 0:
            self.sign = 1 if wanted or "used.things" in self.last else 0
        else:
            self.sign = -self.sign

    def _turned(self, word: _Word) -> None:
        self.turned_at = word.end

    def _place(self, _: _Word) -> None:
        self.sign, self.firm = (0 if self.sign == -1 else -1), True

    def _time(self, word: _Word) -> None:
        if self.stepwise:
            self._set(word, -1)
        elif not self.firm:
            self.sign = 0

    def _used(self, word: _Word) -> None:
        if self.per:
            self._set(word, -1)
        else:
            self._open(word)

    def _open(self, _: _Word) -> None:
        if not self.firm:
            self.sign = 0

    def _growth(self, _: _Word) -> None:
        if "places.things" in self.last:
            self.sign = 1


_TAKES = (
    (frozenset({"plain.things"}), lambda *_: None),
    (frozenset({"turned.things"}), _Reading._turned),
    (frozenset({"less.things", "less.wanted"}), _Reading._less),
    (frozenset({"flaws.things"}), _Reading._flaw),
    (frozenset({"bad.things"}), _Reading._bad),
    (frozenset({"dealt.things"}), _Reading._dealt),
    (frozenset({"good.measures"}), _Reading._good),
    (frozenset({"good.acts"}), _Reading._act),
    (frozenset({"steps.times"}), _Reading._time),
    (frozenset({"places.things"}), _Reading._place),
    (frozenset({"used.things"}), _Reading._used),
    (frozenset({"open.things"}), _Reading._open),
    (frozenset({"good.things"}), _Reading._thing),
    (frozenset({"growth.things"}), _Reading._growth),
)
