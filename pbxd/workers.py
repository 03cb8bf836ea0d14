"""Processes that compute for pbxd, so that no call waits; they end with it, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress


def worker(
    nice: int, begin: Callable[..., object] | None = None, *given: object
) -> ProcessPoolExecutor:
    """One process, so much below the telephones (see nice(2)); `begin(*given)` is its first act."""
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, spawn, initializer=_begin, initargs=(nice, begin, given))


def _begin(nice: int, begin: Callable[..., object] | None, given: tuple[object, ...]) -> None:
    threading.Thread(target=_end_with_pbxd, daemon=True).start()
    with suppress(OSError):  # where that may be asked for
        os.nice(nice)
    if begin is not None:
        begin(*given)


def _end_with_pbxd() -> None:
    """Killed -9 it can say nothing, and this one would wait for work for ever."""
    if pbxd := multiprocessing.parent_process():
        pbxd.join()
        os._exit(1)
