"""A guard can be taken down and put up again, and is written for the databases we know."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from fjorten.appointments.holds import NoResourceIsHeldTwice
from fjorten.audit.append_only import AppendOnly
from fjorten.audit.guards import Guard
from fjorten.audit.models import AuditEvent
from tests.audit.test_trail import write

AS_THE_MODELS_ARE = cast("Any", SimpleNamespace(apps=apps))


@pytest.mark.usefixtures("own_database")
def test_what_a_guard_forbids_is_allowed_without_it_and_forbidden_again_with_it() -> None:
    with transaction.atomic():
        write("a")
    guard = AppendOnly("AuditEvent")
    with connection.schema_editor() as editor:
        guard.database_backwards("audit", editor, AS_THE_MODELS_ARE, AS_THE_MODELS_ARE)
    AuditEvent.objects.update(action="b")
    with connection.schema_editor() as editor:
        guard.database_forwards("audit", editor, AS_THE_MODELS_ARE, AS_THE_MODELS_ARE)
    with pytest.raises(DatabaseError, match="audit_auditevent is append-only"):
        AuditEvent.objects.update(action="c")


@pytest.mark.parametrize("guard", [AppendOnly("Hold"), NoResourceIsHeldTwice("Hold")], ids=lambda guard: type(guard).__name__)
def test_another_database_is_refused_and_not_left_unguarded(guard: Guard) -> None:
    editor = cast("Any", SimpleNamespace(connection=SimpleNamespace(vendor="oracle")))
    for move in (guard.database_forwards, guard.database_backwards):
        with pytest.raises(NotImplementedError, match=r"Hold.*: written for sqlite and postgresql, not oracle"):
            move("appointments", editor, AS_THE_MODELS_ARE, AS_THE_MODELS_ARE)


@pytest.mark.parametrize(
    ("kind", "module"), [(AppendOnly, "fjorten.audit.append_only"), (NoResourceIsHeldTwice, "fjorten.appointments.holds")]
)
def test_migrations_that_have_landed_find_their_guards_where_they_were(kind: type[Guard], module: str) -> None:
    assert kind.__module__ == module
    assert kind("Hold").deconstruct() == (kind.__name__, ["Hold"], {})
