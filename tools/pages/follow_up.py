"""docs/reference/follow_up.md: the steps after a missed consultation, and the closed lists a case is written with."""

from __future__ import annotations

from tools.markdown import Pages, escape, markdown_table, page

from fjorten.followup.ladder import Owner, Reason, Track, default_ladder

_OWNERS = {Owner.SYSTEM: "systemet", Owner.CLERK: "merkantil", Owner.NURSE: "helsesykepleier", Owner.LEADER: "leder"}


def follow_up_page() -> Pages:
    """Make the page from `fjorten/followup/ladder.toml`."""
    ladder = default_ladder()
    steps = [
        [str(number), step.name["nb"], _OWNERS[step.who], str(step.days[Track.STANDARD]), str(step.days[Track.FAST]), step.code]
        for number, step in enumerate(ladder.steps, start=1)
    ]
    urgent = escape(", ".join(sorted(ladder.fast_consultations)))
    paragraphs = [
        "Steg for steg etter en konsultasjon ingen kom til. Tiltakene er retningslinjens [source]; rekkefølgen i det enkelte, alle dager, "
        "sporene og kodene er våre [default], og kommunen kan endre dager og ord.",
        "Dagene er virkedager etter at saken ble åpnet. Systemet foreslår, og en navngitt person gjør. Ingen sak lukkes og ingen meldes av "
        "en klokke.",
        markdown_table(["", "steg", "hos", "vanlig", "hurtig", "kode"], steps),
        f"Hurtigsporet gjelder barn under {ladder.fast_under_months} måneder, konsultasjonene {urgent}, "
        "barn noen har merket, og barn det har vært sak om før [default].",
        "## Hvorfor familien ikke kom",
        _table(ladder.reasons),
        "## Når en sak kan vente, til en dato",
        _table(ladder.pauses),
        "## Hvordan en sak lukkes",
        "Alltid av en person. De som er merket, følges fortsatt.",
        _table(ladder.closings),
    ]
    return {"follow_up.md": page(title="Stegene når ingen kommer", paragraphs=paragraphs)}


def _table(reasons: tuple[Reason, ...]) -> str:
    rows = [[reason.name["nb"], reason.code, "følges videre" if reason.keeps_watch else ""] for reason in reasons]
    return markdown_table(["på norsk", "kode", ""], rows)
