"""Killing a process at a chosen statement (reliability F1-F3): fork, count statements, SIGKILL at the Nth."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection


def statements_of(work: Callable[[], Any]) -> int:
    """Count the points at which a piece of work can be killed: before and after each statement and each commit. The work is done."""
    counter = _Counter(kill_at=None)
    with counter:
        work()
    return counter.seen


def run_killed_at(point: int, work: Callable[[], Any]) -> bool:
    """Do the work in a child process that is killed at a point; tells whether it was killed (False: it had finished before)."""
    connection.close()
    child = os.fork()
    if child == 0:
        status = 3
        try:
            with _Counter(kill_at=point):
                work()
            status = 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself; its traceback is on standard error"
    return False


class _Counter:
    def __init__(self, *, kill_at: int | None) -> None:
        self.seen = 0
        self.kill_at = kill_at

    def __enter__(self) -> "_Counter":
        connection.ensure_connection()
        self.wrapper = connection.execute_wrapper(self._statement)
        self.wrapper.__enter__()
        self.commit = connection._commit
        connection._commit = self._commit
        return self

    def __exit__(self, *error: Any) -> None:
        connection._commit = self.commit
        self.wrapper.__exit__(*error)

    def _statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._pass()
        result = execute(sql, params, many, context)
        self._pass()
        return result

    def _commit(self) -> None:
        self._pass()
        self.commit()
        self._pass()

    def _pass(self) -> None:
        self.seen += 1
        if self.seen == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
