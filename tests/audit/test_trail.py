"""The trail: nothing without an event, nothing changed afterwards, every fault in the chain named."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent, AuditHead
from fjorten.audit.trail import Entry, NotInsideATransaction, broken_links, chain_end, hash_at, reason_digest, record, record_all

BY = Actor(who="helsesykepleier.prøve", role="public_health_nurse", unit="Nord", ground="behandling")
AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def write(*actions: str) -> None:
    record_all(
        [Entry(action, about="barn", detail={"n": n}, reason="fordi") for n, action in enumerate(actions)],
        municipality="9901",
        by=BY,
        at=AT,
    )


@pytest.mark.django_db
def test_events_are_numbered_without_gaps_and_linked() -> None:
    write("a", "b")
    write("c")
    rows = list(AuditEvent.objects.order_by("seq"))
    assert [(row.seq, row.action) for row in rows] == [(1, "a"), (2, "b"), (3, "c")]
    assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
    assert (chain_end("9901").seq, chain_end("9901").hash) == (3, rows[2].hash)
    assert hash_at("9901", 2) == rows[1].hash
    assert list(broken_links("9901")) == []


@pytest.mark.django_db
def test_municipalities_have_chains_of_their_own() -> None:
    record("a", municipality="9901", by=BY, at=AT)
    record("b", municipality="9902", by=BY, at=AT)
    assert list(AuditEvent.objects.order_by("municipality_code").values_list("municipality_code", "seq")) == [("9901", 1), ("9902", 1)]
    assert chain_end("9903").seq == 0


@pytest.mark.django_db
def test_the_reason_is_kept_as_a_salted_digest_only() -> None:
    write("a")
    row = AuditEvent.objects.get()
    assert "fordi" not in str(row.__dict__)
    assert row.reason_digest == reason_digest("fordi", salt=row.reason_salt)


@pytest.mark.django_db
def test_nothing_is_recorded_for_nothing() -> None:
    record_all([], municipality="9901", by=BY, at=AT)
    assert not AuditHead.objects.exists()


def test_an_event_outside_a_transaction_is_refused(own_database: None) -> None:
    with pytest.raises(NotInsideATransaction, match="a"):
        write("a")


def test_nobody_is_not_an_actor() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Actor(who="", role="clerk")


@pytest.mark.django_db
def test_the_database_refuses_to_change_the_trail() -> None:
    write("a")
    statements = ["UPDATE audit_auditevent SET action = 'x'", "DELETE FROM audit_auditevent"]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE audit_auditevent")
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEvent.objects.get().action == "a"


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda rows: rows.update(action="x"), lambda rows: rows.delete()])
def test_the_models_cannot_change_the_trail_either(change) -> None:
    write("a")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(AuditEvent.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE audit_auditevent SET who = 'en annen' WHERE seq = 2", [(2, "has been changed since it was written")]),
        ("UPDATE audit_auditevent SET reason_digest = '' WHERE seq = 2", [(2, "has been changed since it was written")]),
        ("DELETE FROM audit_auditevent WHERE seq = 2", [(3, "number 2 is missing before it")]),
        ("DELETE FROM audit_auditevent WHERE seq = 4", [(4, "the chain does not end where its head says")]),
        (
            "UPDATE audit_auditevent SET hash = previous_hash WHERE seq = 2",
            [(2, "has been changed since it was written"), (3, "does not follow the row before it")],
        ),
        ("UPDATE audit_audithead SET seq = 3", [(3, "the chain does not end where its head says")]),
    ],
)
def test_tampering_behind_the_triggers_is_named(tampering: str, named: list[tuple[int, str]]) -> None:
    write("a", "b", "c", "d")
    with connection.cursor() as cursor:
        on_table = " ON audit_auditevent" if connection.vendor == "postgresql" else ""
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER audit_auditevent_no_{verb}{on_table}")
        cursor.execute(tampering)
    assert [(link.seq, link.problem) for link in broken_links("9901")] == named
