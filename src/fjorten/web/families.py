"""How a family is said on pages: which language, and whether an interpreter is needed."""

from django.utils.translation import gettext

from fjorten.messages.languages import languages
from fjorten.people.families import Family


def language_of(family: Family) -> str:
    """This function will name the language to speak with a family, and whether an interpreter is needed; "" for Norwegian without one."""
    adults = [family.carer.adult] if family.carer else [reach.adult for reach in family.guardians]
    known = languages()
    names = [known[adult.language].norwegian for adult in adults if adult.language in known and adult.language not in {"nb", "nn", "no"}]
    spoken = ", ".join(capital(name) for name in dict.fromkeys(names))
    if not any(adult.needs_interpreter for adult in adults):
        return spoken
    return gettext("%(language)s, tolk") % {"language": spoken} if spoken else gettext("Tolk")


def capital(text: str) -> str:
    """This function will begin a text with a capital letter, and leave the rest."""
    return text[:1].upper() + text[1:]
