"""Which containers are told to call another one back, or that they are to be called back themselves, and does that one run a given module?

    render: {environment: {CALLBACK_URL: http://web:8000/hooks/done/}}
    web: {build: ., command: gunicorn shop.wsgi, environment: {WEBHOOK_BASE: http://web:8000}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.documents import tables
from callcheck.sources.environment import Setting, compose

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_CALLED_BACK = pattern(r"CALLBACK|HOOK|NOTIFY")
_URL = pattern(r"^http://([A-Za-z][\w-]{0,80})(?::\d{1,5})?(/\S*)?$")
_SERVES = pattern(r"flask|litestar|gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress|manage\.py|runserver|fastapi|start|entrypoint|serve")


def services(eyes: Eyes) -> dict[str, dict[str, Any]]:
    """The services of all Compose files by their names, those of their containers, and what networks call them besides."""
    held = {name: keys for _, found in compose.files(eyes) for name, keys in found.items() if isinstance(keys, dict)}
    return {other: keys for keys in held.values() for other in _aliases(keys)} | held


def _aliases(keys: dict[str, Any]) -> Iterator[str]:
    networks = keys.get("networks")
    told = tables(list(networks.values())) if isinstance(networks, dict) else []
    names = [keys.get("container_name"), *(alias for each in told for alias in each.get("aliases") or ())]
    yield from (name for name in names if isinstance(name, str) and "$" not in name)


def called(given: list[Setting], among: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str, Setting]]:
    """The service and the path by which others are told to call it back, or by which it gives itself away, over plain http, and the setting that says so."""
    for each in given:
        found = _URL.match(each.value) if each.system == "compose" else None
        if found and found[1] in among and (_CALLED_BACK.search(each.name) or (among[found[1]] is not among.get(each.unit) and hooked(found[2] or ""))):
            yield found[1], found[2] or "/", each


def posted(given: list[Setting], among: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str, Setting]]:
    """The same for addresses of another service under whatever name, with a path."""
    for each in given:
        found = _URL.match(each.value) if each.system == "compose" else None
        if found and found[2] and found[1] in among and among[found[1]] is not among.get(each.unit):
            yield found[1], found[2], each


def runs(keys: dict[str, Any], path: str) -> bool:
    """Whether a service of Compose is built from the folder of a module, and serves it as far as its command tells."""
    folder = re.sub(r"^(?:\./)+|/$", "", compose.context(keys.get("build")))
    serves = _SERVES.search(str(keys["command"])) is not None if "command" in keys else True
    return serves and folder != "" and (folder == "." or path.startswith(folder + "/"))
