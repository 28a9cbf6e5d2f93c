"""Which variables name, beside an address that does not, the vhost of a RabbitMQ or the database of a Redis?

    amqp.connect({ hostname: process.env.RABBIT_HOST, vhost: process.env.RABBIT_VHOST })
    pika.ConnectionParameters(host=HOST, virtual_host=os.environ["VHOST"])             # virtual_host too in kombu, and in Celery's broker settings
    amqp.connect(`amqp://${USER}:${PASSWORD}@${HOST}/${process.env.VHOST}`)
    new Queue("mails", { connection: { host, db: Number(process.env.QUEUE_DB) } })     # Redis(host=HOST, db=int(os.environ["QUEUE_DB"]))

Sources: amqplib 0.10, lib/connect.js (vhost); pika 1.3, connection.py (virtual_host); kombu 5.4, Connection (virtual_host); ioredis 5 and redis-py 5 (db); node-redis 4 (database).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Entry, Function, Keyword, Node, Template, last_name

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_VHOST = frozenset({"vhost", "virtual_host", "virtualHost", "virtualhost", "broker_vhost", "BROKER_VHOST", "CELERY_BROKER_VHOST"})
_DATABASE = frozenset({"db", "database", "DB"})
_CLIENT = pattern(r"(?i)redis|^createClient$|^ConnectionPool$")
_AMQP, _REDIS = pattern(r"^(?:py)?amqps?://"), pattern(r"^rediss?://")
_DEEPEST = 3


def spaces_named(code: Code, names: Collection[str]) -> dict[str, tuple[str, Node]]:
    """Of these variables each that does: `amqp` or `redis`, and the first such place."""
    found: dict[str, tuple[str, Node]] = {}
    for read in code.variables.reads:
        if read.name in names and read.name not in found and not is_test(module_of(read.node).path):
            held = next(((system, node) for node in code.variables.uses(read) if (system := _named(node))), None)
            if held is not None:
                found[read.name] = held
    return found


def _named(node: Node) -> str:
    """What a value names where it stands: under a key, or as the last part of an address that is put together."""
    below: Node = node
    for above in _near(node):
        if isinstance(above, Template):
            at = next((index for index, part in enumerate(above.parts) if part is below), 0)
            before = above.parts[at - 1] if at else ""
            last = isinstance(before, str) and before.endswith("/") and not before.endswith("//") and all(isinstance(part, str) and part.startswith("?") for part in above.parts[at + 1 :])
            return ("amqp" if _AMQP.match(above.first_text) else "redis" if _REDIS.match(above.first_text) else "") if last else ""
        key = above.key if isinstance(above, Entry) else above.name if isinstance(above, Keyword) else last_name(above.targets[0]) if isinstance(above, Assign) and above.targets else None
        if key is not None:
            return "amqp" if key in _VHOST else "redis" if key in _DATABASE and _of_redis(above) else ""
        below = above
    return ""


def _near(node: Node) -> Iterator[Node]:
    """What is around a value, as far as a conversion may stand between: `int(...)`, `... ?? 0`."""
    for depth, above in enumerate(node.up()):
        if depth > _DEEPEST or isinstance(above, Function):
            return
        yield above


def _of_redis(option: Node) -> bool:
    """Whether an option is one of a client of Redis, or of the connection of a library that works through one."""
    for above in option.up():
        if isinstance(above, Function):
            return False
        if isinstance(above, (Entry, Keyword)) and (above.key if isinstance(above, Entry) else above.name) in ("connection", "redis"):
            return True
        if isinstance(above, Call):
            return _CLIENT.search(last_name(above.callee)) is not None
    return False
