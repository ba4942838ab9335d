"""A Dask cluster as what reads documents, over TLS: who reaches a scheduler can run code in it.

Documents go to its workers by their bytes, with what is declared of them, so that these need no
disk of ours; tables and earlier years' notices stay here. Workers have this same program.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from common.files import workshop
from common.refusal import refusal
from extract.files.pictures import pages_of
from flows.jobs.batch import standby
from flows.jobs.batch.engines import Chunked, Engine, Job, Sealed, Submit, chunk_size
from flows.jobs.ingest import code_version

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

OWN = "dask"
"""Names a cluster of this machine, which is started for the batch and ends with it."""
WAIT_SECONDS = 20
QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.scheduler.active-memory-manager.start": False,
}
"""A cluster of ours is not watched at work, for nobody looks at its figures: with two workers that
had nothing to do it took a tenth of a processor, and takes a fiftieth."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A document as it is sent: its files by name and content; ``folder`` where they lie in one."""

    job: Job
    folder: str | None
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, job: Job) -> Parcel:
        """Wrap up the document of a job."""
        path = job.located.path
        files = tuple((page.name, page.read_bytes()) for page in pages_of(path))
        return cls(job, path.name if path.is_dir() else None, files)

    def unwrapped(self, folder: Path) -> Job:
        """Write the document into a folder of its own and return the job for it."""
        own = folder / self.folder if self.folder else folder
        own.mkdir(exist_ok=True)
        for name, content in self.files:
            (own / Path(name).name).write_bytes(content)
        path = own if self.folder else own / Path(self.files[0][0]).name
        return replace(self.job, located=replace(self.job.located, path=path))


def read_parcels(parcels: Sequence[Parcel], code: str) -> list[Sealed]:
    """Read a chunk of documents where they were sent to; Refusal by a program that is another."""
    if code_version() != code:
        raise refusal("flows.worker_differs", here=code, there=code_version())
    with workshop(Path(gettempdir())) as own:
        folders = [own / str(number) for number in range(len(parcels))]
        for folder in folders:
            folder.mkdir()
        jobs = [each.unwrapped(folder) for each, folder in zip(parcels, folders, strict=True)]
        return standby.all_read(jobs, None)


class ClusterEngine(Chunked):
    """Reads on the workers of the scheduler at ``address``."""

    def __init__(self, submit: Submit, workers: int, size: int, address: str) -> None:
        super().__init__(submit, workers, size, knows_earlier=False)
        self.address = address


@contextmanager
def cluster(
    address: str, documents: int, processes: int, *, without_tls: bool = False
) -> Iterator[Engine]:
    """Give what reads on the cluster of a scheduler, or on one of this machine (:data:`OWN`).

    Certificates are those of Dask's configuration (``DASK_DISTRIBUTED__COMM__TLS__...``). Raises
    Refusal where the address is without TLS and nobody said that it may be, where no scheduler
    answers, and where Dask is not installed.
    """
    with connected(address, processes, without_tls=without_tls) as client:
        workers = max(sum(client.nthreads().values()), 1)

        def submit(jobs: Sequence[Job], _: Path | None) -> Any:
            parcels = [Parcel.of(job) for job in jobs]
            return client.submit(read_parcels, parcels, code_version(), pure=False)

        size = chunk_size(documents, workers)
        yield ClusterEngine(submit, workers, size, client.scheduler.address)


@contextmanager
def connected(address: str, processes: int, *, without_tls: bool) -> Iterator[Client]:
    """Give a client of the cluster: ours alone, not what Dask takes for anything else here."""
    check_address(address, without_tls=without_tls)
    require_dask()
    from distributed import Client

    if address == OWN:
        settings = own_cluster(processes)
        security = settings["security"]
        with (
            quiet_cluster(**settings) as own,
            Client(own, security=security, set_as_default=False) as client,
        ):
            yield client
        return
    require_certificates(address)
    try:
        client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, TypeError, ValueError) as error:  # unreachable, or TLS is not set up
        raise refusal("flows.no_scheduler", address=address, error=error) from error
    with client:
        yield client


def require_certificates(address: str) -> None:
    """Refuse where TLS is not set up or cannot be: a client that fails for it is slow to end."""
    from distributed.security import Security

    if not address.startswith("tls://"):
        return
    try:
        context = Security().get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:
        raise refusal("flows.no_scheduler", address=address, error=error) from error
    if context is None:
        raise refusal("flows.no_scheduler", address=address, error="no certificates are named")


def require_dask() -> None:
    """Refuse where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise refusal("flows.no_dask", error=error) from error


def own_cluster(processes: int) -> dict[str, object]:
    """Return the settings of a cluster of this machine: reached by TLS from this process alone."""
    from distributed.security import Security

    return {
        "n_workers": processes,
        "threads_per_worker": 1,
        "host": "tls://127.0.0.1",
        "dashboard_address": None,
        "security": Security.temporary(),
        "silence_logs": logging.ERROR,
        "preload": [standby.__name__],
        "config": QUIET,
    }


def quiet_cluster(**settings: object) -> LocalCluster:
    """Start a cluster of this machine that is not watched: its scheduler, too, is in this process.

    Its workers get warm meanwhile.
    """
    import dask
    from distributed import LocalCluster

    with dask.config.set(QUIET):
        return LocalCluster(**settings)


def check_address(address: str, *, without_tls: bool) -> None:
    """Refuse a scheduler's address without TLS, where nobody said that it may be."""
    scheme, _, rest = address.partition("://")
    if address == OWN or (scheme == "tls" and rest):
        return
    if scheme != "tcp" or not rest:
        raise refusal("flows.no_engine", engine=address)
    if not without_tls:
        raise refusal("flows.scheduler_without_tls", address=address)
