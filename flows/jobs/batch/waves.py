"""In which order the documents of a batch are read: an office's earlier notices before later ones.

A later notice is read with what the earlier ones know. One that was begun before these had landed
is made sense of twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from flows.jobs.batch.engines import Job
from flows.jobs.batch.prepared import Office

Whose = TypeVar("Whose")
_UNKNOWN = 9999
"""Documents of which only reading tells the year come last."""


def waves(jobs: Sequence[tuple[Whose, Job]]) -> Iterator[list[tuple[Whose, Job]]]:
    """Yield the documents by year, in parts to be read and landed one after the other.

    None in a part is, as far as is known before reading, an earlier notice of another one's office;
    those of which no issuer is declared count as one office's.
    """
    wave: list[tuple[Whose, Job]] = []
    earliest: dict[str, int] = {}
    for pair in sorted(jobs, key=lambda each: each[1].located.meta.year or _UNKNOWN):
        meta = pair[1].located.meta
        if meta.year is not None:
            office = Office.of(meta.year, meta.issuer)
            if earliest.setdefault(office.issuer, office.year) < office.year:
                yield wave
                wave, earliest = [], {office.issuer: office.year}
        wave.append(pair)
    if wave:
        yield wave
