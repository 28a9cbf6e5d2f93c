"""Which graphs are nodes of other graphs, and which of their own nodes does a reader of the outer stream wait for?

    outer.add_node("survey", inner.compile())             # in whatever file, also by a function that gives the compiled graph back
    for update in app.stream(x):                          # tells of survey, and of none of the nodes in it
        if "list_rooms" in update: ...

Sources: langgraph 0.3.21, pregel/__init__.py stream(), and @langchain/langgraph 0.2.74, pregel/index.js: only with subgraphs is the inner loop given the outer stream.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.noun import dataclass, field
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Call,
    Entry,
    Function,
    Literal,
    Member,
    Module,
    Node,
    Object,
    Operation,
    Sequence,
    Subscript,
    last_name,
)

_BUILDERS = frozenset({"langchain.graph", "langgraph-js.builder"})
_COMPILED = frozenset({"langchain.compiled", "langgraph-js.graph"})
_ADDS = ("add_node", "addNode")
_READY_MADE = {"create_react_agent": ("agent", "tools"), "createReactAgent": ("agent", "tools"), "create_agent": ("model", "tools"), "createAgent": ("model", "tools")}
"""The nodes of graphs that come ready-made."""
_COMPARES = frozenset({"==", "===", "!=", "!==", "in", "not in"})
_READS = frozenset({"get", "includes", "has"})


@dataclass(slots=True)
class _Graph:
    nodes: set[str] = field(default_factory=set)
    inner: list[tuple[Node, str, Call]] = field(default_factory=list)
    """The graphs that are nodes of it: where each is built, and the call that adds it."""


def nested(code: Code, use: Use, read: bool) -> list[tuple[Node, str]]:
    """Where a graph whose stream is asked for is given another one as a node; with `read`, and what waits for a node of that one. Nothing where it has none."""
    graphs = code.once(_graphs)
    own = _built(code, use.receiver)
    asked = [graphs[id(own)]] if own is not None and id(own) in graphs else [g for g in graphs.values() if g.inner] if own is None and use.receiver.kind in ("unknown", "param") and read else []
    outer = {name for graph in asked for name in graph.nodes}
    for graph in asked:
        for built, names, added in graph.inner:
            if not read:
                return [(added, "a graph of its own is a node here")]
            inner = (graphs[id(built)].nodes if id(built) in graphs else set(names.split())) - outer
            waits = next(_waits(code, use, inner, inner | outer), None) if inner else None
            if waits is not None:
                return [(added, "a graph of its own is a node here"), (waits, "waits for a node of that graph")]
    return []


def _graphs(code: Code) -> dict[int, _Graph]:
    """The graphs of a project by where they are built."""
    found: dict[int, _Graph] = {}
    for call in code.project.calls(*_ADDS):
        if not isinstance(call.callee, Member) or is_only_test(module_of(call).path):
            continue
        held = code.origins.of(call.callee.object)
        builder = held.root.node
        if builder is None or not _BUILDERS & (code.idioms.kinds(held) | code.idioms.kinds(held.root)):
            continue
        graph = found.setdefault(id(builder), _Graph())
        given = call.args[1] if len(call.args) > 1 else call.args[0] if call.args else None
        name = code.idioms.text(call.args[0]) if call.args else ""
        graph.nodes.add(name or last_name(given))
        origin = code.origins.of(given) if given is not None and not isinstance(given, Function) else None
        inner = _built(code, origin) if origin is not None else None
        if origin is not None and inner is not None and inner is not builder:
            graph.inner.append((inner, " ".join(_READY_MADE.get(last_name(inner.callee) if isinstance(inner, Call) else "", ())), call))
    return found


def _built(code: Code, origin: Origin) -> Node | None:
    """Where a compiled graph was built: by its builder, or by the call that gives it ready-made; None for what is no such graph."""
    return origin.root.node if _COMPILED & code.idioms.kinds(origin) else None


def _waits(code: Code, use: Use, inner: set[str], known: set[str]) -> Iterator[Node]:
    """What reads one of these names beside a stream, or in what imports its file: a comparison, a key that is looked up, or a table by the names of nodes."""
    home = use.module
    if "langgraph_node" in home.text:
        return  # the tokens' own metadata, which come by another way
    for module in (home, *(found for path in sorted(code.project.importers(home.path)) if not is_only_test(path) and (found := code.project.module(path)) is not None)):
        for literal in module.all(Literal):
            if literal.value in inner and (_in_table(literal.parent, literal, known) or (_looked_up(literal) and _near(literal, use, module))):
                yield literal
        for entry in module.all(Entry):
            if entry.key in inner and _in_table(entry.parent, entry, known):
                yield entry


def _near(literal: Literal, use: Use, module: Module) -> bool:
    """Whether a name is looked up where the stream is read; in another file, one of several words will do."""
    return function_of(literal) is use.function if module is use.module else "_" in str(literal.value)


def _looked_up(literal: Literal) -> bool:
    above = literal.parent
    if isinstance(above, Operation):
        return above.operator in _COMPARES
    return isinstance(above, Subscript) or (isinstance(above, Call) and last_name(above.callee) in _READS and literal in above.args)


def _in_table(above: Node | None, part: Node, known: set[str]) -> bool:
    """Whether a table, or a list that is no argument of a call, holds two names of nodes."""
    if isinstance(above, Object):
        return len({entry.key for entry in above.entries} & known) > 1
    return isinstance(above, Sequence) and not isinstance(above.parent, Call) and len({item.value for item in above.items if isinstance(item, Literal)} & known) > 1
