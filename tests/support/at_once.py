"""A pytest plugin: what the program calls in a process of its own is called at once, in this one.

Nor is there any waiting for the disk, which only shows where a machine loses its power.

A process of its own costs a third of a second, mostly to import what is imported here already.
Tests of just that are marked ``isolated`` and have it, as have what tests call there themselves,
every command that is started as a program, and the second reader of PDFs, which changes settings of
its whole process.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, ClassVar, Self

import pytest

from common.isolated import Call, opened
from common.refusal import Refusal
from flows.jobs.batch import local

_WARM_POOL = local.warm_pool


class AtOnce:
    """Stands in for a call: the function's answer, or its Refusal, as pickled as from afar."""

    wanted: ClassVar = True

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._function = function
        self._arguments = pickle.dumps(arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def result(self, progress: Callable[[str], None]) -> Any:
        """Call the function and return its result."""
        return opened(self.sealed(progress))

    def sealed(self, progress: Callable[[str], None]) -> bytes:
        """Call the function and return its answer, pickled."""
        try:
            return pickle.dumps(self._function(*pickle.loads(self._arguments)))
        except Refusal as refused:
            return pickle.dumps(refused)


def _new(
    cls: type[Call], function: Callable[..., Any], *arguments: Any, alone: bool = True, **_: Any
) -> Any:
    if AtOnce.wanted and alone and not function.__module__.startswith("tests."):
        return AtOnce(function, arguments)
    return object.__new__(cls)


class _Pool:
    """Stands in for a pool: what is submitted is done by then."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:  # noqa: BLE001 - the future's
            future.set_exception(error)
        return future


def _not_awaited(_: object) -> None:
    """Stand in for waiting until a file is on the disk."""


@contextmanager
def _pool(processes: int) -> Iterator[Any]:
    if not AtOnce.wanted:
        with _WARM_POOL(processes) as pool:
            yield pool
        return
    yield _Pool()


def install() -> None:
    """Let calls be made at once from now on, in this process and all that it forks."""
    Call.__new__ = _new  # type: ignore[method-assign]
    os.fsync = _not_awaited
    local.warm_pool = _pool  # type: ignore[assignment]


def pytest_configure() -> None:
    install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Give a test that is marked ``isolated`` processes of its own."""
    AtOnce.wanted = item.get_closest_marker("isolated") is None
    return (yield)
