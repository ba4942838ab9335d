"""Real kills while returns are received: run again, nothing is lost and nothing is there twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.records.forms import Form
from tests.support.flows import receive_worker
from tests.support.flows.offices import (
    DEPARTMENT,
    deliver,
    filed,
    filled,
    forms_of,
    returned,
    sha256,
)
from tests.support.kills import fork_server, was_killed
from tests.support.soak import Seeds

#: So many lines of each return are good; one is not.
GOOD = 7
NEVER = 10**6


KilledAt = Callable[[int | str, int], bool]


@pytest.fixture
def killed_at(office: Path) -> KilledAt:
    """Receive the return of a number, killed at a step; say whether it was, and make it good."""
    server = fork_server()
    form = forms_of(office / "tables")[DEPARTMENT]

    def killed(step: int | str, number: int) -> bool:
        file = return_of(form, office / f"{number}", number)
        was = was_killed(server, receive_worker.receive_and_die, office, file, step)
        check_made_good(office, file, number)
        return was

    return killed


def test_killed_while_filing_landing_and_answering(office: Path, killed_at: KilledAt) -> None:
    assert not killed_at(NEVER, 0)
    assert not killed_at(NEVER, 1)  # the first one has folders to make
    steps = (office / "steps.txt").read_text(encoding="utf-8").split()
    assert {"mkdir", "link", "fsync", "symlink", "write_reply", "unlink"} <= set(steps)
    # By name: a landing that takes over a folder of an earlier one has other steps than the first.
    assert all(killed_at(name, number) for number, name in enumerate(dict.fromkeys(steps), start=2))


@pytest.mark.soak
def test_killed_at_steps_drawn_at_random(office: Path, killed_at: KilledAt, seeds: Seeds) -> None:
    assert not killed_at(NEVER, 0)
    steps = len((office / "steps.txt").read_text(encoding="utf-8").split())
    for number, seed in enumerate(seeds, start=1):
        with seeds.trying("returns killed at a step while they are received"):
            killed_at(random.Random(seed).randrange(steps), number)


def return_of(form: Form, folder: Path, number: int) -> Path:
    """Write the return of a number: all but one award are good."""
    content = {(line, "award"): award(number) for line in range(GOOD)}
    return filled(form, folder / f"{DEPARTMENT}.xlsx", {**content, (GOOD, "award"): "优秀"})


def award(number: int) -> float:
    """Return what the return of a number awards: another one each time, never over 100."""
    return 60 + number / 1000


def check_made_good(office: Path, file: Path, number: int) -> None:
    """After a run that ends, the file is filed once, landed once and answered."""
    (got,) = deliver(office, file).files
    assert (got.accepted, got.refused) == (GOOD, 1)
    own = [row for row in returned(office) if row["source_sha256"] == sha256(file)]
    assert [row["awarded_pct"] for row in own] == [award(number)] * GOOD
    assert {row["revision"] for row in own} == {number + 1}
    copies = [path for path in filed(office) if sha256(path) == sha256(file)]
    assert [str(path) for path in copies] == [got.filed_as]
    assert len(filed(office)) == number + 1
    assert got.reply is not None
    assert not list(Path(got.reply).parent.glob(".*"))
