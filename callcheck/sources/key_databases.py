"""In which of Redis' numbered databases does a client keep its keys?

    createClient({ url, database })        new Redis({ db: 4 })        redis.Redis("redis", 6379, 3)        redis://redis:6379/1
    client.select(5)                       client.duplicate({ database: 2 })

Sources: @redis/client 1.6 (lib/client/index.js: the path of the address is the database), ioredis 5.4 (built/utils/index.js, parseURL), redis-py 5.0
(connection.py, parse_url).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.given import given
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origin import Origin
from callcheck.sources.code.tree import Call, Literal, Node, Object
from callcheck.sources.environment.of_program import set_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callcheck.sources import Eyes

_ADDRESS = pattern(r"^(?:rediss?|unix|valkeys?)://[^/?]*(?:/(\d{1,3}))?/?(?:\?(?:[^#]*&)?db=(\d{1,3}))?(?:[?#]|$)")
_USUAL = "0"


@dataclass(frozen=True, slots=True)
class KeyDatabase:
    """A database, and where the code says so."""

    number: str
    node: Node


def number_in(address: str) -> str | None:
    """The database that an address names, the first where it names none; None for what is no address of Redis."""
    found = _ADDRESS.match(address)
    return (found[1] or found[2] or _USUAL) if found else None


def of_client(eyes: Eyes, client: Origin) -> list[KeyDatabase]:
    """The databases that an object may work on, by what selects one later, or by what made it; [] if that is not known."""
    code = eyes.code
    identity = code.lifetimes.identity(client)
    selects = [use for use in code.idioms.of("selects-database") if identity and code.lifetimes.identity(use.receiver) == identity]
    if selects:
        return _known([_numbers(eyes, use) for use in selects])
    above: Origin | None = client
    while above is not None:
        opened = [use for use in code.idioms.at(above.node) if use.idiom.does == "opens-database"] if isinstance(above.node, Call) else []
        if opened:
            return opened_by(eyes, opened[0])
        above = above.base
    return []


def opened_by(eyes: Eyes, use: Use) -> list[KeyDatabase]:
    """The same of the call that makes a client."""
    code = eyes.code
    pool = code.idioms.option(use.call, "connection_pool")
    if pool is not None:
        return of_client(eyes, code.origins.of(pool))
    explicit = _numbers(eyes, use)
    if explicit is None:
        return []
    found, known = list(explicit), True
    for node in code.idioms.placed(use.call, use.idiom.scope):
        if isinstance(node, Literal) and isinstance(node.value, int) or isinstance(code.origins.of(node).node, Object):
            continue  # a port; options
        texts = _given(eyes, use, [node])
        known = known and bool(texts) and "" not in texts
        addresses = [address for text in texts if (address := _ADDRESS.match(text))]
        found += [KeyDatabase(address[1] or address[2], node) for address in addresses if address[1] or address[2]]
    return found or ([KeyDatabase(_USUAL, use.call)] if known else [])


def kept_in(eyes: Eyes) -> list[KeyDatabase]:
    """The databases in which the project keeps keys: of the clients that write some, or of all where one of these is not known; [] if any may be meant."""
    code = eyes.code
    writers = [use.receiver for use in code.idioms.of("keeps-keys") if not is_test(use.module.path)]
    of_writers = _known([of_client(eyes, each) or None for each in writers])
    if of_writers:
        return of_writers
    makers = [use for use in code.idioms.of("opens-database") if not is_test(use.module.path)]
    selects = [use for use in code.idioms.of("selects-database") if not is_test(use.module.path)]
    return _known([*(opened_by(eyes, use) or None for use in makers), *(_numbers(eyes, use) for use in selects)])


def _numbers(eyes: Eyes, use: Use) -> list[KeyDatabase] | None:
    """What the place of the database may be when the program runs, [] if nothing stands there; None if that is not known."""
    nodes = eyes.code.idioms.placed(use.call, use.idiom.event)
    texts = _given(eyes, use, nodes)
    return [KeyDatabase(text, nodes[0]) for text in texts] if all(text.isdecimal() for text in texts) and bool(texts) is bool(nodes) else None


def _given(eyes: Eyes, use: Use, nodes: Sequence[Node]) -> list[str]:
    """What nodes may be when the program of a use runs, as the deployment sets its variables."""
    programs = eyes.code.programs.of(use.module)
    return list(dict.fromkeys(given(eyes.code, nodes, sets=lambda variable: set_of(eyes, programs, variable))))


def _known(each: list[list[KeyDatabase] | None]) -> list[KeyDatabase]:
    """All of them, if none is unknown."""
    return [one for several in each for one in several or ()] if all(several is not None for several in each) else []
