"""The stage of the total: caps of what is on top, coefficients, and what vetoes do to the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.refusal import refusal
from schemas.vocabulary import ItemKind
from scoring.engine import Scored
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import ITEM_KINDS
from scoring.total.grades import Graded, Standing, grades_of, quota_unsaid
from scoring.total.rules import Struck, TotalRules, VetoEffect


@dataclass(frozen=True, slots=True)
class Whole:
    """What the rules of the whole say of each pair of document and entity.

    ``rules`` are those in force, by document. Caps of bonus and minus are in points, infinite where
    there is none: as they count, and those that leave least and most of the total; ``possible`` is
    a factor that may come to count beside the coefficient. ``struck`` is what vetoes do, by pair.
    """

    rules: Mapping[str, TotalRules]
    caps: Sequence[tuple[Floats, Floats]]
    coefficient: Floats
    possible: Floats
    struck: Mapping[int, Struck]

    def with_effect(self, effect: VetoEffect, pairs: Ints) -> Flags:
        """Tell to which of the pairs a veto does this."""
        own = [pair for pair, each in self.struck.items() if effect in each.effects]
        return np.isin(pairs, own)


def whole(scored: Scored) -> Whole:
    """Return what each pair's notice declares of the whole and what its vetoes do.

    Refusal where coefficients name a rank group or vetoes an indicator that the notice has not.
    """
    rows, size = scored.rows, scored.rows.pair.size
    document, _ = rows.pairs()
    caps = [(np.full(size, np.inf), np.full(size, np.inf)) for _ in range(3)]
    coefficient, possible = np.ones(size), np.ones(size)
    own = in_force(scored)
    for name, rules in own.items():
        pairs = document == rows.documents.values.index(name)
        held = (rules.caps, rules.least_caps, rules.most_caps)
        for (bonus, minus), ends in zip(caps, held, strict=True):
            bonus[pairs], minus[pairs] = ends
        if rules.coefficients:
            _check_coefficients(scored, pairs, name, rules)
            _hold(coefficient, scored, pairs, rules.factor_of)
        if rules.possible.factors:
            _hold(possible, scored, pairs, rules.possible.factor_of)
    return Whole(own, caps, coefficient, possible, _struck(scored, own))


def _hold(
    factors: Floats, scored: Scored, pairs: Flags, factor_of: Callable[[str, str], float]
) -> None:
    """Set (in place) what multiplies a document's totals, or may come to."""
    names, groups = scored.rows.entities.values, scored.groups
    _, entity = scored.rows.pairs()
    for pair in np.flatnonzero(pairs).tolist():
        group = groups.names[groups.of_pair[pair]]
        factors[pair] = factor_of(names[entity[pair]], group)


def in_force(scored: Scored) -> dict[str, TotalRules]:
    """Return the rules of the whole that have begun by the day, by document."""
    names, day = scored.rows.documents.values, scored.inputs.as_of
    declared = scored.inputs.totals
    return {
        name: declared[name] for name in names if name in declared and declared[name].since <= day
    }


def _check_coefficients(scored: Scored, pairs: Flags, name: str, rules: TotalRules) -> None:
    """Refuse coefficients of what is neither an entity nor a rank group of the document."""
    entities, groups = scored.rows.entities.values, scored.groups
    _, entity = scored.rows.pairs()
    own = {groups.names[code] for code in np.unique(groups.of_pair[pairs]).tolist()}
    known = own | {entities[code] for code in entity[pairs].tolist()}
    for group in rules.coefficients:
        if group not in known:
            listed = "、".join(sorted(own))
            raise refusal(
                "scoring.coefficient_of_unknown_group", document=name, group=group, groups=listed
            )


def _struck(scored: Scored, own: Mapping[str, TotalRules]) -> Mapping[int, Struck]:
    """Return what vetoes do, by the pairs that have any."""
    rows = scored.rows
    found: dict[int, Struck] = {}
    nothing = TotalRules("", scored.inputs.as_of, "")
    _check_vetoes(scored, own)
    returned = scored.latest.returned.veto[scored.latest.whole]
    vetoed = np.flatnonzero(scored.veto | (rows.on_top & returned))
    for row, kind in zip(vetoed.tolist(), rows.item_kind[vetoed].tolist(), strict=True):
        rules = own.get(rows.documents.values[rows.documents.codes[row]], nothing)
        veto_row = ITEM_KINDS[kind] == ItemKind.VETO
        each = rules.struck(int(rows.serial[row]), veto_row=veto_row)
        pair = int(rows.pair.numbers[row])
        found[pair] = found.get(pair, Struck()) | each
    return found


def unsure_effects(scored: Scored) -> dict[int, frozenset[VetoEffect]]:
    """Return what is printed of vetoes and nobody confirmed, by the pairs that have such a veto."""
    found = _struck(scored, in_force(scored))
    return {pair: each.unsure for pair, each in found.items() if each.unsure}


def unconfirmed(scored: Scored) -> list[tuple[str, frozenset[VetoEffect]]]:
    """Return the entities with vetoes whose printed effects nobody confirmed, and the effects."""
    rows = scored.rows
    entity = rows.pairs()[1]
    found = unsure_effects(scored)
    return [(rows.entities.values[entity[pair]], each) for pair, each in found.items()]


def quotas_unsaid(scored: Scored) -> bool:
    """Tell whether nobody said whose share a quota of grades is, where it matters."""
    document, _ = scored.rows.pairs()
    own = in_force(scored)
    return any(
        quota_unsaid(own[name], scored.groups.of_pair[document == number].tolist())
        for number, name in enumerate(scored.rows.documents.values)
        if name in own
    )


def _check_vetoes(scored: Scored, own: Mapping[str, TotalRules]) -> None:
    rows = scored.rows
    for name, rules in own.items():
        serials = rows.serial[rows.documents.codes == rows.documents.values.index(name)]
        for veto in rules.vetoes:
            if veto.serial_no is not None and veto.serial_no not in serials:
                raise refusal(
                    "scoring.rule_for_nothing",
                    document=name,
                    selector="[[total.veto]] serial_no",
                    value=veto.serial_no,
                )


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals, one card a pair: points of 100 and places as they are, at least and at most.

    NaN and 0 where there are none.
    """

    pairs: Ints
    of_100: Sequence[Floats]
    ranks: Sequence[Ints]


def grades(scored: Scored, declared: Whole, totals: Totals) -> list[Graded]:
    """Return the grades of the totals, in their order."""
    rows = scored.rows
    document = rows.pairs()[0][totals.pairs]
    group = scored.groups.of_pair[totals.pairs]
    found = [Graded(None, None, None)] * len(totals.pairs)
    for name, rules in declared.rules.items():
        own = document == rows.documents.values.index(name)
        places = np.flatnonzero(own).tolist() if rules.grades else []
        standings = [_standing(declared.struck, totals, place) for place in places]
        given = grades_of(rules, group[places].tolist() if places else [], standings)
        for place, each in zip(places, given, strict=True):
            found[place] = each
    return found


def _standing(struck: Mapping[int, Struck], totals: Totals, place: int) -> Standing:
    point, low, high = (float(each[place]) for each in totals.of_100)
    rank, best, worst = (int(each[place]) for each in totals.ranks)
    return Standing(
        (point, low, high) if rank else None,
        (rank, best, worst) if rank else None,
        struck.get(int(totals.pairs[place]), Struck()),
    )
