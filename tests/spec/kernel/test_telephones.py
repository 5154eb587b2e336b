"""Telefonnumre

Leses slik folk skriver dem, lagres på én form (E.164), og vises uten å røpe dem. Uten landkode er et nummer norsk. Et nummer trenger ikke å være i bruk, bare å
kunne finnes: helsestasjonen må kunne skrive opp det familien sier. Kilde: tabellene i phonenumbers [source], resten er vårt valg [default].
"""

from fjorten.kernel.refusals import Refused
from fjorten.kernel.telephones import mask, read_telephone
from tests.spec.tables import check_table, spec


def read(written: str) -> str:
    try:
        telephone = read_telephone(written)
    except Refused as refused:
        return str(refused).partition(". ")[0]
    return f"{telephone.e164}, {'kan få SMS' if telephone.gets_sms else 'kan ikke få SMS'}"


@spec("Et nummer leses slik det er skrevet")
def test_a_number_is_read_as_written() -> None:
    check_table(
        read,
        """
        written              | svar
        00 00 00 01          | +4700000001, kan få SMS
        +47 00 00 00 01      | +4700000001, kan få SMS
        0047 00000001        | +4700000001, kan få SMS
        (+47) 000-00-001     | +4700000001, kan få SMS
        ٠٠٠٠٠٠٠١             | +4700000001, kan få SMS
        90 00 00 00          | +4790000000, kan få SMS
        22 00 00 00          | +4722000000, kan ikke få SMS
        +46 70 000 00 00     | +46700000000, kan få SMS
        +380 50 000 0000     | +380500000000, kan få SMS
        123                  | Telefonnummeret har for få sifre
        90 00 00             | Dette er ikke et gyldig telefonnummer
        900 00 000 000 00    | Telefonnummeret har for mange sifre
        ring mormor          | Dette er ikke et gyldig telefonnummer
        +999 123             | Dette er ikke et gyldig telefonnummer
        90 00 00 00 ext. 3   | Dette er ikke et gyldig telefonnummer
                             | Dette er ikke et gyldig telefonnummer
        """,
    )


@spec("I lister og logger vises bare land og de to siste sifrene")
def test_a_number_is_masked() -> None:
    check_table(
        mask,
        """
        number         | svar
        +4700000001    | +47 ••• 01
        +380500000000  | +380 ••• 00
        noe annet      | •••
        """,
    )
