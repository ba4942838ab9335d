"""What a published figure says of itself: settled or not, provisional, in doubt, received in part.

Pages and workbooks take it from here, so that no doubt of the tables is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterable

from common.messages import message
from schemas.records.rows import MilestoneRow, ScorecardRow, ScoreRow, TargetRow
from schemas.records.trace import is_provisional as provisional
from schemas.vocabulary import Approval, ItemKind, Lateness, ScoreStatus, word

#: The marks of a value: of a doubtful reading, of provisional points, of points given in part.
DOUBT = word("finding_state", "open")
PROVISIONAL = word("cell", "provisional")
PARTLY = word("cell", "partly")
#: The signs that stand for the first two behind a figure, as on the heat map.
SIGNS = {DOUBT: "？", PROVISIONAL: "◇"}

#: Statuses whose points count: as they are, or until a printed method is applied.
WITH_POINTS = frozenset({ScoreStatus.SCORED, ScoreStatus.METHOD_NOT_APPLIED})

#: What stands where there is nothing to show.
NOTHING = "—"


def ranks(card: ScorecardRow) -> tuple[int, int] | None:
    """Return the best and the worst place of a total; None where nothing is ranked or received."""
    low, high = card["rank_low"], card["rank_high"]
    if not card["received_share"] or low is None or high is None:
        return None
    return int(low), int(high)


def rank_text(card: ScorecardRow, between: str = "–") -> str:
    """Return the place of a total, or all places that its interval allows: never one of many."""
    found = ranks(card)
    if found is None:
        return NOTHING
    low, high = found
    return str(low) if low == high else f"{low}{between}{high}"


def unread_of_whole(cards: Iterable[ScorecardRow]) -> tuple[str, ...]:
    """Return a line for each printed rule of the whole that does not count: unread, undeclared.

    What was understood and not declared names those whose totals it would change.
    """
    known = list(cards)
    clauses = dict.fromkeys(each for card in known for each in card.get("total_unread") or ())
    whose: dict[str, dict[str, None]] = {}
    for card in known:
        for each in card.get("total_open") or ():
            whose.setdefault(each, {})[card["entity"]] = None
    return (
        *(message("report.total_unread", clause=each).zh for each in clauses),
        *(
            message("report.total_open", entities="、".join(own), what=each).zh
            for each, own in whose.items()
        ),
    )


def lost_points(score: ScoreRow, kind: str | None) -> float | None:
    """Return how many points were lost; None where there are no points yet.

    ``kind`` is the item's kind where it comes on top of the whole: of a bonus nothing is lost, of
    a minus what it takes.
    """
    points, share = score["points"], score["share_points"]
    if score["status"] not in WITH_POINTS or points is None or share is None:
        return None
    if kind in (None, ItemKind.SCORED):
        return share - points
    return max(0.0, -points)


def target_words(printed: str | None, kind: str | None) -> str:
    """Return a target as printed; of one on top of the whole that prints none, what it is.

    ``kind`` is the item's kind.
    """
    if kind is None or kind == ItemKind.SCORED:
        return printed or word("missing", "target")
    return printed or word("item_kind", kind)


def is_doubtful(target: TargetRow | MilestoneRow | None) -> bool:
    """Say whether a target, as landed, may have been read wrongly."""
    return target is not None and target["needs_review"]


def is_provisional(score: ScoreRow | None) -> bool:
    """Say whether the points may turn out otherwise though all was returned.

    A printed method is not applied, nobody knows which end is good, or the rule assumes something.
    """
    return score is not None and provisional(score)


def is_withheld(score: ScoreRow | None) -> bool:
    """Say whether a value was returned that does not count as nobody approved it."""
    return score is not None and score.get("approval") == Approval.WITHHELD


def is_unapproved(score: ScoreRow | None) -> bool:
    """Say whether nobody approved what was returned, whether it counts or not."""
    return score is not None and score.get("approval") in (Approval.NOT_APPROVED, Approval.WITHHELD)


def is_late(score: ScoreRow | None) -> bool:
    """Say whether a value came after the deadline, or is still due after it."""
    return score is not None and score.get("lateness") not in (None, Lateness.IN_TIME)


def standing(score: ScoreRow | None) -> tuple[str, ...]:
    """Return what an office wants to know of a return: that nobody approved it, that it is late."""
    if score is None:
        return ()
    told = (
        ("approval", score.get("approval"), is_unapproved(score)),
        ("lateness", score.get("lateness"), is_late(score)),
    )
    return tuple(word(section, code) for section, code, tells in told if code and tells)


def veto_effects(card: ScorecardRow) -> list[str]:
    """Return what vetoes do to a whole result, in words."""
    told = (("vetoed", card["vetoed"]), ("barred", card["barred"]))
    return [word("veto_effect", effect) for effect, holds in told if holds]


def status_word(score: ScoreRow) -> str:
    """Return the word for what became of a score; what is withheld is not called not received."""
    if is_withheld(score) and score["status"] == ScoreStatus.NOT_RECEIVED:
        return word("approval", Approval.WITHHELD)
    return word("score_status", score["status"])


def open_values(targets: Iterable[TargetRow]) -> int:
    """Count the values that may have been read wrongly."""
    return sum(row["needs_review"] for row in targets)
