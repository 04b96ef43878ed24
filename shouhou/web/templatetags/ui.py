"""The components as template tags. Built into the template engine, so no template has to load them."""

from shouhou.web.components import containers, controls, leaves, tokens, trade
from shouhou.web.components.library import register

__all__ = ["containers", "controls", "leaves", "register", "tokens", "trade"]
