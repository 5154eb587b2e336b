"""Norwegian order is the same on both databases: the order PostgreSQL's ICU collation gives, kept in a file."""

import random
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from fjorten.organisation.models import Municipality
from fjorten.people.models import Person

IN_ORDER = (Path(__file__).parent.parent / "kernel" / "names_in_norwegian_order.txt").read_text(encoding="utf-8").splitlines()


def meet(municipality: Municipality, *persons: dict[str, object]) -> None:
    born = {"born_on": date(2024, 1, 1), "born_by": date(2024, 1, 1)}
    Person.objects.bulk_create([Person(municipality=municipality, **{**born, **facts}) for facts in persons])


@pytest.mark.parametrize("field", ["family_name", "given_name"])
def test_names_stand_in_norwegian_order(field: str, municipality: Municipality) -> None:
    shuffled = random.Random(14).sample(IN_ORDER, len(IN_ORDER))
    meet(municipality, *({field: name} for name in shuffled))
    assert list(Person.objects.in_name_order().values_list(field, flat=True)) == IN_ORDER


def test_the_family_name_comes_first_then_the_given_name_then_age(municipality: Municipality) -> None:
    older, younger = (date(2022, 5, 1), date(2024, 5, 1))
    in_order = [
        {"family_name": "Aas", "given_name": "Øyvind", "born_on": older, "born_by": older},
        {"family_name": "Aas", "given_name": "Øyvind", "born_on": younger, "born_by": younger},
        {"family_name": "Aas", "given_name": "Åse", "born_on": older, "born_by": older},
    ]
    before = {"family_name": "Berg", "given_name": "Anna"}
    meet(municipality, *reversed(in_order), before)
    rows = Person.objects.in_name_order().values("family_name", "given_name", "born_on", "born_by")
    assert [row["family_name"] for row in rows] == ["Berg", "Aas", "Aas", "Aas"]  # aa stands with å, last
    assert list(rows)[1:] == in_order


def test_every_new_connection_knows_the_order(municipality: Municipality) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'å' < 'b' COLLATE nb, 'z' < 'æ' COLLATE nb, 'ø' < 'å' COLLATE nb")
        assert [bool(answer) for answer in cursor.fetchone()] == [False, True, True]
