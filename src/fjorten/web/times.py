"""Free times on pages: which one was shown for a planned step, so that it can be found again, and why some get none."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext, gettext_lazy

from fjorten.appointments.needs import ByHandBecause
from fjorten.appointments.placing import WhyNot
from fjorten.appointments.proposals import ChosenTime, Proposed
from fjorten.appointments.states import State
from fjorten.programme.steps import Setting
from fjorten.web.forms import is_number

TIME: Final = "time"  # the field that says which time was shown for a planned step: «12.1796112000.7.clinic»
WHY_NOT: Final = {
    WhyNot.NO_SUCH_TIME: gettext_lazy("Ingen slik tid er åpnet i dagene som passer. Åpne flere timer, eller finn en time for hånd."),
    WhyNot.ONLY_SHORTER_TIMES: gettext_lazy("Det er bare kortere tider enn konsultasjonen trenger. Åpne lengre tider."),
    WhyNot.CHILD_IS_ELSEWHERE: gettext_lazy("Barnet har en annen time på de ledige tidene."),
    WhyNot.TAKEN_BY_OTHERS: gettext_lazy("Tidene gikk til barn som haster mer. Åpne flere timer."),
}
# The mark a state is drawn with (the classes of the track's marks), and what it is called.
STATES: Final = {
    State.OFFERED: ("booked", gettext_lazy("satt opp")),
    State.CONFIRMED: ("booked", gettext_lazy("bekreftet")),
    State.ATTENDED: ("done", gettext_lazy("møtt")),
    State.DID_NOT_ATTEND: ("missed", gettext_lazy("ikke møtt")),
    State.NOT_BROUGHT: ("missed", gettext_lazy("ikke fulgt")),
    State.CANCELLED_BY_FAMILY: ("declined", gettext_lazy("avlyst av familien")),
    State.MOVED_BY_FAMILY: ("declined", gettext_lazy("flyttet av familien")),
    State.CANCELLED_BY_CLINIC: ("declined", gettext_lazy("avlyst av oss")),
    State.MOVED_BY_CLINIC: ("declined", gettext_lazy("flyttet av oss")),
}
_BY_HAND: Final = {
    ByHandBecause.CHILD_IS_PROTECTED: gettext_lazy("Barnet er skjermet. Det navngitte teamet setter opp timen."),
    ByHandBecause.GUARDIAN_IS_PROTECTED: gettext_lazy("En av de foresatte er skjermet. Sett opp timen for hånd."),
    ByHandBecause.FAMILY_IS_LEFT_IN_PEACE: gettext_lazy("Familien skal være i fred nå. Se når meldingene går igjen."),
    ByHandBecause.LATER_STEP_IS_DUE: gettext_lazy(
        "Neste konsultasjon er også aktuell. Vurder om de kan tas sammen, og sett opp timen for hånd."
    ),
    ByHandBecause.PROGRAMME_HAS_ENDED: gettext_lazy("Barnet er for gammelt for programmet. Avslutt planen, eller sett opp timen for hånd."),
    ByHandBecause.STEP_IS_UNKNOWN: gettext_lazy("Konsultasjonen finnes ikke i programmet lenger. Sett opp timen for hånd."),
}
_LAST_INSTANT: Final = 7258118399  # of the last day pages are shown of


def time_field(planned_step: int, chosen: ChosenTime) -> str:
    """This function will write which time was shown for a planned step."""
    return f"{planned_step}.{int(chosen.begins_at.timestamp())}.{chosen.employee}.{chosen.setting}"


def times_shown(values: Iterable[str]) -> Mapping[int, ChosenTime]:
    """This function will read the times a form of ours sends back, by planned step; what none of ours sends is left out."""
    found = {}
    for value in values:
        *numbers, setting = value.split(".")
        if len(numbers) == 3 and all(is_number(number) for number in numbers) and setting in set(Setting):
            step, begins, employee = (int(number) for number in numbers)
            if begins <= _LAST_INSTANT:
                found[step] = ChosenTime(datetime.fromtimestamp(begins, tz=UTC), employee, Setting(setting))
    return found


def why_no_time(proposed: Proposed) -> Mapping[int, str]:
    """This function will say, for each planned step that was asked about and is proposed no time, why it is not."""
    said = {one.need.planned_step: str(WHY_NOT[one.why]) for one in proposed.unplaced}
    said |= {one.planned_step: str(_BY_HAND[one.because]) for one in proposed.by_hand}
    return said | dict.fromkeys(proposed.not_waiting, gettext("Barnet har alt en time, eller saken er satt på vent til senere."))
