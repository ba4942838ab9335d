"""Arrow without pandas: who only lands documents needs no frames, and pandas takes long to import.

Before pyarrow makes its first array, it asks for pandas to know its objects when it sees them, and
imports it if it can: 0.25 s of processor time. In a process that says so it is told that there is
none. Whoever imports pandas there later gets it, and pyarrow's Python half is told of it, too;
its other half asks only once (source: pyarrow's ``pandas-shim.pxi`` and ``helpers.cc``) and will
not take pandas' signs for a missing value: no such process may make arrays from frames of objects.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from threading import get_ident
from types import ModuleType
from typing import Any

_alone: list[bool] = []


def need_no_frames() -> None:
    """Say that this process lands documents and then ends."""
    _alone.append(True)


def leave_pandas_out() -> None:
    """Let pyarrow ask for pandas in vain, once, where no frames are needed; to be called first."""
    if not _alone or "pandas" in sys.modules:
        return
    _alone.clear()
    import pyarrow as pa

    of_pyarrow = getattr(pa.lib, "_pandas_api", None)
    if of_pyarrow is None:  # another pyarrow, which may ask in another way: it gets its answer
        return
    later = _PandasLater(of_pyarrow)
    sys.meta_path.insert(0, later)
    pa.array([None])  # here both its halves ask
    later.asking = None


class _PandasLater(MetaPathFinder):
    """Finds no pandas for pyarrow's question; then, once, the one that there is."""

    def __init__(self, of_pyarrow: Any) -> None:
        self.of_pyarrow = of_pyarrow
        self.asking: int | None = get_ident()

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """Return where pandas is, to be imported and told of; None for any other module."""
        if name != "pandas":
            return None
        if self.asking == get_ident():
            raise ModuleNotFoundError("pyarrow only asks whether it is there", name=name)
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            self._tell_after(spec.loader)
        return spec

    def _tell_after(self, loader: Any) -> None:
        run = loader.exec_module

        def run_and_tell(module: ModuleType) -> None:
            run(module)
            _ = self.of_pyarrow.pd  # it looks again

        loader.exec_module = run_and_tell
