"""`fjorten verify` as somebody meets it: lines in Norwegian, JSON, exit codes, and never a number or a name."""

import json
import sqlite3
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.models import F

from fjorten.cli.main import main
from fjorten.ledger.models import LedgerSnapshot
from fjorten.ledger.moment import one_moment
from fjorten.people.models import Identifier, Person, Residence
from fjorten.plans.models import PlannedStep
from tests.ledger.book import NUMBERS, OLD_NUMBER, TODAY, Book

ON = ("--on", TODAY.isoformat())


@pytest.mark.django_db
def test_a_sound_ledger_exits_0_and_says_so(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *ON]) == 0
    told = capsys.readouterr().out
    assert "Alt stemmer: 11 bosatte barn." in told
    assert "AVVIK" not in told
    assert "Det er ikke tatt noe øyeblikksbilde for dagen" in told


@pytest.mark.django_db
def test_a_broken_row_exits_1_and_is_named_on_one_line(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    row = book.step("newborn", "C04_M3")
    PlannedStep.objects.filter(pk=row.pk).update(window_until=F("window_until") + timedelta(days=1))
    assert main(["verify", *ON]) == 1
    told = capsys.readouterr().out
    days = f"regnskapet sier {row.window_until + timedelta(days=1)}, omtellingen sier {row.window_until}."
    assert f"AVVIK: Konsultasjon C04_M3 (rad {row.pk}) for {book.child('newborn').public_id}, tidsvindu til: {days}\n" in told
    assert "1 avvik" in told


@pytest.mark.django_db
def test_json_holds_both_sides_and_every_difference(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    child = book.child("newborn")
    Person.objects.filter(pk=child.pk).update(status="utflyttet", given_name="ANNET")
    assert main(["verify", *ON, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["on", "municipality", "agrees", "checked", "differences", "recount", "ledger", "snapshot"]
    assert (told["on"], told["municipality"], told["agrees"]) == (TODAY.isoformat(), "9901", False)
    assert told["recount"]["residents"] == told["ledger"]["residents"] == 11
    assert set(told["checked"]) == {"documents", "persons", "enrolments", "steps", "lines", "trail"}
    status, name = told["differences"]
    assert status == {
        "table": "person",
        "person": str(child.public_id),
        "row": str(child.pk),
        "step": "",
        "field": "status",
        "ledger": "utflyttet",
        "recount": "bosatt",
        "sentence": f"Person (rad {child.pk}) for {child.public_id}, status: regnskapet sier utflyttet, omtellingen sier bosatt.",
    }
    assert (name["field"], name["ledger"], name["recount"]) == ("given_name", "noe annet (vises ikke)", "noe annet (vises ikke)")


@pytest.mark.django_db
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_number_and_no_name_is_ever_told(book: Book, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]) -> None:
    Person.objects.update(given_name="HEMMELIG", search_name="hemmelig")
    Identifier.objects.update(is_in_use=False)
    Residence.objects.update(basic_unit="")
    assert main(["verify", *ON, *form]) == 1
    told = "".join(capsys.readouterr())
    for secret in (*NUMBERS.values(), OLD_NUMBER, "HEMMELIG", "hemmelig", "VAKKER", "vakker", "ÅSE", "BLÅBÆRØY"):
        assert secret not in told


@pytest.mark.django_db
def test_the_snapshot_of_the_day_is_held_against_the_recount(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", *ON]) == 0
    assert main(["verify", *ON]) == 0
    assert "Dagens øyeblikksbilde stemmer med omtellingen." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_wrong_snapshot_is_named_though_it_is_truly_signed(book: Book) -> None:
    from dataclasses import replace

    from fjorten.ledger.balance import balance_of
    from fjorten.ledger.snapshots import keep

    wrong = replace(balance_of(municipality=book.municipality, on=TODAY), protected=0)
    keep(wrong, municipality=book.municipality, by=book.by, at=book.at)
    result = book.recounted()
    [difference] = result.differences
    assert (difference.table, difference.row, difference.ledger, difference.recount) == ("snapshot", "1, protected", "0", "1")
    assert result.snapshot == "differs"


@pytest.mark.django_db
def test_a_snapshot_from_before_the_latest_change_is_left_alone(book: Book) -> None:
    from fjorten.plans.actions.settling import mark_done

    book.keep_snapshot()
    done = {"today": TODAY, "reason": "", "by": book.by, "at": book.at}
    mark_done(enrolment=book.enrolment("newborn"), step="C01_HOME", on=TODAY, **done)
    result = book.recounted()
    assert result.agrees
    assert result.snapshot == "older"


@pytest.mark.django_db
def test_a_broken_ledger_is_not_held_against_the_snapshot(book: Book) -> None:
    book.keep_snapshot()
    PlannedStep.objects.filter(pk=book.step("newborn", "C04_M3").pk).update(position=9)
    assert book.recounted().snapshot == "unknown"
    assert LedgerSnapshot.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_written(book: Book) -> None:
    from fjorten.audit.trail import chain_end

    before = chain_end("9901")
    assert main(["verify", *ON]) == 0
    assert chain_end("9901") == before


@pytest.mark.django_db
def test_no_municipality_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 2
    assert "Ingen kommune er åpnet ennå" in capsys.readouterr().err


@pytest.mark.django_db
def test_without_the_signing_key_it_exits_2(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    (book.folder / "keys" / "ledger_ed25519").unlink()
    assert main(["verify", *ON]) == 2
    assert "Signeringsnøkkelen mangler" in capsys.readouterr().err


@pytest.mark.django_db
def test_an_unreadable_database_exits_2(capsys: pytest.CaptureFixture[str], book: Book) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_journal RENAME TO journal_mislaid")
    assert main(["verify", *ON]) == 2
    assert "Regnskapet kan ikke leses" in capsys.readouterr().err


def test_what_is_written_meanwhile_is_not_seen(own_database: None, clerk, at) -> None:
    """The recount reads for a minute at a large municipality; a nurse must be able to work, and what she does is no fault."""
    from django.db import connection

    from fjorten.organisation.actions import open_clinic, open_municipality
    from fjorten.organisation.models import Clinic

    municipality = open_municipality(code="9901", name="Prøvekommunen", by=clerk, at=at)
    with one_moment():
        assert Clinic.objects.count() == 1
        _in_another_connection(
            connection,
            "INSERT INTO organisation_clinic (municipality_id, name, is_default, telephone, visiting_address) "
            f"VALUES ({municipality.pk}, 'Ny', false, '', '')",
        )
        assert Clinic.objects.count() == 1
    assert Clinic.objects.count() == 2
    open_clinic(municipality=municipality, name="Enda en", by=clerk, at=at)


def test_nothing_can_be_written_in_one_moment(own_database: None, clerk, at) -> None:
    from fjorten.organisation.actions import open_municipality
    from fjorten.organisation.models import Clinic

    open_municipality(code="9901", name="Prøvekommunen", by=clerk, at=at)
    with pytest.raises(DatabaseError, match=r"readonly|read-only"), one_moment():
        Clinic.objects.update(name="Et annet navn")
    assert Clinic.objects.get().name == "Helsestasjonen"
    Clinic.objects.update(name="Nord")
    assert Clinic.objects.get().name == "Nord"


def _in_another_connection(connection, statement: str) -> None:
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"])
        with other:
            other.execute(statement)
        other.close()
        return
    import psycopg

    settings = connection.settings_dict
    address = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}
    with psycopg.connect(**address, autocommit=True) as other:
        other.execute(statement)


def test_every_table_and_field_has_norwegian_words() -> None:
    from fjorten.ledger import differences, raw_rows

    assert all(table.words for table in differences.Table)
    kinds = [kind for name, kind in vars(raw_rows).items() if name.endswith("Row") and name != "SnapshotRow"]
    compared = {"PersonRow", "StepRow", "IdentifierRow", "NameRow", "ProtectionRow", "ResponsibilityRow", "RelationRow", "MigrationRow"}
    told = {field for kind in kinds if kind.__name__ in compared for field in kind._fields}
    keys = {"id", "public_id", "continued_as_id", "enrolment_id", "person_id", "child_id", "step"}
    assert len([kind for kind in kinds if kind.__name__ in compared]) == len(compared)
    assert told - keys <= set(differences._FIELDS)
