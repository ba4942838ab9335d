"""What scoring one document comes to, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from common.messages import message
from common.numbers import EPSILON
from flows.jobs.score.card_texts import below_text, beyond_text, card_text, stability_text
from flows.jobs.score.owed import Late, Standing, departments_late, owed_text, standing_of
from flows.jobs.score.periods import PeriodTotal, period_totals, periods_text
from flows.jobs.score.rules import rules_text
from flows.jobs.score.unmatched_returns import (
    Dispute,
    UnmatchedReturn,
    disputed_targets,
    disputes,
    disputes_text,
    listed_text,
    overtaken_returns,
    reassigned,
    unmatched,
)
from report.doubts import CountedCard
from schemas.records.rows import RankStabilityRow, ScorecardRow, ScoreRow
from schemas.records.trace import is_provisional
from schemas.tables.frames import Rows, rows_as
from schemas.vocabulary import ItemKind, ScoreStatus, word, words

if TYPE_CHECKING:
    from flows.jobs.score.inputs import Case
    from scoring.engine import Scored

_OF_SCORES = ("entity", "status", "light", "points_low", "points_high", "trace")
_STABILITY = ("entity", "rank_group", "rank", "share", "draws", "noise")
#: Statuses that ask a person to decide or to put something right.
_IN_DOUBT = (ScoreStatus.METHOD_NOT_APPLIED, ScoreStatus.INVALID, ScoreStatus.UNREADABLE)
_WITHOUT_POINTS = (ItemKind.VETO, ItemKind.UNSCORED)


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """One scored document.

    ``scorecard`` holds the totals, a row an entity as in the table, and how many scores of it are
    ``provisional``.
    ``statuses`` and ``lights`` count targets; lights only those that are assessed. ``unmatched``
    are returns that count for nothing, ``disputes`` lines that departments returned differently,
    ``reassigned`` returns that count though number or name of their indicator changed.
    ``stability`` has a row an entity and rank that it holds when the weights are drawn at random.
    ``standing`` is who owes what, ``doubtful`` counts scores by statuses that ask for a decision.
    ``left_behind`` counts returns for documents that this one supersedes; ``passed_over`` are other
    official documents of the year. ``sample``: made-up returns count. ``approval_required``: values
    count only where somebody approved them.
    ``periods`` are the totals of periods with weights. ``total_unread`` are clauses about the whole
    that were not understood and count for nothing; ``of_whole`` says what of it nobody confirmed.
    """

    document_id: str
    year: int
    title: str | None
    as_of: str
    scorecard: tuple[CountedCard, ...]
    stability: tuple[RankStabilityRow, ...]
    statuses: dict[str, int]
    lights: dict[str, int]
    standing: Standing
    unmatched: tuple[UnmatchedReturn, ...]
    disputes: tuple[Dispute, ...]
    reassigned: tuple[UnmatchedReturn, ...]
    left_behind: dict[str, int]
    passed_over: tuple[str, ...]
    rules: str
    points_in_doubt: tuple[str, ...]
    sample: bool
    changed: bool
    landed_in: str
    total_printed: bool = False
    total_unread: tuple[str, ...] = ()
    of_whole: tuple[str, ...] = ()
    approval_required: bool = False
    doubtful: Mapping[str, int] = field(default_factory=dict)
    periods: tuple[PeriodTotal, ...] = ()

    @property
    def to_look_at(self) -> dict[str, int]:
        """What is to be looked at: how many of each, nothing that there is none of."""
        counts = {
            "unmatched": len(self.unmatched),
            "disputes": len(self.disputes),
            "left_behind": sum(self.left_behind.values()),
            **self.doubtful,
            "withheld": len(self.standing.withheld),
            "received_late": sum(each.lines for each in self.standing.received_late),
            "overdue": self._overdue(),
        }
        return {name: count for name, count in counts.items() if count}

    def _overdue(self) -> int:
        late = self.standing.late if self.standing.overdue else ()
        return sum(each.not_received for each in late)

    @property
    def clean(self) -> bool:
        """Nothing is to be looked at."""
        return not self.to_look_at

    def as_json(self) -> dict[str, object]:
        """Return the summary in JSON's types."""
        found = asdict(self)
        standing = found.pop("standing")
        return {**found, **standing, "to_look_at": self.to_look_at}

    def as_text(self) -> str:
        """Return the summary for a person."""
        state = "已入库 landed" if self.changed else "库中已有，未作改动 already there, unchanged"
        lines = [
            f"{self.document_id}  {self.title or ''}",
            *(["  样例数据，不是真实的考核结果 sample figures"] if self.sample else []),
            f"  截至 as of {self.as_of}　{state}: {self.landed_in} (year={self.year})",
            f"  计分规则 {self.rules}",
            *_indented(card_text(self.scorecard)),
            *_indented(periods_text(self.periods)),
            *_indented(below_text(self.scorecard)),
            *_indented(beyond_text(self.points_in_doubt)),
            *_indented(stability_text(self.stability, self.scorecard)),
            f"  指标 {_counts(self.statuses, 'score_status')}",
            f"  灯色 {_counts(self.lights, 'light')}",
            *self._to_do_text(),
            *(f"  {line}" for line in owed_text(self.standing)),
        ]
        return "\n".join([*lines, *self.looked_at_text()])

    def _to_do_text(self) -> list[str]:
        """Say how many values nobody approved where that is not asked for, and what to look at."""
        said = []
        if self.standing.unapproved and not self.approval_required:
            count = self.standing.unapproved
            said = [f"  {message('flows.unapproved.counted', count=count).zh}"]
        if self.to_look_at:
            listed = "　".join(
                f"{word('to_look_at', name)} {count}" for name, count in self.to_look_at.items()
            )
            said.append(f"  {message('flows.to_look_at', listed=listed).zh}")
        return said

    @property
    def late(self) -> tuple[Late, ...]:
        """The departments that have not handed in all."""
        return self.standing.late

    @property
    def departments_late(self) -> int:
        """How many have not handed in all; indicators without a printed department add none."""
        return departments_late(self.standing.late)

    def looked_at_text(self) -> list[str]:
        """Return what a person should look at."""
        texts = (
            listed_text("没有计入的报送数据，请核对", self.unmatched),
            disputes_text(self.disputes),
            listed_text("指标的序号或名称有变、仍按名称计入的报送数据", self.reassigned),
        )
        left = [
            f"  {message('flows.returns_for_superseded', document=name, count=count).zh}"
            for name, count in self.left_behind.items()
        ]
        listed = [line for text in texts for line in _indented(text)]
        if self.total_printed:
            left.append(f"  {message('flows.total_printed.summary', year=self.year).zh}")
        left += self.of_whole
        left += [message("flows.total_unread", clause=each).zh for each in self.total_unread]
        return [*listed, *left, *self._others_text()]

    def _others_text(self) -> list[str]:
        if not self.passed_over:
            return []
        others = "、".join(self.passed_over)
        return [f"  {message('flows.not_in_force.others', year=self.year, documents=others).zh}"]


