"""What a published figure says of itself: settled or not, provisional, in doubt, received in part.

Pages and workbooks take it from here, so that no doubt of the tables is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterable

from common.messages import message
from common.numbers import EPSILON
from schemas.records.trace import is_provisional as provisional
from schemas.tables.frames import Row
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


def ranks(card: Row) -> tuple[int, int] | None:
    """Return the best and the worst place of a total; None where nothing is ranked or received."""
    low, high = card["rank_low"], card["rank_high"]
    if not card["received_share"] or low is None or high is None:
        return None
    return int(low), int(high)


def rank_text(card: Row, between: str = "–") -> str:
    """Return the place of a total, or all places that its interval allows: never one of many."""
    found = ranks(card)
    if found is None:
        return NOTHING
    low, high = found
    return str(low) if low == high else f"{low}{between}{high}"


def is_partly(card: Row) -> bool:
    """Say whether the sum of what is scored lies outside of what the points can be.

    So it does where of a target of several parts some are received: the sum is then no result.
    """
    points, low, high = card["points"], card["points_low"], card["points_high"]
    if points is None or low is None or high is None:
        return False
    return bool(points < low - EPSILON or points > high + EPSILON)


def unread_of_whole(cards: Iterable[Row]) -> tuple[str, ...]:
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


def lost_points(score: Row, kind: str | None) -> float | None:
    """Return how many points were lost; None where there are no points yet.

    ``kind`` is the item's kind where it comes on top of the whole: of a bonus nothing is lost, of
    a minus what it takes.
    """
    points, share = score["points"], score["share_points"]
    if score["status"] not in WITH_POINTS or points is None or share is None:
        return None
    if kind in (None, ItemKind.SCORED):
        return float(share - points)
    return float(max(0.0, -points))


def target_words(target: Row, kind: str | None) -> str:
    """Return a target as printed; of one on top of the whole that prints none, what it is.

    ``kind`` is the item's kind.
    """
    if kind in (None, ItemKind.SCORED):
        return str(target["target_text"] or word("missing", "target"))
    return str(target["target_text"] or word("item_kind", str(kind)))


def is_doubtful(target: Row | None) -> bool:
    """Say whether a target, as landed, may have been read wrongly."""
    return target is not None and bool(target["needs_review"])


def is_provisional(score: Row | None) -> bool:
    """Say whether the points may turn out otherwise though all was returned.

    A printed method is not applied, nobody knows which end is good, or the rule assumes something.
    """
    return score is not None and provisional(score)


def marks(target: Row | None, score: Row | None) -> tuple[str, ...]:
    """Return the marks that every showing of a target or of its points bears."""
    told = ((is_doubtful(target), DOUBT), (is_provisional(score), PROVISIONAL))
    return tuple(mark for holds, mark in told if holds)


def is_withheld(score: Row | None) -> bool:
    """Say whether a value was returned that does not count as nobody approved it."""
    return score is not None and score.get("approval") == Approval.WITHHELD


def is_unapproved(score: Row | None) -> bool:
    """Say whether nobody approved what was returned, whether it counts or not."""
    return score is not None and score.get("approval") in (Approval.NOT_APPROVED, Approval.WITHHELD)


def is_late(score: Row | None) -> bool:
    """Say whether a value came after the deadline, or is still due after it."""
    return score is not None and score.get("lateness") not in (None, Lateness.IN_TIME)


def standing(score: Row | None) -> tuple[str, ...]:
    """Return what an office wants to know of a return: that nobody approved it, that it is late."""
    if score is None:
        return ()
    found = [word("approval", score["approval"])] if is_unapproved(score) else []
    return (*found, *([word("lateness", score["lateness"])] if is_late(score) else []))


def status_word(score: Row) -> str:
    """Return the word for what became of a score; what is withheld is not called not received."""
    if is_withheld(score) and score["status"] == ScoreStatus.NOT_RECEIVED:
        return word("approval", Approval.WITHHELD)
    return word("score_status", score["status"])


def open_values(rows: Iterable[Row]) -> int:
    """Count the values that may have been read wrongly."""
    return sum(bool(row["needs_review"]) for row in rows)
