"""The workbooks that officials take away: 得分汇总表 and 指标分解表, a pair a document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from report.exports.data import exported
from report.exports.scores import write_scores
from report.exports.targets import write_targets
from schemas.tables.frames import Rows

SCORES_NAME, TARGETS_NAME = "得分汇总表", "指标分解表"


def write_exports(frames: Mapping[str, Rows], folder: Path) -> tuple[Path, ...]:
    """Write the workbooks of every document in ``notices`` and return their paths, in order.

    ``frames`` are landed tables by name, with ``year``: ``notices``, ``indicators``, ``targets``,
    and where there are any ``scores``, ``scorecards`` and ``findings``. A document that was not
    scored gets no 得分汇总表; of several as-of dates the latest is written. The same frames give
    the same files, byte for byte.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for document in exported(frames):
        if document.as_of is not None:
            paths.append(
                write_scores(document, folder / file_name(SCORES_NAME, document.document_id))
            )
        if document.rows["indicators"]:
            paths.append(
                write_targets(document, folder / file_name(TARGETS_NAME, document.document_id))
            )
    return tuple(paths)


def names_of(document_id: str, *, scored: bool, listed: bool) -> list[str]:
    """Return the files' names of a document that is ``scored``, its indicators ``listed``."""
    kinds = ((SCORES_NAME, scored), (TARGETS_NAME, listed))
    return [file_name(name, document_id) for name, there in kinds if there]


def file_name(name: str, document_id: str) -> str:
    """Return the name of a document's workbook; ids are file names already."""
    return f"{name}_{document_id}.xlsx"
