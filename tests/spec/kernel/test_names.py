"""
Navn: søk og rekkefølge

To spørsmål med hvert sitt svar. Søkeformen gjør likt det folk mener er likt, så et navn finnes igjen uansett hvem som har skrevet det av.
Rekkefølgen er den norske: æ, ø og å sist, og aa sammen med å. Kilder: ICAO Doc 9303 del 3 for bokstavene i søkeformen; Unicode CLDR for
norsk rekkefølge, den samme som PostgreSQL bruker (`nb-NO-x-icu`).
"""

from __future__ import annotations

from fjorten.kernel.names import fold, is_temporary_newborn_name, sort_key
from tests.spec.tables import check_table, spec


def in_order(names: str) -> str:
    return ", ".join(sorted(names.split(", "), key=sort_key))


def is_temporary(given_name: str) -> str:
    return "ja" if is_temporary_newborn_name(given_name) else "nei"


@spec("I søk er å og aa like, æ og ä og ae like, ø og ö og oe like, og andre aksenter uten betydning")
def test_letters_that_search_treats_alike() -> None:
    check_table(
        fold,
        """
        text         | answer
        Åse          | aase
        AASE         | aase
        Bær          | baer
        Bär          | baer
        Baer         | baer
        Bjørn        | bjoern
        Björn        | bjoern
        Bjoern       | bjoern
        Ǿyvind       | oeyvind
        Müller       | muller
        André        | andre
        Łukasz       | lukasz
        Weiß         | weiss
        İbrahim      | ibrahim
        Guðrún       | gudrun
        Þóra         | thora
        """,
    )


@spec("Samiske bokstaver leses i søk som bokstaven uten tegn")
def test_sami_letters() -> None:
    check_table(
        fold,
        """
        text     | answer
        Áile     | aile
        Čáhppe   | cahppe
        Đuvra    | duvra
        Ŋuolli   | nuolli
        Šivdnju  | sivdnju
        Ŧiedi    | tiedi
        Žulina   | zulina
        Iŋgá     | inga
        Jåks     | jaaks
        Kåddž    | kaaddz
        Ǩiʹrǧǧ   | kirgg
        Ǥuõll    | guoll
        Ǯǯ       | zz
        """,
    )


@spec("Bindestrek, punktum og mellomrom er ett mellomrom, og apostrofer er uten betydning")
def test_what_stands_between_letters() -> None:
    check_table(
        fold,
        """
        text                | answer
        Anne-Marie          | anne marie
        Anne Marie          | anne marie
        Anne - Marie        | anne marie
        Anne‑Marie Å.       | anne marie aa
        O'Brien             | obrien
        O’Brien             | obrien
        Å’Brien             | aabrien
                            |
        -                   |
        """,
    )


@spec("Andre skriftsystemer beholder bokstavene og mister bare store bokstaver")
def test_other_scripts_keep_their_letters() -> None:
    check_table(
        fold,
        """
        text       | answer
        Йозеф      | йозеф
        ЁЛКА       | ёлка
        Ελένη      | ελένη
        محمد أحمد  | محمد أحمد
        """,
    )


@spec("Norsk rekkefølge: a til z, så æ, ø og å, med aa som å")
def test_norwegian_order() -> None:
    check_table(
        in_order,
        """
        names                                              | answer
        Åse, Zara, Ørjan, Anne, Ærlig                      | Anne, Zara, Ærlig, Ørjan, Åse
        Aase, Åge, Abel, Østen, Aasmund, Åsmund            | Abel, Østen, Åge, Aase, Åsmund, Aasmund
        Öberg, Øberg, Äng, Æng, Ång, Angell                | Angell, Æng, Äng, Øberg, Öberg, Ång
        Müller, Myhre, Muller, Myller                      | Muller, Myhre, Myller, Müller
        Hansen, hansen, Hånsen, Hansén                     | hansen, Hansen, Hansén, Hånsen
        """,
    )


@spec("Samiske bokstaver står etter grunnbokstaven, og mellomrom før bindestrek før bokstaver")
def test_order_of_sami_letters_and_of_spaces() -> None:
    check_table(
        in_order,
        """
        names                                              | answer
        Čáhppe, Cáhppe, Dahl, Cahppe, Daad, Đahl           | Cahppe, Cáhppe, Čáhppe, Dahl, Đahl, Daad
        Ŋuolli, Nuolli, Olsen, Nyland                      | Nuolli, Nyland, Ŋuolli, Olsen
        Ŧiedi, Tveit, Ulv, Tiedi                           | Tiedi, Tveit, Ŧiedi, Ulv
        Šara, Sara, Tor, Sjur, Žara, Zara, Ære             | Sara, Šara, Sjur, Tor, Zara, Žara, Ære
        Annemarie, Anne-Marie, Anne Marie, Anne, Annes     | Anne, Anne Marie, Anne-Marie, Annemarie, Annes
        """,
    )


@spec("Et nyfødt barns midlertidige navn kjennes på *PIKE eller *GUTT etter morens fornavn")
def test_temporary_names_of_newborns() -> None:
    check_table(
        is_temporary,
        """
        given_name    | answer
        KARI*PIKE     | ja
        Kari *Gutt    | ja
        *GUTT         | ja
        KARI*PIKE 2   | ja
        Kari Pike     | nei
        Gutt          | nei
        KARI*PIKEN    | nei
                      | nei
        """,
    )
