"""Controls: what is pressed and filled in."""

from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shouhou.web.components.containers import notice
from shouhou.web.components.leaves import icon_svg
from shouhou.web.components.library import component, html_attributes, register


@register.simple_tag
def button(
    label: str, kind: str = "", icon: str = "", href: str = "", key: str = "", size: str = "", **attributes: Any
) -> SafeString:
    """A button, or a link that looks like one when it has `href`. More attributes as keywords: `hx_post=`, `data_opens=`.

    Kinds: primary (one to a screen), danger, quiet. Sizes: small, big, wide. `key` is its single-key shortcut.
    """
    classes = "".join(f" btn-{word}" for word in (*kind.split(), *size.split()))
    inner = format_html(
        "{}<span>{}</span>{}",
        icon_svg(icon) if icon else "",
        label,
        format_html('<kbd aria-hidden="true">{}</kbd>', key.upper()) if key else "",
    )
    if key:
        attributes |= {"data_key": key.lower(), "aria_keyshortcuts": key.upper()}
    if href:
        return format_html('<a class="btn{}" href="{}"{}>{}</a>', classes, href, html_attributes(attributes), inner)
    attributes.setdefault("type", "submit")
    return format_html('<button class="btn{}"{}>{}</button>', classes, html_attributes(attributes), inner)


@register.simple_block_tag
def field(
    content: SafeString,
    bound: BoundField | None = None,
    label: str = "",
    id: str = "",
    help: str = "",
    error: str = "",
    optional: bool = False,
) -> SafeString:
    """Label, control, help and error together, and tied together for a screen reader.

    `{% field form.phone %}{% endfield %}` takes everything from the form's field. With content, that is the control;
    without a form, `label` and the control's `id` are needed.
    """
    if bound is not None:
        return _bound_field(bound, content, label=label, help=help)
    described = [f"{id}_helptext"] * bool(help) + [f"{id}_error"] * bool(error)
    if described:
        tied = format_html('id="{}" aria-describedby="{}"', id, " ".join(described))
        tied += SafeString(' aria-invalid="true"') if error else SafeString("")
        content = SafeString(content.replace(f'id="{id}"', tied, 1))
    return component(
        "field", control=content, label=label, id=id, help=help, errors=[error] if error else [], optional=optional
    )


def _bound_field(bound: BoundField, content: SafeString, *, label: str, help: str) -> SafeString:
    widget = bound.field.widget
    is_box = isinstance(widget, CheckboxInput)
    classes = [widget.attrs.get("class", ""), "" if is_box or widget.use_fieldset else "input"]
    return component(
        "field",
        control=content if content.strip() else bound.as_widget(attrs={"class": " ".join(filter(None, classes))}),
        label=label or bound.label,
        id=bound.id_for_label or bound.auto_id,
        describes=bound.auto_id,
        help=help or bound.help_text,
        errors=bound.errors,
        optional=not bound.field.required and not is_box,
        is_box=is_box,
        is_group=widget.use_fieldset,
    )


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All of a Django form: errors of the whole, hidden fields, then each field with its label, help and error."""
    return format_html(
        "{}{}{}",
        notice("", tone="red", title=" ".join(map(str, form.non_field_errors()))) if form.non_field_errors() else "",
        format_html_join("", "{}", ((one,) for one in form.hidden_fields())),
        format_html_join("", "{}", ((field(SafeString(""), one),) for one in form.visible_fields())),
    )


@register.simple_tag
def signature_pad(name: str, label: str = "", required: bool = True, error: str = "", id: str = "") -> SafeString:
    """Where the customer signs. Posts `name` as JSON: strokes of [x, y, milliseconds] on a ground of 1000 × 400."""
    return component("signature_pad", name=name, id=id or f"id_{name}", label=label, required=required, error=error)


@register.simple_tag
def photo_input(name: str, label: str = "", limit_mb: int = 10, error: str = "", id: str = "") -> SafeString:
    """Photos from camera or file, shown before they are sent; what is too large is said at once."""
    return component("photo_input", name=name, id=id or f"id_{name}", label=label, limit_mb=limit_mb, error=error)
