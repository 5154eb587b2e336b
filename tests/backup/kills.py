"""Killing a process where it is about to touch a file, a program or a database: fork, count, SIGKILL at the Nth."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from django.db import connections

_TOUCHES = ("open", "os.", "shutil.", "fcntl.", "sqlite3.", "subprocess.")


def touches_of(work: Callable[[], Any]) -> int:
    """Count the points at which a piece of work can be killed. It is done, in a process of its own."""
    reading, writing = os.pipe()
    _in_a_child(work, kill_at=None, tell=writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


def killed_at(point: int, work: Callable[[], Any]) -> bool:
    """Do the work in a process that is killed at a point; tells whether it was (False: it had finished before)."""
    return os.WIFSIGNALED(_in_a_child(work, kill_at=point, tell=None))


def _in_a_child(work: Callable[[], Any], *, kill_at: int | None, tell: int | None) -> int:
    connections.close_all()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
        return status
    status, seen = 1, 0

    def count(event: str, _: tuple[Any, ...]) -> None:
        nonlocal seen
        if event.startswith(_TOUCHES):
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(count)
        work()
        if tell is not None:
            os.write(tell, str(seen).encode())
        status = 0
    finally:
        os._exit(status)
