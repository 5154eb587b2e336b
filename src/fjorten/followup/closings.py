"""
When a case can be closed, and which way of closing agrees with what stands in the plan. Pure.

Nothing closes by itself. What is worked out here is a sentence on the list; a person closes with one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fjorten.kernel.spoken import spoken
from fjorten.programme.status import Status


@dataclass(frozen=True, slots=True)
class Closable:
    """Why a case can be closed now, in Norwegian, and the way of closing that fits ("" when a person must choose)."""

    closing: str
    sentence: str


def why_closable(
    *, outcome: Status | None, is_confirmed: bool | None, is_dead: bool, is_enrolled: bool, fact_stands: bool
) -> Closable | None:
    """
    This function will tell why an open case can be closed by a person now, or None when it must go on.

    `outcome` is how the step was settled; `is_confirmed` goes with done elsewhere. `fact_stands`: at least one of the facts the case is
    about still holds; it does not when an appointment was written down wrong and has been corrected.
    """
    if is_dead:
        return Closable("deceased", spoken("kan lukkes: Folkeregisteret sier at barnet er dødt"))
    match outcome:
        case Status.DONE:
            return Closable("attended", spoken("kan lukkes: konsultasjonen er gjennomført"))
        case Status.DONE_ELSEWHERE if is_confirmed:
            return Closable("done_by_gp_confirmed", spoken("kan lukkes: konsultasjonen er gjort et annet sted, og det er bekreftet"))
        case Status.DONE_ELSEWHERE:
            return Closable("done_by_gp_unconfirmed", spoken("kan lukkes: konsultasjonen er oppgitt gjort et annet sted, ikke bekreftet"))
        case Status.DECLINED:
            return Closable("declined_recorded", spoken("kan lukkes: familien har takket nei, og det er skrevet ned"))
        case Status.WAIVED:
            return Closable("merged_into_next_consultation", spoken("kan lukkes: konsultasjonen er ikke aktuell lenger"))
    if not is_enrolled:
        return Closable("", spoken("kan lukkes: barnet følger ikke lenger programmet her. Velg hvorfor"))
    return None if fact_stands else Closable("", spoken("kan lukkes: det som åpnet saken, er rettet. Velg hvorfor"))


# Ways of closing that say something of the plan: there it must stand first, or the step would come back as not done.
_SAYS_OF_THE_STEP: Final[Mapping[str, tuple[Status, bool | None]]] = MappingProxyType(
    {
        "attended": (Status.DONE, None),
        "done_by_gp_confirmed": (Status.DONE_ELSEWHERE, True),
        "done_by_gp_unconfirmed": (Status.DONE_ELSEWHERE, False),
        "declined_recorded": (Status.DECLINED, None),
    }
)


def agrees_with_plan(closing: str, *, outcome: Status | None, is_confirmed: bool | None) -> bool:
    """
    This function will tell whether a way of closing agrees with how the step stands. Those that say nothing of it agree with anything.

    A confirmed one may be closed as unconfirmed by nobody, nor the other way round. [default]
    """
    if closing not in _SAYS_OF_THE_STEP:
        return True
    expected, confirmed = _SAYS_OF_THE_STEP[closing]
    return outcome is expected and (confirmed is None or confirmed is is_confirmed)
