"""From the tables of a definition file to the values of `steps`. What the fields mean is written in definitions/child-2017.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from fjorten.programme.durations import Duration
from fjorten.programme.steps import (
    AgeWindow,
    Certainty,
    CountedAs,
    Definition,
    FollowUpTrack,
    HearingCheck,
    Measure,
    Performer,
    Remark,
    Screening,
    Setting,
    Source,
    StepCode,
    StepDefinition,
    VisionCheck,
)
from fjorten.programme.tables import DefinitionIsInvalid, Problem, Table
from fjorten.programme.validation import check_order, check_step

Sources = Mapping[str, Source]

# Short enough, together with a municipality's overlay, for the column that holds a reference.
ID: Final = re.compile(r"[a-z][a-z0-9-]{0,23}", re.ASCII)
VERSION: Final = re.compile(r"[0-9]{4}\.[1-9][0-9]{0,2}", re.ASCII)
CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,23}", re.ASCII)


def read_definition(values: Mapping[str, object], *, file: str) -> Definition:
    """
    Make a Definition of the tables of a definition file. `file` is its name, for messages.

    Raises DefinitionIsInvalid with every mistake that can be found: fields that are missing, unknown or of the wrong kind, and fields
    that contradict each other.
    """
    problems: list[Problem] = []
    top = Table(values, place="", problems=problems)
    sources = {key: _read_source(key, table) for key, table in top.tables_by_key("sources").items()}
    screenings = tuple(_read_screening(key, table) for key, table in top.tables_by_key("screenings").items())
    remarks = tuple(_read_remark(table, sources) for table in top.tables("remark"))
    programme = top.table_or_empty("programme")

    ends_at = programme.duration("ends_at")
    steps: list[StepDefinition] = []
    for table in top.tables("step"):
        step = read_national_step(table, sources)
        if step is not None:
            check_step(step, ends_at=ends_at, screenings=[screening.key for screening in screenings], note=table.note)
            steps.append(step)
    if not top.has("step"):
        top.note("step", "is missing; a programme has at least one [[step]]")
    check_order(steps, note=top.note)

    valid_from, valid_until = programme.day("valid_from"), programme.optional_day("valid_until")
    read_on, next_review_on = programme.review_days()
    if valid_from and valid_until and valid_until <= valid_from:
        programme.note(
            "valid_until", f"{valid_until} is not after valid_from {valid_from}; write the first day the version no longer applies"
        )
    source = find_source(programme, sources)
    identifier = programme.matching("id", ID, example="child-programme-0-5")
    version = programme.matching("version", VERSION, example="2017.1")
    titles = programme.names("title")
    version_label = programme.text("version_label", example='"Retningslinjen av 9. februar 2017"')
    strength = programme.text("strength", example='"strong"')
    reviewed_by = programme.text("reviewed_by", example='"navn og tittel"')
    programme.close()
    top.close()
    if problems or ends_at is None or valid_from is None or read_on is None or next_review_on is None or source is None:
        raise DefinitionIsInvalid(file, problems)
    return Definition(
        id=identifier,
        version=version,
        file=file,
        titles=titles,
        version_label=version_label,
        strength=strength,
        valid_from=valid_from,
        valid_until=valid_until,
        ends_at=ends_at,
        source=source,
        sources=tuple(sources.values()),
        read_on=read_on,
        next_review_on=next_review_on,
        reviewed_by=reviewed_by,
        remarks=remarks,
        screenings=screenings,
        steps=tuple(steps),
    )


def read_national_step(table: Table, sources: Sources) -> StepDefinition | None:
    """Read a [[step]] of a national programme, which says where its facts come from and which of them nobody has verified."""
    # Stand-ins for what is missing: the mistake is noted, and the rest of the step can still be checked.
    source = find_source(table, sources) or Source(key="", title="")
    verified = table.flag("verified")
    unverified = table.texts("unverified")
    for field in unverified:
        if not table.has(field):
            table.note("unverified", f'"{field}" is not given in this step; name a field that is')
    certainty = table.choice("target_certainty", Certainty) or Certainty.UNVERIFIED
    return read_step(table, sources=sources, source=source, target_certainty=certainty, verified=verified, unverified=unverified)


def read_step(
    table: Table,
    *,
    sources: Sources,
    source: Source,
    target_certainty: Certainty,
    verified: bool,
    unverified: tuple[str, ...] = (),
) -> StepDefinition | None:
    """
    Read what every step has, whoever decided it; None without a target and a window, since then there is nothing to check further.

    Notes unknown fields, so whatever else the table may hold must have been taken from it before.
    """
    code = StepCode(table.matching("code", CODE, example="C03_W6"))
    names = table.names("name")
    target, target_why = read_target(table.table("target", example='{ at = "42d" }'))
    official_window, _ = read_window(table.optional_table("official_window"))
    default_window, window_why = read_window(table.table("default_window", example='{ from = "42d", to = "55d" }'))
    performers = table.required_choices("performers", Performer)
    optional_performers = table.choices("optional_performers", Performer)
    settings = table.required_choices("settings", Setting)
    individual_on_request = table.optional_flag("individual_on_request")
    measures = table.choices("measures", Measure)
    optional_measures = table.choices("optional_measures", Measure)
    measures_on_indication = table.choices("measures_on_indication", Measure)
    vision = table.choices("vision", VisionCheck)
    hearing = table.choices("hearing", HearingCheck)
    vaccines = table.texts("vaccines")
    risk_group_vaccines = table.texts("risk_group_vaccines")
    screenings = table.texts("screenings")
    optional_screenings = table.texts("optional_screenings")
    topics = table.texts("topics")
    doctor_examines = table.texts("doctor_examines")
    counted_as = _read_counted_as(table.optional_table("counted_as"), sources)
    follow_up_track = table.optional_choice("follow_up_track", FollowUpTrack, otherwise=FollowUpTrack.STANDARD)
    table.close()
    if target is None or default_window is None:
        return None
    return StepDefinition(
        code=code,
        names=names,
        target=target,
        target_certainty=target_certainty,
        target_why=target_why,
        official_window=official_window,
        default_window=default_window,
        window_why=window_why,
        performers=performers,
        optional_performers=optional_performers,
        settings=settings,
        individual_on_request=individual_on_request,
        measures=measures,
        optional_measures=optional_measures,
        measures_on_indication=measures_on_indication,
        vision=vision,
        hearing=hearing,
        vaccines=vaccines,
        risk_group_vaccines=risk_group_vaccines,
        screenings=screenings,
        optional_screenings=optional_screenings,
        topics=topics,
        doctor_examines=doctor_examines,
        counted_as=counted_as,
        follow_up_track=follow_up_track,
        source=source,
        verified=verified,
        unverified=unverified,
    )


def read_target(table: Table | None) -> tuple[Duration | None, str]:
    """Read a target age and the reason for it; None when the table is missing or the age cannot be read."""
    if table is None:
        return None, ""
    target, why = table.duration("at"), table.optional_text("why")
    table.close()
    return target, why


def read_window(table: Table | None) -> tuple[AgeWindow | None, str]:
    """Read a window and the reason for it; None when the table is missing or one of its ages cannot be read."""
    if table is None:
        return None, ""
    first, last = table.duration("from"), table.duration("to")
    why = table.optional_text("why")
    table.close()
    return (None if first is None or last is None else AgeWindow(first, last)), why


def find_source(table: Table, sources: Sources) -> Source | None:
    """Find the source a table names among those the file describes; None, and a note, when it names none of them."""
    known = ", ".join(sources)
    key = table.text("source", example=f'"{next(iter(sources), "guideline")}"')
    if key and key not in sources:
        table.note("source", f'"{key}" is not described; add [sources.{key}] with a title (known: {known})')
    return sources.get(key)


def _read_source(key: str, table: Table) -> Source:
    source = Source(key=key, title=table.text("title", example='"Helsedirektoratet: ..."'), url=table.optional_text("url") or None)
    table.close()
    return source


def _read_screening(key: str, table: Table) -> Screening:
    screening = Screening(
        key=key,
        name=table.text("name", example='"SATS, språk ved 2 år"'),
        certainty=table.choice("certainty", Certainty) or Certainty.UNVERIFIED,
        note=table.optional_text("note"),
    )
    table.close()
    return screening


def _read_remark(table: Table, sources: Sources) -> Remark:
    text = table.text("text", example='"Jordmors hjemmebesøk kommer i tillegg."')
    certainty = table.choice("certainty", Certainty) or Certainty.UNVERIFIED
    # Only what was read somewhere has a source to name.
    source = find_source(table, sources) if certainty is Certainty.SOURCE else None
    table.close()
    return Remark(text=text, certainty=certainty, source=source)


def _read_counted_as(table: Table | None, sources: Sources) -> CountedAs | None:
    if table is None:
        return None
    text, source = table.text("text", example='"fullført 4-årsundersøkelse"'), find_source(table, sources)
    table.close()
    return None if source is None else CountedAs(text=text, source=source)
