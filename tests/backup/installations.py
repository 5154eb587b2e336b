"""An installation with children in its ledger, to be lost and found again."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from fjorten.audit.actor import Actor
from fjorten.cli.backups.pictures import Picture, picture_of
from fjorten.cli.main import main
from fjorten.ledger.signing import ensure_key
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from fjorten.registers.actions import load_extract
from tests.factories.register import a_number, extract_file, person_document

Captured = pytest.CaptureFixture[str]
BY = Actor(who="drift", role="technical_administrator")
ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def fill(folder: Path) -> None:
    """Open 9901, load six children, keep a signed balance, and let a message lie in the outbox."""
    children = [person_document(a_number(day := date(2026, 3, 1 + n)), born_on=day) for n in range(3)]
    children += [person_document(a_number(day := date(2024, 1 + n, 5)), born_on=day) for n in range(3)]
    ensure_key()
    municipality = open_municipality(code="9901", name="Prøve", by=BY, at=AT)
    load_extract(path=extract_file(folder / "uttrekk.jsonl", children), municipality=municipality, on=ON, by=BY, at=AT)
    assert main(["ledger", "--on", "2026-03-10"]) in {0, 1}
    (folder / "home" / "outbox").mkdir()
    (folder / "home" / "outbox" / "1.txt").write_text("Hei", encoding="utf-8")


def rename_it(name: str) -> None:
    """Change something that can be seen, with its event."""
    from fjorten.organisation.actions import name_for_families

    name_for_families(municipality=Municipality.objects.get(), brand=name, norwegian="nb", by=BY, at=AT)


def picture() -> Picture:
    """Count what is in the database now, on a connection opened now."""
    connections.close_all()
    with connection.cursor() as cursor:
        found = picture_of(cursor, vendor=connection.vendor)
    connections.close_all()
    return found


def ledger(capsys: Captured) -> str:
    """The ledger as it is printed, row by row."""
    capsys.readouterr()
    main(["ledger", "--rows", "--on", "2026-03-10"])
    return capsys.readouterr().out


def fjorten(capsys: Captured, *arguments: Any) -> tuple[int, str]:
    """Run a command; its exit code, and all it said."""
    connections.close_all()
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    return code, told.out + told.err
