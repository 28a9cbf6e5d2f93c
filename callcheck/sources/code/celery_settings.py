"""What do the settings of Celery say, wherever they are written?

    app.conf.update(task_routes={"shop.mail.*": {"queue": "mail"}})          task_routes = [...]      # in celeryconfig.py
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.tree import Assign, Member, Name, Node, Object, Sequence, last_name

ROUTES = frozenset({"task_routes", "CELERY_TASK_ROUTES", "CELERY_ROUTES"})
QUEUES = frozenset({"task_queues", "CELERY_TASK_QUEUES", "CELERY_QUEUES"})
BROKER = frozenset({"broker_url", "broker_read_url", "CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "BROKER_URL"})
DEFAULT_QUEUE = frozenset({"task_default_queue", "CELERY_TASK_DEFAULT_QUEUE", "CELERY_DEFAULT_QUEUE"})


def settings(code: Code, names: frozenset[str]) -> Iterator[tuple[str, Node]]:
    """What a setting of Celery is set to: by assignment, or in `conf.update(…)`."""
    for module in code.project.naming(*names):
        for assign in module.all(Assign):
            for target in assign.targets:
                if isinstance(target, (Name, Member)) and last_name(target) in names and assign.value is not None:
                    yield last_name(target), assign.value
        for call in module.calls("update", "Celery"):
            for keyword in call.keywords:
                if keyword.name in names:
                    yield keyword.name, keyword.value


def rows_of(code: Code, table: Node | None) -> Iterator[tuple[str, Node | None]]:
    """The patterns of `task_routes` with what they lead to: a dict's, or those of a list of pairs; "" for one that is computed."""
    if isinstance(table, Object):
        yield from ((entry.key or "", entry.value) for entry in table.entries)
    for item in table.items if isinstance(table, Sequence) else ():
        if isinstance(item, Sequence) and len(item.items) == 2:
            yield code.idioms.text(item.items[0]), item.items[1]
        else:
            yield from rows_of(code, item if isinstance(item, (Object, Sequence)) else None)
