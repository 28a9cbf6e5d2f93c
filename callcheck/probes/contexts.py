"""Do callbacks and context variables come along into the code that needs them?

    current_user: ContextVar = ContextVar("user")
    executor.submit(report)          # report() reads current_user, in a thread whose context is empty
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ContextDropped
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Member, last_name

_VARIABLES = ("contextvars.ContextVar", "threading.local")
_COPIES = ("copy_context", "run")


class Contexts:
    """Follows what is handed to threads (`no-context`) to the variables that it reads, and nodes of a graph to the runs inside them."""

    name = "contexts"
    looks_at = Sight.SOURCE
    about = ("no-context", "needs-config")
    answers = frozenset({ContextDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.uses:
            if "no-context" in use.idiom.traits:
                yield from self._thread(code, use)
            if "needs-config" in use.idiom.traits:
                yield from self._node(code, use)

    def _thread(self, code: Code, use: Use) -> Iterator[Evidence]:
        for handler in code.idioms.handlers(use):
            read = self._reads(code, handler, 0) if isinstance(handler, Function) else None
            if read is None or not isinstance(handler, Function):
                continue
            name = clean(last_name(read.callee.object) if isinstance(read.callee, Member) else "", 60)
            fact = ContextDropped(name or "the handler", "thread", use.framework.name, use.module.language)
            yield seen(fact, use.call, self.name, (seen(fact, read, self.name, label=f"{name} is read here, in a thread that never set it"),))

    def _reads(self, code: Code, function: Function, depth: int) -> Call | None:
        """Where a function, or what it calls, reads a context variable that it has not set itself."""
        calls = function.inside(Call)
        if any(last_name(c.callee) == "set" and self._variable(code, c) for c in calls):
            return None
        for call in calls:
            if last_name(call.callee) == "get" and self._variable(code, call):
                return call
            origin = code.origins.of(call.callee) if depth < 3 else None
            if origin is not None and origin.kind == "function" and isinstance(origin.node, Function) and origin.node is not function:
                found = self._reads(code, origin.node, depth + 1)
                if found is not None:
                    return found
        return None

    def _variable(self, code: Code, call: Call) -> bool:
        return isinstance(call.callee, Member) and code.origins.of(call.callee.object).qualified in _VARIABLES

    def _node(self, code: Code, use: Use) -> Iterator[Evidence]:
        """An async node that awaits a model and does not hand it the run's config."""
        for handler in code.idioms.handlers(use):
            if not isinstance(handler, Function) or not handler.is_async:
                continue
            for call in handler.inside(Call):
                if last_name(call.callee) in ("ainvoke", "astream", "ainvoke_model") and call.keyword("config") is None and len(call.args) < 2:
                    fact = ContextDropped(clean(last_name(call.callee), 60), "config", use.framework.name, use.module.language)
                    yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label="an async node, whose context does not come along before Python 3.11"),))


PROBE = Contexts()
