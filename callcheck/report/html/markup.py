"""How does text become HTML? Only here, so that nothing from outside can ever be markup.

    el("p", "a <b> ", el("code", name), cls="lead")     <p class="lead">a &lt;b&gt; <code>…</code></p>

What is no `Html` is text: it passes the one door (`model/printable.py`), which shows control characters and masks secrets, and is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from callcheck.model.printable import printable, redact

_LONGEST = 4_000
"""Characters of one text; whatever is longer was meant for no reader."""
_ESCAPES = {ord(sign): f"&{name};" for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#x27"))}
_VOID = frozenset({"meta", "input", "br", "hr", "path", "line", "rect", "circle", "use"})


class Html(str):
    """Markup that is in order."""

    __slots__ = ()


Child = str | None
"""Text, `Html`, or nothing at all."""


def said(text: str) -> Html:
    """Text as it may stand between tags and in an attribute; lines stay lines."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return Html(printable(redact(cut)).translate(_ESCAPES))


def el(tag: str, *children: Child, **attributes: str | float | bool | None) -> Html:
    """One element. `cls` is its class; `_` in a name is `-`; an attribute that is None or False is left out, one that is True has no value."""
    told = "".join(f" {_name(name)}" + ("" if value is True else f'="{_value(value)}"') for name, value in attributes.items() if value is not None and value is not False)
    if tag in _VOID:
        return Html(f"<{tag}{told}>" if tag in ("meta", "input", "br", "hr") else f"<{tag}{told}/>")
    return Html(f"<{tag}{told}>{join(children)}</{tag}>")


def _name(name: str) -> str:
    return "class" if name == "cls" else name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    if isinstance(value, Html):
        return value
    return said(value) if isinstance(value, str) else f"{round(value, 2):.10g}"


def join(parts: Iterable[Child]) -> Html:
    """One after the other."""
    return Html("".join(part if isinstance(part, Html) else said(part) for part in parts if part is not None))


def prose(text: str) -> Html:
    """A paragraph's text; what stands between backticks is code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:  # a backtick that closes nothing is one
        parts[-2:] = ["`".join(parts[-2:])]
    return join(el("code", part) if number % 2 else part for number, part in enumerate(parts))


def island(value: Any, id: str) -> Html:
    """Plain values for the script, in a block that no browser runs and no text can leave."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Html(f'<script type="application/json" id="{said(id)}">{text}</script>')


def place(path: str, line: int | None = None) -> Html:
    """A place of a file; it may break behind a slash."""
    parts = said(f"{path}:{line}" if line else path).split("/")
    return Html(f'<span class="place">{"/<wbr>".join(parts)}</span>')
