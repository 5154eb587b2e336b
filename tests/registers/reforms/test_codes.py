from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fjorten.registers.reforms.codes import Reform, ReformKind, ReformTableIsInvalid, codes_now, read_reforms, shipped_reforms

TODAY = date(2026, 11, 21)

# The number of municipalities in each county from 2024, for the counties whose codes have all changed since 2018 (Kartverket, SSB) [source].
IN_EACH_COUNTY = {"31": 12, "32": 21, "33": 18, "34": 46, "39": 6, "40": 17, "42": 25, "46": 43, "50": 38, "55": 21, "56": 18}


def reform(old: str, new: str, on: str, kind: ReformKind = ReformKind.RENUMBER) -> Reform:
    return Reform(old_code=old, new_code=new, valid_from=date.fromisoformat(on), kind=kind)


def test_the_shipped_table_leads_to_as_many_municipalities_as_each_county_has() -> None:
    successors = {code for successors in codes_now(shipped_reforms(), on=TODAY).values() for code in successors.codes}

    counted = Counter(code[:2] for code in successors)
    assert {county: counted[county] for county in IN_EACH_COUNTY} == IN_EACH_COUNTY


def test_no_code_of_the_shipped_table_becomes_two_without_a_split() -> None:
    followers = Counter((row.old_code, row.valid_from) for row in shipped_reforms() if row.kind is not ReformKind.SPLIT)

    assert [key for key, count in followers.items() if count > 1] == []


def test_every_row_of_the_shipped_table_is_named_and_marked() -> None:
    assert all(row.name and row.certainty == "unverified" for row in shipped_reforms())


def test_reforms_are_followed_one_after_the_other_until_the_day() -> None:
    reforms = [reform("1", "2", "2018-01-01"), reform("2", "3", "2020-01-01"), reform("3", "4", "2024-01-01")]

    assert codes_now(reforms, on=date(2023, 12, 31))["1"].only == "3"
    assert codes_now(reforms, on=date(2024, 1, 1))["1"].only == "4"
    assert codes_now(reforms, on=date(2017, 1, 1)) == {}


def test_a_merger_into_a_code_that_goes_on_retires_only_the_others() -> None:
    now = codes_now([reform("1142", "1103", "2020-01-01", ReformKind.MERGE)], on=TODAY)

    assert set(now) == {"1142"}


def test_whatever_leads_into_a_split_is_as_uncertain_as_the_split() -> None:
    reforms = [reform("1504", "1507", "2020-01-01")]
    reforms += [reform("1507", new, "2024-01-01", ReformKind.SPLIT) for new in ("1508", "1580")]

    now = codes_now(reforms, on=TODAY)

    assert (now["1504"].codes, now["1504"].only, now["1507"].only) == (("1508", "1580"), None, None)


def test_a_code_that_is_used_again_is_not_retired() -> None:
    reforms = [reform("1531", "1504", "1968-01-01"), reform("1531", "1531", "1988-01-01")]

    assert codes_now(reforms, on=TODAY) == {}


def test_two_municipalities_that_change_codes_with_each_other_lead_nowhere_else() -> None:
    now = codes_now([reform("1", "2", "2020-01-01"), reform("2", "1", "2020-01-01")], on=TODAY)

    assert (now["1"].only, now["2"].only) == ("1", "2")


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_in_csv_is_read(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "reformer.csv"
    rows = [
        "old_code,new_code,valid_from,kind,name,certainty",
        "1234,4321,2027-01-01,merge,Nykommune,source",
        "1111,4321,2027-01-01,merge,,",
    ]
    path.write_text("\ufeff" + "\n".join(rows).replace(",", separator), encoding="utf-8")

    assert read_reforms(path) == (
        Reform("1234", "4321", date(2027, 1, 1), ReformKind.MERGE, "Nykommune", "source"),
        Reform("1111", "4321", date(2027, 1, 1), ReformKind.MERGE),
    )


XML = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<kodeliste xmlns="urn:no:skatteetaten:kodelistebibliotek:domain:v1">
  <kode><tekniskNavn>0112</tekniskNavn>
    <gyldigForBehandling><fradato>1838-01-01</fradato><tildato>{until}</tildato></gyldigForBehandling>
    <kodetillegg><nesteKommunenummer>0103</nesteKommunenummer></kodetillegg></kode>
  <kode><tekniskNavn>0301</tekniskNavn></kode>
</kodeliste>"""


def test_the_registers_own_code_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "historiskekommuner.xml"
    path.write_text(XML.format(doctype="", until="1963-12-31"), encoding="utf-8")

    assert read_reforms(path) == (Reform("0112", "0103", date(1964, 1, 1), ReformKind.RENUMBER, certainty="source"),)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("gammel,ny\n1,2\n", "mangler kolonnen old_code"),
        ("", "mangler kolonnen old_code"),
        ("old_code,new_code,valid_from,kind\n301,0302,2020-01-01,merge\n", "linje 2: skriv to kommunenumre med fire siffer"),
        ("old_code,new_code,valid_from,kind\n0301,0302,1.1.2020,merge\n", "linje 2"),
        ("old_code,new_code,valid_from,kind\n0301,0302,2020-01-01,flytting\n", "linje 2"),
        ("old_code,new_code,valid_from,kind\n0301\n", "linje 2"),
        ("<kodeliste>", "er ikke gyldig XML (linje 1)"),
        ("<kodeliste/>", "har ingen koder med nesteKommunenummer"),
        (XML.format(doctype="", until="i fjor"), "koden «0112» har et nummer eller en dato"),
        (XML.format(doctype='<!DOCTYPE a [<!ENTITY b "c">]>', until="1963-12-31"), "XML med DOCTYPE leses ikke"),
    ],
)
def test_a_table_that_cannot_be_read_is_turned_down_with_a_reason(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "reformer"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ReformTableIsInvalid) as turned_down:
        read_reforms(path)

    assert sentence in turned_down.value.sentence


def test_a_table_in_another_encoding_and_one_that_is_not_there_are_turned_down(tmp_path: Path) -> None:
    path = tmp_path / "reformer.csv"
    path.write_bytes("old_code;Kommune på Østlandet".encode("latin-1"))
    with pytest.raises(ReformTableIsInvalid, match="er ikke UTF-8"):
        read_reforms(path)
    with pytest.raises(ReformTableIsInvalid, match="Kan ikke lese"):
        read_reforms(tmp_path / "borte.csv")
