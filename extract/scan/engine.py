"""Recognises lines of print, offline: the model that comes in rapidocr's wheel, run on the CPU.

Every character comes with how sure the model is of it; a line is recognised twice from two
renderings of its picture, so that a misread digit shows as a disagreement.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from common.refusal import refusal
from extract.scan.picture import Pixels

HEIGHT = 48
"""The model takes pictures of lines this many pixels high."""
NARROWEST = 160
"""A picture of a line is at least so wide, with nothing behind it.

In narrower ones the model takes % for 96. Of three bad scans it read 12, 39 and 21 values otherwise
than printed, and 57, 107 and 33 with 64.
"""
WIDTH_STEP = 8
"""The model looks at steps of this many pixels along the line."""
BLANK = 0
LIKELY = 0.02
"""Another character at least this likely at the same place is a rival."""


@dataclass(frozen=True, slots=True)
class ReadChar:
    """One recognised character: its place along the line (0..1), how sure, and its rivals."""

    text: str
    at: float
    confidence: float
    rivals: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What was recognised in the picture of one line."""

    chars: tuple[ReadChar, ...]

    @property
    def text(self) -> str:
        """Return the characters as one text."""
        return "".join(char.text for char in self.chars)

    @property
    def confidence(self) -> float:
        """Return how sure the least sure character is; 0 for nothing."""
        return min((char.confidence for char in self.chars), default=0.0)


class Recognizer:
    """The recognition model and its characters."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _threads()
        options.inter_op_num_threads = 1
        # A thread that looks for work all the time takes as long as the work: it sleeps instead.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0].name
        names = self.session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self.characters = ["", *names, " "]

    def read(self, picture: Pixels) -> ReadLine:
        """Return what stands in the picture of a line (grey, ink dark).

        Every line is recognised alone, so that its reading depends on nothing beside it; many at
        once take a fifth more time, because what the model keeps of them no longer fits near the
        processor.
        """
        sized = _to_height(picture)
        width = sized.shape[1]
        block = np.zeros((1, 3, HEIGHT, _padded(width)), np.float32)
        block[0, :, :, :width] = sized / np.float32(127.5) - 1
        steps = self.session.run(None, {self.input: block})[0][0]
        return self._decode(steps, len(steps) * width / block.shape[3])

    def _decode(self, steps: Any, whole: float) -> ReadLine:
        """Turn a line's steps into characters: equal neighbours are one, blanks part them."""
        best = steps.argmax(axis=1)
        chars: list[ReadChar] = []
        start = 0
        for end in range(1, len(best) + 1):
            if end < len(best) and best[end] == best[start]:
                continue
            if best[start] != BLANK:
                chars.append(self._seen(steps[start:end], int(best[start]), start, whole))
            start = end
        return ReadLine(tuple(chars))

    def _seen(self, steps: Any, index: int, start: int, whole: float) -> ReadChar:
        peak = int(steps[:, index].argmax())
        at = (start + peak + 0.5) / whole
        row = steps[peak]
        others = np.flatnonzero(row >= LIKELY)
        rivals = tuple(
            (self.characters[other], float(row[other]))
            for other in sorted(others, key=lambda other: -row[other])
            if other not in {index, BLANK}
        )
        return ReadChar(self.characters[index], at, float(row[index]), rivals)


@cache
def recognizer() -> Recognizer:
    """Return the recogniser, loaded once."""
    return Recognizer(_model())


def _model() -> Path:
    """Return the recognition model in rapidocr's wheel."""
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    models = sorted(folder.glob("*_rec_*.onnx"))
    if not models:
        raise refusal("extract.scanned_pdf.no_model", folder=folder)
    return models[-1]


def _threads() -> int:
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return int(wanted) if wanted.isdecimal() and int(wanted) else min(4, os.cpu_count() or 1)


def _to_height(picture: Pixels) -> Pixels:
    height, width = picture.shape
    wide = max(8, round(width * HEIGHT / height))
    smaller = height > HEIGHT
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    sized: Pixels = cv2.resize(picture, (wide, HEIGHT), interpolation=way)
    return sized


def _padded(width: int) -> int:
    return max(NARROWEST, -(-width // WIDTH_STEP) * WIDTH_STEP)
