"""Which engine reads the documents of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flows.jobs.batch.engines import Alone, Engine, usable_processors


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """``local``, ``dask``, or a scheduler's address; how many documents are read at once."""

    name: str = "local"
    processes: int | None = None
    without_tls: bool = False


LOCAL = EngineChoice()


@contextmanager
def engine_of(choice: EngineChoice, documents: int) -> Iterator[Engine]:
    """Give what reads so many documents."""
    if choice.name == "local":
        if documents == 1:
            yield Alone()
            return
        from flows.jobs.batch.local import Local

        with Local(choice.processes) as local:
            yield local
        return
    from flows.jobs.batch.cluster import cluster

    processes = choice.processes or usable_processors()
    with cluster(choice.name, documents, processes, without_tls=choice.without_tls) as engine:
        yield engine
