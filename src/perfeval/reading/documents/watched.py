"""A limit of work and memory for reading a file. Formats have more ways to ask for endless work than can be listed.

The system ticks while the processor works (a load of others does not count); what takes too many ticks, or too much memory,
is ended. Where there are no such ticks (Windows, other threads than the first) there is no limit.
"""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType

MAX_SECONDS = 8  # of the processor
MAX_MEMORY = 120_000_000  # bytes above what there was before
_TICKS = 50  # in a second


class TooMuch(BaseException):
    """Says why, in both languages. No library that is asked to read on may take it for one of its own errors."""


class Watch:
    """Within it, Python code that takes too much ends with `TooMuch`. It may be raised anywhere there."""

    def __enter__(self) -> Watch:
        self._left, self._most = MAX_SECONDS * _TICKS, most_memory() + MAX_MEMORY
        self._ticks = hasattr(signal, "SIGPROF") and threading.current_thread() is threading.main_thread()
        if self._ticks:
            self._before = signal.signal(signal.SIGPROF, self._tick)
            signal.setitimer(signal.ITIMER_PROF, 1 / _TICKS, 1 / _TICKS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._left, self._most = sys.maxsize, sys.maxsize  # a tick that comes now is late
        if self._ticks:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before or signal.SIG_DFL)  # None: not set from Python

    def _tick(self, _signal: int, _frame: FrameType | None) -> None:
        self._left -= 1
        if most_memory() > self._most:
            self._most += MAX_MEMORY  # once; but what a library swallows is raised again
            raise TooMuch(f"读它要占 {MAX_MEMORY} 字节以上的内存 (reading it takes more than {MAX_MEMORY} bytes of memory)")
        if self._left < 0:
            self._left = _TICKS
            raise TooMuch(f"读了 {MAX_SECONDS} 秒还没读完 (after {MAX_SECONDS} seconds it was not read yet)")


def most_memory() -> int:
    """The most that the process has taken so far, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken if sys.platform == "darwin" else taken * 1024
