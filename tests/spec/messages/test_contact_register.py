"""Hva kontakt- og reservasjonsregisteret tillater

Et vedtak eller en annen viktig henvendelse krever at adressen er oppdatert eller bekreftet for mindre enn 18 måneder siden, mobil og e-post hver for seg, og at
innbyggeren ikke har reservert seg. En tjenestemelding, som en påminnelse, kan også sendes til eldre adresser. Kilde: eForvaltningsforskriften § 32, Digdirs
dokumentasjon [source]; at reservasjonen ikke stanser påminnelser, er vårt valg [default].
"""

from datetime import date

from fjorten.messages.channels.contact_register import Contact, Notice, Standing, is_fresh, may_be_used_for
from tests.spec.tables import check_table, optional_date, spec, truth

ON = date(2026, 9, 24)
FRESH, OLD = date(2026, 1, 1), date(2020, 1, 1)


def allowed(notice: str, status: str, reservert: str, kan_varsles: str, mobil: str, epost: str) -> str:
    ages = {"ny": FRESH, "gammel": OLD, "ukjent": None, "": None}
    contact = Contact(
        standing=Standing(status),
        is_reserved=truth(reservert),
        may_be_notified=truth(kan_varsles),
        mobile="+4700000001" if mobil else "",
        mobile_confirmed_on=ages[mobil],
        email="mor@prove.example" if epost else "",
        email_confirmed_on=ages[epost],
        has_digital_mailbox=True,
    )
    may = may_be_used_for({"vedtak": Notice.DECISION, "tjeneste": Notice.SERVICE}[notice], contact, on=ON)
    named = {"mobil": may.mobile, "e-post": may.email, "postkasse": may.digital_mailbox}
    return ", ".join(name for name, is_allowed in named.items() if is_allowed) or "ingenting"


@spec("Hvilke adresser som kan brukes til hva")
def test_which_addresses_may_be_used() -> None:
    check_table(
        allowed,
        """
        notice   | status          | reservert | kan_varsles | mobil  | epost  | svar
        vedtak   | AKTIV           | nei       | ja          | ny     | ny     | mobil, e-post, postkasse
        vedtak   | AKTIV           | nei       | ja          | ny     | gammel | mobil, postkasse
        vedtak   | AKTIV           | nei       | ja          | gammel | ny     | e-post, postkasse
        vedtak   | AKTIV           | nei       | ja          | ukjent |        | postkasse
        vedtak   | AKTIV           | nei       | nei         | ny     | ny     | postkasse
        vedtak   | AKTIV           | ja        | ja          | ny     | ny     | ingenting
        vedtak   | SLETTET         | nei       | ja          | ny     | ny     | ingenting
        vedtak   | IKKE_REGISTRERT | nei       | ja          | ny     | ny     | ingenting
        tjeneste | AKTIV           | nei       | ja          | ny     | ny     | mobil, e-post, postkasse
        tjeneste | AKTIV           | nei       | ja          | gammel |        | mobil, postkasse
        tjeneste | AKTIV           | ja        | nei         | ny     | ny     | mobil, e-post, postkasse
        tjeneste | SLETTET         | nei       | ja          | ny     | ny     | ingenting
        tjeneste | IKKE_REGISTRERT | nei       | ja          |        |        | ingenting
        """,
    )


@spec("18 måneder på dagen er for gammelt")
def test_eighteen_months_to_the_day_is_too_old() -> None:
    check_table(
        is_fresh,
        """
        confirmed_on | on         | svar
        2025-03-25   | 2026-09-24 | True
        2025-03-24   | 2026-09-24 | False
        2025-03-01   | 2026-08-31 | True
        2025-02-28   | 2026-08-31 | False
        2024-02-29   | 2025-08-29 | False
                     | 2026-09-24 | False
        """,
        convert={"confirmed_on": optional_date, "on": date.fromisoformat},
    )
