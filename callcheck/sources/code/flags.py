"""Which flags does an option turn on, be it a list, a sum of bits or a field of them?

    intents: [GatewayIntentBits.Guilds, Intents.FLAGS.GUILD_MESSAGES, "GuildMembers"]      # Guilds, GUILD_MESSAGES, GuildMembers
    intents: GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages                    # Guilds, GuildMessages
    intents: new IntentsBitField(513)                                                      # 1, 512
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Sequence,
    Spread,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Idioms

_DEEPEST = 6
_PUTS = ("push", "unshift", "append", "add", "extend")
"""Methods that put something into a list; of what `extend` is given it is not known what it holds."""
_FIELDS = ("BitField", "Intents")
_SETS = frozenset({"ALL", "NON_PRIVILEGED", "PRIVILEGED"})
"""Names that stand for several flags: `Intents.ALL`."""


def flags(idioms: Idioms, value: Node | None, depth: int = 0) -> Iterator[str]:
    """The names and bits that are turned on, "" for each part that may hold any."""
    if isinstance(value, Sequence):
        for item in value.items:
            yield from flags(idioms, item, depth + 1)
    elif isinstance(value, Operation) and value.operator == "|":
        for part in value.operands:
            yield from flags(idioms, part, depth + 1)
    elif isinstance(value, Spread):
        yield from flags(idioms, value.value, depth + 1)
    elif isinstance(value, Literal):
        yield from _bits(value.value) if isinstance(value.value, int) and not isinstance(value.value, bool) else (str(value.value),)
    elif isinstance(value, Call) and value.new and last_name(value.callee).endswith(_FIELDS):
        for arg in value.args:
            yield from flags(idioms, arg, depth + 1)
    elif isinstance(value, (Name, Member)) and depth < _DEEPEST:
        yield from _named(idioms, value, depth)
    elif value is not None:
        yield ""


def _named(idioms: Idioms, value: Name | Member, depth: int) -> Iterator[str]:
    """What a name holds: a member of what a package exports (`GatewayIntentBits.Guilds`), or what the project puts together under it."""
    origin = idioms.origins.of(value)
    held: Node | None = origin.node
    if held is None and isinstance(declared := idioms.origins.binding_of(value), Assign):
        held = declared.value  # an operation is nobody's origin
    if isinstance(held, (Sequence, Literal, Operation, Call)):
        yield from flags(idioms, filled(idioms, held) if isinstance(held, Sequence) else held, depth + 1)
        for put in put_into(idioms, held) if isinstance(held, Call) else ():
            yield from flags(idioms, put, depth + 1)
    else:
        package, _, name = origin.qualified.rpartition(".")
        yield name if isinstance(held, Imported) and package and not package.startswith(".") and name not in _SETS else ""


def _bits(number: int) -> Iterator[str]:
    yield from (str(1 << bit) for bit in range(number.bit_length()) if number >> bit & 1)


def filled(idioms: Idioms, held: Sequence) -> Sequence:
    """A list with what the file that makes it puts into it later: `intents.push(GatewayIntentBits.MessageContent)`."""
    later = put_into(idioms, held)
    return Sequence([*held.items, *later], line=held.line, parent=held.parent) if later else held


def put_into(idioms: Idioms, held: Node) -> list[Node]:
    """What the file that makes a list, or a field of bits, puts into it later."""
    calls = (call for name in _PUTS for call in module_of(held).named_calls.get(name, ()) if isinstance(call.callee, Member))
    return [arg for call in calls if idioms.origins.of(call.callee.object).node is held for arg in call.args]  # type: ignore[attr-defined]
