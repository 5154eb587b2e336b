"""docs/reference/ledger_output.md: the ledger for other programs; a test holds the keys to what is printed."""

from __future__ import annotations

from typing import Final

from tools.markdown import Pages, markdown_table, page
from tools.pages.django_ready import set_up

# Key of `fjorten ledger --json` -> what it holds. Names in angle brackets stand for keys that are data.
JSON_KEYS: Final = {
    "on": "dagen regnskapet gjelder for",
    "municipality": "kommunenummeret",
    "residents": "bosatte barn i aldersgruppen; summen av de fire neste",
    "enrolled": "innmeldt i programmet her",
    "in_transfer": "under overføring",
    "outside": "utenfor, med en datert og signert begrunnelse",
    "unaccounted": "verken det ene eller det andre: alarmen",
    "protected": "av de bosatte, de som har adressesperre; de telles, men nevnes aldri, og er ikke med i noen helsestasjon",
    "enrolled_not_resident": "innmeldte barn registeret ikke lenger har her; de følges til noen bekrefter det",
    "past_age_unsettled": "innmeldte barn som har fylt seks år, med konsultasjoner ingen har avgjort",
    "unconfirmed_elsewhere": "konsultasjoner som er sagt gjort et annet sted, men ikke bekreftet",
    "not_closed": "timer fra tidligere dager som ikke er ført som møtt, ikke møtt eller avlyst (L6)",
    "open_cases": "saker etter konsultasjoner som ikke ble noe av, og som ingen har lukket",
    "balanced": "om regnskapet går opp",
    "problems": "liste med setninger om det som ikke går opp; tom når det går opp",
    "steps.<kode>.<tilstand>": "antall innmeldte barn i hver tilstand, for hver konsultasjon",
    "clinics.<navn>.residents": "bosatte barn helsestasjonen har ansvaret for",
    "clinics.<navn>.enrolled": "innmeldt",
    "clinics.<navn>.in_transfer": "under overføring",
    "clinics.<navn>.outside": "utenfor, med begrunnelse",
    "clinics.<navn>.unaccounted": "alarmen, der barnet bor",
    "snapshot.hash": "avtrykket av øyeblikksbildet som ble signert",
    "snapshot.previous": "avtrykket av det forrige; null for det første",
}

# Key of a line of `fjorten ledger --rows` -> what it holds.
ROW_KEYS: Final = {
    "person": "en tilfeldig kode for barnet, den samme hver dag; ikke et nummer noen andre kjenner",
    "identifiers": "alle numrene registeret har brukt om barnet, skjult om du ikke skriver --identifiers; aldri vist ved adressesperre",
    "standing": "hvor barnet står",
    "step": "konsultasjonens kode; null for et barn uten plan",
    "state": "tilstanden konsultasjonen er i; null for et barn uten plan",
}


def ledger_output_page() -> Pages:
    """Make the page from the keys above, and the words of standings and states from the code."""
    set_up()
    from fjorten.ledger.balance import Standing
    from fjorten.programme.status import Status

    standings = {
        Standing.ENROLLED: "innmeldt",
        Standing.IN_TRANSFER: "under overføring",
        Standing.OUTSIDE: "utenfor med begrunnelse",
        Standing.UNACCOUNTED: "uten plass: alarmen",
    }
    paragraphs = [
        "Regnskapet for andre programmer: `fjorten ledger --json` gir tallene som ett JSON-objekt, `fjorten ledger --rows` én JSON-linje "
        "for hvert barn og hver konsultasjon. Datoer skrives 2026-03-10. Avslutningskoden er 1 når regnskapet ikke går opp.",
        "## Med --json",
        markdown_table(["nøkkel", "innhold"], [[key, meaning] for key, meaning in JSON_KEYS.items()]),
        "## Med --rows",
        markdown_table(["nøkkel", "innhold"], [[key, meaning] for key, meaning in ROW_KEYS.items()]),
        "## Hvor barnet står",
        markdown_table(["standing", "på norsk"], [[standing.value, standings[standing]] for standing in Standing]),
        "## Tilstander",
        markdown_table(["state", "på norsk"], [[state.value, state.words] for state in Status]),
    ]
    return {"ledger_output.md": page(title="Regnskapet som data", paragraphs=paragraphs)}
