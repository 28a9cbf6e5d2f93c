"""Which containers are told to call another one back, and does that one run a given module?

    render: {environment: {CALLBACK_URL: http://web:8000/hooks/done/}}
    web: {build: ., command: gunicorn shop.wsgi}
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.environment import Setting, compose

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_CALLED_BACK = pattern(r"CALLBACK|HOOK|NOTIFY")
_URL = pattern(r"^http://([A-Za-z][\w-]{0,80})(?::\d{1,5})?(/\S*)?$")
_SERVES = pattern(r"gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress|manage\.py|runserver|fastapi|start|entrypoint|serve")


def services(eyes: Eyes) -> dict[str, dict[str, Any]]:
    """The services of all Compose files by their names."""
    return {name: keys for _, found in compose.files(eyes) for name, keys in found.items() if isinstance(keys, dict)}


def called(given: list[Setting], among: Container[str]) -> Iterator[tuple[str, str, Setting]]:
    """The service and the path by which others are told to call it back, over plain http, and the setting that says so."""
    for each in given:
        found = _URL.match(each.value) if each.system == "compose" else None
        if found and found[1] in among and found[1] != each.unit and (_CALLED_BACK.search(each.name) or hooked(found[2] or "")):
            yield found[1], found[2] or "/", each


def runs(keys: dict[str, Any], path: str) -> bool:
    """Whether a service of Compose is built from the folder of a module, and serves it as far as its command tells."""
    build = keys.get("build")
    folder = re.sub(r"^(?:\./)+|/$", "", str(build.get("context") or "." if isinstance(build, dict) else build or ""))
    serves = _SERVES.search(str(keys["command"])) is not None if "command" in keys else True
    return serves and folder != "" and (folder == "." or path.startswith(folder + "/"))
