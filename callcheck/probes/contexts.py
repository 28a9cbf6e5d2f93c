"""Do callbacks and context variables come along into the code that needs them?

    current_user: ContextVar = ContextVar("user")
    executor.submit(report)          # report() reads current_user, in a thread whose context is empty

    with get_openai_callback() as cost:          # a context variable as well, of the library
        list(pool.map(chain.invoke, rows))       # and cost hears of none of these
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ContextDropped
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Function, Import, Member, Node, Return, With, last_name

_VARIABLES = ("contextvars.ContextVar", "threading.local")
_HEARD = ("callbacks", "on_chat_model", "on_llm", "on_tool", "on_retriever", "on_custom_event")
"""What somebody hears of the runs inside a step by: events of a whole graph name those of its steps `on_chain_…`."""
_MESSAGES = pattern(r"streamMode['\"]?\s*:\s*(?:\[[^\]]{0,80})?['\"]messages")
_RUNS = frozenset("invoke ainvoke batch stream run run_sync predict generate __call__ forward".split())
"""Methods of libraries that a thread is given as they are: `pool.submit(chain.invoke, question)`."""
_DEEPEST = 4
"""Calls that are followed one into the other."""


class Contexts:
    """Follows what is handed to threads (`no-context`) to the variables that it reads, and nodes of a graph to the runs inside them."""

    name = "contexts"
    looks_at = Sight.SOURCE
    about = ("no-context", "needs-config", "wrap", "context")
    answers = frozenset({ContextDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.uses:
            if "no-context" in use.idiom.traits:
                yield from self._thread(code, use)
                yield from self._block(code, use)
            if "needs-config" in use.idiom.traits:
                yield from self._node(code, use)
            if use.idiom.does == "wrap" and not _carried(code, use):
                yield from self._wrapped(code, use)

    def _thread(self, code: Code, use: Use) -> Iterator[Evidence]:
        for handler in code.idioms.handlers(use):
            read = _read_unset(code, handler, _begun_with(code, use.call)) if isinstance(handler, Function) else None
            if read is None:
                continue
            name = clean(last_name(read.callee.object) if isinstance(read.callee, Member) else "", 60)
            fact = ContextDropped(name or "the handler", "thread", use.framework.name, use.module.language)
            yield seen(fact, use.call, self.name, (seen(fact, read, self.name, label=f"{name} is read here, in a thread that never set it"),))

    def _block(self, code: Code, use: Use) -> Iterator[Evidence]:
        """Work that a block hands to a thread, where the block is what a library hears of it by: `with dspy.context(callbacks=[c]): pool.submit(work)`."""
        for block in use.call.up():
            if isinstance(block, Function):
                return
            for opened in _opened(code, block) if isinstance(block, With) else ():
                if _works_with(code, use, opened) and not _begun_with(code, use.call):
                    name = clean(last_name(opened.call.callee), 60)
                    fact = ContextDropped(f"{name}()", "block", opened.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name, (seen(fact, opened.call, self.name, label="holds for this thread, and not in those of a plain pool"),))
                    return

    def _node(self, code: Code, use: Use) -> Iterator[Evidence]:
        """An async node that awaits a model and does not hand it the run's config."""
        for handler in (_called(code, node) for node in code.idioms.handlers(use)):
            if handler is None or not handler.is_async:
                continue
            for call in handler.inside(Call):
                if last_name(call.callee) in ("ainvoke", "astream", "ainvoke_model") and call.keyword("config") is None and len(call.args) < 2:
                    fact = ContextDropped(clean(last_name(call.callee), 60), "config", use.framework.name, use.module.language)
                    yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label="an async node, whose context does not come along before Python 3.11"),))


    def _wrapped(self, code: Code, use: Use) -> Iterator[Evidence]:
        """A step or tool that runs a model of its own and does not hand it the config that it is given."""
        if not _is_heard(code):
            return
        for handler in (made for node in code.idioms.handlers(use) for made in _functions(code, node)):
            for call in handler.inside(Call):
                if len(call.args) < 2 and any("inner" in each.idiom.traits for each in code.idioms.at(call)):
                    fact = ContextDropped(clean(last_name(call.callee), 60), "config", use.framework.name, use.module.language)
                    yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label="its second argument is the run's config, with the callbacks"),))


def _opened(code: Code, block: With) -> Iterator[Use]:
    """What a block enters that sets a context variable of a library."""
    for item in block.items:
        call = item.value if isinstance(item, Assign) else item
        yield from (each for each in code.idioms.at(call) if each.idiom.does == "context") if isinstance(call, Call) else ()


