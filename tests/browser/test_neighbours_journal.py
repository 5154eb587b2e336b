"""A journal of another clinic is opened in an emergency only, for an hour, and it is seen."""

from datetime import date

from fjorten.care_relations.extracts import Asker, extract_of_looks
from fjorten.care_relations.queries import emergencies_to_review
from fjorten.people.models import Person
from tests.browser.clinic import NEIGHBOUR
from tests.browser.journey import ClinicJourney


def test_a_nurse_opens_a_neighbours_journal_and_it_is_seen(clinic: ClinicJourney) -> None:
    number = clinic.given_the_register_tells_of("Oskar", "Lunde", born_on=date(2026, 3, 4))
    clinic.when_the_night_has_passed()

    nora = clinic.signed_in(NEIGHBOUR)
    nora.searches_for("Lunde")
    nora.sees("1 treff hører til andre helsestasjoner.")
    nora.sees_nothing_of("Oskar")
    nora.searches_for(number)
    nora.sees("Oskar Lunde", "Barnet hører ikke til på helsestasjonen din.")
    assert number not in nora.page.url

    nora.follows("Gå videre")
    nora.sees("Forsøket er loggført.")
    nora.sees_nothing_of("Oskar")
    nora.follows("Åpne journalen i én time med en begrunnelse")
    nora.sees("Åpne journalen i en nødsituasjon", "Familien ser den i innsynsloggen.")
    nora.ticks("barnet trenger hjelp nå")
    nora.writes("Kort", into="Begrunnelse")
    nora.presses("Åpne i én time")
    nora.sees("Skriv med minst 10 tegn hvorfor du må se journalen nå.")
    nora.writes("Legevakten ringer om barnet.", into="Begrunnelse")
    nora.presses("Åpne i én time")
    nora.sees("Oskar Lunde", "Programmet")
    there = nora.page.url

    child = Person.objects.get(given_name="Oskar")
    [waiting] = emergencies_to_review(clinic.here.municipality)
    assert (waiting.user.login, waiting.person, waiting.reason) == (NEIGHBOUR, child, "Legevakten ringer om barnet.")
    [told] = extract_of_looks(child, asker=Asker.GUARDIAN, on=clinic.now.date())
    assert (told.role, told.unit, told.ground) == ("helsesykepleier", "Nord", "åpnet av tungtveiende grunner")

    clinic.when_it_is("2026-03-10 10:01")
    nora = clinic.signed_in(NEIGHBOUR)
    assert nora.opens(there).status == 403
    nora.sees("Barnet hører ikke til på helsestasjonen din.")
    nora.sees_nothing_of("Oskar")
