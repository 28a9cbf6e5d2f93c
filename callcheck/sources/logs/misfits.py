"""Does a traceback end where a library calls a callback of the app, which cannot be called so, or does the library say that of it?

      File "/usr/lib/python3/site-packages/paho/mqtt/client.py", line 4383, in _do_on_disconnect
        on_disconnect(
    TypeError: Collector.on_disconnect() takes 4 positional arguments but 6 were given

    error from callback <bound method Feed.on_open of <feed.Feed object at 0x7f1c>>: Feed.on_open() takes 1 positional argument but 2 were given
"""

from __future__ import annotations

import re
from typing import NamedTuple

from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.frames import calls_in_python, own

_CALL = (
    r"(?P<name>[\w.<>]{1,120})\(\) (?:takes (?P<takes>(?:from \d+ to )?\d+|no) (?:positional )?arguments?(?: but (?P<given>\d+))?"
    r"|missing (?P<missing>\d+ required (?:positional|keyword-only) arguments?: '\w+'(?:(?:,| and|, and) '\w+'){0,9})|got an unexpected keyword argument '(?P<unknown>\w+)')"
)
_REFUSED = rare("TypeError: " + _CALL)
_SAID = rare(r"(?<![\w.<>])" + _CALL)
"""Where a library writes the exception's text alone."""
_CALLBACK = pattern(r"(?:^|[._])(?:on|handle|process|receive)_?[a-z]|callback|handler|listener|subscriber|receiver|consumer|observer|hook|<lambda>|(?:^|_)cb$", 2)
_CALLS = pattern(r"(?:(?:^|[._ (])(?:on_\w+|cb|fn)|callback|handler|listener|subscriber|receiver|consumer|observer|hook)s?(?:\[[^\]]{1,40}\])?(?:,|\()", 2)
"""The line of the library that calls what it was given."""


class Misfit(NamedTuple):
    """A callback that its library cannot call; a key of a `Table`, which puts them in order."""

    handler: str
    takes: str
    given: str


def misfit(full: str) -> Misfit | None:
    """What a traceback says of a callback's arguments. Such a call fails each time: that it is seen once does not make it a chance."""
    found = _REFUSED.search(full) if "TypeError: " in full else None
    calls = calls_in_python(full) if found else []
    if found is None or not calls or own(calls[-1]):
        return None
    name = found["name"].rsplit("<locals>.", 1)[-1]
    last = name.rsplit(".", 1)[-1]
    if any(f"{last}(" in call.code for call in calls if own(call)):
        return None  # The app calls it so itself, through what a decorator of the library made of it.
    if last.startswith("__") or not (_CALLBACK.search(last) or _CALLS.search(calls[-1].code)):
        return None
    return _of(name, found)


def said_misfit(text: str, handler: str) -> Misfit | None:
    """What a line says of a callback's arguments in which a library names the callback that failed, and the call that was refused is the one of that very callback."""
    found = _SAID.search(text) if handler and "() " in text else None
    if found is None:
        return None
    name = found["name"].rsplit("<locals>.", 1)[-1]
    # A method that is to be called by nobody else is written with an underscore before the name that the library knows it by.
    return _of(name, found) if name.rsplit(".", 1)[-1].lstrip("_") == handler.rsplit(".", 1)[-1].lstrip("_") else None


def _of(name: str, found: re.Match[str]) -> Misfit:
    if found["takes"]:
        itself = ", self counted" if "." in name else ""
        return Misfit(name, f"{found['takes']} arguments{itself}", f"{found['given'] or 'some'}{itself}")
    if found["missing"]:
        return Misfit(name, found["missing"].replace("'", ""), "fewer")
    return Misfit(name, "no such keyword", f"{found['unknown']}=")
