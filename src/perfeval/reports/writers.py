"""One writer at a time in a folder, and no signal that ends it half-way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfeval.problems import SystemFailed

WAIT = 10
"""Seconds to wait for another run that writes into the same folder; it takes well under one."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that would end the program wait, where the system can hold them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One writer at a time, where the system has locks on folders; raises `SystemFailed` when the other comes to no end."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            _wait(folder, lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _wait(folder: Path, lock: Callable[[], None]) -> None:
    from select import poll

    for _ in range(WAIT * 50):
        try:
            return lock()
        except BlockingIOError:
            poll().poll(20)  # milliseconds; no clock is asked
    raise SystemFailed(
        f"另一个 perfeval 正在往「{folder}」写文件，等了 {WAIT} 秒；原有的文件未动，请等它写完再运行",
        f"Another perfeval is writing into “{folder}”; waited {WAIT} s, old files untouched: run again when it is done",
    )
