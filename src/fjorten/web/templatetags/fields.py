"""Controls of forms, drawn the same way everywhere: with the class of the design system, and described by their hint and their error."""

from collections.abc import Iterable

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


def _descriptions(field: BoundField) -> str:
    return " ".join(
        f"{field.auto_id}-{kind}" for kind, present in (("hint", bool(field.help_text)), ("error", bool(field.errors))) if present
    )


@register.simple_tag
def control(field: BoundField, width: str = "") -> SafeString:
    """Draw the control of `field`: `{% control field "short" %}`."""
    attrs: dict[str, str | bool] = {"class": "ds-input"}
    if described_by := _descriptions(field):
        attrs["aria-describedby"] = described_by
    if field.errors:
        attrs["aria-invalid"] = "true"
    if width:
        attrs["data-width"] = width
    return field.as_widget(attrs=attrs)


@register.simple_tag
def described(field: BoundField) -> SafeString | str:
    """Point from a group of controls to its hint and error."""
    described_by = _descriptions(field)
    return format_html(' aria-describedby="{}"', described_by) if described_by else ""


@register.filter
def choices(field: BoundField) -> Iterable[BoundWidget]:
    """List the controls of a question with several answers."""
    for option in field.subwidgets:
        option.data["attrs"]["class"] = "ds-input"
        yield option


@register.filter
def first_control(field: BoundField) -> str:
    """Tell the id of the control a link to `field` leads to: of a group, the first."""
    return field.id_for_label or f"{field.auto_id}_0"
