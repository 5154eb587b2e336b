"""HTML as values: text is escaped when it becomes part of an element, so that no name, address or file name can become markup."""

from __future__ import annotations

from html import escape
from typing import Final, TypeAlias


class Html(str):
    """Markup that is already safe. Made by `element` and `join`; a plain str never is."""

    __slots__ = ()


Child: TypeAlias = "Html | str | None"

_VOID: Final = frozenset({"meta", "br", "col"})


def element(tag: str, *children: Child, **attributes: str | None) -> Html:
    """
    Make an element. Children that are plain text are escaped, None is left out; so is an attribute that is None.

    A trailing underscore of an attribute's name is dropped (`class_`, `for_`), the others are hyphens (`aria_label`).
    """
    written = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value is not None)
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: Child) -> Html:
    """Put markup and text after each other; plain text is escaped."""
    return Html("".join(child if isinstance(child, Html) else escape(child, quote=False) for child in children if child is not None))
