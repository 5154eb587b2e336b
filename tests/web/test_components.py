"""The components: every one is drawn, is well-formed, says what it means in words, and lets nothing through unescaped."""

import itertools
import re
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import override

from fjorten.programme.status import Status
from fjorten.web import icons
from fjorten.web.icons import NoSuchIcon
from fjorten.web.marks import MARKS, OF_STATUS, NoSuchMark, Track, TrackStep, mark_named
from fjorten.web.templatetags.pictures import SHAPES, AttributeMayNotPass
from tests.web import gallery
from tests.web.pages import GALLERY, STATIC, TEMPLATES, Element, draw, draw_piece, read

SOURCES = {path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.html"))}
SOURCES["gallery.html"] = GALLERY.read_text(encoding="utf-8")
COMPONENTS = [name for name in SOURCES if name.startswith("cotton/")]
CSS = (STATIC / "app.css").read_text(encoding="utf-8")


def piece(source: str, **context: Any) -> str:
    """Draw a few lines that use components."""
    return draw_piece(source, context)


@pytest.fixture(scope="module")
def drawn() -> str:
    return draw_piece(GALLERY.read_text(encoding="utf-8"), gallery.context())


@pytest.fixture(scope="module")
def page(drawn: str) -> Element:
    return read(drawn)


# --- what is written in the templates ---


@pytest.mark.parametrize("name", SOURCES)
def test_a_template_holds_no_style_no_script_and_nothing_unescaped(name: str) -> None:
    source = SOURCES[name]
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|hx-on|hx-vals=.js:", source, re.I)
    assert not re.search(r"<script(?![^>]* src=)", source)
    # `attrs` of the component library writes its values unescaped: {% passed_on %} is ours.
    assert not re.search(r"\|\s*safe\b|autoescape off|{{\s*attrs\s*}}", source)
    assert "://" not in source


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_first_what_it_is_and_takes(name: str) -> None:
    assert SOURCES[name].startswith("{% comment %}")


def test_every_component_stands_in_the_gallery() -> None:
    used = {"cotton/" + name.replace("-", "_") + ".html" for source in SOURCES.values() for name in re.findall(r"<c-([a-z-]+)", source)}
    assert set(COMPONENTS) - used == set()
    assert used - set(COMPONENTS) == {"cotton/vars.html", "cotton/slot.html"}


def test_every_icon_a_template_names_is_there() -> None:
    named = {
        name
        for source in SOURCES.values()
        for found in re.findall(r"{% icon \"([^\"]+)\"|\sicon=\"([^\"]+)\"", source)
        for name in found
        if name
    }
    assert named <= set(icons.names())
    assert len(icons.names()) > 45
    for name in icons.names():
        assert re.fullmatch(r"(?:<(?:path|g|/g)\b[^<>]*>\s*)+", icons.body_of(name)), name


def test_an_icon_or_mark_that_is_not_there_is_a_fault_that_names_those_that_are() -> None:
    with pytest.raises(NoSuchIcon, match=r'no icon "spoon" .*syringe'):
        icons.body_of("spoon")
    with pytest.raises(NoSuchMark, match=r'no mark "late" .*overdue'):
        mark_named("late")


# --- what is drawn ---


def test_the_gallery_is_well_formed_and_every_reference_leads_somewhere(page: Element) -> None:
    idents = [one.attrs["id"] for one in page.all() if one.attrs.get("id")]
    assert len(idents) == len(set(idents))
    for one in page.all():
        for name in ("aria-labelledby", "aria-describedby", "for", "form"):
            assert set((one.attrs.get(name) or "").split()) <= set(idents), one
        href = one.attrs.get("href") or ""
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in idents, one


def test_everything_one_acts_on_has_a_name(page: Element) -> None:
    for one in page.all():
        if one.tag in {"a", "button", "select", "textarea", "nav", "section"} or (one.tag == "input" and one.attrs.get("type") != "hidden"):
            assert one.name(page).strip(), f"<{one.tag}> {one.attrs}"
        if one.tag == "button":
            assert one.attrs.get("type") in {"submit", "button"}, one.attrs
        if one.attrs.get("tabindex") == "0":
            assert one.attrs.get("role"), one.attrs
            assert one.attrs.get("aria-label"), one.attrs


def test_a_picture_is_either_named_or_hidden(page: Element) -> None:
    pictures = list(page.all("svg"))
    assert len(pictures) > 100
    for one in pictures:
        assert one.attrs.get("focusable") == "false", one.attrs
        assert (one.attrs.get("aria-hidden") == "true") != (one.attrs.get("role") == "img" and bool(one.attrs.get("aria-label"))), one.attrs


def test_headings_go_in_order_and_there_is_one_of_the_first(page: Element) -> None:
    levels = [int(one.tag[1]) for one in page.all() if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_have_captions_and_headings(page: Element) -> None:
    tables = list(page.all("table"))
    assert len(tables) == 3
    for table in tables:
        assert next(table.all("caption")).words.strip()
        assert all(one.attrs.get("scope") or one.classes == {"pick"} for one in table.all("th"))
        widths = {sum(int(cell.attrs.get("colspan") or 1) for cell in row.children if isinstance(cell, Element)) for row in table.all("tr")}
        assert len(widths) == 1
    assert [one.attrs["aria-sort"] for one in tables[-1].all("th") if "aria-sort" in one.attrs] == ["ascending"]


def test_every_form_that_changes_something_is_posted_with_a_token_and_asks_no_script(page: Element) -> None:
    posted = [one for one in page.all("form") if one.attrs.get("method") == "post"]
    assert len(posted) > 10
    for form in posted:
        assert any(one.attrs.get("name") == "csrfmiddlewaretoken" for one in form.all("input")), form.attrs
    assert next(one for one in posted if one.attrs.get("role") == "search").attrs["action"] == "/search/"


def test_the_base_page_leads_past_the_menu_and_names_the_page_one_is_on(page: Element) -> None:
    first = next(page.all("a"))
    assert first.attrs["href"] == "#main"
    assert [one.words.strip() for one in page.all("a") if one.attrs.get("aria-current") == "page"] == ["I dag"]
    assert [one.attrs.get("lang") for one in page.all("html")] == ["nb"]
    assert "Taushetsbelagt. Makuleres etter bruk." in page.words


@pytest.mark.parametrize(
    ("tone", "icon"), [("ok", "checkmark-circle"), ("warn", "exclamation-triangle"), ("bad", "exclamation-triangle-fill")]
)
def test_the_safety_net_line_has_a_sign_of_its_own_for_each_state(tone: str, icon: str) -> None:
    line = piece('<c-safety-line :safety="safety" />', safety={"tone": tone, "sentence": "Avstemt 05.10", "href": "/ledger/"})
    assert icons.body_of(icon)[:60] in line
    assert f'class="safe {tone}"' in line


def test_whoever_may_not_search_and_is_not_signed_in_has_neither_field_nor_button() -> None:
    bare = {**gallery.shell(), "search": "", "sign_out": "", "languages": None, "nav": [], "safety": None}
    page = read(draw("web/base.html", {"shell": bare, "keys_are_off": True}))
    assert list(page.all("form")) == []
    assert list(page.all("button")) == []
    assert next(page.all("html")).attrs["data-keys"] == "off"


def test_what_is_not_given_is_not_drawn() -> None:
    """A component inside another sees only what it is given, and a value that is missing is never written as «None»."""
    sources = ['<c-row name="Ola" />', '<c-task name="Ring" />', '<c-row-head name="Ola" />', '<c-panel id="p" heading="Tomt" />']
    sources += [
        '<c-page-head heading="Tomt" />',
        '<c-message words="Sendt." />',
        '<c-case-line href="/" lead="Sak." />',
        '<c-pagination words="0" />',
    ]
    sources += [
        '<c-bulk-bar count="0" />',
        '<c-box heading="Ingen" />',
        '<c-undo to="/" words="Angre sending" />',
        '<c-two-lines first="a">b</c-two-lines>',
    ]
    sources += ['<c-appointment time="08.30" name="Ola" mark="booked" status="Satt opp" />', '<c-preview to="Ola" text="Hei" />']
    for source in sources:
        html = piece(source, href="/leaks/", sub="leaks", aside="leaks", action="/leaks/", words="leaks", tone="leaks")
        assert "leaks" not in html, source
        assert "None" not in html, source
        read(html)


def test_a_form_with_errors_leads_to_each_field_and_each_field_says_what_is_wrong(page: Element) -> None:
    [summary] = [one for one in page.all() if "errors" in one.classes]
    targets = [one.attrs["href"] for one in summary.all("a")]
    assert targets == ["#id_wrong-weight", "#id_wrong-reason", "#id_wrong-how_0"]
    control = page.with_id("id_wrong-weight")
    assert control.attrs["aria-invalid"] == "true"
    assert control.attrs["aria-describedby"] == "id_wrong-weight-hint id_wrong-weight-error"
    assert page.with_id("id_wrong-weight-error").words.strip().startswith("Feil:")


def test_an_empty_cell_says_so_to_those_who_listen() -> None:
    cell = read(piece('<c-two-lines :first="nothing" />', nothing=""))
    assert [one.words for one in cell.all("span")] == ["–", "ingen"]


def test_a_check_that_failed_is_not_an_empty_list() -> None:
    assert 'class="empty bad"' in piece('<c-empty failed words="Folkeregisteret svarte ikke." />')


# --- marks and tracks ---


@pytest.mark.parametrize("status", Status)
def test_every_state_of_the_ledger_has_the_words_it_has_everywhere(status: Status) -> None:
    with override("nb"):
        assert OF_STATUS[status].word == status.words
    assert OF_STATUS[status].code == status.value


def test_every_mark_has_a_shape_of_its_own_a_word_of_its_own_and_a_colour() -> None:
    assert set(SHAPES) == set(MARKS)
    assert len({re.sub(r"\s", "", shape) for shape in SHAPES.values()}) == len(MARKS)
    assert len({str(mark.word) for mark in MARKS.values()}) == len(MARKS)
    for code in MARKS:
        assert re.search(rf"\.mk-{code}[,{{]", CSS), code


@pytest.mark.parametrize("code", MARKS)
def test_a_status_is_drawn_with_shape_word_and_colour(code: str) -> None:
    [status] = [one for one in read(piece('<c-status :mark="code" />', code=code)).all("span") if "st" in one.classes]
    assert status.words.strip().lower() == str(MARKS[code].word).lower()
    assert [use.attrs["href"] for use in status.all("use")] == [f"#mark-{code}"]
    assert str(MARKS[code].tone) in status.classes


def steps(letters: str) -> tuple[TrackStep, ...]:
    return gallery.track(letters).steps


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        ("EEEEEDDMN.....", "7 av 14 gjennomført, 8 mnd ikke møtt, 10 mnd skal ha time nå"),
        ("..............", "0 av 14 gjennomført"),
        ("DDDDDDDDDDDDDD", "14 av 14 gjennomført"),
        ("?????????????N", "0 av 14 gjennomført, 4 år skal ha time nå, 13 ukjente, før innflytting"),
        ("DXWO?B........", "1 av 14 gjennomført, 3 mnd over tiden, 5 mnd time satt opp, 1 ukjent, før innflytting"),
    ],
)
def test_a_track_is_also_a_sentence(letters: str, sentence: str) -> None:
    with override("nb"):
        assert Track(steps(letters)).sentence == sentence


