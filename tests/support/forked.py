"""What the processes that tests fork do at once: all of it is imported once, in the server.

A server of forks imports what it is told when it starts, and there is one to a process: what were
missing here every fork would import anew.
"""

import fsspec.implementations.local  # noqa: F401 - pandas, when it reads a folder
import openpyxl  # noqa: F401

import scoring.engine
import scoring.results.frames
import scoring.results.stability  # noqa: F401
import tests.support.common.makers
import tests.support.flows.crowd
import tests.support.flows.deeds
import tests.support.flows.dying_nights
import tests.support.flows.dying_report
import tests.support.flows.receive_worker
import tests.support.warehouse.workers
from tests.support.at_once import install

install()
tests.support.flows.dying_report.prepare()
