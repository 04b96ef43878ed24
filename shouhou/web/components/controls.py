"""Controls: what is pressed and filled in."""

from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shouhou.web.components.containers import notice
from shouhou.web.components.leaves import icon_svg
from shouhou.web.components.library import component, html_attributes, register

_INVALID = SafeString(' aria-invalid="true"')


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
    if "data_opens" in attributes:
        attributes.setdefault("aria_haspopup", "dialog")
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
    return component(
        "field",
        control=_tied(content, id, help=bool(help), error=bool(error)),
        label=label,
        id=id,
        help=help,
        errors=[error] if error else [],
        optional=optional,
    )


def _bound_field(bound: BoundField, content: SafeString, *, label: str, help: str) -> SafeString:
    widget = bound.field.widget
    is_box = isinstance(widget, CheckboxInput)
    said = help or bound.help_text
    if content.strip():
        control = _tied(content, bound.auto_id, help=bool(said), error=bool(bound.errors))
    else:
        attributes: dict[str, Any] = {}
        if not widget.use_fieldset:
            attributes["aria-describedby"] = _described(bound.auto_id, help=bool(said), error=bool(bound.errors))
        if not (is_box or widget.use_fieldset):
            attributes["class"] = f"{widget.attrs.get('class', '')} input".strip()
        if widget.attrs.get("placeholder") == bound.field.label:
            attributes["placeholder"] = False  # it would only say the label again
        control = bound.as_widget(attrs={name: value for name, value in attributes.items() if value != ""})
    return component(
        "field",
        control=control,
        label=label or bound.label,
        id=bound.id_for_label or bound.auto_id,
        describes=bound.auto_id,
        help=said,
        errors=bound.errors,
        optional=not bound.field.required and not is_box,
        is_box=is_box,
        is_group=widget.use_fieldset,
    )


def _tied(control: SafeString, id: str, *, help: bool, error: bool) -> SafeString:
    """A hand-written control, told where its help and its error stand."""
    if not (described := _described(id, help=help, error=error)):
        return control
    tie = format_html('id="{}" aria-describedby="{}"{}', id, described, _INVALID if error else "")
    return SafeString(control.replace(f'id="{id}"', tie, 1))


def _described(id: str, *, help: bool, error: bool) -> str:
    return " ".join([f"{id}_helptext"] * help + [f"{id}_error"] * error)


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
def signature_pad(
    name: str, label: str = "", required: bool = True, error: str = "", id: str = "", value: str = ""
) -> SafeString:
    """Where the customer signs. Posts `name` as JSON: strokes of [x, y, milliseconds] on a ground of 1000 × 500."""
    return component(
        "signature_pad",
        name=name,
        id=id or f"id_{name}",
        label=label,
        required=required,
        error=error,
        value=value,
    )


@register.simple_tag
def photo_input(name: str, label: str = "", limit_mb: int = 10, error: str = "", id: str = "") -> SafeString:
    """Photos from camera or file, shown before they are sent; what is too large is said at once."""
    return component("photo_input", name=name, id=id or f"id_{name}", label=label, limit_mb=limit_mb, error=error)
