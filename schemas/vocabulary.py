"""The words of all codes (``vocabulary.toml``): one thing has one word everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import cast

from common.declared import declared_in


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class FindingState(StrEnum):
    """Whether a person has settled a finding."""

    OPEN = "open"
    CORRECTED = "corrected"
    ACCEPTED = "accepted"


class TargetStatus(StrEnum):
    """Whether an indicator counts for an entity."""

    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"
    UNREADABLE = "unreadable"


class TargetKind(StrEnum):
    """What a target asks for."""

    NUMBER = "number"
    LIMIT = "limit"
    APPROXIMATE = "approximate"
    RANGE = "range"
    RANK = "rank"
    PREVIOUS_VALUE = "previous_value"
    QUANTITY = "quantity"
    GROWTH = "growth"
    COMPOUND = "compound"
    BENCHMARK = "benchmark"
    DOCUMENT = "document"
    EXTERNAL = "external"
    JUDGED = "judged"
    ZERO_TOLERANCE = "zero_tolerance"
    NONE = "none"


class Operator(StrEnum):
    """How an actual value is held against a target's value."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EQUAL = "="
    ABOUT = "~"


class Direction(StrEnum):
    """Which of two values of an indicator is the better one."""

    HIGHER = "higher_is_better"
    LOWER = "lower_is_better"
    NEARER = "nearer_is_better"
    UNKNOWN = "unknown"


class Accumulation(StrEnum):
    """How an indicator's figure moves through the year: a growing sum, a level, a rate."""

    SUM = "sum"
    LEVEL = "level"
    RATE = "rate"


#: What a direction may be declared or corrected to.
KNOWN_DIRECTIONS = tuple(each.value for each in Direction if each != Direction.UNKNOWN)


class ItemKind(StrEnum):
    """What an indicator's points do: make up the whole, come on top, or only take away."""

    SCORED = "scored"
    BONUS = "bonus"
    MINUS = "minus"
    BONUS_OR_MINUS = "bonus_or_minus"
    VETO = "veto"
    UNSCORED = "unscored"


class EntityKind(StrEnum):
    """What is assessed."""

    COUNTY = "county"
    DISTRICT = "district"
    ZONE = "zone"
    TOWN = "town"
    DEPARTMENT = "department"
    OTHER = "other"


class MethodStatus(StrEnum):
    """How far a printed method was understood."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    NOT_UNDERSTOOD = "not_understood"
    OVERRIDDEN = "overridden"


class ScoreStatus(StrEnum):
    """Why a line has points, or has none."""

    SCORED = "scored"
    NOT_ASSESSED = "not_assessed"
    NOT_RECEIVED = "not_received"
    INVALID = "invalid"
    UNREADABLE = "unreadable"
    METHOD_NOT_APPLIED = "method_not_applied"


class Light(StrEnum):
    """How far a line has come."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Approval(StrEnum):
    """Whether somebody approved the values that a line was returned with, and whether they count.

    In this order each needs a look more than the ones before.
    """

    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    WITHHELD = "withheld"


class Lateness(StrEnum):
    """Whether a line's values came by the deadline; each is worse than the ones before.

    ``late_revision``: what counts came late, and another value of the line had come in time.
    """

    IN_TIME = "in_time"
    LATE_REVISION = "late_revision"
    LATE = "late"
    OVERDUE = "overdue"


class BaseMissing(StrEnum):
    """Why nobody knows what a line is held against that is of the year before."""

    UNREAD = "unread"
    NO_NOTICE = "no_notice"
    SEVERAL = "several"
    NO_KEY = "no_key"
    NO_ENTITY = "no_entity"
    NOT_RETURNED = "not_returned"
    NOT_APPROVED = "not_approved"
    UNUSABLE = "unusable"
    OTHER_UNIT = "other_unit"


class NoticeRole(StrEnum):
    """What a document is to its notice."""

    OFFICIAL = "official"
    DRAFT = "draft"
    COPY = "copy"


class ScorecardLevel(StrEnum):
    """What a row of a scorecard sums up."""

    TOTAL = "total"
    LEVEL1 = "level1"
    LEVEL2 = "level2"


class ChangeKind(StrEnum):
    """What became of an indicator from one document to another; one may have several."""

    DROPPED = "dropped"
    NEW = "new"
    RENAMED = "renamed"
    MOVED = "moved"
    RE_WEIGHTED = "re_weighted"
    RE_TARGETED = "re_targeted"
    UNIT_CHANGED = "unit_changed"
    REASSIGNED = "reassigned"
    NOTE_CHANGED = "note_changed"
    KEPT = "kept"


@cache
def _content() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    content = declared_in("schemas", "vocabulary.toml")
    return cast("Mapping[str, Mapping[str, Mapping[str, str]]]", content)


@cache
def words(section: str) -> Mapping[str, str]:
    """Return the Chinese words of a section's codes, in the order of the file."""
    return MappingProxyType({code: word["zh"] for code, word in _content()[section].items()})


def word(section: str, code: str) -> str:
    """Return the Chinese word of a code. KeyError where the vocabulary has none."""
    return words(section)[code]


def english(section: str, code: str) -> str:
    """Return the English word of a code. KeyError where the vocabulary has none."""
    return _content()[section][code]["en"]
