"""
Programfiler og feilene i dem

Et program er en TOML-fil med kilde, versjon, lesedato og neste gjennomgang. Filen kontrolleres når den leses, og alle feil meldes samtidig: hvor
feilen er, hva som er galt, og hvordan den rettes. Meldingene er på engelsk, som feltene i filen.
"""

from __future__ import annotations

from datetime import date

from fjorten.programme.reading import read_definition
from fjorten.programme.tables import DefinitionIsInvalid
from tests.programme.definition_tables import Tables, definition_table, step_table
from tests.spec.tables import check_table, spec


def with_step(**fields: object) -> Tables:
    return definition_table(steps=[step_table("W6", **fields)])  # type: ignore[arg-type]


FILES: dict[str, Tables] = {
    "uten feil": definition_table(),
    "feltet version mangler": definition_table(version=None),
    "tomt felt": definition_table(reviewed_by=""),
    "ukjent felt": with_step(vacines=["ROTA-1"]),
    "navn på nynorsk mangler": with_step(name={"nb": "6 uker", "en": "6 weeks"}),
    "alder som ikke finnes": with_step(target="6 weeks"),
    "vindu som slutter før det starter": with_step(window=("55d", "42d")),
    "måldag utenfor vinduet": with_step(target="60d"),
    "måldag som bare noen ganger er i vinduet": with_step(target="3m", window=("84d", "91d")),
    "måldag utenfor det offisielle": with_step(official_window={"from": "43d", "to": "50d"}),
    "vindu som ikke dekker det offisielle": with_step(official_window={"from": "40d", "to": "50d"}),
    "vindu etter at programmet er slutt": with_step(target="6y", window=("71m", "73m")),
    "ukjent utfører": with_step(performers=["phn", "doctor"]),
    "ingen utfører": with_step(performers=[]),
    "lege undersøker uten å delta": with_step(doctor_examines=["hud"]),
    "kartlegging som ikke er beskrevet": with_step(screenings=["SAST"]),
    "kilde som ikke er beskrevet": with_step(source="guidline"),
    "kilde mangler": with_step(source=None),
    "uverifisert felt som ikke finnes": with_step(unverified=["hearing"]),
    "samme kode to ganger": definition_table(steps=[step_table("W6"), step_table("W6")]),
    "feil rekkefølge": definition_table(steps=[step_table("M3", target="3m", window=("84d", "111d")), step_table("W6")]),
    "neste gjennomgang før lesedato": definition_table(next_review_on=date(2026, 1, 1)),
    "dato som tekst": definition_table(valid_from="2017-02-09"),
    "slutter før den gjelder": definition_table(valid_until=date(2017, 2, 9)),
    "ingen konsultasjoner": {key: value for key, value in definition_table().items() if key != "step"},
}


def message(mistake: str) -> str:
    try:
        definition = read_definition(_without_nones(FILES[mistake]), file="child-2017.toml")
    except DefinitionIsInvalid as refused:
        return " / ".join(str(problem) for problem in refused.problems)
    return f"{len(definition.steps)} konsultasjoner"


def _without_nones(table: Tables) -> Tables:
    def clean(value: object) -> object:
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items() if inner is not None}
        return [clean(inner) for inner in value] if isinstance(value, list) else value

    return {key: clean(value) for key, value in table.items()}


@spec("Hver feil nevner fil, felt og hvordan den rettes")
def test_mistakes_and_messages() -> None:
    check_table(
        message,
        """
        mistake                                  | message
        uten feil                                | 2 konsultasjoner
        feltet version mangler                   | programme.version: is missing; write it, for example version = "2017.1"
        tomt felt                                | programme.reviewed_by: must be a text in quotes that is not empty, not ''
        ukjent felt                              | step W6.vacines: is not a field here; did you mean "vaccines"? (known: source, verified, unverified, target_certainty, code, name, target, official_window, default_window, performers, optional_performers, settings, individual_on_request, measures, optional_measures, measures_on_indication, vision, hearing, vaccines, risk_group_vaccines, screenings, optional_screenings, topics, doctor_examines, counted_as, follow_up_track)
        navn på nynorsk mangler                  | step W6.name.nn: is missing; write it, for example nn = "6 uker"
        alder som ikke finnes                    | step W6.target.at: "6 weeks" is not an age; write a whole number and d, w, m or y, for example "42d" or "14m"
        vindu som slutter før det starter        | step W6.default_window: starts at 55d, after it ends at 42d; swap them or check the units
        måldag utenfor vinduet                   | step W6.target: 60d is outside default_window 42d..55d; move the target or widen the window
        måldag som bare noen ganger er i vinduet | step W6.target: 3m is outside default_window 84d..91d for some birth dates; move the target or widen the window
        måldag utenfor det offisielle            | step W6.target: 42d is outside official_window 43d..50d; move the target into it
        vindu som ikke dekker det offisielle     | step W6.default_window: 42d..55d does not cover official_window 40d..50d; widen it so that every official day is in it
        vindu etter at programmet er slutt       | step W6.default_window: ends at 73m, after the programme itself ends at 6y; end it earlier
        ukjent utfører                           | step W6.performers: "doctor" is not known (known: phn, gp, pt, mw)
        ingen utfører                            | step W6.performers: needs at least one; write for example performers = ["phn"]
        lege undersøker uten å delta             | step W6.doctor_examines: is given, but no doctor takes part; add "gp" to performers or remove it
        kartlegging som ikke er beskrevet        | step W6.screenings: "SAST" is not described; add [screenings.SAST] (known: SATS)
        kilde som ikke er beskrevet              | step W6.source: "guidline" is not described; add [sources.guidline] with a title (known: guideline)
        kilde mangler                            | step W6.source: is missing; write it, for example source = "guideline"
        uverifisert felt som ikke finnes         | step W6.unverified: "hearing" is not given in this step; name a field that is
        samme kode to ganger                     | step W6.code: is used by 2 steps; give each step a code of its own
        feil rekkefølge                          | step W6.target: 42d comes before 3m of M3 for some children; put the steps in order of age, and count neighbours in the same unit
        neste gjennomgang før lesedato           | programme.next_review_on: 2026-01-01 is not after 2026-11-21; write the day someone reads the source again
        dato som tekst                           | programme.valid_from: must be a date without quotes and without a time, for example 2026-01-31, not '2017-02-09'
        slutter før den gjelder                  | programme.valid_until: 2017-02-09 is not after valid_from 2017-02-09; write the first day the version no longer applies
        ingen konsultasjoner                     | step: is missing; a programme has at least one [[step]]
        """,
    )
