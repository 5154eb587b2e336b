"""Opening, moving, handing over and closing a case, and what each refuses."""

from datetime import date, datetime, timedelta

import pytest

from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.cases import CaseIsOpenAlready, open_case
from fjorten.followup.models import Case, CaseEvent, CaseFact
from fjorten.followup.queries import cases_due, cases_without_next_step_owner_deputy_or_deadline
from fjorten.followup.rounds import open_cases_from_facts
from fjorten.organisation.models import Employee, Municipality
from fjorten.plans.models import PlannedStep
from tests.factories.cases import JOB, appointment, instant
from tests.followup.conftest import TODAY


def test_a_missed_consultation_opens_one_case_however_often_it_is_seen(
    step: PlannedStep, staff: dict[str, Employee], municipality: Municipality
) -> None:
    missed = appointment(step, staff["sykepleier"], on=TODAY, state=State.DID_NOT_ATTEND)
    for hour in (20, 21):
        done = open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, hour))
        assert done.troubles == []
    case = Case.objects.get(planned_step=step)
    assert (case.trigger, case.trigger_key, case.fact_on) == ("missed", f"appointment:{missed.pk}", TODAY)
    assert (case.next_step, case.owner, case.due_on) == ("new_time", staff["merkantil"], TODAY)
    assert done.changed == 0
