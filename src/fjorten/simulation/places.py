"""Municipalities and the homes in them. The municipality that lives is invented; those people move to and from only lend their codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: code of four digits, name, and the postal places in it as (postcode, place)."""

    code: str
    name: str
    postal_places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reform:
    """From `on` the municipality goes by `new_code`. Nobody moves."""

    on: date
    old_code: str
    new_code: str


class HomeKind(StrEnum):
    """What the register says about where somebody lives."""

    STREET = "street"
    CADASTRAL = "cadastral"
    UNKNOWN = "unknown"  # ukjentBosted: in the municipality, nobody knows where
    CLIENT = "client"  # a street address that may give away an institution


@dataclass(frozen=True, slots=True)
class Home:
    """An invented address. For cadastral homes `house` and `letter` are holding number (gnr) and unit number (bnr)."""

    kind: HomeKind
    municipality_code: str
    street: str
    house: int
    letter: str
    unit: str
    postcode: str
    place: str

    @property
    def is_client_address(self) -> bool:
        """Whether the address must not be shown because it may give away an institution."""
        return self.kind is HomeKind.CLIENT

    @property
    def one_line(self) -> str:
        """The street address as a vendor's export writes it; empty when nobody knows."""
        if self.kind is HomeKind.UNKNOWN:
            return ""
        return (
            f"{self.street} {self.house}{self.letter}"
            if self.kind is not HomeKind.CADASTRAL
            else f"{self.street} {self.house}/{self.letter}"
        )

    def recoded(self, code: str) -> Home:
        """This function will give the same home under the municipality's new code."""
        return replace(self, municipality_code=code)

    def with_corrected_unit(self, rng: Random) -> Home:
        """This function will give the same home with another dwelling number: a correction, not a move."""
        return replace(self, unit=f"H{rng.randrange(1, 6):02d}{rng.randrange(1, 9):02d}")

    def as_residence(self, moved_on: date, *, unknown_unit_type: bool = False) -> Values:
        """
        This function will give the fields of a `bostedsadresse` element, without the fields every element has.

        `unknown_unit_type` uses a value of `bruksenhetstype` that the published schema does not list.
        """
        shared: Values = {"adressegradering": "klientadresse" if self.is_client_address else "ugradert", "flyttedato": moved_on.isoformat()}
        if self.kind is HomeKind.UNKNOWN:
            return shared | {"ukjentBosted": {"bostedskommune": self.municipality_code}}
        # Invented, but alike for neighbours: the street gives the first two of the four digits, so clinics can share out a municipality.
        shared["grunnkrets"] = int(f"{self.municipality_code}{10 + sum(map(ord, self.street)) % 90}{self.house % 20:02d}")
        return shared | self._place_fields("smaahus" if unknown_unit_type else "bolig")

    def as_stay(self, since: date) -> Values:
        """This function will give the fields of an `oppholdsadresse` element: where somebody without a residence stays."""
        return {"adressegradering": "ugradert", "oppholdsadressedato": since.isoformat()} | self._place_fields("bolig")

    def _place_fields(self, unit_type: str) -> Values:
        postal_place = {"postnummer": self.postcode, "poststedsnavn": self.place}
        if self.kind is HomeKind.CADASTRAL:
            cadastre = {"kommunenummer": self.municipality_code, "gaardsnummer": self.house, "bruksnummer": int(self.letter)}
            return {"matrikkeladresse": {"matrikkelnummer": cadastre, "adressetilleggsnavn": self.street, "poststed": postal_place}}
        house: Values = {"husnummer": str(self.house)}
        if self.letter:
            house["husbokstav"] = self.letter
        return {
            "vegadresse": {
                "kommunenummer": self.municipality_code,
                "bruksenhetsnummer": self.unit,
                "bruksenhetstype": unit_type,
                "adressenavn": self.street,
                "adressenummer": house,
                "adressekode": f"{1000 + sum(map(ord, self.street)) % 9000}",
                "poststed": postal_place,
            }
        }


# Invented: no county has the number 78, so no code can be taken for a real municipality's. [default]
FJORDVIK: Final = Municipality("7814", "Fjordvik", (("7891", "FJORDVIK"), ("7892", "YTTERVÅG"), ("7893", "ÁŽŽEVUOTNA")))
FJORDVIK_CODE_AFTER_REFORM: Final = "7914"

# Codes as of 1 January 2024 [source: Statistisk sentralbyrå, standard for kommuneinndeling]; the addresses in them are invented.
ELSEWHERE: Final = (
    Municipality("0301", "Oslo", (("0571", "OSLO"), ("0979", "OSLO"))),
    Municipality("4601", "Bergen", (("5132", "NYBORG"),)),
    Municipality("5001", "Trondheim", (("7040", "TRONDHEIM"),)),
    Municipality("1103", "Stavanger", (("4015", "STAVANGER"),)),
    Municipality("5501", "Tromsø", (("9012", "TROMSØ"),)),
    Municipality("3305", "Ringerike", (("3511", "HØNEFOSS"),)),
    Municipality("5610", "Kárášjohka - Karasjok", (("9730", "KARASJOK"),)),
)

STREETS: Final = (
    *("Eksempelveien", "Oppdiktet gate", "Blåbærstien", "Ærfuglveien", "Øvre Bakkevei", "Åsgata", "Naustveien", "Skolebakken", "Fjæregata"),
    *("Kløverstien", "Havnegata", "Čáhppesgeaidnu", "Ŋuorrobálggis", "Đearpmisluodda", "Žiŧŧabálggis", "Šaldegeaidnu"),
)
FARMS: Final = ("Nordgård", "Søre Bø", "Ytre Ånes", "Øvstegard", "Indre Sætra")


def draw_home(rng: Random, municipality: Municipality, *, code: str | None = None, kind: HomeKind | None = None) -> Home:
    """This function will draw a home in a municipality, under `code` when it has changed by reform; about one in twelve is cadastral."""
    postcode, place = rng.choice(municipality.postal_places)
    chosen = kind or (HomeKind.CADASTRAL if rng.random() < 0.08 else HomeKind.STREET)
    is_cadastral = chosen is HomeKind.CADASTRAL
    return Home(
        kind=chosen,
        municipality_code=code or municipality.code,
        street=rng.choice(FARMS if is_cadastral else STREETS),
        house=rng.randrange(1, 200),
        letter=str(rng.randrange(1, 60)) if is_cadastral else rng.choice(("", "", "", "A", "B", "C")),
        unit="H0101" if rng.random() < 0.6 else f"H{rng.randrange(1, 6):02d}{rng.randrange(1, 9):02d}",
        postcode=postcode,
        place=place,
    )
