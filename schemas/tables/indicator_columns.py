"""The columns of indicators, their targets, the findings about them, and their keys."""

from __future__ import annotations

from common.numbers import LARGEST
from schemas.ids import INDICATOR_KEY_PATTERN
from schemas.tables.column import Column, codes
from schemas.vocabulary import (
    Direction,
    EntityKind,
    FindingState,
    ItemKind,
    MethodStatus,
    Operator,
    Severity,
    TargetKind,
    TargetStatus,
)

INDICATOR_COLUMNS = (
    # indicators
    Column("indicator_id", "string", "document_id/serial_no, the number in three digits"),
    Column("serial_no", "int64", "The indicator's place in printed order, from 1", minimum=1),
    Column("level1", "string", "一级指标, without white space and ordinals", nullable=True),
    Column("level2", "string", "二级指标, without white space and ordinals", nullable=True),
    Column("level3", "string", "三级指标, without white space and ordinals", nullable=True),
    Column("level4", "string", "四级指标; empty where level 3 is not split", nullable=True),
    Column("indicator", "string", "The leaf indicator's name without its unit"),
    Column("unit", "string", "The indicator's unit of measure as printed", nullable=True),
    Column(
        "weight_group",
        "int64",
        "serial_no of the first indicator that shares the printed points cell",
        minimum=1,
    ),
    Column(
        "base_points",
        "float64",
        "Points printed for the whole weight group, before exceptions",
        unit="points",
        nullable=True,
        minimum=-1000,
        maximum=10000,
    ),
    Column(
        "direction",
        "string",
        "Which way is better",
        values=codes(Direction),
    ),
    Column("assessing_departments", "list<string>", "Departments that assess and hand in figures"),
    Column("supporting_departments", "list<string>", "Departments named as supporting"),
    Column(
        "note",
        "string",
        "What else is printed in the indicator's row or about it",
        nullable=True,
    ),
    Column(
        "annex",
        "int64",
        "Which of the document's indicator tables it stands in, from 1; empty in rows landed "
        "before it was kept, and then 1",
        minimum=1,
    ),
    Column(
        "item_kind",
        "string",
        "Whether its points make up the whole, come on top or are taken off; empty in rows landed "
        "before it was kept, and then scored",
        nullable=True,
        values=codes(ItemKind),
    ),
    Column(
        "cap",
        "float64",
        "The most that a bonus or minus item may give or take, positive; empty where none is "
        "printed, and of scored items",
        unit="points",
        nullable=True,
        minimum=0,
        maximum=10000,
    ),
    Column(
        "definition",
        "string",
        "What the indicator means, as printed (指标解释)",
        nullable=True,
    ),
    Column(
        "notes",
        "list<note>",
        "What is printed in its row under headers without a column of their own: header, text; "
        "empty in rows landed before it was kept",
        nullable=True,
    ),
    # targets
    Column("entity", "string", "The county or zone that is assessed, as printed"),
    Column(
        "status",
        "string",
        "Whether the indicator applies to the entity",
        values=codes(TargetStatus),
    ),
    Column(
        "max_points",
        "float64",
        "Points of the whole weight group for this entity, exceptions applied; count each group "
        "once, where at least one of its members is assessed",
        unit="points",
        nullable=True,
        minimum=-1000,
        maximum=10000,
    ),
    Column(
        "target_text",
        "string",
        "The target as printed, white space and look-alike characters cleaned; empty where not "
        "assessed",
        nullable=True,
    ),
    Column("target_kind", "string", "The form of the target", values=codes(TargetKind)),
    Column(
        "operator",
        "string",
        "How the actual value is compared with the target; ~ is about",
        nullable=True,
        values=codes(Operator),
    ),
    Column(
        "target_value",
        "float64",
        "The target as a number in target_unit",
        unit="target_unit",
        nullable=True,
        minimum=-LARGEST,
        maximum=LARGEST,
    ),
    Column("target_unit", "string", "The unit of target_value", nullable=True),
    Column(
        "parts",
        "list<part>",
        "The parts of a target of more than one part: text, subject, operator, value, unit",
    ),
    Column("inherited", "bool", "Whether the text comes from a merged cell printed elsewhere"),
    Column(
        "base_text",
        "string",
        "What was reached before, as printed beside the target",
        nullable=True,
    ),
    Column(
        "base_value",
        "float64",
        "What was reached before, as a number in base_unit",
        unit="base_unit",
        nullable=True,
        minimum=-LARGEST,
        maximum=LARGEST,
    ),
    Column("base_unit", "string", "The unit of base_value", nullable=True),
    Column("base_label", "string", "The header that base_text is printed under", nullable=True),
    Column("needs_review", "bool", "Whether the value may be wrong"),
    Column("review_reason", "string", "Why the value may be wrong, in Chinese", nullable=True),
    # findings
    Column("finding_id", "string", "document_id/ and a hash of code and place, stable over runs"),
    Column("severity", "string", "How grave it is", values=codes(Severity)),
    Column("code", "string", "The kind of finding", pattern="[a-z][a-z0-9_.-]*"),
    Column("field", "string", "The column the finding is about", nullable=True),
    Column("message", "string", "What was found, in English"),
    Column("message_zh", "string", "What was found and what to do, in Chinese"),
    Column(
        "alternatives",
        "list<alternative>",
        "Other readings of the same place: text, operator, value in unit, max_points, and the "
        "serial_no and entity they are of where those are not the finding's; what is empty is as "
        "in the reading that was landed",
    ),
    Column(
        "state",
        "string",
        "What became of it",
        values=codes(FindingState),
    ),
    # milestones
    Column(
        "period",
        "string",
        "The part of the year that a milestone is for: 2020-Q1, 2020-H1, 2020-06",
        pattern="(19|20|21)\\d\\d-(Q[1-4]|H[12]|0[1-9]|1[0-2])",
    ),
    Column(
        "value",
        "float64",
        "The milestone as a number in unit",
        unit="unit",
        nullable=True,
        minimum=-LARGEST,
        maximum=LARGEST,
    ),
    Column("cumulative", "bool", "Whether it counts from the beginning of the year"),
    # methods
    Column("parameters", "string", "The rule's parameters, as JSON", nullable=True),
    Column(
        "left_out",
        "list<string>",
        "Words of it in quotes, and what contradicts it, that the rule leaves out though it be "
        "confirmed",
        nullable=True,
    ),
    # entities
    Column("kind", "string", "What the entity is", values=codes(EntityKind)),
    Column(
        "division_code",
        "string",
        "Its code in GB/T 2260, where it is known and unambiguous",
        nullable=True,
        pattern="[1-9][0-9]{5}",
    ),
    Column("position", "int64", "Its place in the annex's printed order, from 1", minimum=1),
    # indicator_keys
    Column(
        "indicator_key",
        "string",
        "The indicator's name through years and renames: by custom the indicator_id it had in the "
        "earliest document",
        pattern=INDICATOR_KEY_PATTERN,
    ),
    Column("confirmed_by", "string", "Who confirmed it"),
    Column("confirmed_on", "date32", "When it was confirmed"),
    Column("reason", "string", "Why it is the same indicator"),
)

#: A column that means something else in another table has that table before its name.
OF_ONE_TABLE = {
    "milestones.text": Column("text", "string", "The milestone as printed"),
    "milestones.unit": Column("unit", "string", "The unit of value", nullable=True),
    "methods.rule": Column(
        "rule", "string", "The rule that the method was understood as", nullable=True
    ),
    "entities.rank_group": Column(
        "rank_group", "string", "The entities that it is ranked among", nullable=True
    ),
    "methods.text": Column("text", "string", "The method as printed"),
    "methods.status": Column(
        "status", "string", "How far it was understood", values=codes(MethodStatus)
    ),
    "methods.reason": Column(
        "reason", "string", "What was not understood of it, in Chinese", nullable=True
    ),
    "indicator_keys.name": Column(
        "name",
        "string",
        "The indicator's name when it was confirmed; where level 3 is split, both parts of it",
    ),
}
