"""
Pictures drawn inline: icons, marks, and the track of a child's steps.

The shapes of the marks are written once on each page (`{% shapes %}`, in the base page) and used from there, so that a hundred rows of
fourteen marks stay small. They take the colour of the text; where a shape lets the paper through, it is filled with the colour of the
panel. Sizes are in the units of a mark, 16 by 16 around its middle.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from fjorten.web import icons
from fjorten.web.marks import BEHIND, MARKS, UNKNOWN, Mark, MiniTrack, Track, TrackStep, mark_named

register = template.Library()

_TICK: Final = '<path class="s-tick" d="M-2.7 .2l1.9 2 3.6-4.2"/>'
# The classes carry the widths of the lines, which differ with the size the mark is drawn at: see app.css, "marks".
SHAPES: Final[dict[str, str]] = {
    "not_yet_due": '<circle class="s-ring" r="2.3"/>',
    "due": '<circle class="s-thick" r="5.4"/><circle class="s-full" r="2"/>',
    "booked": '<circle class="s-ring" r="5.7"/><path class="s-tick" d="M0-2.9V0h2.4"/>',
    "overdue": '<circle class="s-thick" r="5.6"/><path class="s-tick" d="M0-2.9v3"/><circle class="s-full" cy="2.6" r=".95"/>',
    "missed": '<path class="s-full" d="M0-7.6 7.6 0 0 7.6-7.6 0Z"/><path class="s-cut" d="M-2-2 2 2M2-2-2 2"/>',
    "done": '<circle class="s-full" r="6.4"/><path class="s-cut" d="M-2.7 .2l1.9 2 3.6-4.2"/>',
    "done_elsewhere": f'<circle class="s-ring" r="5.7"/>{_TICK}',
    "declined": '<circle class="s-ring" r="5.7"/><path class="s-tick" d="M-2.8 0h5.6"/>',
    "waived": '<circle class="s-ring" r="5.7"/><path class="s-tick" d="M-4 4 4-4"/>',
    "unknown": '<path class="s-gap" d="M-3.2 0h6.4"/><path class="s-tick" d="M-2.7 0h5.4"/>',
    "without_journal": '<path class="s-ring s-dashed" d="M-4-6.5h6l3 3v10h-9z"/>',
    "waiting": '<rect class="s-thick" x="-6" y="-6" width="12" height="12" rx="2"/><path class="s-bar" d="M-3 0h6"/>',
    "inside": '<circle class="s-full" r="6.5"/><circle class="s-hole" r="2.4"/>',
    "open": '<circle class="s-ring" r="6.2"/>',
}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "i") -> SafeString:
    """
    Draw the icon `name`: `{% icon "syringe" %}`.

    It is hidden from those who listen, since words stand beside it; an icon that stands alone is given its words as `label`.
    """
    return _icon(name, format_html('role="img" aria-label="{}"', label), css) if label else _icon(name, _UNHEARD, css)


_UNHEARD: Final = mark_safe('aria-hidden="true"')


@lru_cache(maxsize=512)  # a list has the same few on every row
def _icon(name: str, heard: SafeString, css: str) -> SafeString:
    body = mark_safe(icons.body_of(name))  # noqa: S308 (a file of ours, compared with VENDOR.toml)
    return format_html('<svg class="{}" {} focusable="false" viewBox="0 0 24 24" fill="none">{}</svg>', css, heard, body)


@register.simple_tag
def mark(code: str, label: str = "") -> SafeString:
    """Draw one mark beside its word: `{% mark "missed" %}`. With `label` it stands alone and says the label. Raises NoSuchMark."""
    return _mark(code, format_html('role="img" aria-label="{}"', label)) if label else _mark(code, _UNHEARD)


@lru_cache(maxsize=512)
def _mark(code: str, heard: SafeString) -> SafeString:
    found = mark_named(code)
    return format_html('<svg class="mark" {} focusable="false" viewBox="-8 -8 16 16">{}</svg>', heard, _use(found, x="0", y="0"))


@register.simple_tag
def mark_word(code: str) -> str:
    """Tell the word of a mark: `{% mark_word "missed" %}` is «ikke møtt». Raises NoSuchMark."""
    return str(mark_named(code).word)


@register.simple_tag
def mark_tone(code: str) -> str:
    """Tell the class of the words beside a mark. Raises NoSuchMark."""
    return str(mark_named(code).tone)


@register.simple_tag
def shapes() -> SafeString:
    """Write the shapes of all marks, unseen, where the rest of the page finds them. Once a page."""
    shapes = format_html_join("", '<g id="mark-{}">{}</g>', ((code, mark_safe(SHAPES[code])) for code in MARKS))  # noqa: S308 (constants)
    return format_html('<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false"><defs>{}</defs></svg>', shapes)


def _use(found: Mark, *, x: str, y: str) -> SafeString:
    return mark_safe(f'<use class="mk mk-{found.code}" href="#mark-{found.code}" x="{x}" y="{y}"/>')  # noqa: S308 (codes of ours, numbers)


def _length(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _line(marks: Sequence[Mark], *, first: float, pitch: float, y: str) -> SafeString:
    """The line through all steps, and the solid one as far as the child has come."""
    behind = [number for number, one in enumerate(marks) if one.code in BEHIND]
    last = first + pitch * (len(marks) - 1)
    whole = format_html('<path class="way" d="M{} {}H{}"/>', _length(first), y, _length(last))
    if not behind:
        return whole
    # A newcomer's line begins where somebody first knows of the child, everybody else's at the first step.
    start = behind[0] if marks[0].code == UNKNOWN.code else 0
    return whole + format_html(
        '<path class="way went" d="M{} {}H{}"/>', _length(first + pitch * start), y, _length(first + pitch * behind[-1])
    )


_MINI_PITCH: Final = 14.8  # 11.6 px at the size a mini track is shown at


@register.simple_tag
def mini_track(track: MiniTrack | Track) -> SafeString:
    """Draw a track as one line of small marks, for lists."""
    width = _MINI_PITCH * (len(track.codes) - 1) + 17.6
    return format_html(
        '<svg class="track mini" width="{}" height="16" viewBox="0 0 {} 20" role="img" aria-label="{}" focusable="false">{}</svg>',
        _length(width * 0.784),
        _length(width),
        track.sentence,
        _mini_body(track.codes),
    )


@lru_cache(maxsize=1024)  # a list of a hundred children has few different tracks, and many lists have the same ones
def _mini_body(codes: tuple[str, ...]) -> SafeString:
    marks = [mark_named(code) for code in codes]
    line = _line(marks, first=8.8, pitch=_MINI_PITCH, y="10")
    return line + mark_safe("".join(_use(one, x=_length(8.8 + _MINI_PITCH * number), y="10") for number, one in enumerate(marks)))  # noqa: S308


_WIDTH, _FIRST, _Y = 1180, 50, 58


@register.simple_tag
def large_track(track: Track) -> SafeString:
    """Draw a track with the name and two lines of detail under each mark, and the phases of the programme over them."""
    pitch = (_WIDTH - 2 * _FIRST) / max(len(track.steps) - 1, 1)
    middles = [_FIRST + pitch * number for number in range(len(track.steps))]
    placed = list(zip(middles, track.steps, strict=True))
    return format_html(
        '<svg class="track large" viewBox="0 0 {} 150" role="img" aria-label="{}" focusable="false">{}{}{}{}</svg>',
        _WIDTH,
        track.sentence,
        _phases(placed, pitch=pitch),
        format_html_join(
            "",
            '<rect class="now" x="{}" y="34" width="76" height="112" rx="8"/>',
            ((_length(x - 38),) for x, step in placed if step.is_now),
        ),
        _line([step.mark for step in track.steps], first=_FIRST, pitch=pitch, y=str(_Y)),
        format_html_join("", "{}", ((_large_step(step, x=x),) for x, step in placed)),
    )


def _phases(placed: list[tuple[float, TrackStep]], *, pitch: float) -> SafeString:
    """A heading and a line over the steps of each phase."""
    runs: list[tuple[str, float, float]] = []
    for x, step in placed:
        if runs and runs[-1][0] == step.phase:
            runs[-1] = (step.phase, runs[-1][1], x)
        else:
            runs.append((step.phase, x, x))
    reach = pitch / 2 - 9.5
    return format_html_join(
        "",
        '<path class="phase" d="M{0} 27H{1}"/><text class="ph{4}" x="{2}" y="19">{3}</text>',
        (
            # The last phase may be one step wide: its name is set from the right, so that it is not cut off.
            (_length(a - reach), _length(b + reach), _length(b + reach if b == placed[-1][0] else a - reach), name, end)
            for name, a, b in runs
            if name
            for end in [" end" if b == placed[-1][0] else ""]
        ),
    )


def _large_step(step: TrackStep, *, x: float) -> SafeString:
    drawn = format_html(
        '<use class="mk mk-{0}" href="#mark-{0}" transform="translate({1} {2}) scale(2.34)"/><text class="lb" x="{1}" y="97">{3}</text>',
        step.mark.code,
        _length(x),
        _Y,
        step.label,
    )
    lines = [(name, y, words) for name, y, words in (("dt", 114, step.detail), ("d2", 129, step.note)) if words]
    return drawn + format_html_join(
        "", '<text class="{} {}" x="{}" y="{}">{}</text>', ((name, step.mark.tone, _length(x), y, words) for name, y, words in lines)
    )


class AttributeMayNotPass(ValueError):
    """A component was given an attribute that no page may have: a style or a script in the markup."""


_MAY_PASS: Final = ("hx-", "data-", "aria-")
_MAY_PASS_TOO: Final = {"id", "name", "value", "form", "title", "disabled", "autofocus", "lang", "dir", "accesskey", "formaction"}


@register.simple_tag
def passed_on(attrs: dict[str, object]) -> SafeString:
    """
    Write the attributes a component was given beyond its own, escaped: `<button {% passed_on attrs %}>`.

    Only names that can neither style nor run anything. The component library's own `attrs` does not escape its values and is used nowhere.
    Raises AttributeMayNotPass.
    """
    given = {name: value for name, value in attrs.items() if value not in (None, False, "")}
    for name in given:
        if name.startswith("hx-on") or not (name.startswith(_MAY_PASS) or name in _MAY_PASS_TOO):
            raise AttributeMayNotPass(f'"{name}" is not passed on (known: {", ".join([*_MAY_PASS, *sorted(_MAY_PASS_TOO)])})')
    return format_html_join("", " {}", ((_written(name, value),) for name, value in given.items()))


def _written(name: str, value: object) -> SafeString:
    return format_html("{}", name) if value is True else format_html('{}="{}"', name, value)
