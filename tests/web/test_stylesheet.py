"""The stylesheet: colours of the palette only, pairs that can be read, and nothing that leads out of the house."""

import re
from itertools import product

import pytest

from fjorten.web.templatetags.pictures import SHAPES
from tests.web.pages import STATIC, TEMPLATES

CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(encoding="utf-8"), flags=re.S)
ROOT, REST = re.search(r":root\{(.*?)\}(.*)", CSS, re.S).groups()  # type: ignore[union-attr]
COLOURS = dict(re.findall(r"--hs-([a-z0-9-]+):\s*#([0-9a-f]+)", ROOT))


def luminance(name: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    value = COLOURS[name]
    digits = value if len(value) == 6 else "".join(one * 2 for one in value[:3])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ["panel", "canvas", "hover", "group", "chosen", "fjord-tint"]
TEXT = [
    *product(["ink", "ink-2", "ink-3", "fjord", "fjord-deep", "ok", "late", "miss"], GROUNDS),
    *[("late-deep", "late-tint"), ("miss-deep", "miss-tint"), ("ok-deep", "ok-tint"), ("plum", "plum-tint")],
    *[
        ("ink", "miss-tint"),
        ("ink", "late-tint"),
        ("late", "late-tint"),
        ("miss", "miss-tint"),
        ("ink-2", "late-tint"),
        ("fjord", "miss-tint"),
    ],
    *[
        ("ink-3", "grey"),
        ("ink-3", "count"),
        ("ink-2", "grey"),
        ("on-fjord", "fjord"),
        ("on-fjord", "fjord-deep"),
        ("on-fjord-2", "fjord-deep"),
    ],
    ("on-fjord", "late"),
]
GRAPHICS = [
    *product(["fjord", "late-mark", "miss", "ok", "quiet", "ink-2", "focus"], GROUNDS),
    *[
        ("control", "panel"),
        ("late-mark", "late-tint"),
        ("on-fjord-line", "fjord-deep"),
        ("brand-now", "fjord-deep"),
        ("on-fjord", "fjord-deep"),
    ],
]


def test_text_can_be_read_on_its_ground() -> None:
    assert [f"{text} on {ground}" for text, ground in TEXT if contrast(text, ground) < 4.5] == []


def test_marks_borders_and_focus_can_be_seen_on_their_ground() -> None:
    assert [f"{mark} on {ground}" for mark, ground in GRAPHICS if contrast(mark, ground) < 3] == []


def test_contrast_is_reckoned_as_wcag_does() -> None:
    COLOURS.update({"white": "fff", "black": "000000", "grey-of-the-example": "767676"})
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("white", "grey-of-the-example") == pytest.approx(4.54, abs=0.01)


def test_below_the_palette_colours_are_named() -> None:
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|\b(?:white|black|red|grey|gray|blue)\b(?=[;}! ])", REST, re.I)


def test_every_colour_that_is_named_is_in_the_palette_and_every_one_in_it_is_used() -> None:
    defined = set(re.findall(r"(--hs-[a-z0-9-]+):", ROOT))
    used = set(re.findall(r"var\((--hs-[a-z0-9-]+)", REST))
    assert used <= defined
    assert {name for name in defined - used if not re.fullmatch(r"--hs-\d", name)} == set()


@pytest.mark.parametrize("name", ["app.css", "theme.css", "vendor/designsystemet-1.22.0.css"])
def test_a_stylesheet_refers_only_to_files_that_are_there(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    assert "@import" not in text
    for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
        assert target.startswith("data:image/svg+xml") or (STATIC / name).parent.joinpath(target).is_file(), target


def test_every_file_a_page_loads_is_there() -> None:
    base = (TEMPLATES / "web" / "base.html").read_text(encoding="utf-8")
    loaded = re.findall(r'{% static "web/([^"]+)" %}', base)
    assert [name for name in loaded if not (STATIC / name).is_file()] == []
    assert {"theme.css", "app.css", "keys.js"} <= set(loaded)


def test_every_class_of_a_template_is_in_a_stylesheet() -> None:
    styled = set(re.findall(r"\.([a-z][a-z0-9_-]*)", CSS + (STATIC / "vendor" / "designsystemet-1.22.0.css").read_text(encoding="utf-8")))
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")] + list(SHAPES.values())
    plain = [re.sub(r"{[%{].*?[%}]}", " ", source) for source in sources]
    named = {name for source in plain for value in re.findall(r'class="([^"]*)"', source) for name in value.split()}
    assert named - styled - {"tm", "bd", "l1", "ss", "bc", "role", "first"} == set()


def test_small_and_moving_things_are_thought_of() -> None:
    for media in ("print", "prefers-reduced-motion:reduce", "forced-colors:active", "max-width:700px"):
        assert media in CSS


def test_our_script_asks_for_nothing_keeps_nothing_and_writes_no_markup() -> None:
    script = (STATIC / "keys.js").read_text(encoding="utf-8")
    assert not re.search(r"fetch\(|XMLHttpRequest|Storage|cookie|innerHTML|insertAdjacent|eval|Function\(|://", script)
    assert len(script.splitlines()) < 150
