"""Every column of every table, described once: type, unit, whether it may be empty, its values.

Only plain data here, so that importing it costs nothing; pyarrow's types are made of the short
type names by :mod:`schemas.tables.frames`, Pandera's models by :mod:`schemas.tables.models`, the
data dictionary by :mod:`schemas.tables.dictionary`. A column that several tables have stands with
the first of them: :mod:`schemas.tables.document_columns` (notices, cells),
:mod:`schemas.tables.indicator_columns` (indicators, targets, methods, milestones, entities,
findings, keys),
:mod:`schemas.tables.score_columns` (returns, scores, scorecards, rank stability).
"""

from __future__ import annotations

from schemas.tables import indicator_columns, score_columns
from schemas.tables.document_columns import DOCUMENT_COLUMNS
from schemas.tables.indicator_columns import INDICATOR_COLUMNS
from schemas.tables.score_columns import SCORE_COLUMNS

#: By name; a column that means something else in another table has that table before its name.
COLUMNS = (
    {each.name: each for each in (*DOCUMENT_COLUMNS, *INDICATOR_COLUMNS, *SCORE_COLUMNS)}
    | indicator_columns.OF_ONE_TABLE
    | score_columns.OF_ONE_TABLE
)
