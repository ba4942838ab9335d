"""Frames as plain columns: numbers as numpy arrays, texts as codes into a list of their values.

A code of -1 stands for a missing text, NaN for a missing number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.tables.frames import plain_arrow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Words:
    """A text column as codes into ``values``."""

    codes: Ints
    values: tuple[str, ...]

    def at(self, rows: Ints) -> list[str | None]:
        """Return the texts of some rows."""
        return [self.values[code] if code >= 0 else None for code in self.codes[rows]]

    def among(self, values: Sequence[str]) -> Ints:
        """Return the codes as places in other ``values``; -1 for a text that is not there."""
        places = {value: place for place, value in enumerate(values)}
        moved = np.array([*(places.get(value, -1) for value in self.values), -1], np.int64)
        return moved[self.codes]


class Columns:
    """Some columns of a frame, each asked for by name and kind; ``len`` counts the rows."""

    def __init__(self, frame: pd.DataFrame, names: Sequence[str]) -> None:
        self._table: Any = plain_arrow(frame, names)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def arrow(self, name: str) -> Any:
        """Return a column as one Arrow array."""
        chunked = self._table[name]
        if pa.types.is_dictionary(chunked.type):
            chunked = chunked.unify_dictionaries()
        whole = chunked.combine_chunks()
        return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole

    def words(self, name: str) -> Words:
        """Return a text column as codes."""
        array = self.arrow(name)
        if not pa.types.is_dictionary(array.type):
            array = pc.dictionary_encode(array.cast(pa.string()))
        codes = array.indices.fill_null(-1) if array.null_count else array.indices
        return Words(
            codes.to_numpy(zero_copy_only=False).astype(np.int64, copy=False),
            tuple(array.dictionary.to_pylist()),
        )

    def floats(self, name: str) -> Floats:
        """Return a numeric column, NaN where it is missing."""
        values: Floats = self.arrow(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
        return values

    def ints(self, name: str, missing: int = 0) -> Ints:
        """Return a whole-number column, ``missing`` where it is empty."""
        array = self.arrow(name).cast(pa.int64())
        filled = array.fill_null(missing) if array.null_count else array
        values: Ints = filled.to_numpy(zero_copy_only=False)
        return values

    def flags(self, name: str) -> Flags:
        """Return a column of yes and no, no where it is missing."""
        array = self.arrow(name).cast(pa.bool_()).fill_null(False)
        values: Flags = array.to_numpy(zero_copy_only=False)
        return values

    def days(self, name: str) -> NDArray[np.int32]:
        """Return a column of dates as days since 1970-01-01."""
        values: NDArray[np.int32] = (
            self.arrow(name).cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False)
        )
        return values

    def missing(self, name: str) -> Flags:
        """Tell where a column is empty; a NaN is not."""
        values: Flags = self.arrow(name).is_null().to_numpy(zero_copy_only=False)
        return values


#: A table of places may be this much larger than the number of rows before rows are numbered anew.
_SPARE = 4
_ALWAYS = 1_000_000


class Numbering:
    """Numbers pairs (a, b) from 0, so that arrays over the numbers stay about as long as the rows.

    Where a * b is small the number is arithmetic; else the pairs that occur are numbered by
    their first occurrence.
    """

    def __init__(self, first: Ints, second: Ints, width: int) -> None:
        keys = first * width + second
        most = int(keys.max(initial=-1)) + 1
        self._width = width
        self._known: pd.Index[Any] | None = None
        if most > _SPARE * len(keys) + _ALWAYS:
            numbers, uniques = pd.factorize(keys)
            self._known = pd.Index(uniques)
            keys, most = numbers.astype(np.int64, copy=False), len(uniques)
        self.numbers: Ints = keys
        self.size = most

    def of(self, first: Ints, second: Ints) -> Ints:
        """Return the numbers of other pairs; -1 for a pair that did not occur or is negative.

        An arithmetic number may also be of a pair that did not occur.
        """
        keys = first * self._width + second
        unknown = (first < 0) | (second < 0) | (second >= self._width)
        if self._known is not None:
            keys = self._known.get_indexer(pd.Index(keys)).astype(np.int64)
        unknown |= keys >= self.size
        return np.where(unknown, -1, keys)
