"""The tag library and what all components share."""

from collections.abc import Mapping
from typing import Any

from django.template import Library, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = Library()

TONES = ("plain", "blue", "green", "amber", "gold", "red")


def component(name: str, /, **values: Any) -> SafeString:
    """A container from its template."""
    return SafeString(get_template(f"components/{name}.html").render(values))


def known_tone(tone: str) -> str:
    """The tone itself. Raises TemplateSyntaxError for one that is not drawn."""
    if tone not in TONES:
        raise TemplateSyntaxError(f"tone must be one of {', '.join(TONES)}, not {tone!r}")
    return tone


def html_attributes(attributes: Mapping[str, Any]) -> SafeString:
    """Attributes from keyword arguments: `hx_post=url` gives `hx-post="…"`; True a bare one, None and False none."""
    said = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value not in (None, False)}
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", key) if value is True else format_html(' {}="{}"', key, value),)
            for key, value in said.items()
        ),
    )
