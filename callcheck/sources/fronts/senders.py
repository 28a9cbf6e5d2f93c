"""Who posts to a route, whatever its path is called: a product that a file tells to, or a hosted service that the app gives the path to?

    webhook_configs: [{url: https://desk.example.org/wake}]
    client.calls.create(status_callback=f"{BASE}/dialled")
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.given_away import given_away, goes_out
from callcheck.sources.code.hook_paths import login
from callcheck.sources.code.route_match import answers
from callcheck.sources.code.routes import Route
from callcheck.sources.code.seen import where
from callcheck.sources.fronts.posters import Posted, posted

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ADDRESS = pattern(r"^(?:https?://(?P<host>[\w.-]{1,200})(?::\d{1,5})?|\*|[\w.]{1,200})(?P<path>/[\w./-]{2,200})$")
"""A host that is written out, or a base that comes from elsewhere, and a path."""


def senders(eyes: Eyes, route: Route) -> list[Posted]:
    """Those of one route."""
    return [each for each in (*posted(eyes), *eyes.once(("given-outside",), lambda: tuple(_outside(eyes)))) if answers(route, each.path)]


def _outside(eyes: Eyes) -> Iterator[Posted]:
    for away in given_away(eyes.code):
        found = _ADDRESS.match(eyes.code.idioms.text(away.value))
        if found and not away.browsed and not login(found["path"]) and goes_out(eyes.code, away.node):
            yield Posted(found["host"] or "", found["path"], "", where(away.node), outside=True)
