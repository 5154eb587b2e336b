"""The tables of the outbox leave out nothing."""

import inspect

from fjorten.messages.addressees import Manual
from fjorten.messages.tasks import BY_MANUAL, SENTENCES, TaskReason
from tests.spec.messages import test_outbox_rules as page


def test_every_reason_for_a_task_has_a_sentence_and_stands_in_the_table() -> None:
    assert SENTENCES.keys() == set(TaskReason)
    assert BY_MANUAL.keys() == set(Manual)
    table = inspect.getsource(page.test_what_a_person_is_asked_to_do)
    assert [reason for reason in TaskReason if f" {reason} " not in table] == []


def test_every_sentence_fits_its_column_and_sets_a_deadline_of_at_least_a_working_day() -> None:
    for sentence, days in SENTENCES.values():
        assert len(sentence) <= 200 and sentence.endswith(".") and days >= 1
