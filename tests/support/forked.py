"""What the processes that tests fork do at once: all of it is imported once, in the server.

A server of forks imports what it is told when it starts, and there is one to a process: what were
missing here every fork would import anew. A notice is read, too: what compiles words when it first
meets them would do so in every fork. It starts no threads, which a fork would be without.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec.implementations.local  # noqa: F401 - pandas, when it reads a folder
import openpyxl  # noqa: F401
import polars  # noqa: F401

import flows.jobs.night.keys
import flows.jobs.night.publish
import flows.jobs.night.steps  # noqa: F401
import tests.support.common.makers
import tests.support.flows.crowd
import tests.support.flows.deeds
import tests.support.flows.dying_nights
import tests.support.flows.dying_report
import tests.support.flows.receive_worker
import tests.support.warehouse.workers
from flows.jobs.ingest import read_and_normalize
from flows.jobs.sidecar.document import locate
from tests.support.at_once import install
from tests.support.flows.nights import City

install()
with TemporaryDirectory() as _folder:
    _located = locate(City(Path(_folder)).put_notice("tianhe-2021"))
    read_and_normalize(_located.path, _located.meta, cross_check=False)
tests.support.flows.dying_report.prepare()
