"""The manual list: opened once, finished once, handed on, and what finishing one settles."""

from datetime import date, timedelta

import pytest

from fjorten.audit.models import AuditEvent
from fjorten.messages.actions.tasks import DeadlineHasPassed, NoteIsMissing, NoteIsTooLong, TaskIsDone, finish_task, hand_on_task, open_task
from fjorten.messages.channels.interface import Handover, Reason
from fjorten.messages.models import ContactTask, Message
from fjorten.messages.queries import messages_in_the_air, open_tasks, tasks_overdue
from fjorten.messages.tasks import TaskOutcome, TaskReason
from tests.factories.clinic import CLERK
from tests.messages.conftest import JOB, Desk
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def uncertain(desk: Desk) -> ContactTask:
    """A task about an invitation nobody knows the fate of."""
    desk.channel = Gateway([Handover.uncertain(Reason.NO_ANSWER)])
    desk.time_for(desk.child())
    desk.work()
    desk.later(minutes=15)
    desk.work()
    return ContactTask.objects.get()


def finish(desk: Desk, task: ContactTask, outcome: TaskOutcome, note: str = "") -> None:
    finish_task(task=task, outcome=outcome, note=note, by=CLERK, at=desk.at)


@pytest.mark.parametrize(
    ("outcome", "note", "state"),
    [
        (TaskOutcome.WAS_TOLD, "", "delivered"),
        (TaskOutcome.TOLD, "", "replaced_by_task"),
        (TaskOutcome.NOT_REACHED, "ringt tre ganger", "uncertain"),
        (TaskOutcome.NO_LONGER_NEEDED, "timen er flyttet", "uncertain"),
    ],
)
def test_a_finished_task_settles_an_uncertain_message(
    desk: Desk, uncertain: ContactTask, outcome: TaskOutcome, note: str, state: str
) -> None:
    finish(desk, uncertain, outcome, note)
    assert Message.objects.get().state == state
    desk.later(days=3)
    desk.work()
    assert desk.tasks() == [], "and nobody is asked a second time"
    assert not messages_in_the_air(municipality=desk.municipality, at=desk.at).exists()


def test_a_message_that_has_been_delivered_meanwhile_stays_delivered(desk: Desk, uncertain: ContactTask) -> None:
    Message.objects.update(state="delivered")
    finish(desk, uncertain, TaskOutcome.TOLD)
    assert Message.objects.get().state == "delivered"


@pytest.mark.parametrize("outcome", [TaskOutcome.NOT_REACHED, TaskOutcome.NO_LONGER_NEEDED])
@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_family_not_told_needs_a_word(desk: Desk, uncertain: ContactTask, outcome: TaskOutcome, note: str) -> None:
    with pytest.raises(NoteIsMissing):
        finish(desk, uncertain, outcome, note)
    assert desk.tasks() == ["uncertain"]


def test_a_word_too_long_is_refused_and_none_of_it_lost(desk: Desk, uncertain: ContactTask) -> None:
    with pytest.raises(NoteIsTooLong):
        finish(desk, uncertain, TaskOutcome.TOLD, "å" * 501)
    finish(desk, uncertain, TaskOutcome.TOLD, "å" * 500)
    assert len(ContactTask.objects.get().note) == 500


def test_whoever_is_second_is_told_so(desk: Desk, uncertain: ContactTask) -> None:
    finish(desk, uncertain, TaskOutcome.TOLD)
    with pytest.raises(TaskIsDone):
        finish(desk, uncertain, TaskOutcome.WAS_TOLD)
    with pytest.raises(TaskIsDone):
        hand_on_task(task=uncertain, owner=uncertain.deputy, due_on=date(2026, 4, 1), today=desk.at.date(), by=CLERK, at=desk.at)
    assert Message.objects.get().state == "replaced_by_task"
    assert AuditEvent.objects.filter(action="contact_task.finished").count() == 1


def test_a_task_handed_on_keeps_whoever_had_it_as_deputy(desk: Desk, uncertain: ContactTask) -> None:
    had_it, gets_it = uncertain.owner, desk.here.nurse
    hand_on_task(task=uncertain, owner=gets_it, due_on=date(2026, 3, 20), today=desk.at.date(), by=CLERK, at=desk.at)
    task = ContactTask.objects.get()
    assert (task.owner, task.deputy, task.due_on) == (gets_it, had_it, date(2026, 3, 20))
    hand_on_task(task=task, owner=gets_it, due_on=date(2026, 3, 23), today=desk.at.date(), by=CLERK, at=desk.at)
    task.refresh_from_db()
    assert (task.owner, task.deputy) == (gets_it, had_it), "only the day was moved"


def test_a_deadline_in_the_past_is_refused(desk: Desk, uncertain: ContactTask) -> None:
    today = desk.at.date()
    with pytest.raises(DeadlineHasPassed):
        hand_on_task(task=uncertain, owner=uncertain.owner, due_on=today - timedelta(days=1), today=today, by=CLERK, at=desk.at)


def test_a_task_is_opened_once_for_each_reason(desk: Desk, uncertain: ContactTask) -> None:
    again = {"message": Message.objects.get(), "staff": desk.staff, "by": JOB, "at": desk.at}
    assert open_task(reason=TaskReason.UNCERTAIN, **again) == uncertain
    assert open_task(reason=TaskReason.NO_RECEIPT, **again) != uncertain
    assert AuditEvent.objects.filter(action="contact_task.opened").count() == 2


def test_deadlines_are_working_days_and_what_is_past_them_is_listed(desk: Desk, uncertain: ContactTask) -> None:
    assert uncertain.due_on == date(2026, 3, 11)
    assert list(open_tasks(municipality=desk.municipality)) == [uncertain]
    assert not tasks_overdue(municipality=desk.municipality, on=date(2026, 3, 11)).exists()
    assert tasks_overdue(municipality=desk.municipality, on=date(2026, 3, 12)).get() == uncertain
