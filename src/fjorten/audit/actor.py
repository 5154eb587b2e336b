"""Who does something, as a value that every action takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """
    The one who acts, as the trail will show it (reliability N2).

    `who` is a user name or the name of a job, `role` and `unit` where they stand, `ground` why they may (care relation, job, law).
    """

    who: str
    role: str
    unit: str = ""
    ground: str = ""

    def __post_init__(self) -> None:
        if not self.who or not self.role:
            raise ValueError("an actor needs a name and a role: nothing is written by nobody")
