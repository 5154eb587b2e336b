"""The pages of the sketches, as values: what the gallery and the trials of the components are drawn from. All persons are invented."""

from typing import Any

from django import forms

from fjorten.programme.status import Status
from fjorten.web.marks import MARKS, OF_STATUS, UNKNOWN, Mark, Track, TrackStep

LABELS = [
    "Hjemmebesøk",
    *(f"{one} uker" for one in (4, 6)),
    *(f"{one} mnd" for one in (3, 4, 5, 6, 8, 10, 12, 15, "17–18")),
    "2 år",
    "4 år",
]
PHASES = ["Nyfødt"] * 3 + ["Første leveår"] * 7 + ["Småbarn"] * 3 + ["Før skolestart"]
LETTERS: dict[str, Mark] = {
    "D": OF_STATUS[Status.DONE],
    "E": OF_STATUS[Status.DONE_ELSEWHERE],
    "M": OF_STATUS[Status.MISSED],
    "N": OF_STATUS[Status.DUE],
    "O": OF_STATUS[Status.OVERDUE],
    "B": OF_STATUS[Status.BOOKED],
    "W": OF_STATUS[Status.WAIVED],
    "X": OF_STATUS[Status.DECLINED],
    ".": OF_STATUS[Status.NOT_YET_DUE],
    "?": UNKNOWN,
}


def track(letters: str, details: tuple[str, ...] = ()) -> Track:
    """A track from one letter a step; details are «first line|second line»."""
    lines = [*(line.partition("|") for line in details), *[("", "", "")] * (14 - len(details))]
    return Track(
        tuple(
            TrackStep(label, label, LETTERS[letter], detail=line[0], note=line[2], phase=phase)
            for letter, label, phase, line in zip(letters, LABELS, PHASES, lines, strict=True)
        )
    )


ZOFIA = track(
    "EEEEEDDMN.....",
    (
        "Polen",
        "Polen",
        "Polen|med lege",
        "Polen",
        "19.05.2026|Polen",
        "18.06.2026",
        "16.07.2026|med lege",
        "14.09 · 12.10|ikke møtt ×2",
        "nå, til 14.12|ingen time",
        "jan 2027|med lege",
        "apr 2027",
        "jun–jul 2027",
        "jan 2028|med lege",
        "jan 2030",
    ),
)


