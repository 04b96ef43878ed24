"""What every form that posts carries unseen."""

from uuid import uuid4

from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shouhou.web.components.library import register


# In the place of Django's own tag, so that no form can be written without its key.
@register.simple_tag(takes_context=True, name="csrf_token")
def csrf_token(context: Context) -> SafeString:
    """Django's token and, for who is signed in, the form's one-time key (`shouhou.web.once`)."""
    token = mark_safe(CsrfTokenNode().render(context))  # noqa: S308 - written by Django, which escapes it
    user = context.get("user")
    if not token or user is None or not user.is_authenticated:
        return token
    return token + format_html('<input type="hidden" name="once" value="{}">', uuid4())
