"""The report as a reader, a screen reader and a printer meet it: structure, not looks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from fjorten.registers.reconcile import report
from fjorten.registers.reconcile.report import report_html
from fjorten.registers.reconcile.rules import RULES
from tests.registers.reconcile.every_kind import answer_of_every_kind, every_kind
from tests.registers.reconcile.two_sides import TwoSides

VOID = {"meta", "col", "br"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str | None]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> list[Node]:
        return [node for child in self.children for node in ([child] if not tags or child.tag in tags else []) + child.all(*tags)]

    def read(self) -> str:
        return (self.text + " ".join(child.read() for child in self.children)).strip()


class Tree(HTMLParser):
    """The document as a tree; an element left open or closed twice is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


def tree_of(sides: TwoSides) -> Node:
    parser = Tree()
    parser.feed(report_html(sides.answer()))
    assert parser.open == [parser.root]
    return parser.root


@pytest.fixture(scope="module", params=[every_kind(), TwoSides()], ids=["every kind of finding", "nothing found"])
def page(request: pytest.FixtureRequest) -> Node:
    return tree_of(request.param)


@pytest.fixture(scope="module")
def full() -> Node:
    return tree_of(every_kind())


def test_it_is_one_file_without_script_or_anything_from_elsewhere(page: Node) -> None:
    assert {node.tag for node in page.all()} & {"script", "link", "img", "iframe", "object", "form"} == set()
    assert not [name for node in page.all() for name in node.attributes if name.startswith("on") or name in {"src", "style"}]
    assert all(node.attributes["href"].startswith("#") for node in page.all("a"))
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|https?:", style.text)


def test_it_says_its_language_and_has_a_title_without_a_person(page: Node) -> None:
    (html,) = page.all("html")
    assert html.attributes["lang"] == "nb"
    (title,) = page.all("title")
    assert title.text == "Avstemming mot Folkeregisteret, kommune 0301, 21.11.2026"


def test_headings_begin_with_one_h1_and_skip_no_level(page: Node) -> None:
    levels = [int(node.tag[1]) for node in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_link_leads_somewhere_and_every_id_is_one(page: Node) -> None:
    identities = [node.attributes["id"] for node in page.all() if "id" in node.attributes]
    assert len(identities) == len(set(identities))
    wanted = [node.attributes["href"].removeprefix("#") for node in page.all("a")]
    wanted += [node.attributes["aria-labelledby"] for node in page.all() if "aria-labelledby" in node.attributes]
    assert set(wanted) <= set(identities)


def test_the_first_thing_to_reach_is_the_way_past_the_top(page: Node) -> None:
    assert page.all("a")[0].attributes == {"class": "skip", "href": "#lister"}


def test_every_table_has_a_caption_and_scoped_headings(page: Node) -> None:
    tables = page.all("table")
    assert tables
    for table in tables:
        assert table.children[0].tag == "caption"
        assert table.children[0].read()
        assert all(node.attributes["scope"] in {"col", "row", "colgroup"} for node in table.all("th"))


def test_a_table_stays_a_table_when_its_rows_become_cards(page: Node) -> None:
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for node in page.all(*roles):
        assert node.attributes["role"] == roles[node.tag]


def test_summary_comes_before_the_lists(full: Node) -> None:
    headings = [node.read() for node in full.all("h2")]
    assert headings[0] == "Oppsummering"
    assert headings[1] == "Barn som mangler journal"
    assert headings[-1].startswith("Barn med adressebeskyttelse")


def test_every_rule_is_summed_up_with_its_count_and_every_list_says_what_to_do(full: Node) -> None:
    answer = answer_of_every_kind()
    (summary,) = [table for table in full.all("table") if table.attributes["class"] == "of-rules"]
    rows = {row.children[0].read(): row.children[2].read() for row in summary.all("tr") if len(row.children) == 4}
    assert rows == {"Funn": "Antall"} | {rule.title: str(answer.count_by_rule[rule.code]) for rule in RULES}
    text = full.read()
    assert all(rule.meaning in text and rule.action.sentence in text for rule in RULES)


def test_every_child_is_a_row_header(full: Node) -> None:
    names = [
        row.children[0]
        for table in full.all("table")
        if table.attributes["class"] == "of-children"
        for row in table.all("tbody")[0].children
    ]
    assert all(header.tag == "th" and header.attributes["scope"] == "row" for header in names)
    assert len(names) == len(answer_of_every_kind().findings)


def test_what_stands_in_the_files_never_becomes_markup(full: Node) -> None:
    assert not full.all("b")[1:]  # the product's name, and no other
    assert '=HYPERLINK("http://x") <b>Ås</b>' in full.read()


def test_a_number_is_shown_with_a_gap_that_is_not_copied(full: Node) -> None:
    numbers = [node for node in full.all("span") if node.attributes.get("class") == "id"]
    assert numbers
    for node in numbers:
        assert [len(half.text) for half in node.children] == [6, 5]
        assert not node.text


def test_an_empty_answer_says_so_in_words() -> None:
    sides = TwoSides()
    sides.journal(sides.person())
    text = tree_of(sides).read()
    assert "Ingen funn. Registeret og journalene stemmer for alle barn i aldersgruppen." in text
    assert "Alle som bor her, er kjent." in text


def test_a_forced_run_says_why_it_should_not_be_trusted() -> None:
    sides = TwoSides()
    for _ in range(3):
        sides.journal(sides.new_number())
    assert "Filene passer nesten ikke sammen" in tree_of(sides).read()


def test_a_list_nobody_can_read_to_its_end_points_to_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "ROWS_SHOWN", 2)
    sides = TwoSides()
    for _ in range(3):
        sides.person()
    page = tree_of(sides)
    (table,) = [table for table in page.all("table") if table.attributes["class"] == "of-children"]
    assert len(table.all("tbody")[0].children) == 2
    assert "Viser 2 av 3\xa0barn. Alle står i findings.csv." in table.read().replace("3 barn", "3\xa0barn")


def test_a_newborn_without_a_name_is_a_girl_or_a_boy_by_the_register() -> None:
    sides = TwoSides()
    sides.person(given_name="Kari*PIKE", name_is_temporary=True, sex="kvinne")
    sides.person(given_name="Kari*GUTT", name_is_temporary=True, sex="mann")
    sides.person(given_name="Kari*GUTT", name_is_temporary=True)
    text = tree_of(sides).read()
    assert all(name in text for name in ("Jente Dahl", "Gutt Dahl", "Barn Dahl"))
    assert "Kari" not in text


def relative_luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("#1f272d", "#f5f4f0"), ("#555d63", "#ffffff"), ("#555d63", "#f5f4f0"), ("#1b4f72", "#ffffff"), ("#b81a1a", "#ffffff"),
        ("#056d13", "#ffffff"), ("#8c4d15", "#ffffff"), ("#8e1212", "#fbeaea"), ("#6d3a0d", "#faefe3"), ("#143d59", "#e8eff4"),
        ("#c6d6e2", "#143d59"), ("#30383e", "#e7e9eb"), ("#4a2f5c", "#f1ecf4"),
    ],
)  # fmt: skip
def test_text_can_be_read_against_its_background(text: str, background: str, full: Node) -> None:
    (style,) = full.all("style")
    assert text in style.text  # the pair is one the page uses
    light, dark = sorted((relative_luminance(text), relative_luminance(background)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
