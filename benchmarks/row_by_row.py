"""
The peer of P2: the same comparison written row by row with an ORM, as an import into an ordinary web application is.

Django on an SQLite file. Every look-up is parsed, its person and numbers are written with `update_or_create` (so that tomorrow's extract can
be loaded over today's) inside one transaction, every journal is a row of its own, and the rules ask the tables once for each child and each
journal. It finds the same planted differences as ours, and is checked against them.

    python -m benchmarks.row_by_row FOLDER     prints seconds, persons and findings as JSON
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings

_DATABASE = Path(tempfile.mkdtemp(prefix="fjorten-rows-")) / "rows.sqlite3"
settings.configure(
    INSTALLED_APPS=[],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": _DATABASE}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402 - settings first

HERE = "0301"


class Person(models.Model):
    number = models.CharField(max_length=11, unique=True)
    status = models.CharField(max_length=40)
    born_on = models.DateField(db_index=True)
    given_name = models.CharField(max_length=200)
    family_name = models.CharField(max_length=200)
    protection = models.CharField(max_length=40)
    municipality = models.CharField(max_length=4, db_index=True)
    mother_number = models.CharField(max_length=11)

    class Meta:
        app_label = "row_by_row"


class Identifier(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    number = models.CharField(max_length=11, unique=True)

    class Meta:
        app_label = "row_by_row"


class Journal(models.Model):
    number = models.CharField(max_length=11, db_index=True)
    given_name = models.CharField(max_length=200)
    family_name = models.CharField(max_length=200)
    born_on = models.DateField()

    class Meta:
        app_label = "row_by_row"


def load_register(path: Path) -> int:
    """This function will write every person of the extract, one by one, and count them."""
    persons = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            look_up = json.loads(line)
            document = look_up["folkeregisterperson"]
            person, _ = Person.objects.update_or_create(number=look_up["foedselsEllerDNummer"], defaults=_person(document))
            for identifier in document["identifikasjonsnummer"]:
                Identifier.objects.update_or_create(number=identifier["foedselsEllerDNummer"], defaults={"person": person})
            persons += 1
    return persons


def _person(document: dict[str, Any]) -> dict[str, Any]:
    def current(element: str) -> dict[str, Any]:
        return next((entry for entry in document.get(element) or [] if entry.get("erGjeldende")), {})

    return {
        "status": current("status").get("status", ""),
        "born_on": date.fromisoformat(current("foedsel")["foedselsdato"]),
        "given_name": current("navn").get("fornavn", ""),
        "family_name": current("navn").get("etternavn", ""),
        "protection": current("adressebeskyttelse").get("graderingsnivaa", "ugradert"),
        "municipality": current("bostedsadresse").get("vegadresse", {}).get("kommunenummer", ""),
        "mother_number": current("familierelasjon").get("relatertPerson", ""),
    }


def load_journals(path: Path) -> None:
    """This function will write every journal of the export, one by one."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            Journal.objects.create(
                number=row["Fødselsnummer"],
                given_name=row["Fornavn"],
                family_name=row["Etternavn"],
                born_on=datetime.strptime(row["Født"], "%d.%m.%Y").date(),
            )


def compare(on: date) -> Counter[str]:
    """This function will ask, journal by journal and then child by child, and count what does not match."""
    found: Counter[str] = Counter()
    for journal in Journal.objects.iterator():
        identifier = Identifier.objects.filter(number=journal.number).select_related("person").first()
        if not journal.number:
            found["journal_without_number"] += 1
        elif identifier is None:
            found["unknown_or_invalid_number"] += 1
        else:
            found.update(_differences(journal, identifier.person))
    born_after = date(on.year - 6, on.month, on.day)
    for child in Person.objects.filter(municipality=HERE, born_on__gt=born_after).iterator():
        numbers = [identifier.number for identifier in child.identifier_set.all()]
        journals = Journal.objects.filter(number__in=numbers).count()
        if not journals:
            found["lives_here_without_journal"] += 1
        elif journals > 1:
            found["two_journals_one_child"] += 1
    newborns = Person.objects.filter(municipality="", status="foedselsregistrert", born_on__gt=born_after)
    for newborn in newborns.iterator():
        if Person.objects.filter(number=newborn.mother_number, municipality=HERE).exists():
            found["lives_here_without_journal"] += 1
    return found


def _differences(journal: Journal, person: Person) -> list[str]:
    if person.protection in ("fortrolig", "strengtFortrolig"):
        return ["address_protected"]
    place = {"doed": "journal_open_dead", "utflyttet": "journal_open_emigrated", "forsvunnet": "journal_open_missing"}.get(person.status)
    if place:
        return [place]
    differences = []
    if person.municipality != HERE:
        differences.append("journal_open_registered_elsewhere")
    if journal.number != person.number and Journal.objects.filter(number=person.number).count() == 0:
        differences.append("identifier_changed")
    if journal.born_on != person.born_on:
        differences.append("birth_date_disagrees")
    if (journal.given_name, journal.family_name) != (person.given_name, person.family_name):
        differences.append("name_disagrees")
    return differences


def main() -> None:
    """This function will load and compare the files of a folder made by `benchmarks.national`."""
    folder = Path(sys.argv[1])
    on = date.fromisoformat(json.loads((folder / "planted.json").read_text(encoding="utf-8"))["on"])
    with connection.schema_editor() as editor:
        for model in (Person, Identifier, Journal):
            editor.create_model(model)
    started = time.perf_counter()
    with transaction.atomic():
        persons = load_register(folder / "register.jsonl")
        load_journals(folder / "journals.csv")
    found = compare(on)
    seconds = time.perf_counter() - started
    _DATABASE.unlink()
    _DATABASE.parent.rmdir()
    print(json.dumps({"seconds": seconds, "persons": persons, "found": found}))


if __name__ == "__main__":
    main()
