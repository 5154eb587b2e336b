"""A child nobody told the clinic of is found the next morning: the first of five stories from the survey of 2020, how children were lost."""

from datetime import date

from tests.browser.journey import ClinicJourney


def test_a_child_immigrates_and_is_found(clinic: ClinicJourney) -> None:
    clinic.given_the_register_tells_of("Zofia", "Nowak", born_on=date(2025, 6, 1), immigrated_on=date(2026, 3, 6))
    clinic.when_the_night_has_passed()

    clerk = clinic.window()
    clerk.signs_in("merkantil")
    clerk.sees("1 barn bor her uten journal")
    clerk.follows("1 barn bor her uten journal")
    clerk.sees("Zofia Nowak", "Bor her siden 06.03.2026")
    clerk.sees_an_accessible_page()

    clerk.ticks("Velg Zofia Nowak")
    clerk.presses("Opprett journal")
    clerk.sees("1 journal er opprettet.", "Ingen barn uten journal.")
    clerk.sees_nothing_of("barn bor her uten journal")

    clerk.searches_for("nowak")
    clerk.follows("Zofia Nowak")
    clerk.sees("Programmet", "Familie og kontakt")
    clerk.sees_an_accessible_page()
