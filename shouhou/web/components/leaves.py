"""Leaves: what is read."""

from datetime import date, datetime
from decimal import Decimal

from django.template import TemplateSyntaxError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shouhou.kernel import phones
from shouhou.web import icons, times
from shouhou.web.components.library import known_tone, register

WORK_CLASSES = {
    "A": ("amber", gettext_lazy("A: charged")),
    "B": ("blue", gettext_lazy("B: under contract")),
    "C": ("green", gettext_lazy("C: free")),
    "D": ("plain", gettext_lazy("D: internal")),
}
BANDS = ("kept", "half", "risk", "late", "paused")
NOTHING = "—"


@register.simple_tag(name="icon")
def icon_svg(name: str, label: str = "", size: str = "") -> SafeString:
    """`{% icon "register" %}`; with a label where no word stands beside it. Sizes: sm, lg."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24"{}>{}</svg>',
        f" icon-{size}" if size else "",
        format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"'),
        icons.drawing(name),
    )


@register.simple_tag
def tag(label: str, tone: str = "plain", icon: str = "", href: str = "") -> SafeString:
    """A word for a state: `{% tag _("dispatched") tone="blue" %}`."""
    inner = format_html("{}{}", icon_svg(icon), label) if icon else label
    if href:
        return format_html('<a class="tag tone-{}" href="{}">{}</a>', known_tone(tone), href, inner)
    return format_html('<span class="tag tone-{}">{}</span>', known_tone(tone), inner)


@register.simple_tag
def work_class(letter: str, big: bool = False) -> SafeString:
    """The tile of a work class A, B, C or D; a dash while it has not been assigned."""
    tone, title = WORK_CLASSES[letter] if letter else ("plain", _("Work class not yet assigned"))
    return format_html(
        '<span class="class-tile{} tone-{}" role="img" aria-label="{}" title="{}">{}</span>',
        " class-tile-big" if big else "",
        tone,
        title,
        title,
        letter or "–",
    )


def band(used: float) -> str:
    """The band of a promise by the share of its time that is used: the same four steps on every screen."""
    return "kept" if used < 0.5 else "half" if used < 0.75 else "risk" if used < 1 else "late"


@register.simple_tag
def bar(fraction: float, tone: str = "", label: str = "", rest: str = "", wide: bool = False) -> SafeString:
    """A promise: share of its time that is used, its name, and in words what remains.

    `tone` is a band (kept, half, risk, late, paused) and follows from the share when left out.
    """
    tone = tone or band(fraction)
    if tone not in BANDS:
        raise TemplateSyntaxError(f"a bar's tone must be one of {', '.join(BANDS)}, not {tone!r}")
    meter = format_html(
        '<progress max="100" value="{}" aria-label="{}"></progress>',
        round(min(max(fraction, 0.0), 1.0) * 100),
        _("Time used"),
    )
    words = format_html('<span class="bar-label">{}</span>', label) if label else SafeString("")
    if rest:
        words = format_html('{} <span class="bar-rest">{}</span>', words, rest)
    if wide:
        return format_html(
            '<span class="bar bar-wide bar-{}">{}<span class="bar-words">{}</span></span>', tone, meter, words
        )
    return format_html('<span class="bar bar-{}">{} {}</span>', tone, meter, words)


@register.simple_tag
def when(at: datetime | None, clock: bool = False) -> SafeString | str:
    """A time as one says it: 今天 09:58, 昨 17:40, 11-20 13:33. With `clock` only hour and minute."""
    if at is None:
        return NOTHING
    local = timezone.localtime(at)
    words = f"{local:%H:%M}" if clock else times.short_time(at, now=timezone.now())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M}",
        words,
    )


@register.simple_tag
def day(on: date | None, book: bool = False) -> SafeString | str:
    """A date: 2026-03-15; with `book` as at the head of a book page: 二〇二六年十一月二十三日 · 星期一."""
    if on is None:
        return NOTHING
    words = times.book_date(on) if book else times.short_date(on)
    return format_html('<time datetime="{}">{}</time>', on.isoformat()[:10], words)


@register.simple_tag
def masked_phone(phone: str) -> SafeString | str:
    """A stored number, recognisable but not callable: 138****2071."""
    return format_html('<span class="nowrap">{}</span>', phones.masked_phone(phone)) if phone else NOTHING


@register.simple_tag
def money(amount: Decimal, currency: str = "CNY") -> SafeString:
    """An amount with its sign: ¥38.50; other currencies by their code."""
    said = f"{abs(amount):,.2f}"
    sign = "−" if amount < 0 else ""
    return format_html('<span class="nowrap">{}{}{}</span>', sign, "¥" if currency == "CNY" else f"{currency} ", said)


@register.simple_tag
def stat(figure: str | int, label: str, tone: str = "plain", note: str = "", href: str = "") -> SafeString:
    """One figure with its name; a link to what it counts when it has `href`."""
    inner = format_html(
        '<span class="stat-figure">{}</span><span class="stat-label">{}</span>{}',
        figure,
        label,
        format_html('<span class="stat-note">{}</span>', note) if note else "",
    )
    if href:
        return format_html('<a class="stat tone-{}" href="{}">{}</a>', known_tone(tone), href, inner)
    return format_html('<div class="stat tone-{}">{}</div>', known_tone(tone), inner)


@register.simple_tag
def seal(first: str, second: str = "", place: str = "") -> SafeString:
    """The round seal on a form, one or two lines. Places: on-sheet, small."""
    return format_html(
        '<span class="seal{}" role="img" aria-label="{}"><span>{}</span>{}</span>',
        f" seal-{place}" if place else "",
        f"{first} {second}".strip(),
        first,
        format_html("<span>{}</span>", second) if second else "",
    )


@register.simple_tag
def step(name: str, note: str = "", state: str = "") -> SafeString:
    """One step inside `{% stepper %}`. States: done, now, skipped; nothing for what is still to come."""
    said = {
        "done": pgettext("step", "done"),
        "now": pgettext("step", "now"),
        "skipped": pgettext("step", "left out"),
        "": pgettext("step", "to come"),
    }[state]
    return format_html(
        '<li class="step{}"{}><span class="step-name">{} <span class="visually-hidden">({})</span></span>{}</li>',
        f" step-{state}" if state else "",
        SafeString(' aria-current="step"') if state == "now" else "",
        name,
        said,
        format_html('<span class="step-note">{}</span>', note) if note else "",
    )
