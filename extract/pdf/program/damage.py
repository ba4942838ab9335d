"""What the libraries that read PDF raise when a file is damaged."""

from __future__ import annotations

import struct
import zlib

from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

# pdfminer raises whatever a damaged object happens to break.
DAMAGE = (
    PSException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
