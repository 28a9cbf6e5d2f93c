"""How many workers does a server's own configuration file ask for: gunicorn.conf.py, uwsgi.ini, Celery's settings?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch.words import number

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.code.tree import Module, Node


_XML_WORKERS = pattern(r"<(processes|workers|p)>\s{0,20}(\d{1,4})\s{0,20}</")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file says of the number; `count` None if it leaves it to a variable that is not known."""

    count: int | None
    at_least: bool
    text: str
    file: File
    line: int


def gunicorn_workers(eyes: Eyes, file: File, env: Mapping[str, str]) -> Setting | None:
    """`workers = ...` of a gunicorn.conf.py, which is read and never executed. None if it does not say. Raises SourceError."""
    from callcheck.sources.code.languages import read
    from callcheck.sources.launch.quantity import assigned, highest, quantity, values_of

    text = eyes.text(file)
    module = read(text, file.name)
    names = {**_imported(eyes, module, file), **assigned(module)}
    values = values_of(module, "workers") or ([names["workers"]] if "workers" in names else [])
    if not values:
        return None
    counts = [quantity(each, env, names) for each in values]
    found = highest(counts)
    value = values[counts.index(found)] if found in counts else values[-1]
    lines = text.splitlines()
    written = lines[value.line - 1].strip() if 0 < value.line <= len(lines) else "workers"
    return Setting(found.many, found.at_least, clean(written, 80), file, value.line)


def _imported(eyes: Eyes, module: Module, file: File) -> dict[str, Node]:
    """What the file takes from others of the project: `from settings import WORKERS`. Raises SourceError."""
    from callcheck.sources.code.languages import read
    from callcheck.sources.code.tree import Import
    from callcheck.sources.launch.find import near
    from callcheck.sources.launch.quantity import assigned

    found: dict[str, Node] = {}
    for node in module.body:
        there = near(eyes, file, node.module.strip(".").replace(".", "/") + ".py") if isinstance(node, Import) and node.names else None
        if there is not None and isinstance(node, Import):
            held = assigned(read(eyes.text(there), there.name))
            found |= {each.local: held[each.imported] for each in node.names if each.imported in held}
    return found


def uwsgi_workers(eyes: Eyes, file: File, env: Mapping[str, str]) -> Setting | None:
    """`processes` or `workers` of uWSGI's file of settings; None where it says neither. Raises SourceError."""
    if file.suffix == ".xml":
        return _uwsgi_xml(eyes.text(file), file, env)
    document = eyes.document(file)
    section = document.get("uwsgi") if isinstance(document, dict) else None
    if not isinstance(section, dict):
        return None
    for key in ("processes", "workers", "p"):
        if key in section:
            found = number(str(section[key]).replace("%k", "$(nproc)"), env)
            return Setting(found.many, found.at_least, clean(f"{key} = {section[key]}", 80), file, section.lines[key])  # type: ignore[attr-defined]
    return None


def _uwsgi_xml(text: str, file: File, env: Mapping[str, str]) -> Setting | None:
    found = _XML_WORKERS.search(text)
    if found is None:
        return None
    told = number(found[2], env)
    return Setting(told.many, told.at_least, clean(f"{found[1]}: {found[2]}", 80), file, text.count("\n", 0, found.start()) + 1)


def hypercorn_workers(eyes: Eyes, file: File, env: Mapping[str, str]) -> Setting | None:
    """`workers` of a hypercorn.toml (hypercorn/config.py, from_toml); None where it does not say. Raises SourceError."""
    document = eyes.document(file)
    if not isinstance(document, Table) or "workers" not in document:
        return None
    found = number(str(document["workers"]), env)
    return Setting(found.many, found.at_least, clean(f"workers = {document['workers']}", 80), file, document.lines["workers"])


PRELOAD = pattern(r"(?m)^preload_app\s{0,4}=\s{0,4}True\b")
"""What gunicorn's file of settings says to load the app before the workers are forked."""
_CELERY = pattern(
    r"(?:worker_concurrency|CELERY_WORKER_CONCURRENCY|CELERYD_CONCURRENCY|CELERY_CONCURRENCY)[\"']?\s{0,4}[=:]\s{0,4}(\d{1,4})\b"
)
_CELERY_POOL = pattern(
    r"(?:worker_pool|CELERY_WORKER_POOL|CELERYD_POOL)[\"']?\s{0,4}[=:]\s{0,4}[\"'](solo|threads|gevent|eventlet)"
)


def celery_workers(eyes: Eyes, env: Mapping[str, str]) -> Setting | None:
    """`worker_concurrency` in the project's Celery settings, or None."""
    for file in eyes.tree.named(
        "*celery*.py", "*settings*.py", "*config*.py", "tasks.py", "base.py", "worker.py", "__init__.py"
    ):
        try:
            text = eyes.text(file)
        except SourceError:
            continue
        if pool := _CELERY_POOL.search(text):
            return Setting(1, False, clean(pool[0], 80), file, text.count("\n", 0, pool.start()) + 1)
        if found := _CELERY.search(text):
            return Setting(int(found[1]), False, clean(found[0], 80), file, text.count("\n", 0, found.start()) + 1)
    return None