def _counts(counts: Mapping[str, int], section: str) -> str:
    return "　".join(f"{word(section, name)} {count}" for name, count in counts.items())


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]


def summarize(
    case: Case,
    scored: Scored,
    tables: Mapping[str, Rows],
    landed_in: str,
    *,
    changed: bool,
) -> ScoreSummary:
    """Say what was scored. Grain: one document as of one day."""
    rows = rows_as(ScoreRow, tables["scores"], _OF_SCORES)
    cards = rows_as(ScorecardRow, tables["scorecards"])
    cards = [card for card in cards if card["level"] == "total"]
    assessed = [row for row in rows if row["status"] != ScoreStatus.NOT_ASSESSED]
    return ScoreSummary(
        document_id=case.document_id,
        year=case.year,
        title=case.title,
        as_of=case.inputs.as_of.isoformat(),
        scorecard=_totals(cards, rows),
        stability=tuple(rows_as(RankStabilityRow, tables["rank_stability"], _STABILITY)),
        statuses=_counted((row["status"] for row in rows), "score_status"),
        lights=_counted((row["light"] for row in assessed), "light"),
        standing=standing_of(scored),
        unmatched=(*unmatched(scored), *overtaken_returns(scored)),
        disputes=disputes(scored),
        reassigned=reassigned(scored),
        left_behind=dict(case.left_behind),
        passed_over=case.passed_over,
        rules=rules_text(case, scored),
        points_in_doubt=_points_in_doubt(scored, cards),
        sample=_any_sample(scored),
        changed=changed,
        landed_in=landed_in,
        total_printed=case.printed_total is not None,
        total_unread=case.total_unread,
        of_whole=_of_whole(scored),
        approval_required=case.approval_required,
        doubtful=_doubtful(scored, rows),
        periods=period_totals(scored),
    )


def _totals(cards: Sequence[ScorecardRow], scores: Sequence[ScoreRow]) -> tuple[CountedCard, ...]:
    """Return the totals, each with how many of its scores are provisional."""
    waiting = Counter(row["entity"] for row in scores if is_provisional(row))
    return tuple({**card, "provisional": waiting[card["entity"]]} for card in cards)


def _of_whole(scored: Scored) -> tuple[str, ...]:
    """Say what grades rest on and nobody confirmed: effects of vetoes, whose share quotas are."""
    from scoring.results.on_top import quotas_unsaid, unconfirmed

    said = [
        message(
            "flows.veto_unconfirmed",
            entity=entity,
            effects="、".join(word("whole_veto", each) for each in sorted(effects)),
        ).zh
        for entity, effects in unconfirmed(scored)
    ]
    return (*said, *([message("flows.quota_unsaid").zh] if quotas_unsaid(scored) else []))


def _counted(codes: Iterable[str], section: str) -> dict[str, int]:
    counts = Counter(codes)
    return {name: counts[name] for name in words(section)}


def _doubtful(scored: Scored, scores: Sequence[ScoreRow]) -> dict[str, int]:
    """Count the scores that stand for now, or cannot be given, until somebody decides.

    A veto and what is not scored at all have no points that a method could decide.
    """
    import numpy as np

    from scoring.model.inputs import ITEM_KINDS

    whole = np.isin(scored.rows.item_kind, [ITEM_KINDS.index(each) for each in _WITHOUT_POINTS])
    whole[disputed_targets(scored)] = True  # these are named as such
    counts = Counter(scores[place]["status"] for place in np.flatnonzero(~whole).tolist())
    return {name: counts[name] for name in _IN_DOUBT}


def _points_in_doubt(scored: Scored, cards: Sequence[ScorecardRow]) -> tuple[str, ...]:
    """Return the entities whose points may be more than can be had, by other readings of points."""
    import numpy as np

    if scored.readings is None:
        return ()
    rows = scored.readings.row[~np.isnan(scored.readings.max_points)]
    read = set(scored.rows.entities.at(rows))
    return tuple(
        each["entity"]
        for each in cards
        if each["entity"] in read
        and each["points_high"] is not None
        and each["max_points"] is not None
        and each["points_high"] > each["max_points"] + EPSILON
    )


def _any_sample(scored: Scored) -> bool:
    """Say whether a made-up return counts."""
    import numpy as np

    used = np.concatenate([scored.latest.whole, scored.parts.items.source])
    return bool(scored.inputs.returns["sample"].iloc[np.unique(used[used >= 0])].any())
