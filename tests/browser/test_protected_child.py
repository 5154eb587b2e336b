"""A protected child is named to nobody but those who follow it, and told nothing by machine."""

from fjorten.messages.actions.tasks import finish_task
from fjorten.messages.models import ContactTask
from fjorten.messages.tasks import TaskOutcome
from tests.browser.journey import ClinicJourney
from tests.factories.clinic import NURSE
from tests.factories.family import a_guardian


def test_a_protected_child_is_followed_by_hand(clinic: ClinicJourney) -> None:
    number = "+4700000053"
    hidden = a_guardian(telephone=number, nth=53)
    appointment = clinic.given_a_child_with_a_time("Selma", "Skjult", hidden, begins="2026-03-13 11:00", protection="confidential")
    child = appointment.person
    clinic.given_somebody_is_named_for(child, login="kari")
    clinic.when_the_night_has_passed()
    assert clinic.texts_to(number) == []

    clinic.when_it_is("2026-03-11 08:00")
    for login in ("merkantil", "leder"):
        other = clinic.signed_in(login)
        for there in ("/today/?who=clinic", "/today/2026-03-13/?who=clinic", "/worklist/"):
            other.opens(there)
            other.sees_nothing_of("Selma", "Skjult")
        assert other.opens(f"/child/{child.public_id}/").status == 404
        other.sees_nothing_of("Selma", "Skjult")

    nurse = clinic.signed_in("kari")
    nurse.sees("Gi beskjeden gjennom det navngitte teamet: barnet har adressesperre.", "Selma Skjult")
    nurse.follows("Gi beskjeden gjennom det navngitte teamet")
    nurse.sees("Selma Skjult", "Skjermet adresse")
    nurse.sees_an_accessible_page()
    for task in ContactTask.objects.filter(person=child):
        finish_task(task=task, outcome=TaskOutcome.TOLD, by=NURSE, at=clinic.now)
    clinic.when_it_is("2026-03-12 08:00")
    clinic.when_the_night_has_passed()
    assert clinic.texts_to(number) == []
