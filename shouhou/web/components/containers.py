"""Containers: what holds other things."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from shouhou.web.components.leaves import icon_svg
from shouhou.web.components.library import component, known_tone, register

NOTICE_ICONS = {
    "plain": "note",
    "blue": "note",
    "green": "success",
    "amber": "warning",
    "gold": "warning",
    "red": "error",
}


@register.simple_block_tag
def fill(content: SafeString) -> SafeString:
    """A piece of page to hand to a component: `{% fill as foot %}…{% endfill %}{% dialog … foot=foot %}`."""
    return content


@register.simple_block_tag
def page_head(content: SafeString, title: str, note: str = "", lead: str = "") -> SafeString:
    """Title of the screen (lead: tiles and tags beside it), a line below, the screen's acts at the right as content."""
    return component("page_head", content=content, title=title, note=note, lead=lead)


@register.simple_block_tag
def card(
    content: SafeString,
    title: str = "",
    aside: str = "",
    foot: str = "",
    flush: bool = False,
    chosen: bool = False,
    id: str = "",
) -> SafeString:
    """A surface with an optional head and foot. `flush` for a table that reaches the edge."""
    return component("card", content=content, title=title, aside=aside, foot=foot, flush=flush, chosen=chosen, id=id)


@register.simple_block_tag
def table(content: SafeString, caption: str, slips: bool = False, tight: bool = False, id: str = "") -> SafeString:
    """A table that scrolls inside itself. `slips`: each row a slip on the phone. The caption is for screen readers."""
    return component("table", content=content, caption=caption, slips=slips, tight=tight, id=id)


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str, foot: str = "", wide: bool = False) -> SafeString:
    """A native dialog, opened by anything with `data-opens="id"`."""
    return component("dialog", content=content, id=id, title=title, foot=foot, wide=wide)


@register.simple_block_tag
def drawer(content: SafeString, id: str, title: str, foot: str = "") -> SafeString:
    """A sheet from the right (from below on a phone), opened like a dialog. htmx fills `<id>-body`."""
    return component("drawer", content=content, id=id, title=title, foot=foot)


@register.simple_block_tag
def empty(content: SafeString, title: str, text: str = "", icon: str = "") -> SafeString:
    """Nothing here, said in words; the content is the act that changes it."""
    return component("empty", content=content, title=title, text=text, icon=icon)


@register.simple_block_tag
def notice(content: SafeString | str, tone: str = "blue", title: str = "", icon: str = "") -> SafeString:
    """Something to know, beside what it is about. Red only for a breach or a right about to arise."""
    return component("notice", content=content, tone=known_tone(tone), title=title, icon=icon or NOTICE_ICONS[tone])


@register.simple_block_tag
def timeline(content: SafeString, label: str, dated: bool = False) -> SafeString:
    """What happened, newest first; made of `{% moment %}`. `dated` makes room for a day beside the hour."""
    return format_html(
        '<ol class="timeline{}" role="list" aria-label="{}">{}</ol>', " timeline-dated" if dated else "", label, content
    )


@register.simple_block_tag
def moment(content: SafeString, at: SafeString | str, tone: str = "plain", by: str = "") -> SafeString:
    """One line of a timeline: `{% when event.at clock=True as at %}{% moment at %}…{% endmoment %}`."""
    return format_html(
        '<li class="tone-{}"><span class="timeline-at">{}</span><span class="timeline-dot"></span><div>{}{}</div></li>',
        known_tone(tone),
        at,
        content,
        format_html('<div class="timeline-by">{}</div>', by) if by else "",
    )


@register.simple_block_tag
def stepper(content: SafeString, label: str) -> SafeString:
    """The way of an order, made of `{% step %}`."""
    return format_html('<ol class="stepper" role="list" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag
def checklist(content: SafeString, label: str) -> SafeString:
    """What is still open and what is done, made of `{% check %}`."""
    return format_html('<ul class="checklist" role="list" aria-label="{}">{}</ul>', label, content)


@register.simple_block_tag
def check(content: SafeString, done: bool) -> SafeString:
    """One line of a checklist; what is missing is said in words, beside the act that mends it."""
    sign = (
        icon_svg("done", label=pgettext("checklist", "done"))
        if done
        else icon_svg("todo", label=pgettext("checklist", "open"))
    )
    return format_html('<li class="tone-{}">{}<div>{}</div></li>', "green" if done else "red", sign, content)


@register.simple_block_tag
def sheet(
    content: SafeString, title: str, copy: str = "", aside: str = "", seal: str = "", void: str = ""
) -> SafeString:
    """A paper form on the screen: spaced title, copy line, grid (`.form-table`) as content, seal, void mark."""
    return component("sheet", content=content, title=title, copy=copy, aside=aside, seal=seal, void=void)
