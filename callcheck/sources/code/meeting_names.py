"""Which variables name, in an app's own settings, where all its programs meet: the queue without a name, the prefix of a channel layer or of a broker's keys?

    app.conf.task_default_queue = os.environ.get("TASKS_QUEUE", "celery")          # also app.conf.update(...), and CELERY_TASK_DEFAULT_QUEUE of Django
    CHANNEL_LAYERS = {"default": {"BACKEND": ..., "CONFIG": {"hosts": [...], "prefix": os.getenv("PREFIX", "asgi")}}}
    RedisBroker(url=..., namespace=os.getenv("NAMESPACE", "dramatiq"))             # RedisSettings(database=int(os.getenv("DB", "0"))) of arq
    broker_transport_options = {"global_keyprefix": os.getenv("KEYS", "")}

Sources: dramatiq 1.17, brokers/redis.py (namespace); arq 0.26, connections.py (database); docs.celeryq.dev, configuration (task_default_queue) and using-redis (global_keyprefix); github.com/django/channels_redis, README (prefix: "asgi").
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Entry, Function, Keyword, Node, last_name

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_QUEUE = frozenset({"task_default_queue", "CELERY_TASK_DEFAULT_QUEUE", "CELERY_DEFAULT_QUEUE"})
_PREFIX = frozenset({"global_keyprefix"})
_OPTIONS = frozenset({("RedisBroker", "namespace"), ("RedisSettings", "database")})
"""Of Dramatiq's broker and of arq's settings."""
_LAYERS = "CHANNEL_LAYERS"


def meeting_names(code: Code, names: Collection[str]) -> dict[str, tuple[Node, bool]]:
    """Of these variables each that does, with the first such place, and whether it is a queue's name."""
    found: dict[str, tuple[Node, bool]] = {}
    for read in code.variables.reads:
        asked = read.name in names and read.name not in found and not is_test(module_of(read.node).path)
        for node in code.variables.uses(read) if asked else ():
            keys = list(_keys(node)) if module_of(node).language == "python" else []
            option = next(((last_name(each.parent.callee), each.name) for each in node.up() if isinstance(each, Keyword) and isinstance(each.parent, Call)), None)
            if keys and option in _OPTIONS:
                found.setdefault(read.name, (node, True))
            elif keys and (keys[0] in _QUEUE or keys[0] in _PREFIX or (keys[0] == "prefix" and _LAYERS in keys)):
                found.setdefault(read.name, (node, keys[0] in _QUEUE))
    return found


def _keys(node: Node) -> Iterator[str]:
    """The names under which a value stands, from the inside out: `prefix`, `CONFIG`, `default`, `CHANNEL_LAYERS`."""
    for each in node.up():
        if isinstance(each, Function):
            return
        if isinstance(each, Entry) and each.key:
            yield each.key
        elif isinstance(each, Keyword):
            yield each.name
        elif isinstance(each, Assign):
            yield from (last_name(target) for target in each.targets)
            return
