"""Arrow in a process that lands documents: without pandas, and with it where it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

ALONE = """
import json, sys
from schemas.arrow_alone import leave_pandas_out, need_no_frames
from schemas.tables.frames import arrow_to_frame, frame_to_arrow, rows_to_arrow
from schemas.tables.models import model_problems
from schemas.tables.registry import TABLES
if sys.argv[1] == "alone":
    need_no_frames()
leave_pandas_out()
import pyarrow as pa
table = TABLES["entities"]
row = {column.name: None for column in table.columns}
rows = rows_to_arrow(table, [row, row])
without = "pandas" not in sys.modules
frame = arrow_to_frame(rows)
import pandas as pd
print(json.dumps([without, [
    [str(each) for each in model_problems(table, frame)],
    frame_to_arrow(table, frame).equals(rows),
    [str(each) for each in frame.dtypes],
    pa.array(pd.Series([1, 2])).to_pylist(),
    str(pa.Table.from_pandas(pd.DataFrame({"a": [1.5, None], "b": ["x", "y"]})).to_pylist()),
    str(pa.table({"when": pa.array([0], pa.timestamp("ns"))}).to_pandas().dtypes.to_list()),
]]))
"""


def run(how: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ALONE, how],
        capture_output=True,
        text=True,
        check=True,
    )
    answer: list[object] = json.loads(done.stdout)
    return answer


def test_what_does_not_fit_is_named_as_it_is_where_pandas_was_there_from_the_first() -> None:
    """Who imports pandas later finds pyarrow as if it had always been there."""
    (left_out, alone), (at_first, usual) = run("alone"), run("usual")
    assert (left_out, at_first) == (True, False)
    assert alone == usual
    assert isinstance(alone, list)
    assert alone[0], "a row without values fits no model"
