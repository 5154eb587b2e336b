"""How a family is said on pages: which language, whether an interpreter is needed, and how it is reached."""

from django.utils.translation import gettext

from fjorten.messages.languages import languages
from fjorten.people.families import NORWEGIAN, Family
from fjorten.web import words


def language_of(family: Family) -> str:
    """This function will name the language to speak with a family, and whether an interpreter is needed; "" for Norwegian without one."""
    adults = [family.carer.adult] if family.carer else [reach.adult for reach in family.guardians]
    names = [foreign(adult.language) for adult in adults]
    spoken = ", ".join(words.capital(name) for name in dict.fromkeys(names) if name)
    if not any(adult.needs_interpreter for adult in adults):
        return spoken
    return gettext("%(language)s, tolk") % {"language": spoken} if spoken else gettext("Tolk")


def foreign(language: str) -> str:
    """This function will name a language in the language of the page; "" for Norwegian, and for one nobody knows."""
    known = languages()
    return words.on_screen(known[language].norwegian) if language in known and language not in NORWEGIAN else ""


def contact_of(family: Family) -> str:
    """This function will say in a few words how a family is reached now, or why nobody is."""
    reaches = [family.carer] if family.carer else list(family.guardians)
    if family.person.is_protected or any(reach.adult.is_protected for reach in reaches):
        return gettext("Skjermet, bare for hånd")
    if not reaches:
        return gettext("Ingen foresatte er kjent")
    if family.paused_until is not None:
        return gettext("På vent til %(day)s") % {"day": words.day(family.paused_until)}
    telephones = sum(reach.telephone is not None for reach in reaches)
    if telephones:
        return gettext("SMS til begge") if telephones == 2 else gettext("SMS til én") if len(reaches) > 1 else gettext("SMS")
    if any(reach.email is not None for reach in reaches):
        return gettext("Bare e-post")
    return gettext("Bare brev") if any(reach.has_postal_address for reach in reaches) else gettext("Kan ikke nås")
