"""`fjorten clinics`: what families know the municipality as, and where each clinic is found: what messages and letters say."""

import argparse

from fjorten.cli.edge import acting, now, with_employee, with_municipality


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: listen)")
    found = verbs.add_parser("found-at", help="si hva familiene skal ringe, og hvor de skal møte opp")
    found.add_argument("--clinic", metavar="NAVN", help="helsestasjonen (uten: den kommunen begynte med)")
    found.add_argument("--telephone", metavar="NUMMER", help="uten: det som står fra før")
    found.add_argument("--address", metavar="TEKST", help="stedet og adressen på én linje, uten ordet helsestasjon (uten: det som står)")
    known = verbs.add_parser("known-as", help="si hva familiene kjenner kommunen som, og om den skriver bokmål eller nynorsk")
    known.add_argument("brand", metavar="NAVN", help="for eksempel «Fjordvik kommune»; aldri hva slags tjeneste det er")
    known.add_argument("--norwegian", choices=("nb", "nn"), help="nb eller nn (uten: det som står fra før)")
    for child in (found, known):
        with_employee(child)


def run(options: argparse.Namespace) -> int:
    """Show what families are told, or change it. Without a verb: exit code 1 when something is missing."""
    from fjorten.cli.listing import show
    from fjorten.kernel.telephones import as_read
    from fjorten.messages.composing import brand_of
    from fjorten.organisation.actions import name_for_families, tell_where_clinic_is
    from fjorten.organisation.queries import clinic_named, clinics_of, municipality_named

    municipality = municipality_named(options.municipality)
    match options.verb:
        case None:
            clinics = clinics_of(municipality)
            print(f"Familiene kjenner kommunen som {brand_of(municipality) or '(ikke sagt)'}. Den skriver {municipality.norwegian}.")
            rows = [(one.name, as_read(one.telephone) if one.telephone else "", one.visiting_address) for one in clinics]
            show("Helsestasjoner", ("navn", "telefon", "adresse"), rows, nothing="")
            return 0 if brand_of(municipality) and all(one.telephone and one.visiting_address for one in clinics) else 1
        case "found-at":
            clinic = clinic_named(options.clinic, municipality)
            tell_where_clinic_is(
                clinic=clinic,
                telephone=options.telephone or clinic.telephone,
                visiting_address=options.address or clinic.visiting_address,
                by=acting(options, municipality),
                at=now(),
            )
            print(f"Meldingene fra {clinic} sier nå dette.")
        case _:
            name_for_families(
                municipality=municipality,
                brand=options.brand,
                norwegian=options.norwegian or municipality.norwegian,
                by=acting(options, municipality),
                at=now(),
            )
            print(f"Familiene kjenner nå kommunen som {options.brand}.")
    return 0
