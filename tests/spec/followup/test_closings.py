"""Når en sak kan lukkes

En sak lukkes bare av en person, på en av måtene som står på listen. Når planen alt sier det som trengs, står det på listen at saken kan lukkes, og det gjøres med ett
trykk. Ingenting lukkes av seg selv [source: retningslinjen krever oppfølging; måtene er våre, default].
"""

from fjorten.followup.closings import agrees_with_plan, why_closable
from fjorten.programme.status import Status
from tests.spec.tables import check_table, spec

OUTCOMES = {status.words: status for status in Status}


def closable(konsultasjonen: str, bekreftet: str, doed: str, innmeldt: str, faktum: str) -> str:
    found = why_closable(
        outcome=OUTCOMES.get(konsultasjonen),
        is_confirmed={"ja": True, "nei": False, "": None}[bekreftet],
        is_dead=doed == "ja",
        is_enrolled=innmeldt == "ja",
        fact_stands=faktum == "står",
    )
    return "nei" if found is None else f"{found.sentence} ({found.closing or 'velg'})"


@spec("Det som står på listen")
def test_what_the_list_says() -> None:
    check_table(
        closable,
        """
        konsultasjonen   | bekreftet | doed | innmeldt | faktum | svar
                         |           | nei  | ja       | står   | nei
        gjennomført      |           | nei  | ja       | står   | kan lukkes: konsultasjonen er gjennomført (attended)
        gjort annet sted | ja        | nei  | ja       | står   | kan lukkes: konsultasjonen er gjort et annet sted, og det er bekreftet (done_by_gp_confirmed)
        gjort annet sted | nei       | nei  | ja       | står   | kan lukkes: konsultasjonen er oppgitt gjort et annet sted, ikke bekreftet (done_by_gp_unconfirmed)
        takket nei       |           | nei  | ja       | står   | kan lukkes: familien har takket nei, og det er skrevet ned (declined_recorded)
        ikke aktuelt     |           | nei  | ja       | står   | kan lukkes: konsultasjonen er ikke aktuell lenger (merged_into_next_consultation)
                         |           | ja   | ja       | står   | kan lukkes: Folkeregisteret sier at barnet er dødt (deceased)
                         |           | nei  | nei      | står   | kan lukkes: barnet følger ikke lenger programmet her. Velg hvorfor (velg)
                         |           | nei  | ja       | rettet | kan lukkes: det som åpnet saken, er rettet. Velg hvorfor (velg)
        """,
    )


def agrees(maate: str, konsultasjonen: str, bekreftet: str) -> str:
    confirmed = {"ja": True, "nei": False, "": None}[bekreftet]
    return "ja" if agrees_with_plan(maate, outcome=OUTCOMES.get(konsultasjonen), is_confirmed=confirmed) else "nei"


@spec("Sier måten noe om konsultasjonen, må det stå i planen først")
def test_closing_agrees_with_the_plan() -> None:
    check_table(
        agrees,
        """
        maate                             | konsultasjonen   | bekreftet | svar
        attended                         | gjennomført      |           | ja
        attended                         |                  |           | nei
        attended                         | takket nei       |           | nei
        done_by_gp_confirmed             | gjort annet sted | ja        | ja
        done_by_gp_confirmed             | gjort annet sted | nei       | nei
        done_by_gp_unconfirmed           | gjort annet sted | nei       | ja
        declined_recorded                | takket nei       |           | ja
        declined_recorded                |                  |           | nei
        moved_transfer_confirmed         |                  |           | ja
        emigrated_unconfirmed_keep_watch |                  |           | ja
        """,
    )