def _works_with(code: Code, use: Use, opened: Use) -> bool:
    """Whether what a thread is to do uses the library, and does not enter the same by itself."""
    given = code.idioms.placed(use.call, use.idiom.handler)
    members = [node for node in given if isinstance(node, Member)]
    if any(node.name == "run" and "context" in code.origins.of(node.object).qualified for node in members):
        return False  # `contextvars.copy_context().run`
    if any(node.name in _RUNS for node in members):
        return True
    functions = [each for node in code.idioms.handlers(use) if isinstance(node, Function) for each in _run_by(code, node)]
    if any(each.idiom.does == "context" and each.framework is opened.framework for function in functions for call in function.inside(Call) for each in code.idioms.at(call)):
        return False
    imports = Imports(code.project, code.origins)
    loaded = imports.closure(module_of(function).path for function in functions)
    named = {statement.module for path in loaded if (module := code.project.module(path)) for statement in code.project.imports(module)}
    return any(name == package or name.startswith(f"{package}.") for name in named for package in opened.framework.packages)


def _is_heard(code: Code) -> bool:
    """Whether the project hears of the runs inside a step: by callbacks, by their events, or by the messages that they stream."""
    texts = [code.project.text(path) for path in code.project.holding((*_HEARD, "streamMode", "streamEvents(", "on_chain_"))]
    if any(word in text for text in texts for word in _HEARD) or any(_MESSAGES.search(text) for text in texts):
        return True
    return any("streamEvents(" in text for text in texts) and not any("on_chain_" in text for text in texts)


def _called(code: Code, handler: Node) -> Function | None:
    """A handler that is a function, or the `__call__` of an object."""
    if isinstance(handler, Function):
        return handler
    made = code.origins.of(handler).cls
    return next((each for each in made.body if isinstance(each, Function) and each.name == "__call__"), None) if made is not None else None


def _begun_with(code: Code, call: Call) -> list[Node]:
    """What each thread of an executor runs first: `ThreadPoolExecutor(initializer=listener.set, initargs=(f,))`."""
    made = code.origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
    given = [code.idioms.option(each, "initializer") for each in (call, made) if isinstance(each, Call)]
    return [node for node in given if node is not None]


def _read_unset(code: Code, function: Function, first: list[Node]) -> Call | None:
    """Where a function, or what it calls, reads a context variable that none of these sets, nor what its thread runs first."""
    begun = [code.origins.of(node).node for node in first]
    run = [each for start in (*begun, function) if isinstance(start, Function) for each in _run_by(code, start)]
    given = {_variable(code, node) for node in first if isinstance(node, Member) and node.name == "set"}
    calls = [call for each in run for call in each.inside(Call) if isinstance(call.callee, Member)]
    held = {id(call): _variable(code, call.callee) for call in calls if last_name(call.callee) in ("get", "set")}
    filled = given | {held[id(call)] for call in calls if last_name(call.callee) == "set"}
    if any(node is None for node in begun) and not given:
        return None
    return next((call for call in calls if last_name(call.callee) == "get" and held[id(call)] is not None and held[id(call)] not in filled), None)


def _run_by(code: Code, start: Function) -> list[Function]:
    """A function and those of the project that it calls, directly or through others."""
    found, level = {start: None}, [start]
    for _ in range(_DEEPEST):
        level = list(dict.fromkeys(each for function in level for each in code.flow.called(function) if each not in found))
        found.update(dict.fromkeys(level))
    return list(found)


def _variable(code: Code, callee: Node) -> Node | None:
    """Where the context variable is made that a method is called on; None if it is no such object."""
    origin = code.origins.of(callee.object) if isinstance(callee, Member) else None
    return origin.site if origin is not None and origin.qualified in _VARIABLES else None


def _carried(code: Code, use: Use) -> bool:
    """Whether something that is imported makes the library hand its context on by itself."""
    carriers = {name for framework in code.project.frameworks for name in framework.carriers}
    names = {statement.module for module in code.project.chosen.values() for statement in module.all(Import) if not statement.type_only}
    return any(name == carrier or (carrier == "langchain" and name.startswith("langchain/")) for name in names for carrier in carriers)


def _functions(code: Code, node: Node) -> list[Function]:
    """The function that a handler is, or those that the call of a factory gives back."""
    if isinstance(node, Function):
        return [node]
    made = code.origins.of(node.callee).node if isinstance(node, Call) else None
    inside = made.inside(Return) if isinstance(made, Function) else []
    return [each.value for each in inside if isinstance(each.value, Function)]


PROBE = Contexts()
