"""What goes wrong with one child is that one's, and the others are done; what goes wrong with the database is everybody's."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError

from fjorten.kernel.masking import mask
from fjorten.kernel.refusals import Refused

DATABASE_IN_TROUBLE: Final = (OperationalError, InterfaceError)

Child = TypeVar("Child", int, int | None)
One = TypeVar("One")
Answer = TypeVar("Answer")


@contextmanager
def one_childs_own(child: Child, failed: list[tuple[Child, Exception]]) -> Iterator[None]:
    """
    Let what goes wrong inside be one child's (by primary key): it is put in `failed` beside the child, and the next one's turn comes.

    A database that is gone or does not answer is raised: it would fail for every child after this one too.
    """
    try:
        yield
    except DATABASE_IN_TROUBLE:
        raise
    except Exception as wrong:  # whatever it is
        failed.append((child, wrong))


def together_or_each(
    some: Sequence[One], do: Callable[[Sequence[One]], Answer], *, child: Callable[[One], int], failed: list[tuple[int, Exception]]
) -> Iterator[Answer]:
    """
    Do something for some children all at once, and give the answer; where that goes wrong for one of them, one by one, so that the trouble
    is that one's.

    `do` is one transaction: what went wrong left nothing behind.
    """
    try:
        answer = do(some)
    except DATABASE_IN_TROUBLE:
        raise
    except Exception:  # one child's, and met again below
        for one in some:
            with one_childs_own(child(one), failed):
                yield do([one])
    else:
        yield answer


def sentence_of(wrong: Exception, *, otherwise: str) -> str:
    """Tell a person what went wrong: a refusal in its own words, anything else as `otherwise`."""
    return wrong.sentence if isinstance(wrong, Refused) else otherwise


def error_of(wrong: Exception) -> str:
    """Name what went wrong for whoever is to mend it, without identity numbers. A refusal is named only: its sentence says the rest."""
    return type(wrong).__name__ if isinstance(wrong, Refused) else mask(f"{type(wrong).__name__}: {wrong}")
