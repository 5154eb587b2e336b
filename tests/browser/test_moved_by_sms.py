"""A family who cannot come says so by answering a text message."""

from fjorten.messages.actions.tasks import finish_task
from fjorten.messages.models import ContactTask
from fjorten.messages.tasks import TaskOutcome
from tests.browser.journey import ClinicJourney
from tests.factories.clinic import CLERK
from tests.factories.family import a_guardian


def test_a_family_moves_the_time_by_sms(clinic: ClinicJourney) -> None:
    number = "+4700000051"
    appointment = clinic.given_a_child_with_a_time("Iben", "Solvang", a_guardian(telephone=number, nth=51), begins="2026-03-13 11:00")
    clinic.when_the_night_has_passed()
    assert "svar 2" in clinic.texts_to(number)[-1]

    clinic.when_the_family_writes("2", number=number)
    clinic.when_it_is("2026-03-11 08:00")
    clerk = clinic.signed_in("merkantil")
    clerk.sees("Familien ber om en annen tid. Ring og avtal.", "Iben Solvang")
    clerk.sees_an_accessible_page()

    moved = clinic.when_the_time_is_moved_for_the_family(appointment, to="2026-03-20 10:00")
    finish_task(task=ContactTask.objects.get(person=appointment.person), outcome=TaskOutcome.TOLD, by=CLERK, at=clinic.now)
    clinic.when_the_worker_has_made_a_round()
    assert "20. mars kl. 10.00" in clinic.texts_to(number)[-1]
    assert moved.planned_step == appointment.planned_step

    clerk.opens("/today/")
    clerk.sees_nothing_of("Familien ber om en annen tid.")
    clerk.opens("/today/2026-03-20/")
    clerk.sees("10.00 30 min Iben Solvang")
    clerk.opens("/today/2026-03-13/")
    clerk.sees_nothing_of("Iben Solvang")