def test_the_sentence_of_a_track_is_in_the_language_of_the_page() -> None:
    track = gallery.track("DM............")
    said = []
    for language in ("nb", "en", "nb"):
        with override(language):
            said.append(track.sentence)
    assert said[0] == said[2] == f"1 av 14 gjennomført, {track.steps[1].label} ikke møtt"
    assert said[1] != said[0]


def lines(html: str) -> list[str]:
    return re.findall(r'<path class="way went" d="M([\d.]+) \d+H([\d.]+)"', html)


@pytest.mark.parametrize(
    ("letters", "solid"),
    [
        ("EEEEEDDMN.....", [(0, 7)]),  # as far as the child has come, a missed step too
        ("N.............", []),
        ("??DDN.........", [(2, 3)]),  # a newcomer's begins where the child is first known
        ("N.D...........", [(0, 2)]),
    ],
)
def test_the_line_is_solid_as_far_as_the_child_has_come(letters: str, solid: list[tuple[int, int]]) -> None:
    html = piece('<c-track :track="track" />', track=gallery.track(letters))
    assert [(round((float(a) - 8.8) / 14.8), round((float(b) - 8.8) / 14.8)) for a, b in lines(html)] == solid


@pytest.mark.parametrize("size", ["mini", "large"])
def test_a_track_draws_one_mark_for_each_step(size: str) -> None:
    html = read(piece('<c-track :track="track" :size="size" />', track=gallery.ZOFIA, size=size))
    [picture] = [one for one in html.all("svg") if "track" in one.classes]
    assert picture.attrs["aria-label"] == gallery.ZOFIA.sentence
    assert [use.attrs["href"] for use in picture.all("use")] == [f"#mark-{step.mark.code}" for step in gallery.ZOFIA.steps]


