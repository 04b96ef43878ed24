"""Colours: the two dark blocks are one, and every pair that carries words can be read (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parent.parent / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
TONES = ("indigo", "cinnabar", "jade", "amber", "stone")
READ = [(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface", "sunken")]
READ += [(tone, f"{tone}-soft") for tone in TONES]
READ += [(tone, ground) for tone in TONES for ground in ("paper", "surface")]
READ += [("ink-2", "indigo-soft"), ("ink-2", "stone-soft"), ("on-gold-soft", "gold-soft")]
READ += [("on-indigo", "indigo"), ("on-cinnabar", "cinnabar"), ("on-indigo", "indigo-deep")]


def block(selector: str) -> dict[str, str]:
    body = TOKENS.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body))


THEMES = {"light": block('[data-theme="light"] {'), "dark": block('  [data-theme="dark"] {')}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_system_theme_is_the_chosen_one() -> None:
    assert block(":root:not([data-theme]) {") == THEMES["dark"]


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    weak = {pair: ratio for pair in READ if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5}
    assert not weak


@pytest.mark.parametrize("theme", THEMES)
def test_the_edge_of_a_field_can_be_seen(theme: str) -> None:
    assert all(contrast(THEMES[theme]["line-field"], THEMES[theme][ground]) >= 3 for ground in ("surface", "paper"))


def test_no_colour_stands_outside_the_tokens() -> None:
    loose = {
        file.name: found
        for file in CSS.rglob("*.css")
        if file.name != "tokens.css"
        and (found := [one for one in re.findall(r"#[0-9a-fA-F]{3,8}\b", file.read_text()) if one.lower() != "#fff"])
    }
    assert not loose  # white paper for printing and for a QR code is no matter of the theme
