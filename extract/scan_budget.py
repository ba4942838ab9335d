"""Processor time for pages that are pictures: a limited process gets more for each of them.

A document of text takes seconds however long it is; one of pictures takes seconds a page. So the
limit of a process that reads documents is low, and only here it is raised, page by page, up to the
process's hard limit and to the number of pages that is read at most.
"""

from __future__ import annotations

import resource

GLANCE_SECONDS, READING_SECONDS = 4, 20
"""Processor time granted for looking for a table in a picture, and for recognising its print.

Measured: about 1 second and 3 to 5 seconds; a page as full as can be takes several times more.
"""
MOST_SCANNED = 120
"""So many scanned pages are recognised in one document; the longest notices have about 60."""


def grant_glance() -> None:
    """Allow the process the time to look for rules in one more picture."""
    _grant(GLANCE_SECONDS)


def grant_reading() -> None:
    """Allow the process the time to recognise one more page."""
    _grant(READING_SECONDS)


def _grant(seconds: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == resource.RLIM_INFINITY:
        return
    raised = soft + seconds
    if hard != resource.RLIM_INFINITY:
        raised = min(raised, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (raised, hard))
