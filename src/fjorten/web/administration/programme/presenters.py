"""The programme as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fjorten.plans.programmes import Decided
from fjorten.programme.durations import Duration, Unit
from fjorten.programme.overlays import Overlay
from fjorten.programme.steps import (
    AgeWindow,
    Certainty,
    Definition,
    HearingCheck,
    Measure,
    NoSuchStep,
    Performer,
    Setting,
    StepDefinition,
    VisionCheck,
)
from fjorten.web import words
from fjorten.web.shown import Event, Heading, Pair

Said = str | Promise
_PERFORMERS: Final[Mapping[Performer, Said]] = {
    Performer.PUBLIC_HEALTH_NURSE: _("helsesykepleier"),
    Performer.CLINIC_DOCTOR: _("lege"),
    Performer.PHYSIOTHERAPIST: _("fysioterapeut"),
    Performer.MIDWIFE: _("jordmor"),
}
_SETTINGS: Final[Mapping[Setting, Said]] = {
    Setting.HOME: _("hjemme"),
    Setting.CLINIC: _("på helsestasjonen"),
    Setting.GROUP: _("i gruppe"),
}
_MEASURES: Final[Mapping[Measure, Said]] = {
    Measure.WEIGHT: _("vekt"),
    Measure.LENGTH: _("lengde"),
    Measure.HEIGHT: _("høyde"),
    Measure.HEAD: _("hodeomkrets"),
}
_VISION: Final[Mapping[VisionCheck, Said]] = {
    VisionCheck.ASSESS: _("syn vurderes"),
    VisionCheck.EYE_EXAMINATION: _("øynene undersøkes"),
    VisionCheck.ACUITY: _("synsprøve"),
}
_HEARING: Final[Mapping[HearingCheck, Said]] = {
    HearingCheck.OBSERVE: _("hørsel observeres"),
    HearingCheck.PLAY_AUDIOMETRY: _("lekeaudiometri"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: `tone` of its certainty is "ok", "late" or ""; `local` says what the municipality has decided."""

    name: str
    code: str
    window: str
    official: str
    who: str
    where: str
    content: str
    certainty: str
    tone: str
    why: str
    local: str


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """The programme that applies today, and the decisions of the municipality."""

    lead: str
    facts: tuple[Pair, ...]
    headings: tuple[Heading, ...]
    steps: tuple[StepLine, ...]
    decisions: tuple[Event, ...]


def programme_page(definition: Definition, decisions: Sequence[Decided], *, names: Mapping[str, str]) -> ProgrammePage:
    """This function will turn the programme of today, and what was decided about it, into what the page shows."""
    return ProgrammePage(
        lead=gettext("%(title)s, versjon %(version)s, fra %(day)s.")
        % {
            "title": words.said(definition.titles),
            "version": definition.version.partition("+")[0],
            "day": words.day(definition.valid_from),
        },
        facts=tuple(_facts(definition)),
        headings=tuple(
            Heading(label)
            for label in (
                gettext("Konsultasjon"),
                gettext("Når"),
                gettext("Hvem og hvor"),
                gettext("Innhold"),
                gettext("Hvor sikkert innholdet er"),
            )
        ),
        steps=tuple(_step(step, definition) for step in definition.steps),
        decisions=tuple(_decided(one, definition, names) for one in decisions),
    )


def _facts(definition: Definition) -> Iterable[Pair]:
    yield Pair(gettext("Nasjonal versjon"), words.on_screen(definition.version_label))
    yield Pair(gettext("Kilde"), definition.source.title)
    yield Pair(gettext("Lest"), words.day(definition.read_on))
    yield Pair(gettext("Leses igjen"), words.day(definition.next_review_on))
    yield Pair(gettext("Gjennomgått av"), words.on_screen(definition.reviewed_by))
    until = words.day(definition.valid_until) if definition.valid_until else gettext("til noe annet er bestemt")
    yield Pair(gettext("Gjelder til"), until)


def _step(step: StepDefinition, definition: Definition) -> StepLine:
    certainty, tone = _certainty(step)
    who = ", ".join(str(_PERFORMERS[one]) for one in step.performers)
    unverified = gettext("Ikke kontrollert: %(fields)s.") % {"fields": ", ".join(step.unverified)} if step.unverified else ""
    return StepLine(
        name=words.step_name(step, step.code),
        code=step.code,
        window=window(step.default_window),
        official=_whose_window(step),
        who=words.capital(who),
        where=gettext(" eller ").join(str(_SETTINGS[one]) for one in step.settings),
        content=_content(step, definition),
        certainty=certainty,
        tone=tone,
        why=unverified,
        local=_local(step),
    )


