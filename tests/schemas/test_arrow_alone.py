"""Arrow in a process that lands documents: without pandas, and with it where it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

ALONE = """
import json, sys
from schemas.arrow_alone import leave_pandas_out, need_no_frames
need_no_frames()
leave_pandas_out()
from schemas.tables.frames import rows_to_arrow
from schemas.tables.registry import TABLES
table = TABLES["entities"]
row = {column.name: None for column in table.columns}
rows = rows_to_arrow(table, [row, row])
assert "pandas" not in sys.modules
"""
#: What is asked of Arrow and pandas together, there and here.
ANSWERS = """
import pandas as pd
import pyarrow as pa
from schemas.tables.frames import arrow_to_frame, frame_to_arrow, rows_to_arrow
from schemas.tables.models import model_problems
from schemas.tables.registry import TABLES
table = TABLES["entities"]
row = {column.name: None for column in table.columns}
rows = rows_to_arrow(table, [row, row])
frame = arrow_to_frame(rows)
answers = [
    [str(each) for each in model_problems(table, frame)],
    frame_to_arrow(table, frame).equals(rows),
    [str(each) for each in frame.dtypes],
    pa.array(pd.Series([1, 2])).to_pylist(),
    str(pa.Table.from_pandas(pd.DataFrame({"a": [1.5, None], "b": ["x", "y"]})).to_pylist()),
    str(pa.table({"when": pa.array([0], pa.timestamp("ns"))}).to_pandas().dtypes.to_list()),
]
"""


def alone() -> list[object]:
    """Return the answers of a process that could do without pandas until it was asked."""
    program = f"{ALONE}{ANSWERS}print(json.dumps(answers))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    answers: list[object] = json.loads(done.stdout)
    return answers


def usual() -> list[object]:
    """Return the answers of this process, which has had pandas from the first."""
    said: dict[str, list[object]] = {}
    exec(ANSWERS, said)
    return said["answers"]


def test_what_does_not_fit_is_named_as_it_is_where_pandas_was_there_from_the_first() -> None:
    """Who imports pandas later finds pyarrow as if it had always been there."""
    answers = alone()
    assert answers == usual()
    assert answers[0], "a row without values fits no model"
