"""Hvem som får beskjed om et barn

De som har foreldreansvar, hver på sitt språk; den som har omsorgen nå, når det er en annen; og et menneske når ingen melding kan gå av seg selv. Et barn som
ingen melding kan nå, faller aldri ut: grunnen står på den manuelle listen til noen har sett på den. Kilde: pbrl § 3-4 [source], resten er vårt valg [default].
"""

from dataclasses import replace

from fjorten.messages.addressees import Adult, ChildToTellOf, addressees
from tests.spec.tables import check_table, spec

MOTHER = Adult(key="mor", language="ti", telephone="00000001", has_postal_address=True)
FATHER = Adult(key="far", language="nb", telephone="00000002", has_postal_address=True)
FOSTER_HOME = Adult(key="fosterhjem", language="nn", telephone="00000003", has_postal_address=True)
CHILD = ChildToTellOf(age_years=2, is_dead=False, is_protected=False, lives_or_stays_here=True, guardians=(MOTHER, FATHER))

SITUATIONS = {
    "bor her med mor og far": CHILD,
    "foreldrene bor hver for seg": replace(CHILD, guardians=(MOTHER, replace(FATHER, has_postal_address=False))),
    "bare mor har foreldreansvar": replace(CHILD, guardians=(MOTHER, replace(FATHER, has_responsibility=False))),
    "far er død": replace(CHILD, guardians=(MOTHER, replace(FATHER, is_dead=True))),
    "mors nummer er dødt": replace(CHILD, guardians=(replace(MOTHER, telephone=""), FATHER)),
    "ingen numre, men adresse": replace(CHILD, guardians=(replace(MOTHER, telephone=""),)),
    "verken numre eller adresse": replace(CHILD, guardians=(replace(MOTHER, telephone="", has_postal_address=False),)),
    "ingen foresatte er kjent": replace(CHILD, guardians=()),
    "plassert i fosterhjem": replace(CHILD, carer=FOSTER_HOME),
    "plassert, fosterhjemmet kan ikke nås": replace(CHILD, carer=replace(FOSTER_HOME, telephone="", has_postal_address=False)),
    "plassert, fosterhjemmet har adressesperre": replace(CHILD, carer=replace(FOSTER_HOME, is_protected=True)),
    "barnet har adressesperre": replace(CHILD, is_protected=True),
    "mor har adressesperre": replace(CHILD, guardians=(replace(MOTHER, is_protected=True), FATHER)),
    "far uten foreldreansvar har adressesperre": replace(
        CHILD, guardians=(MOTHER, replace(FATHER, has_responsibility=False, is_protected=True))
    ),
    "barnet er dødt": replace(CHILD, is_dead=True, is_protected=True),
    "barnet har flyttet": replace(CHILD, lives_or_stays_here=False, is_protected=True),
    "barnet er 11 år": replace(CHILD, age_years=11),
    "barnet er 12 år": replace(CHILD, age_years=12),
}


def told(situation: str) -> str:
    answer = addressees(SITUATIONS[situation])
    if isinstance(answer, tuple):
        return ", ".join(f"{one.key} ({one.channel}, {one.language})" for one in answer)
    return f"{type(answer).__name__.lower()}: {answer}"


@spec("Hvem som får beskjed, hvordan og på hvilket språk")
def test_who_is_told() -> None:
    check_table(
        told,
        """
        situation                                 | svar
        bor her med mor og far                    | mor (sms, ti), far (sms, nb)
        foreldrene bor hver for seg               | mor (sms, ti), far (sms, nb)
        bare mor har foreldreansvar               | mor (sms, ti)
        far er død                                | mor (sms, ti)
        mors nummer er dødt                       | mor (letter, ti), far (sms, nb)
        ingen numre, men adresse                  | mor (letter, ti)
        verken numre eller adresse                | manual: nobody_can_be_reached
        ingen foresatte er kjent                  | manual: no_guardian_is_known
        plassert i fosterhjem                     | fosterhjem (sms, nn)
        plassert, fosterhjemmet kan ikke nås      | manual: carer_cannot_be_reached
        plassert, fosterhjemmet har adressesperre | manual: carer_cannot_be_reached
        barnet har adressesperre                  | manual: child_is_protected
        mor har adressesperre                     | manual: guardian_is_protected
        far uten foreldreansvar har adressesperre | manual: guardian_is_protected
        barnet er dødt                            | silence: child_is_dead
        barnet har flyttet                        | silence: child_has_moved
        barnet er 11 år                           | mor (sms, ti), far (sms, nb)
        barnet er 12 år                           | manual: child_decides
        """,
    )