def test_the_large_track_is_a_list_of_words_where_there_is_no_room_for_it() -> None:
    html = read(piece('<c-track :track="track" size="large" />', track=gallery.ZOFIA))
    items = [" ".join(one.words.split()) for one in html.all("li")]
    assert len(items) == 14
    assert items[7] == "8 mnd ikke møtt14.09 · 12.10, ikke møtt ×2"


def test_an_empty_track_and_one_of_one_step_are_drawn() -> None:
    for some in (Track(()), Track(gallery.ZOFIA.steps[:1])):
        for size in ("mini", "large", "vertical"):
            read(piece('<c-track :track="track" :size="size" />', track=some, size=size))


# --- what is let through ---

HOSTILE = "\"'><script>alert(1)</script><b onclick=x>{{ 7|add:7 }}"
CODES = {"mark", "icon", "tone", "state", "align", "sort", "id", "steps"}


def hostile(value: Any, key: str = "") -> Any:
    """The same values with every word replaced by markup."""
    if isinstance(value, Track):
        return Track(tuple(TrackStep(HOSTILE, HOSTILE, one.mark, HOSTILE, HOSTILE, HOSTILE) for one in value.steps))
    if isinstance(value, dict):
        return {name: hostile(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [hostile(one, key) for one in value]
    if isinstance(value, tuple):
        return tuple(hostile(one, key) for one in value)
    return HOSTILE if isinstance(value, str) and not isinstance(value, SafeString) and key not in CODES else value


def test_no_value_becomes_markup() -> None:
    context = hostile(gallery.context())
    context["wrong_form"] = gallery.TrialForm({f"wrong-{name}": HOSTILE for name in ("weight", "on", "reason")}, prefix="wrong")
    html = draw_piece(GALLERY.read_text(encoding="utf-8"), context)
    assert "<script>alert" not in html
    assert "<b onclick" not in html
    page = read(html)
    assert len(list(page.all("script"))) == 2
    assert all(not name.startswith("on") and name != "style" for one in page.all() for name in one.attrs)
    assert page.words.count("alert(1)") > 100


def test_attributes_are_passed_on_escaped() -> None:
    html = piece(
        '<c-button hx-post="/act/" :hx-vals="vals" :disabled="no" :autofocus="yes">Lagre</c-button>', vals=HOSTILE, no=False, yes=True
    )
    [button] = read(html).all("button")
    assert button.attrs["hx-vals"] == HOSTILE
    assert button.attrs["hx-post"] == "/act/"
    assert "disabled" not in button.attrs
    assert "autofocus" in button.attrs


@pytest.mark.parametrize("attribute", ['style="color:red"', 'onclick="x()"', 'srcdoc="x"', 'hx-on:click="x()"'])
def test_an_attribute_that_styles_or_runs_is_refused(attribute: str) -> None:
    with pytest.raises(AttributeMayNotPass):
        piece(f"<c-button {attribute}>Lagre</c-button>")


def test_the_tests_would_see_a_page_that_is_not_well_formed() -> None:
    for broken in ("<p><b></p></b>", "<p>", '<p id="a" id="b"></p>'):
        with pytest.raises(AssertionError):
            read(broken)
    with pytest.raises(TemplateSyntaxError):
        Template("{% nothing_such %}").render(Context())
