"""Who reads what was written in a case."""

from dataclasses import dataclass
from typing import Final

from fjorten.followup.ladder import Owner

_CLERKS: Final = frozenset({Owner.SYSTEM, Owner.CLERK})


@dataclass(frozen=True, slots=True)
class Noted:
    """A note in a case: who wrote it, whether that is somebody who works here, and who does the step it is about (None: no step)."""

    by: str
    by_an_employee: bool
    step_of: Owner | None


def may_read_note(noted: Noted, *, who: str, reads_journals: bool) -> bool:
    """
    This function will tell whether somebody reads a note: those who read the journal's all; others their own, a machine's, and what stands
    on the steps that are the clerk's to do, since they must know what was said to go on from there [default].
    """
    return reads_journals or noted.by == who or not noted.by_an_employee or noted.step_of in _CLERKS
