"""What can be known of a person by the register, as values. Pure."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum

from fjorten.kernel.names import fold


class Protection(StrEnum):
    """Grades of address protection, weakest first [source: Folkeregisteret, element adressebeskyttelse]."""

    NONE = "none"
    CLIENT = "client"
    CONFIDENTIAL = "confidential"
    STRICTLY_CONFIDENTIAL = "strictly_confidential"


class ResidenceKind(StrEnum):
    """What kind of residence the register gives."""

    STREET = "street"
    CADASTRAL = "cadastral"
    UNKNOWN = "unknown"  # ukjentBosted: lives in the municipality, address not known
    VIA_MOTHER = "via_mother"  # birth registered, no address yet, the mother lives here
    LAST_KNOWN = "last_known"  # strictly protected: the register tells no place any more


@dataclass(frozen=True, slots=True)
class IdentifierFact:
    """A number and whether it is still in use."""

    number: str
    is_in_use: bool
    valid_from: date | None
    source: str

    def __repr__(self) -> str:
        return f"IdentifierFact(***********, is_in_use={self.is_in_use})"


@dataclass(frozen=True, slots=True)
class NameFact:
    """A name and the period it was in force."""

    given: str
    middle: str
    family: str
    valid_from: date | None
    valid_until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ResidenceFact:
    """A place by municipality and basic unit, never a street address, and the period it was lived in."""

    municipality_code: str
    kind: ResidenceKind
    basic_unit: str
    valid_from: date | None
    valid_until: date | None
    is_here: bool
    source: str


@dataclass(frozen=True, slots=True)
class ProtectionFact:
    """A grade of protection and its period."""

    level: Protection
    valid_from: date | None
    valid_until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ResponsibilityFact:
    """Parental responsibility as the register words it."""

    kind: str
    responsible_number: str
    responsible_organisation: str
    valid_from: date | None
    valid_until: date | None
    source: str

    def __repr__(self) -> str:
        return f"ResponsibilityFact(kind={self.kind!r})"


@dataclass(frozen=True, slots=True)
class RelationFact:
    """A relative as the register words it."""

    role: str
    related_number: str
    valid_from: date | None
    valid_until: date | None
    source: str

    def __repr__(self) -> str:
        return f"RelationFact(role={self.role!r})"


@dataclass(frozen=True, slots=True)
class MigrationFact:
    """A move into ("in") or out of ("out") the country."""

    direction: str
    country: str
    moved_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything we hold of one person by the register, now and before."""

    identifiers: tuple[IdentifierFact, ...]
    status: str
    born_on: date | None
    born_by: date
    sex: str
    is_dead: bool
    died_on: date | None
    emigrated_on: date | None
    stays_here: bool
    stays_here_since: date | None
    given_name: str
    middle_name: str
    family_name: str
    name_is_temporary: bool
    protection: Protection
    names: tuple[NameFact, ...]
    residences: tuple[ResidenceFact, ...]
    protections: tuple[ProtectionFact, ...]
    responsibilities: tuple[ResponsibilityFact, ...]
    relations: tuple[RelationFact, ...]
    migrations: tuple[MigrationFact, ...]
    source: str

    @property
    def facts_digest(self) -> str:
        """A digest of all of it, so that writing what already stands can be left out."""
        canonical = json.dumps(_plain(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def search_name(self) -> str:
        """The name folded for search."""
        return fold(" ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part))


def _plain(value: object) -> object:
    """Turn facts into lists and text, in the order of their fields."""
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
