"""Hva en time kan bli til

Hvem som kan føre hva, når, og hva som følger. En time som er ført, står til noen retter den med en begrunnelse; rettelsen blir stående ved siden av. Det
helsestasjonen avlyser eller flytter, regnes aldri som familiens. Det familien sier, fører den som snakker med dem: er eier og stedfortreder borte, er det
lederen. Tilstandene og hvem som kan føre dem er våre egne valg [default].
"""

from fjorten.appointments.states import State, Who, corrected, settled
from fjorten.kernel.refusals import Refused
from tests.spec.tables import check_table, spec


def becomes(fra: str, til: str, hvem: str, begynt: str) -> str:
    try:
        return settled(State(fra), State(til), by=Who(hvem), has_begun=begynt == "ja")
    except Refused as refusal:
        return type(refusal).__name__


@spec("Fra en åpen time: hvem som kan føre hva, og hva som følger")
def test_what_may_become_of_an_open_appointment() -> None:
    check_table(
        becomes,
        """
        fra       | til                 | hvem         | begynt | svar
        offered   | confirmed           | family       | nei    | nothing
        offered   | confirmed           | family       | ja     | AppointmentHasBegun
        confirmed | confirmed           | family       | nei    | AppointmentIsSettled
        offered   | attended            | clerk        | ja     | consultation_is_written
        confirmed | attended            | professional | ja     | consultation_is_written
        offered   | attended            | clerk        | nei    | AppointmentHasNotBegun
        offered   | attended            | family       | ja     | NotYoursToSay
        offered   | did_not_attend      | clerk        | ja     | new_time_the_same_day
        offered   | did_not_attend      | clerk        | nei    | AppointmentHasNotBegun
        offered   | not_brought         | professional | ja     | new_time_the_same_day
        offered   | not_brought         | clerk        | ja     | NotYoursToSay
        confirmed | cancelled_by_family | family       | nei    | new_time_is_found
        confirmed | cancelled_by_family | clerk        | ja     | AppointmentHasBegun
        confirmed | moved_by_family     | clerk        | nei    | nothing
        offered   | confirmed           | leader       | nei    | nothing
        confirmed | cancelled_by_family | leader       | nei    | new_time_is_found
        confirmed | moved_by_family     | leader       | nei    | nothing
        offered   | attended            | leader       | ja     | NotYoursToSay
        confirmed | cancelled_by_clinic | leader       | nei    | family_is_told_and_new_time_is_found
        confirmed | cancelled_by_clinic | clerk        | ja     | family_is_told_and_new_time_is_found
        confirmed | cancelled_by_clinic | family       | nei    | NotYoursToSay
        offered   | moved_by_clinic     | clerk        | nei    | family_is_told
        confirmed | offered             | clerk        | nei    | AppointmentIsSettled
        attended  | did_not_attend      | clerk        | ja     | AppointmentIsSettled
        """,
    )


def is_corrected(fra: str, til: str, hvem: str, begynt: str) -> str:
    try:
        return corrected(State(fra), State(til), by=Who(hvem), has_begun=begynt == "ja")
    except Refused as refusal:
        return type(refusal).__name__


@spec("Ført feil: hvem som kan rette til hva")
def test_what_was_written_down_wrong_can_be_corrected() -> None:
    check_table(
        is_corrected,
        """
        fra                 | til                 | hvem         | begynt | svar
        did_not_attend      | attended            | clerk        | ja     | consultation_is_written
        did_not_attend      | cancelled_by_clinic | clerk        | ja     | family_is_told_and_new_time_is_found
        did_not_attend      | not_brought         | clerk        | ja     | NotYoursToSay
        did_not_attend      | not_brought         | professional | ja     | new_time_the_same_day
        attended            | did_not_attend      | professional | ja     | new_time_the_same_day
        cancelled_by_family | offered             | clerk        | ja     | nothing
        cancelled_by_family | offered             | leader       | ja     | nothing
        attended            | did_not_attend      | leader       | ja     | NotYoursToSay
        attended            | did_not_attend      | family       | ja     | NotYoursToSay
        cancelled_by_clinic | cancelled_by_family | family       | ja     | NotYoursToSay
        attended            | attended            | clerk        | ja     | NothingToCorrect
        confirmed           | attended            | clerk        | ja     | NothingToCorrect
        cancelled_by_family | attended            | clerk        | nei    | AppointmentHasNotBegun
        cancelled_by_family | cancelled_by_clinic | clerk        | nei    | family_is_told_and_new_time_is_found
        cancelled_by_family | offered             | clerk        | nei    | nothing
        """,
    )
