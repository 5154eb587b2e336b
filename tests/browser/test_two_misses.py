"""A family that does not come is written to in its own language, and visited."""

from datetime import date

import pymupdf

from fjorten.people.models import Person
from tests.browser.journey import ClinicJourney
from tests.factories.family import a_guardian
from tests.letters import needs_letters


@needs_letters
def test_two_misses_a_letter_in_the_right_language_and_a_home_visit(clinic: ClinicJourney) -> None:
    english_without_a_telephone = a_guardian(telephone="", language="en", nth=52)
    clinic.given_a_child_with_a_time("Abena", "Mensah", english_without_a_telephone, begins="2026-03-10 09:30", born_on=date(2025, 12, 9))
    nurse = clinic.signed_in("kari")
    nurse.presses("Ikke møtt Abena Mensah")
    nurse.sees("Abena Mensah er ført som ikke møtt.")

    clinic.when_it_is("2026-03-11 05:00")
    clinic.when_the_night_has_passed()
    clinic.when_it_is("2026-03-13 09:00")
    nurse = clinic.signed_in("kari")
    nurse.sees("09.30 30 min Abena Mensah")
    nurse.presses("Ikke møtt Abena Mensah")
    nurse.sees("Abena Mensah er ført som ikke møtt.")

    clinic.when_it_is("2026-03-16 08:00")
    clinic.when_the_night_has_passed()
    with pymupdf.open(stream=clinic.when_the_letters_are_printed_and_posted()) as letters:
        read = " ".join(" ".join(page.get_text() for page in letters).split())
    assert "We have set aside time for Abena more than once, last on Friday 13 March" in read
    assert "we can come to your home" in read

    nurse = clinic.signed_in("kari")
    nurse.sees("Helsesykepleier overtar", "Abena Mensah")
    nurse.follows("Helsesykepleier overtar")
    nurse.follows("Helsesykepleier overtar")
    nurse.sees("Neste steg", "Kari Kvist har ansvaret.")
    nurse.sees_an_accessible_page()
    nurse.follows("Før resultat")
    nurse.ticks("Fikk kontakt")
    nurse.chooses("Engelsk", among="Språk")
    nurse.chooses("Hjemmebesøk", among="Neste steg")
    nurse.presses("Før resultat")
    nurse.sees("Steget er ført.", "Hjemmebesøk, varslet")

    clinic.when_it_is("2026-03-18 12:00")
    nurse = clinic.signed_in("kari")
    nurse.opens(f"/child/{Person.objects.get(given_name='Abena').public_id}/case/")
    nurse.follows("Før resultat")
    nurse.chooses("På hjemmebesøk", among="Hvordan")
    nurse.ticks("Fikk kontakt")
    nurse.chooses("Forsto ikke meldingen", among="Hvorfor familien ikke kom")
    nurse.writes("Familien vil komme. De leser engelsk best.", into="Notat")
    nurse.presses("Før resultat")
    nurse.sees("Steget er ført.", "Fikk kontakt, på hjemmebesøk. Grunn: forsto ikke meldingen.", "De leser engelsk best.")
    nurse.sees_an_accessible_page()
