"""
A synthetic nation for the reconciliation benchmarks: a register extract of 5.6 million persons and an export of 330,000 journals.

Every national number is synthetic (month + 80) with right control digits. The same seed gives the same files. All children under six live
in one municipality, so that nothing can be gained by throwing most of them away early: the worst case for `fjorten reconcile`. Differences
between the two files are planted by the child's place in the row, so their numbers are known exactly; `planted.json` lists them.

    python -m benchmarks.national var/national --persons-per-day 153
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

# One child in a thousand for each kind of difference: `child % 1000` of the child decides. Everybody else agrees in both files.
PLANTED = {
    "without_journal": 1,
    "moved_away": 2,
    "emigrated": 3,
    "dead": 4,
    "missing": 5,
    "number_changed": 6,
    "two_journals": 7,
    "two_journals_old_and_new_number": 8,
    "journal_without_number": 9,
    "not_in_register": 10,
    "invalid_number": 11,
    "birth_date_disagrees": 12,
    "name_disagrees": 13,
    "strictly_protected": 14,
    "confidential": 15,
    "birth_registered_without_address": 16,
}
_KIND = {kind: f"(is_child AND child % 1000 = {place})" for kind, place in PLANTED.items()}

HERE = "0301"
_ELSEWHERE = (
    "1103 1108 1119 1120 1124 1506 1508 1515 1804 1806 1833 1860 1870 3101 3103 3105 3107 3118 3201 3203 3205 3209 3212 3222 3224 3226 "
    "3301 3303 3305 3310 3312 3401 3403 3405 3407 3411 3420 3901 3903 3905 3907 3909 4001 4003 4005 4010 4201 4203 4204 4205 4214 4225 "
    "4601 4613 4624 4626 4631 4640 4647 5001 5006 5028 5035 5037 5053 5501 5503 5536 5601 5603 5605 5607"
)
_COUNTRIES = "POL SWE LTU SYR UKR ERI SOM DEU GBR PHL THA IND PAK IRQ AFG ROU"
_GIVEN_NAMES_OF_WOMEN = (
    "Nora Emma Olivia Ella Sofie Leah Frida Iben Sara Maja Ingrid Emilie Ada Selma Amalie Anna Astrid Alma Hedda Jenny Áile Máret Inga "
    "Elle Risten Sunnivá Fatima Maryam Zofia Hanna Julie Aurora Mathilde Tuva Live Oda Ylva Åse Bjørg Øydis"
)
_GIVEN_NAMES_OF_MEN = (
    "Noah Oskar Oliver Lucas Isak Aksel Emil Filip Jakob William Johannes Elias Kasper Magnus Theo Ludvig Håkon Odin Jonas Mathias "
    "Niillas Ánte Máhtte Issát Biret Mohammad Omar Jakub Aleksander Tobias Sander Henrik Ulrik Sverre Torbjørn Åsmund Øyvind Bård Erik"
)
_FARM_HEADS = "Nord Sør Øst Vest Berg Dal Eng Furu Gran Haug Lang Lund Moe Myr Nes Rød Sand Skog Sol Stor Strand Svart Tangen Tveit Vik Ås Ulv Bjørk Elv Fjell"
_FARM_TAILS = (
    "seth vik dal berg heim land mo nes rud set stad stø sund tun voll ås øy eng haug li lund moen myr bakk bø gård holm rød skog vær"
)
_STREETS = "Storgata Kirkeveien Skolegata Fjellveien Åsveien Bjørnefaret Sjøgata Ørneveien Luodda Torget Elvegata Granlia"

_MOTHERS_OLDER_BY, _FATHERS_OLDER_BY = 30 * 365, 32 * 365

_FIRST_SUM = "(3*d1+7*d2+6*d3+d4+8*d5+9*d6+4*d7+5*d8+2*d9)"
_SECOND_SUM = "(5*d1+4*d2+3*d3+2*d4+7*d5+6*d6+5*d7+4*d8+3*d9+2*k1)"


@dataclass(frozen=True, slots=True)
class Nation:
    """How large, seen from which day, and from which seed. 153 births a day for a hundred years are 5.6 million persons."""

    on: date = date(2026, 11, 21)
    persons_per_day: int = 153
    days: int = 36_525
    seed: int = 14


def _numbers(birth_days: str, *, day_offset: int, per_day: int) -> str:
    """SQL for (day, place, number): `per_day` valid synthetic numbers for each birth date of the relation `birth_days(day, born_on)`."""
    individual = "if(year(born_on) >= 2000, 999 - i, i)"
    date_digits = f"dayofmonth(born_on) + {day_offset}, month(born_on) + 80, year(born_on) % 100"
    return f"""
        WITH nine AS (
            SELECT day, i, printf('%02d%02d%02d%03d', {date_digits}, {individual}) AS first_nine
            FROM {birth_days}, range({int(per_day * 1.6) + 20}) AS individual_numbers(i)
        ), digits AS (
            SELECT day, i, first_nine, {", ".join(f"ascii(first_nine[{n}]) - 48 AS d{n}" for n in range(1, 10))} FROM nine
        ), once AS (SELECT *, (11 - {_FIRST_SUM} % 11) % 11 AS k1 FROM digits
        ), twice AS (SELECT *, (11 - {_SECOND_SUM} % 11) % 11 AS k2 FROM once WHERE k1 < 10
        ), valid AS (SELECT day, list(first_nine || k1 || k2 ORDER BY i)[:{per_day}] AS numbers FROM twice WHERE k2 < 10 GROUP BY day)
        SELECT day, unnest(range(len(numbers))) AS place, unnest(numbers) AS number FROM valid
    """


def _pick(words: str, salt: int) -> str:
    """SQL for one of the words, by the person's draw and a salt."""
    listed = words.split()
    return f"([{', '.join(repr(word) for word in listed)}])[1 + (draw // {salt}) % {len(listed)}]"


