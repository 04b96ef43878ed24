"""The icons of the product: one family (Tabler, outline), each under the name of what it means here.

A new icon: copy its file into `static/vendor/tabler-icons`, record it in `VENDORED.toml`, name it below.
"""

import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).parent / "static" / "vendor" / "tabler-icons"

FILES = {
    # places in the rail
    "today": "list-check",
    "register": "notebook",
    "dispatch": "route",
    "visits": "calendar-event",
    "customers": "user",
    "workshop": "tool",
    "parts": "package",
    "money": "cash",
    "claims": "message-report",
    "administration": "settings",
    # things of the trade
    "asset": "devices",
    "branch": "building-store",
    "contract": "file-certificate",
    "form": "file-text",
    "receipt": "receipt",
    "seal": "rubber-stamp",
    "sign": "signature",
    "technician": "user-cog",
    "voucher": "license",
    "archive": "archive",
    "history": "history",
    # acts
    "add": "plus",
    "arrive": "map-pin-check",
    "call": "phone",
    "camera": "camera",
    "close": "x",
    "copy": "copy",
    "delete": "trash",
    "depart": "car",
    "done": "check",
    "download": "download",
    "edit": "pencil",
    "erase": "eraser",
    "filter": "filter",
    "columns": "columns-3",
    "next": "arrow-right",
    "pause": "player-pause",
    "print": "printer",
    "refresh": "refresh",
    "resume": "player-play",
    "reveal": "eye",
    "scan": "scan",
    "search": "search",
    "switch": "switch-horizontal",
    "undo": "arrow-back-up",
    "upload": "upload",
    # signs
    "calendar": "calendar",
    "clock": "clock",
    "down": "chevron-down",
    "error": "alert-circle",
    "external": "external-link",
    "help": "help-circle",
    "left": "chevron-left",
    "locked": "lock",
    "more": "dots",
    "note": "info-circle",
    "offline": "wifi-off",
    "photo": "photo",
    "place": "map-pin",
    "right": "chevron-right",
    "success": "circle-check",
    "sync": "cloud-upload",
    "todo": "circle",
    "warning": "alert-triangle",
    "people": "users",
    "shut_out": "user-off",
    # the shell
    "dark": "moon",
    "key": "key",
    "keyboard": "keyboard",
    "language": "language",
    "light": "sun",
    "passkey": "fingerprint",
    "password": "password",
    "security": "shield-lock",
    "sign_out": "logout",
    "system": "device-desktop",
}

_FRAME = re.compile(r"<svg[^>]*>|</svg>|<path stroke=\"none\"[^>]*/>", re.DOTALL)


@cache
def drawing(name: str) -> SafeString:
    """The lines of an icon, without its frame. Raises KeyError for a name that is not in the list."""
    svg = (FOLDER / f"{FILES[name]}.svg").read_text(encoding="utf-8")
    return mark_safe(" ".join(_FRAME.sub("", svg).split()))  # noqa: S308 - vendored files, checked by their hash