def _whose_window(step: StepDefinition) -> str:
    """Tell whose the window is: it is never the guideline's own, which is told beside it where there is one."""
    ours = gettext("kommunens vindu") if step.local is not None else gettext("vårt vindu")
    if step.official_window is None:
        return ours
    return gettext("%(ours)s; i retningslinjen %(window)s") % {"ours": ours, "window": window(step.official_window)}


def _certainty(step: StepDefinition) -> tuple[str, str]:
    if step.local is not None:
        return gettext("kommunens egen"), ""
    if not step.verified or step.target_certainty is Certainty.UNVERIFIED:
        return gettext("ikke kontrollert"), "late"
    if step.unverified:
        return gettext("delvis kontrollert"), "late"
    if step.target_certainty is Certainty.DEFAULT:
        return gettext("vårt valg"), ""
    return gettext("lest i kilden"), "ok"


def _local(step: StepDefinition) -> str:
    if step.local is None:
        return ""
    if step.local.is_added or step.local.national_window is None:
        return gettext("Lagt til av kommunen.")
    return gettext("Flyttet av kommunen. Nasjonalt: %(window)s.") % {"window": window(step.local.national_window)}


def _content(step: StepDefinition, definition: Definition) -> str:
    tools = {screening.key: screening.name for screening in definition.screenings}
    said = [
        *(str(_MEASURES[one]) for one in step.measures),
        *(str(_VISION[one]) for one in step.vision),
        *(str(_HEARING[one]) for one in step.hearing),
        *(words.vaccine(code) for code in step.vaccines),
        *(words.on_screen(tools[key]) for key in step.screenings if key in tools),
    ]
    return words.capital(", ".join(said)) or gettext("Samtale og veiledning")


def window(ages: AgeWindow) -> str:
    """This function will write the ages from and to, both counted: «5–7 uker»."""
    if ages.first.unit is ages.last.unit:
        return f"{ages.first.amount}–{age(ages.last)}"
    return gettext("%(first)s – %(last)s") % {"first": age(ages.first), "last": age(ages.last)}


def age(duration: Duration) -> str:
    """This function will write an age of the programme in the page's language: «14 måneder»."""
    many = {"n": duration.amount}
    match duration.unit:
        case Unit.DAYS:
            return ngettext("%(n)d dag", "%(n)d dager", duration.amount) % many
        case Unit.WEEKS:
            return ngettext("%(n)d uke", "%(n)d uker", duration.amount) % many
        case Unit.MONTHS:
            return ngettext("%(n)d måned", "%(n)d måneder", duration.amount) % many
        case Unit.YEARS:
            return gettext("%(n)d år") % many
        case _:
            assert_never(duration.unit)


def _decided(one: Decided, definition: Definition, names: Mapping[str, str]) -> Event:
    overlay = one.overlay
    until = gettext(" til %(day)s") % {"day": words.day(overlay.valid_until)} if overlay.valid_until else ""
    heading = gettext("Gjelder fra %(day)s%(until)s") % {"day": words.day(overlay.valid_from), "until": until}
    by = gettext("Bestemt av %(who)s. Tatt i bruk av %(name)s.") % {"who": overlay.decided_by, "name": words.who(one.by, names)}
    return Event(heading, words.when(one.at), f"{overlay.reason} {what_it_changes(overlay, definition)}", by, "clipboard")


def what_it_changes(overlay: Overlay, definition: Definition) -> str:
    """This function will tell in a sentence or two which steps a decision adds and moves; `definition` knows the names of the others."""
    added = [words.said(step.names) for step in overlay.added]
    moved = [words.step_name(_known(definition, change.code), change.code) for change in overlay.changes]
    parts = [gettext("Legger til: %(steps)s.") % {"steps": ", ".join(added)}] if added else []
    if moved:
        parts.append(gettext("Flytter: %(steps)s.") % {"steps": ", ".join(moved)})
    return " ".join(parts)


def _known(definition: Definition, code: str) -> StepDefinition | None:
    try:
        return definition.step(code)
    except NoSuchStep:
        return None


def what_it_would_do(overlay: Overlay, definition: Definition) -> str:
    """This function will tell what is to be known before a decision is taken into use."""
    moved = [
        gettext("%(name)s: %(new)s (nasjonalt %(old)s).")
        % {"name": words.step_name(step, step.code), "new": window(step.default_window), "old": window(step.local.national_window)}
        for step in definition.steps
        if step.local is not None and step.local.national_window is not None
    ]
    told = {"day": words.day(overlay.valid_from), "what": what_it_changes(overlay, definition)}
    first = gettext("Gjelder for barn som får plan fra %(day)s. Planer som er lagt før, endres ikke. %(what)s") % told
    return " ".join([first, *moved])
