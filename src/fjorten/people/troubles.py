"""What goes wrong with one child is that one's, and the others are done; what goes wrong with the database is everybody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError

from fjorten.kernel.masking import mask
from fjorten.kernel.refusals import Refused

DATABASE_IN_TROUBLE: Final = (OperationalError, InterfaceError)

Child = TypeVar("Child", int, int | None)


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


def sentence_of(wrong: Exception, *, otherwise: str) -> str:
    """Tell a person what went wrong: a refusal in its own words, anything else as `otherwise`."""
    return wrong.sentence if isinstance(wrong, Refused) else otherwise


def error_of(wrong: Exception) -> str:
    """Name what went wrong for whoever is to mend it, without identity numbers. A refusal is named only: its sentence says the rest."""
    return type(wrong).__name__ if isinstance(wrong, Refused) else mask(f"{type(wrong).__name__}: {wrong}")