def _family_name(salt: int) -> str:
    return f"{_pick(_FARM_HEADS, salt)} || {_pick(_FARM_TAILS, salt * 31)}"


def build(connection: duckdb.DuckDBPyConnection, nation: Nation) -> None:
    """This function will make the tables `person` (one row each, with the columns of an extract and some of ours) and `record` (journals)."""
    on = f"DATE '{nation.on.isoformat()}'"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE birth_days AS SELECT i AS day, ({on} - 3 - i::INTEGER) AS born_on FROM range({nation.days}) AS days(i);
        CREATE OR REPLACE TEMP TABLE national_numbers AS {_numbers("birth_days", day_offset=0, per_day=nation.persons_per_day)};
        CREATE OR REPLACE TEMP TABLE child_days AS SELECT * FROM birth_days WHERE born_on > {on} - INTERVAL 6 YEAR;
        CREATE OR REPLACE TEMP TABLE d_numbers AS {_numbers("child_days", day_offset=40, per_day=nation.persons_per_day)};
        CREATE OR REPLACE TEMP TABLE family AS
        SELECT born.day, born.place, born.number, mother.number AS mother_number, father.number AS father_number, d.number AS d_number
        FROM national_numbers born
        LEFT JOIN national_numbers mother ON mother.day = born.day + {_MOTHERS_OLDER_BY} AND mother.place = born.place
        LEFT JOIN national_numbers father ON father.day = born.day + {_FATHERS_OLDER_BY} AND father.place = born.place
        LEFT JOIN d_numbers d ON d.day = born.day AND d.place = born.place;

        CREATE OR REPLACE TEMP TABLE person AS
        WITH drawn AS (
            SELECT family.*, born_on, day * {nation.persons_per_day} + place AS child, born_on > {on} - INTERVAL 6 YEAR AS is_child,
                born_on > {on} - INTERVAL 18 YEAR AS is_minor, (hash(number || '{nation.seed}') >> 2)::BIGINT AS draw,
                number IN (SELECT mother_number FROM family JOIN child_days USING (day)) AS is_mother, (ascii(number[9]) - 48) % 2 = 0 AS is_even
            FROM family JOIN birth_days USING (day)
        )
        SELECT *, is_mother OR is_even AS is_woman, draw % 97 = 0 AND NOT is_minor AND NOT is_mother AS has_died,
            if({_KIND["number_changed"]} OR {_KIND["two_journals_old_and_new_number"]}, [d_number], []) AS former_numbers,
            CASE WHEN {_KIND["emigrated"]} THEN 'utflyttet' WHEN {_KIND["dead"]} OR has_died THEN 'doed'
                WHEN {_KIND["missing"]} THEN 'forsvunnet' WHEN {_KIND["birth_registered_without_address"]} THEN 'foedselsregistrert'
                ELSE 'bosatt' END AS status,
            CASE WHEN {_KIND["dead"]} THEN greatest(born_on, {on} - 40) WHEN has_died THEN {on} - (draw % 3000)::INTEGER END AS died_on,
            if(is_woman, 'kvinne', 'mann') AS sex,
            if(is_woman, {_pick(_GIVEN_NAMES_OF_WOMEN, 7)}, {_pick(_GIVEN_NAMES_OF_MEN, 7)})
                || if(draw % 3 = 0, ' ' || if(is_woman, {_pick(_GIVEN_NAMES_OF_WOMEN, 13)}, {_pick(_GIVEN_NAMES_OF_MEN, 13)}), '') AS given_name,
            CASE WHEN draw % 4 = 0 THEN {_family_name(37)} END AS middle_name, {_family_name(1009)} AS family_name,
            CASE WHEN {_KIND["strictly_protected"]} THEN 'strictly_confidential' WHEN {_KIND["confidential"]} THEN 'confidential'
                ELSE 'none' END AS protection,
            NOT (status IN ('utflyttet', 'foedselsregistrert') OR protection = 'strictly_confidential') AS has_address,
            CASE WHEN NOT has_address THEN NULL WHEN {_KIND["moved_away"]} THEN '4601' WHEN is_child OR is_mother THEN '{HERE}'
                ELSE {_pick(HERE + " " + _ELSEWHERE, 11)} END AS municipality,
            CASE WHEN NOT has_address THEN NULL WHEN {_KIND["moved_away"]} THEN greatest(born_on, {on} - 60)
                ELSE greatest(born_on, {on} - (draw % 7000)::INTEGER) END AS moved_on,
            CASE WHEN has_address THEN {_pick(_STREETS, 17)} END AS street,
            CASE WHEN has_address THEN 1 + (draw // 29) % 180 END AS house,
            CASE WHEN has_address THEN printf('%04d', (1 + (draw // 31) % 1295)::INTEGER) END AS postcode,
            CASE WHEN {_KIND["emigrated"]} THEN greatest(born_on, {on} - 50) END AS emigrated_on,
            CASE WHEN {_KIND["emigrated"]} THEN 'POL' END AS emigrated_to,
            CASE WHEN {_KIND["without_journal"]} THEN greatest(born_on, {on} - 90)
                WHEN draw % 6 = 0 AND NOT is_child THEN {on} - (draw // 43 % 7000)::INTEGER END AS immigrated_on,
            CASE WHEN immigrated_on IS NOT NULL THEN {_pick(_COUNTRIES, 19)} END AS immigrated_from,
            ({on} - 1)::TIMESTAMP - to_seconds((draw // 47 % 200000000)::INTEGER) AS last_changed_at
        FROM drawn ORDER BY draw;  -- an extract is in no order that helps

        CREATE OR REPLACE TEMP TABLE record AS
        SELECT CASE WHEN {_KIND["journal_without_number"]} THEN NULL
                WHEN {_KIND["number_changed"]} THEN d_number
                WHEN {_KIND["invalid_number"]} THEN number[:10] || (ascii(number[11]) - 47) % 10 ELSE number END AS number,
            child AS journal_id,
            if({_KIND["name_disagrees"]}, 'Xerxes', given_name) AS given_name,
            if({_KIND["name_disagrees"]}, 'Quisling-Zorn', family_name) AS family_name,
            if({_KIND["birth_date_disagrees"]}, born_on + 400, born_on) AS born_on, least(born_on + 9, {on} - 1) AS opened_on,
            street || ' ' || house AS address, postcode
        FROM person
        WHERE is_child AND NOT {_KIND["without_journal"]} AND NOT {_KIND["birth_registered_without_address"]}
        UNION ALL BY NAME
        SELECT if({_KIND["two_journals"]}, number, d_number) AS number, 1000000000 + child AS journal_id,
            given_name, family_name, born_on, least(born_on + 30, {on} - 1) AS opened_on, street || ' ' || house AS address, postcode
        FROM person WHERE {_KIND["two_journals"]} OR {_KIND["two_journals_old_and_new_number"]};

        DELETE FROM person WHERE {_KIND["not_in_register"]};
    """)


def planted(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """This function will count each planted difference, and the persons, children and journals, in the tables of `build`."""
    counts = {"persons": "FROM person", "children": "FROM person WHERE is_child", "journals": "FROM record"}
    counts |= {kind: f"FROM person WHERE {condition}" for kind, condition in _KIND.items()}
    # These persons are no longer in the register table; their journals are.
    counts["not_in_register"] = f"FROM record WHERE journal_id % 1000 = {PLANTED['not_in_register']} AND journal_id < 1000000000"
    return {kind: connection.execute(f"SELECT count(*) {source}").fetchall()[0][0] for kind, source in counts.items()}


def write_register_as_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """This function will write the register table with the documented columns of a Parquet extract."""
    connection.execute(f"""
        COPY (
            SELECT number, former_numbers, born_on AS number_since, status, born_on, year(born_on)::INTEGER AS born_year, sex, died_on,
                given_name, middle_name, family_name, protection, municipality, moved_on,
                CASE WHEN has_address THEN street || ' ' || house || ', ' || postcode || ' OSLO' END AS address,
                CASE WHEN has_address THEN 'street' ELSE 'none' END AS address_kind,
                NULL::VARCHAR AS stay_municipality, NULL::DATE AS stay_since, emigrated_on, emigrated_to, immigrated_on, immigrated_from,
                mother_number, if(is_minor AND father_number IS NOT NULL, [mother_number, father_number], []) AS guardian_numbers,
                last_changed_at AT TIME ZONE 'UTC' AS last_changed_at
            FROM person
        ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
    """)


# What every element carries; about a kilobyte a person in all.
_CURRENT = '"erGjeldende":true'
_DATED = (
    _CURRENT + ',"kilde":"KILDE_DSF","ajourholdstidspunkt":"\' || stamp || \'","gyldighetstidspunkt":"\' || born_on || \'T00:00:00+01:00"'
)


def write_register_as_json_lines(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """This function will write the register table as the bulk look-up answers, one look-up a line."""
    connection.execute(f"""
        COPY (
            SELECT '{{"foedselsEllerDNummer":"' || number || '","folkeregisterperson":{{"identifikasjonsnummer":[{{{_DATED},"status":"iBruk"'
                || ',"foedselsEllerDNummer":"' || number || '","identifikatortype":"foedselsnummer"}}'
                || CASE WHEN len(former_numbers) = 0 THEN '' ELSE ',{{"erGjeldende":false,"status":"opphoert","identifikatortype":"dNummer",'
                    || '"foedselsEllerDNummer":"' || former_numbers[1] || '"}}' END
                || '],"status":[{{{_DATED},"status":"' || status || '"}}],"foedsel":[{{{_CURRENT},"foedselsdato":"' || born_on
                || '","foedselsaar":"' || year(born_on) || '","foedekommuneINorge":"0301","foedeland":"NOR"}}],"kjoenn":[{{{_CURRENT},"kjoenn":"' || sex
                || '"}}],"navn":[{{{_CURRENT},"fornavn":"' || given_name || coalesce('","mellomnavn":"' || middle_name, '') || '","etternavn":"' || family_name || '"}}]'
                || CASE WHEN died_on IS NULL THEN '' ELSE ',"doedsfall":{{{_CURRENT},"doedsdato":"' || died_on || '"}}' END
                || CASE protection WHEN 'none' THEN '' ELSE ',"adressebeskyttelse":[{{{_CURRENT},"graderingsnivaa":"'
                    || CASE protection WHEN 'confidential' THEN 'fortrolig' ELSE 'strengtFortrolig' END || '"}}]' END
                || CASE WHEN NOT has_address THEN '' ELSE ',"bostedsadresse":[{{{_DATED},"flyttedato":"' || moved_on
                    || '","adressegradering":"ugradert","grunnkrets":3010101,"vegadresse":{{"kommunenummer":"' || municipality
                    || '","bruksenhetsnummer":"H0101","adressenavn":"' || street || '","adressenummer":{{"husnummer":"' || house
                    || '"}},"adressekode":"11111","poststed":{{"postnummer":"' || postcode || '","poststedsnavn":"OSLO"}}}}}}]' END
                || CASE WHEN emigrated_on IS NULL THEN '' ELSE ',"utflytting":[{{{_CURRENT},"tilflyttingsland":"' || emigrated_to
                    || '","utflyttingsdato":"' || emigrated_on || '"}}]' END
                || CASE WHEN immigrated_on IS NULL THEN '' ELSE ',"innflytting":[{{"erGjeldende":true,"gyldighetstidspunkt":"' || immigrated_on
                    || 'T00:00:00+01:00","fraflyttingsland":"' || immigrated_from || '"}}]' END
                || CASE WHEN NOT is_minor OR father_number IS NULL THEN '' ELSE ',"foreldreansvar":[{{{_CURRENT},"ansvar":"felles","ansvarlig":"'
                    || mother_number || '"}},{{{_CURRENT},"ansvar":"felles","ansvarlig":"' || father_number || '"}}]' END
                || CASE WHEN mother_number IS NULL THEN '' ELSE ',"familierelasjon":[{{{_CURRENT},"relatertPerson":"' || mother_number
                    || '","relatertPersonsRolle":"mor","minRolleForPerson":"barn"}}]' END
                || '}}}}'
            FROM (SELECT *, strftime(last_changed_at, '%Y-%m-%dT%H:%M:%S+00:00') AS stamp FROM person)
        ) TO '{path}' (FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')
    """)


def write_journals(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """This function will write the journals as the systems export them: semicolons, Norwegian headings and dates, UTF-8 with BOM; or Parquet."""
    if path.suffix == ".parquet":
        connection.execute(f"COPY (SELECT *, 'åpen' AS status FROM record) TO '{path}' (FORMAT parquet)")
        return
    connection.execute(f"""
        COPY (
            SELECT number AS "Fødselsnummer", journal_id AS "Journalnr", family_name AS "Etternavn", given_name AS "Fornavn",
                strftime(born_on, '%d.%m.%Y') AS "Født", strftime(opened_on, '%d.%m.%Y') AS "Opprettet", 'Åpen' AS "Status",
                'Sentrum helsestasjon' AS "Helsestasjon", address AS "Adresse", postcode AS "Postnr"
            FROM record
        ) TO '{path}' (FORMAT csv, HEADER true, DELIMITER ';')
    """)


def main() -> None:
    """This function will write register.parquet, register.jsonl, journals.csv, journals.parquet and planted.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--persons-per-day", type=int, default=Nation().persons_per_day)
    parser.add_argument("--days", type=int, default=Nation().days)
    parser.add_argument("--seed", type=int, default=Nation().seed)
    arguments = parser.parse_args()
    write_nation(arguments.folder, Nation(persons_per_day=arguments.persons_per_day, days=arguments.days, seed=arguments.seed))


def write_nation(folder: Path, nation: Nation) -> dict[str, int]:
    """This function will build the nation and write all its files into `folder`; it returns the planted counts."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "6GB", "temp_directory": str(folder / "spill")}) as connection:
        build(connection, nation)
        counts = planted(connection)
        write_register_as_parquet(connection, folder / "register.parquet")
        write_register_as_json_lines(connection, folder / "register.jsonl")
        write_journals(connection, folder / "journals.csv")
        write_journals(connection, folder / "journals.parquet")
    (folder / "planted.json").write_text(json.dumps({"on": nation.on.isoformat(), "municipality": HERE, **counts}, indent=2) + "\n")
    return counts


if __name__ == "__main__":
    main()
