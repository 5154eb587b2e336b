"""docs/reference/child_programme.md: the consultations, with what the guideline says and what is ours kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tools.markdown import Pages, bullets, markdown_table, page

from fjorten.programme.definitions import Definition, StepDefinition, known_versions
from fjorten.programme.steps import Certainty, Performer, Setting

_CERTAINTIES: Final = {
    Certainty.SOURCE: "lest i kilden",
    Certainty.DEFAULT: "vårt valg",
    Certainty.UNVERIFIED: "må gås gjennom av en fagperson",
}
_PERFORMERS: Final = {
    Performer.PUBLIC_HEALTH_NURSE: "helsesykepleier",
    Performer.CLINIC_DOCTOR: "lege",
    Performer.PHYSIOTHERAPIST: "fysioterapeut",
    Performer.MIDWIFE: "jordmor",
}
_FIELDS: Final = {"hearing": "hørselen", "vision": "synet", "measures": "målene", "performers": "hvem som er med", "target": "alderen"}
_SETTINGS: Final = {Setting.HOME: "hjemme", Setting.CLINIC: "på helsestasjonen", Setting.GROUP: "i gruppe"}


def child_programme_page() -> Pages:
    """Make the page from the definitions that come with fjorten, newest version first."""
    paragraphs = [
        "Konsultasjonene hvert barn tilbys fra fødsel til skolestart. Alderen og hvem som er med, er retningslinjens; tidsvinduet er "
        "vårt der retningslinjen ikke har noe, og da sier kolonnen for det offisielle tidsrommet «ikke oppgitt». En kommune kan bestemme "
        "noe annet i en egen fil. Alder skrives 8d (dager), 6w (uker), 14m (fylte måneder) og 6y (fylte år), og begge ender er med."
    ]
    for definition in reversed(known_versions()):
        paragraphs += _version(definition)
    return {"child_programme.md": page(title="Helsestasjonsprogrammet 0–5 år", paragraphs=paragraphs)}


def _version(definition: Definition) -> Iterator[str]:
    until = f" til {definition.valid_until.isoformat()}" if definition.valid_until else ""
    yield f"## Versjon {definition.version}"
    yield bullets(
        [
            f"Gjelder fra {definition.valid_from.isoformat()}{until}. {definition.version_label}.",
            f"Kilde: {definition.source.title}" + (f" ({definition.source.url})" if definition.source.url else ""),
            f"Lest {definition.read_on.isoformat()}, leses på nytt senest {definition.next_review_on.isoformat()}.",
            f"Faglig gjennomgang: {definition.reviewed_by}.",
            f"Lagres med innmeldingen som `{definition.reference}`.",
        ]
    )
    yield markdown_table(
        ["kode", "konsultasjon", "alder", "offisielt tidsrom", "tidsvindu", "hvem", "hvor", "sikkerhet"],
        [_row(step) for step in definition.steps],
    )
    reasons = [f"{step.name}: {step.window_why}." for step in definition.steps if step.window_why]
    if reasons:
        yield "### Hvorfor tidsvinduene er som de er"
        yield bullets(reasons)
    yield "### Om hele programmet"
    yield bullets(f"{remark.text} ({_CERTAINTIES[remark.certainty]})" for remark in definition.remarks)


def _row(step: StepDefinition) -> list[str]:
    official = str(step.official_window).replace("..", "–") if step.official_window else "ikke oppgitt"
    optional = [f"{_PERFORMERS[performer]} (valgfritt)" for performer in step.optional_performers]
    return [
        step.code,
        step.name,
        f"{step.target} ({_CERTAINTIES[step.target_certainty]})",
        official,
        str(step.default_window).replace("..", "–"),
        ", ".join([*(_PERFORMERS[performer] for performer in step.performers), *optional]),
        " eller ".join(_SETTINGS[setting] for setting in step.settings),
        _certainty(step),
    ]


def _certainty(step: StepDefinition) -> str:
    if not step.verified:
        return _CERTAINTIES[Certainty.UNVERIFIED]
    unverified = f", unntatt {', '.join(_FIELDS[field] for field in step.unverified)}" if step.unverified else ""
    return f"{_CERTAINTIES[Certainty.SOURCE]}{unverified}"
