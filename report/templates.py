"""Templates of all pages: whatever comes from documents, files or people is text in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schemas.records.forms import SAMPLE_LABEL
from schemas.vocabulary import word

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(folder: Path) -> Environment:
    """Return the templates of a folder; a name that nothing stands for is a mistake of ours."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"word": word, "sample_label": SAMPLE_LABEL}
    return made
