"""Does what runs for a message leave something behind that lasts: a row, a mail, a call to somebody else?

    for await (const m of readings) await add(codec.decode(m.data))      # add() inserts a row: a message that never comes is missed for good
    sub.on("message", (key) => cache.delete(key))                        # after a restart the cache is empty anyway
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Literal, Loop, Node, Template, dotted, last_name

_INSERTS = pattern(r"(?i)\binsert\s+(?:or\s+\w+\s+)?into\b|\bmerge\s+into\b")
_STORES = frozenset("insertOne insert_one insertMany insert_many bulk_create bulkCreate createMany put_item PutCommand PutItemCommand".split())
_CREATES = pattern(r"^(?:prisma|db)\.\w+\.create$|\.objects\.(?:create|acreate)$|\bsession\.add$")
_MADE_GOOD = pattern(r"(?i)catch_?up|back_?fill|replay|reconcil|re_?sync|missed|outbox|left_?over|\bwhere\b[^;]{0,120}?(?:\bis\s+null\b|=\s*'(?:new|pending|open|queued|waiting)')")
"""By what a file shows that what was missed is looked for."""
DEEPEST = 4


def lasting(code: Code, taker: Function | Loop) -> Node | None:
    """What stores or sends something for a message; None where nothing shows that does, and where what was missed is made good."""
    outward, run = code.once(_outward), reached(code, taker)
    if any(_MADE_GOOD.search(module.text) for module in {id(module_of(each)): module_of(each) for each in (taker, *run)}.values()):
        return None
    for each in run:
        for call in each.inside(Call):
            if last_name(call.callee) in _STORES or _CREATES.search(dotted(call.callee)) or id(call) in outward:
                return call
        if (row := next((node for node, text in statements(each) if _INSERTS.search(text)), None)) is not None:
            return row
    return None


def _outward(code: Code) -> frozenset[int]:
    return frozenset(id(use.call) for use in code.idioms.of("outward"))


def reached(code: Code, taker: Function | Loop) -> list[Function | Loop]:
    """What runs for a message: who takes it, and what is called from there."""
    found: dict[int, Function | Loop] = {}
    level: list[Function | Loop] = [taker]
    for _ in range(DEEPEST):
        level = [each for each in level if found.setdefault(id(each), each) is each]
        level = [called for each in level for called in code.flow.called(each) if id(called) not in found]
    return list(found.values())


def statements(within: Node) -> Iterator[tuple[Node, str]]:
    """The texts of SQL that stand somewhere, `*` for each hole."""
    for template in within.inside(Template):
        yield template, template.pattern
    for literal in within.inside(Literal):
        if isinstance(literal.value, str) and not isinstance(literal.parent, Template):
            yield literal, literal.value
