"""Documents scored together, in blocks of any size, or each alone: the tables are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scoring.engine import Inputs
from scoring.model.ranks import leveled
from scoring.results.frames import scored_tables
from tests.support.scoring.drawn import drawn

SOME = settings(max_examples=3, phases=[Phase.explicit, Phase.generate])


@SOME
@given(st.lists(drawn(), min_size=2, max_size=4), st.data())
def test_documents_are_scored_the_same_together_and_apart(
    each: list[Inputs], data: st.DataObject
) -> None:
    own = [_named(one, f"notice-{number}") for number, one in enumerate(each)]
    alone = _tables(own)
    cut = data.draw(st.integers(1, len(own) - 1))
    assert _tables([_together(own)]) == alone
    assert _tables([_together(own[:cut]), _together(own[cut:])]) == alone


def test_values_of_other_documents_are_no_reason_to_level() -> None:
    step = 1e-9
    values = np.array([80.0, 80.0 + step, 80.0 + 2 * step, 81.0])
    (together,) = leveled(np.array([0, 0, 0, 0]), values)
    (apart,) = leveled(np.array([0, 1, 0, 1]), values)
    assert together.tolist() == [80.0, 80.0, 80.0, 81.0]
    assert apart.tolist() == values.tolist()


def _tables(blocks: Sequence[Inputs]) -> dict[str, pa.Table]:
    found = [scored_tables(block) for block in blocks]
    return {name: pa.concat_tables([each[name] for each in found]) for name in found[0]}


def _named(inputs: Inputs, document: str) -> Inputs:
    """Return what a document is scored from, the document called otherwise."""
    changed: dict[str, Any] = {}
    for name, value in _given(inputs):
        if isinstance(value, pd.DataFrame):
            changed[name] = value.assign(
                document_id=pd.Series([document] * len(value), value.index)
            )
        elif isinstance(value, dict):
            changed[name] = dict.fromkeys([document], *value.values()) if value else {}
    return replace(inputs, **changed)


def _together(each: Sequence[Inputs]) -> Inputs:
    changed: dict[str, Any] = {}
    for name, value in _given(each[0]):
        all_of_it = [getattr(one, name) for one in each]
        if isinstance(value, pd.DataFrame):
            changed[name] = pd.concat(all_of_it, ignore_index=True)
        elif isinstance(value, dict):
            changed[name] = {key: one for own in all_of_it for key, one in own.items()}
    return replace(each[0], **changed)


def _given(inputs: Inputs) -> Iterator[tuple[str, Any]]:
    yield from ((each.name, getattr(inputs, each.name)) for each in fields(inputs))
