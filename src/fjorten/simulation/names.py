"""Names to be combined freely: plausible for the families of a Norwegian municipality, and nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from fjorten.kernel.national_id import Sex


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where a family's names come from. `country` is ISO 3166 alpha-3 as the register writes it; `town_abroad` is where they last lived.

    Names hold the letters of their own language as far as the register's Latin letters allow, so that every stage meets æøå, Sami letters
    and Polish ones.
    """

    code: str
    country: str
    town_abroad: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]

    def given_name(self, rng: Random, sex: Sex) -> str:
        """This function will draw a given name, now and then a double one or one with a hyphen."""
        names = self.girls if sex is Sex.FEMALE else self.boys
        first = rng.choice(names)
        if rng.random() < 0.12:
            second = rng.choice(names)
            if second != first:
                return f"{first}{rng.choice(' -')}{second}"
        return first

    def family_name(self, rng: Random) -> str:
        """This function will draw a family name."""
        return rng.choice(self.families)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NORWEGIAN: Final = Origin(
    code="nb",
    country="NOR",
    town_abroad="Malmö",
    girls=_words(
        "Nora Emma Sofie Olivia Ella Maja Ingrid Åse Astrid Frida Solveig Iben Tuva Øydis Ragnhild Live Hedda Sunniva Bjørg Åshild"
    ),
    boys=_words(
        "Jakob Noah Emil Lucas Oskar Filip Håkon Øyvind Lars Sverre Åsmund Torbjørn Mathias Bjørn Eirik Ludvig Olai Sindre Jørgen Vetle"
    ),
    families=_words(
        "Hansen Johansen Olsen Larsen Andersen Solbakken Åsheim Bråten Myhre Øverland Kjær Sæther Lunde Bakke Nygård Haugen "
        "Strømsnes Fjære Hægeland Rønning Bjørnstad Tveit Aasen Engebretsen Lillevik"
    ),
)
SAMI: Final = Origin(
    code="se",
    country="NOR",
    town_abroad="Giron",
    girls=_words("Máret Ánne Biret Elle Rávdná Sárá Iŋgá Láilá Šárloahtta Káre"),
    boys=_words("Áilu Niillas Issát Jovnna Mihkkal Ánte Dávvet Biera Nillá Máhtte"),
    families=_words("Čáhppe Hætta Ážževuotna Vuođđu Gáŋgavárri Šuoššjávri Buljovárri Eiravuopmi Nuorttanas Gaupvárri"),
)
POLISH: Final = Origin(
    code="pl",
    country="POL",
    town_abroad="Gdańsk",
    girls=_words("Zofia Hanna Lena Maja Aleksandra Małgorzata Oliwia Łucja Agnieszka Zuzanna"),
    boys=_words("Jakub Antoni Szymon Paweł Łukasz Michał Stanisław Wojciech Kacper Jan"),
    families=_words("Nowak Wójcik Mazur Krawczyk Kaczmarek Zając Król Wróbel Pawlak Sikora Dudek Stępień"),
)
ARABIC: Final = Origin(
    code="ar",
    country="SYR",
    town_abroad="Aleppo",
    girls=_words("Fatima Maryam Layla Noor Aisha Salma Hiba Rahaf Yasmin Zaynab"),
    boys=_words("Mohammad Ahmad Omar Yusuf Ali Khalid Hamza Ibrahim Tariq Zaid"),
    families=("Al-Hassan", "Khalil", "Haddad", "Al Masri", "Najjar", "Darwish", "Saleh", "Abu Zaid", "Qasim", "Mansour"),
)
TIGRINYA: Final = Origin(
    code="ti",
    country="ERI",
    town_abroad="Asmara",
    girls=_words("Selam Bethlehem Feven Helen Luwam Mehret Rahel Semhar Winta Yodit"),
    boys=_words("Abel Biniam Dawit Filmon Henok Kidane Mussie Natnael Robel Yonas"),
    families=_words("Tesfay Ghebremeskel Haile Kidane Woldu Berhane Tekle Habtom Zerai Mebrahtu"),
)
UKRAINIAN: Final = Origin(
    code="uk",
    country="UKR",
    town_abroad="Kharkiv",
    girls=_words("Sofiia Anna Mariia Polina Yeva Daryna Solomiia Zlata Kateryna Oksana"),
    boys=_words("Artem Maksym Dmytro Tymofii Bohdan Danylo Andrii Nazar Oleksandr Yehor"),
    families=_words("Kovalenko Bondarenko Tkachenko Kravchuk Oliinyk Shevchuk Polishchuk Marchenko Lysenko Rudenko"),
)
SOMALI: Final = Origin(
    code="so",
    country="SOM",
    town_abroad="Hargeisa",
    girls=_words("Hodan Ifrah Sagal Nasteho Ayaan Hibaq Fadumo Ubah Amina Sahra"),
    boys=_words("Abdirahman Mahad Liban Guled Abdullahi Yahye Bilal Hassan Mustafe Zakaria"),
    families=("Abdi Warsame", "Mohamud Ali", "Farah", "Hussein Jama", "Osman", "Ismail Nur", "Aden", "Dahir Hersi", "Elmi", "Yusuf"),
)

ORIGINS: Final = (NORWEGIAN, SAMI, POLISH, ARABIC, TIGRINYA, UKRAINIAN, SOMALI)
# A mixed municipality, not a measured one. [default]
SHARES: Final = (70, 4, 8, 6, 4, 4, 4)
FROM_ABROAD: Final = (POLISH, ARABIC, TIGRINYA, UKRAINIAN, SOMALI)


def draw_origin(rng: Random) -> Origin:
    """This function will draw where a family living here has its names from."""
    return rng.choices(ORIGINS, weights=SHARES)[0]


def temporary_name(mother_given_name: str, sex: Sex) -> str:
    """
    This function will give the register's name for a newborn nobody has named: the mother's first name and *PIKE or *GUTT.

    Source: Folkeregisteret, as described by its consumers [source]. Capital letters [unverified].
    """
    first_name = mother_given_name.split(maxsplit=1)[0].upper()
    return f"{first_name}*{'PIKE' if sex is Sex.FEMALE else 'GUTT'}"
