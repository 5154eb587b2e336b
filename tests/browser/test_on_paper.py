"""What is printed: the list and the chronology with who printed it, and none of what is only for a screen."""

from datetime import date

import pymupdf

from fjorten.followup.actions.cases import open_case
from tests.browser.clinic import Window
from tests.browser.journey import ClinicJourney
from tests.factories.clinic import CLERK, step_of
from tests.factories.family import a_guardian

ONLY_ON_SCREEN = ("Logg ut", "Arbeidslister", "Hopp til innholdet", "Søk navn", "Tilbake til listen")


def printed(window: Window) -> str:
    """What the browser prints, in one line. Every page says whose it is."""
    with pymupdf.open(stream=window.page.pdf(prefer_css_page_size=True)) as paper:
        pages = [" ".join(page.get_text().split()) for page in paper]
    assert all("av Kari Kvist. Taushetsbelagt. Makuleres etter bruk." in page for page in pages)
    return " ".join(pages)


def test_the_worklist(clinic: ClinicJourney) -> None:
    for nth in range(1, 25):
        guardian = a_guardian(telephone=f"+47000001{nth:02}", nth=nth)
        clinic.given_a_child_without_a_time(f"Barn{nth}", "Solvang", guardian, born_on=date(2025, 12, 9))
    kari = clinic.signed_in("kari")
    kari.opens("/worklist/")
    kari.presses("Skriv ut liste")
    paper = printed(kari)
    for words in (*(f"Barn{nth} Solvang" for nth in range(1, 25)), "Skal ha time nå", "Barn som trenger noe nå"):
        assert words in paper
    assert paper.count("Taushetsbelagt") > 1, "more than one page, or nothing is tried"
    assert [words for words in ONLY_ON_SCREEN if words in paper] == []


def test_the_chronology(clinic: ClinicJourney) -> None:
    child = clinic.given_a_child_without_a_time("Zofia", "Nowak", a_guardian(nth=63), born_on=date(2025, 12, 9))
    open_case(planned_step=step_of(child, "C04_M3"), reason="Mor ringte", by=CLERK, at=clinic.now)
    kari = clinic.signed_in("kari")
    kari.opens(f"/child/{child.person.public_id}/chronology/")
    paper = printed(kari)
    for words in ("Zofia Nowak", "Kronologi", "Mor ringte"):
        assert words in paper
    assert [words for words in ONLY_ON_SCREEN if words in paper] == []
