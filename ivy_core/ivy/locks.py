"""One conversion at a time: captures use modes, registries and tables of the frameworks that know of one thread only.

What was converted runs in any number of threads at once; only to make a graph is to wait for one's turn.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType, TracebackType

__all__ = ["CONVERSION", "ConversionLock"]

_LOOK = 0.02
"""Seconds between two looks at a thread that is waited for."""
_PATIENCE = 20.0
"""Seconds that it may stand still."""


class ConversionLock:
    """A lock that the thread which holds it can take again, and that never makes two threads wait for each other.

    A capture runs code of the user's, which may import modules and take locks. Where the thread that holds the lock
    waits itself, for a module that the thread which wants the lock is importing or for another of its locks, the latter
    goes ahead without: the holder stands still meanwhile, so the two don't meet.

    Example:
        >>> from ivy.locks import ConversionLock
        >>> lock = ConversionLock()
        >>> with lock, lock:
        ...     pass
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner: int | None = None
        self._depth = 0
        self._mine = threading.local()

    def __enter__(self) -> None:
        taken = self._lock.acquire(blocking=False) or self._wait()
        if taken:
            self._owner = threading.get_ident()
            self._depth += 1
        try:
            self._mine.taken.append(taken)
        except AttributeError:
            self._mine.taken = [taken]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._mine.taken.pop():
            self._depth -= 1
            if not self._depth:
                self._owner = None
            self._lock.release()

    def _wait(self) -> bool:
        importing = _is_importing(sys._getframe())
        still, seen = 0.0, None
        while not self._lock.acquire(timeout=_LOOK):
            frame = sys._current_frames().get(self._owner or 0)
            if frame is None:
                continue
            if importing and _waits_for_an_import(frame):
                return False
            place = (id(frame), frame.f_lasti)
            still = still + _LOOK if place == seen else 0.0
            seen = place
            if still > _PATIENCE:
                return False
        return True


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if _is_of_imports(frame) and frame.f_code.co_name == "_load_unlocked":
            return True
        frame = frame.f_back
    return False


def _waits_for_an_import(frame: FrameType) -> bool:
    return _is_of_imports(frame) and frame.f_code.co_name in ("acquire", "__enter__", "_lock_unlock_module")


def _is_of_imports(frame: FrameType) -> bool:
    return frame.f_code.co_filename == "<frozen importlib._bootstrap>"


CONVERSION = ConversionLock()
