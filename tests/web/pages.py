"""Drawing templates in tests, and reading what was drawn as a reader of HTML does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

import fjorten.web

WEB = Path(fjorten.web.__file__).parent
TEMPLATES = WEB / "templates"
STATIC = WEB / "static" / "web"
GALLERY = Path(__file__).with_name("gallery.html")
VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attrs: dict[str, str | None]
    parent: "Element | None" = field(default=None, repr=False)
    children: list["Element | str"] = field(default_factory=list, repr=False)

    @property
    def words(self) -> str:
        """What is written in the element, hidden or not."""
        return "".join(child if isinstance(child, str) else child.words for child in self.children)

    @property
    def classes(self) -> set[str]:
        return set((self.attrs.get("class") or "").split())

    def all(self, tag: str = "") -> Iterator["Element"]:
        """Every element under this one, in order, of one tag if it is given."""
        for child in self.children:
            if isinstance(child, Element):
                if not tag or child.tag == tag:
                    yield child
                yield from child.all(tag)

    def name(self, page: "Element") -> str:
        """What a screen reader calls the element."""
        if label := self.attrs.get("aria-label"):
            return label
        if ident := self.attrs.get("aria-labelledby"):
            return " ".join(page.with_id(one).words for one in ident.split())
        if self.tag in {"input", "select", "textarea"}:
            labels = [one for one in page.all("label") if one.attrs.get("for") == self.attrs.get("id") or self in list(one.all())]
            return " ".join(one.words for one in labels).strip()
        pictures = [one.attrs.get("aria-label") or "" for one in self.all("svg")]
        return " ".join([self.words, *pictures]).strip()

    def with_id(self, ident: str) -> "Element":
        [found] = [one for one in self.all() if one.attrs.get("id") == ident]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#page", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, dict(attrs), self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs), self.open[-1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}> {self.open[-1].attrs}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """Read a page or a piece of one; fails when an element is left open, closed in the wrong order or given an attribute twice."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"left open: {reader.open[-1].tag}"
    return reader.root


def draw(name: str, context: dict[str, Any]) -> str:
    """Draw a template as a page of the site is drawn."""
    return get_template(name).render(context, RequestFactory().get("/"))


def draw_piece(source: str, context: dict[str, Any]) -> str:
    """Draw a template that no site has: lines that use the components, or the gallery of them all."""
    return engines["django"].from_string(CottonCompiler().process(source)).render(context, RequestFactory().get("/"))
