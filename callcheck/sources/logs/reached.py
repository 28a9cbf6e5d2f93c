"""Is a listener attached for a state that is reached already, as the line of its registration says?

listener added: connection.once('open') readyState=1

A connection opens once, a server begins to listen once, a page is loaded once; what comes again (`connect` of a client that reconnects) is missed the first time
only, and counts where the listener is one for a single time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from callcheck.model.log import Place
from callcheck.model.pattern import pattern

_ONCE = ("open", "opened", "listening", "load", "loaded", "domcontentloaded", "init", "initialized")
"""What an object emits a single time."""
_AGAIN = ("connect", "connected", "ready", "online")
_FOR_ONE = pattern(r"\b(?:once|add_?once|one_?shot)\b|\bonce[ :(=]|first time", re.I)
_STATE = pattern(
    # mongoose's connection, WebSocket and EventSource count 1 for open; a page is `complete`.
    r"\bready_?state[\"']?[=:] ?[\"']?(?:1|open|complete)\b"
    r"|(?<![\w.])(?:[a-z]{2,12}_)?(?:state|status)[\"']?[=:] ?[\"']?(?:open|opened|connected|ready|listening|loaded|initiali[sz]ed|online)\b"
    r"|\b(?:is_?)?(?:open|connected|ready|listening|loaded|initiali[sz]ed)[\"']?[=:] ?[\"']?true\b"
    r"|\balready (?:open|connected|ready|listening|loaded|initiali[sz]ed|online)\b",
    re.I,
)
_CALLED = pattern(r"\bcall(?:ed|ing)\b|\brun(?:ning)?\b|\binvok|\bimmediate|\bat once\b|\bright away\b|\breplay", re.I)
"""Somebody has thought of it, and does what the listener would."""


def reached(listeners: Iterable[tuple[str, Place, str]]) -> list[tuple[Place, str]]:
    """Of registrations (event, place, text), those for a state that their own line says is reached."""
    found = []
    for event, place, text in listeners:
        of, _, name = event.lower().rpartition(".")
        if of and name.endswith("ed"):
            continue  # `ticket.opened` is one of many.
        once = name in _ONCE or (name in _AGAIN and _FOR_ONE.search(text) is not None)
        if once and _STATE.search(text) and not _CALLED.search(text):
            found.append((place, text))
    return found