class TrialForm(forms.Form):
    """One field of each kind."""

    weight = forms.CharField(label="Vekt", help_text="I gram, for eksempel 6940.")
    on = forms.CharField(label="Dato", help_text="For eksempel 24.11.26.")
    reason = forms.ChoiceField(label="Årsak", choices=[("", "Velg"), ("moved", "Flyttet")])
    note = forms.CharField(label="Merknad", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    interpreter = forms.BooleanField(label="Trenger tolk", required=False)
    how = forms.ChoiceField(label="Hvordan vil du gi beskjed?", widget=forms.RadioSelect, choices=[("sms", "SMS"), ("letter", "Brev")])


def shell(current: str = "I dag", role: str = "helsesykepleier", name: str = "Kari Myhre", initials: str = "KM") -> dict[str, Any]:
    """What the base page needs."""
    menu = [("I dag", 0), ("Arbeidslister", 34), ("Kalender", 0), ("Barn og familier", 0), ("Grupper", 0), ("Meldinger", 2)]
    menu += [("Folkeregister", 5), ("Statistikk", 0)]
    return {
        "clinic": "Lillevik helsestasjon",
        "municipality": "Lillevik kommune",
        "home": "/",
        "search": "/search/",
        "role": role,
        "name": name,
        "initials": initials,
        "sign_out": "/sign-out/",
        "languages": {
            "address": "/language/",
            "here": "/today/",
            "choices": [
                {"code": code, "name": word, "is_current": code == "nb"}
                for code, word in (("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English"))
            ],
        },
        "nav": [{"label": label, "href": "#", "count": count, "is_current": label == current} for label, count in menu],
        "safety": {"tone": "warn", "sentence": "3 barn bor her uten journal", "href": "#"},
        "printed": f"Skrevet ut 24.11.2026 kl. 09.41 av {name}.",
        "foot": "Alle personer er syntetiske (fødselsnummer med måned + 80).",
    }


def appointment(row: str) -> dict[str, Any]:
    """A row of the day: time|minutes|name|age|language|what|notes, each with its icon after @|state|mark|status|button."""
    time, minutes, name, age, language, what, notes, state, mark, status, button = row.split("|")
    parted = [note.partition("@") for note in notes.split(";") if note]
    return {
        "time": time,
        "minutes": minutes,
        "name": name,
        "age": age,
        "language": language,
        "what": what,
        "notes": [{"words": words, "icon": icon} for words, _, icon in parted],
        "state": state,
        "mark": mark,
        "status": status,
        "button": button,
    }


APPOINTMENTS = [
    "08.30|45 min|Iben Solvang|6 uker||6-ukerskonsultasjon|Jonas Bøe@stethoscope;Rotavirus 1@syringe|done|done|Ferdig|",
    "09.15|45 min|Amir Rahimi|5 mnd|Dari, telefontolk 09.15|5-månederskonsultasjon|6-i-1, PKV@syringe|now|inside|Inne nå, rom 3|Fortsett",
    "10.00|45 min|Ella Máret Sara|12 mnd|Nordsamisk|12-månederskonsultasjon|Jonas Bøe@stethoscope;6-i-1, PKV@syringe||waiting"
    "|På venterommet|Hent inn",
    "10.45|60 min|Oskar Lunde|2 år||2-årskonsultasjon|Jonas Bøe@stethoscope;Språk (SATS)||booked|Bekreftet på SMS|Møtt",
    "12.15|60 min|Gruppe 4 mnd|5 barn||Gruppekonsultasjon|Fysioterapeut Eva Li;4 av 5 har bekreftet||booked|Satt opp|Åpne",
    "13.30|90 min|Jente Haugen|9 dager||Hjemmebesøk, Strandveien 4|12 min kjøring@house||booked|Bekreftet på telefon|Vis rute",
    "15.15|45 min|Samuel Tesfay|15 mnd|Tigrinja, tolk møter|15-månederskonsultasjon|MMR 1@syringe||booked|Ikke svart på SMS|Ring",
]

WORKLIST = [
    ("g1", "Bor i kommunen uten journal", 3, "Ingen her får innkalling før journalen finnes", [
        ("Jente Dahl", "12 dager · f. 12.11.2026", "without_journal", "", "Nyfødt, ingen melding", "N.............", "", "Norsk", "Mor: mobil",
         "Folkeregisteret", "20.11.2026", "Opprett journal, ring mor", "2 dager over", "miss", "K. Myhre"),
        ("Mateo Silva Costa", "14 mnd · f. 02.09.2025", "without_journal", "", "Fra Portugal 09.11.2026", "?????????N....", "Portugisisk", "",
         "Telefon mangler", "Folkeregisteret", "16.11.2026", "Opprett journal, send brev", "frist 30.11.2026", "", "S. Aas"),
        ("Hodan Abdi Farah", "3 år 5 mnd · f. 11.06.2023", "without_journal", "", "Fra Kenya 02.11.2026", "?????????????N", "Somali, tolk", "",
         "Far: mobil", "Folkeregisteret", "16.11.2026", "Opprett journal, ring", "frist 30.11.2026", "", "S. Aas"),
    ]),
    ("g2", "Ikke møtt", 9, "Kort frist først", [
        ("Zofia Nowak", "10 mnd · f. 14.01.2026", "missed", "8 mnd, ikke møtt ×2", "14.09 og 12.10.2026", "EEEEEDDMN.....", "Polsk, tolk", "",
         "Mor og far: mobil", "Drøftet i team", "16.11.2026", "Hjemmebesøk med tolk", "frist i morgen", "late", "K. Myhre"),
        ("Leon Kristiansen", "2 år 1 mnd · f. 09.10.2024", "missed", "2 år, ikke møtt", "17.11.2026", "DDDDDDDDDDDDM.", "", "Norsk", "Mor: mobil",
         "Sendt ny time", "18.11.2026", "Ring mor", "frist 26.11.2026", "", "K. Myhre"),
        ("Aisha Noor Omar", "4 år 2 mnd · f. 20.09.2022", "missed", "4 år, avbestilt ×3", "siste 11.11.2026", "DDDDDDEDDDDDDM", "Somali", "",
         "Mor: mobil", "Avbestilt", "11.11.2026", "Tilby kveldstime", "frist 27.11.2026", "", "H. Lien"),
        ("Daniel Petrenko", "17 mnd · f. 18.06.2025", "missed", "15 mnd, ikke møtt", "21.10.2026", "DDDDDDDDDDMN..", "Ukrainsk, tolk", "",
         "Brev i retur", "Brev i retur", "13.11.2026", "Sjekk adressen", "frist i dag", "late", "S. Aas"),
    ]),
    ("g3", "Skal ha time nå", 22, "I tidsvinduet for konsultasjonen, uten avtale", [
        ("Ingrid Moen", "3 år 11 mnd · f. 01.12.2022", "due", "4 år, skal ha time", "vindu 01.11–31.01", "DDDDDDDDDDDDDN", "", "Norsk", "SMS til mor",
         "2 år", "09.12.2024", "Send innkalling", "innen 01.12.2026", "", ""),
        ("Jonas Vik Berge", "5 mnd · f. 24.06.2026", "due", "5 mnd, skal ha time", "vaksine: 6-i-1, PKV", "DDDDDN........", "", "Nynorsk",
         "SMS til mor", "4 mnd", "26.10.2026", "Send innkalling", "innen 08.12.2026", "", ""),
    ]),
]  # fmt: skip
COLUMNS = (
    "name",
    "sub",
    "mark",
    "what",
    "about",
    "steps",
    "chip",
    "language",
    "contact",
    "last",
    "last_on",
    "next",
    "deadline",
    "tone",
    "owner",
)


def worklist() -> list[dict[str, Any]]:
    """The groups of the work list."""
    return [
        {
            "id": ident,
            "heading": heading,
            "count": count,
            "words": words,
            "rows": [
                {**(row := dict(zip(COLUMNS, values, strict=True))), "track": track(row["steps"]), "is_picked": ident == "g1"}
                for values in rows
            ],
        }
        for ident, heading, count, words, rows in WORKLIST
    ]


def headings() -> list[dict[str, str]]:
    """The columns of the work list."""
    names = ["Barn", "Hva mangler", "Programmet", "Språk og kontakt", "Sist", "Neste steg og frist", "Ansvarlig"]
    return [
        {"label": name, "sort": "ascending" if name.startswith("Neste") else "", "href": "#" if name == "Barn" else ""} for name in names
    ]


def context() -> dict[str, Any]:
    """Everything the gallery draws."""
    numbers = [("bor her uten journal", "3", "#", "bad"), ("ikke møtt, uten neste steg", "0", "", "good")]
    numbers += [("skal ha time nå", "22", "#", ""), ("åpne oppfølgingssaker", "9", "#", "")]
    history = [
        (
            "Drøftet i tverrfaglig team",
            "16.11.2026",
            "Enige om hjemmebesøk med tolk.",
            "Kari Myhre, Ingrid Tveit (leder)",
            "person-group",
            "",
            "",
            "",
        ),
        ("Brev kom i retur", "30.10.2026", "Ukjent på adressen.", "Post", "envelope-closed", "", "warn", ""),
        ("Ikke møtt til 8 mnd, andre gang", "12.10.2026 09.30", "SMS-påminnelse levert 09.10.2026.", "", "", "missed", "miss", "polsk"),
    ]
    return {
        "shell": shell(),
        "appointments": [appointment(row) for row in APPOINTMENTS],
        "groups": worklist(),
        "headings": headings(),
        "track": ZOFIA,
        "short": track("DDOBXW?......."),
        "marks": list(MARKS.values()),
        "legend": [LETTERS[letter] for letter in "DEMNB."],
        "numbers": [dict(zip(("words", "value", "href", "tone"), number, strict=True)) for number in numbers],
        "history": [
            dict(zip(("heading", "at", "words", "by", "icon", "mark", "tone", "language"), event, strict=True)) for event in history
        ],
        "facts": [
            {"icon": "language", "lead": "Polsk", "words": ", trenger tolk"},
            {"icon": "house", "words": "Bakkeveien 8B", "muted": "fra 28.10.2026"},
            {"icon": "person", "words": "Mor Marta, far Piotr", "muted": "felles foreldreansvar"},
        ],
        "crumbs": [{"label": "Barn som trenger noe nå", "href": "#"}],
        "contact": [
            {"name": "Skriv til", "value": "Marta (mor) på polsk, SMS 000 00 123"},
            {"name": "Tidligere", "value": "Gdańsk, Polen, til 02.06.2026. Journal ikke mottatt"},
        ],
        "reasons": [
            {"label": "Forsto ikke meldingen", "is_on": True},
            {"label": "Flyttet", "is_on": True},
            {"label": "Glemt"},
            {"label": "Syk"},
        ],
        "measures": [
            {"words": "Sjekke adressen i Folkeregisteret", "is_done": True, "on": "02.11.2026"},
            {"words": "Hjemmebesøk", "is_done": False, "on": "25.11.2026"},
        ],
        "views": [{"label": "Min dag", "href": "#", "is_current": True}, {"label": "Hele helsestasjonen", "href": "#"}],
        "selections": [
            {"label": "Alle", "count": 34, "href": "#", "is_current": True},
            {"label": "Uten journal", "count": 3, "href": "#"},
            {"label": "Ikke møtt", "count": 9, "href": "#"},
            {"label": "Skal ha time nå", "count": 22, "href": "#"},
        ],
        "owners": [{"value": "", "label": "Alle", "is_chosen": True}, {"value": "me", "label": "Meg"}],
        "bars": [
            {"label": "Har fått tilbud", "value": "100,0 %", "share": 100, "words": ""},
            {"label": "Møtt", "value": "96,6 %", "share": 96.6, "limit": 90.5, "words": "−4: 3 hadde time i januar, 1 ikke møtt"},
        ],
        "sides": [
            {
                "heading": "Folkeregisteret",
                "source": "hentet 20.11.2026",
                "facts": [{"name": "Adresse", "value": "Bakkeveien 8B", "differs": True}],
            },
            {
                "heading": "Journalen",
                "source": "endret 02.06.2026",
                "facts": [{"name": "Adresse", "value": "Strandveien 4", "differs": True}],
            },
        ],
        "days": [
            {"label": f"{day} {number}.11.", "note": note, "is_today": number == 24}
            for day, number, note in (("man", 23, ""), ("tir", 24, ""), ("ons", 25, "1. juledag"), ("tor", 26, ""), ("fre", 27, ""))
        ],
        "week": [
            {
                "label": "Kari Myhre",
                "sub": "helsesykepleier",
                "href": "#",
                "cells": [
                    {
                        "note": "09.00–12.00",
                        "slots": [{"clock": "09.15", "words": "Amir Rahimi", "sub": "5 mnd", "href": "#", "state": "taken"}],
                    },
                    {
                        "slots": [
                            {"clock": "09.15", "words": "Beste tid", "value": "1", "about": "tirsdag", "state": "best"},
                            {"words": "2 ledige", "state": ""},
                        ]
                    },
                    {"slots": [{"words": "Borte", "state": "away"}]},
                    {"slots": [{"words": "Møtt", "state": "taken done"}, {"words": "Ikke møtt", "state": "taken missed"}]},
                    {"slots": []},
                ],
            }
        ],
        "keys": [{"keys": ["J", "K"], "words": "opp og ned"}, {"keys": ["X"], "words": "velg"}],
        "form": TrialForm(),
        "wrong_form": TrialForm({"wrong-weight": "", "wrong-on": "i går"}, prefix="wrong"),
        "pairs": [("child", "b7a1"), ("next", "/")],
    }
