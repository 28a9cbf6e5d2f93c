"""Is a stream left before its end by who reads it, so that what waits for its end is never called?

    const result = streamText({ model, prompt, onFinish: book });
    for await (const delta of result.textStream) { text += delta; if (text.length > 280) break; }    // book() is not called

Likewise a listener for the end of the stream that is looped over, and what a generator does below its loop and outside of a `finally`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of, up_to
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    If,
    Loop,
    Member,
    Name,
    Node,
    Opaque,
    Return,
    Try,
    Yield,
    last_name,
)
from callcheck.sources.code.wording import lines_of

_AT_END = frozenset({"end", "finalMessage", "finalContent", "finalText", "finalChatCompletion", "finalRun", "totalUsage"})
"""Events of streams that are read to their end, and of no others."""
_OVER = pattern(r"(?i)abort|cancel|closed|destroyed|disconnect|error|finish|done|stop|\bend|complete|fail|signal")
"""What a test asks that leaves a stream which is over, or that nobody wants any more."""
_LEVELS = frozenset({"log", "debug", "info", "warn", "error", "trace"})


class LeftEarly:
    """Looks at loops over streams that a `break` or `return` leaves, by what waits for the end of the same stream."""

    name = "left-early"
    looks_at = Sight.SOURCE
    marks = ("for await", "yield")
    signs = (Sign(pattern=r"\bfor\s+await\b[\s\S]{0,2000}?\b(?:break|return)\b"),)
    answers = frozenset({ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.chosen.values():
            if module.language == "python" or is_test(module.path):
                continue
            for loop in module.all(Loop):
                exit_ = _leaves(loop) if loop.over is not None else None
                if exit_ is not None and loop.over is not None:
                    yield from self._judge(code, loop, loop.over, exit_)

    def _judge(self, code: Code, loop: Loop, over: Node, exit_: Node) -> Iterator[Evidence]:
        root = _root(over)
        made = code.origins.of(root).site if isinstance(root, Name) else root
        ends = next((use for use in code.idioms.at(made) if use.idiom.does == "until-end"), None) if isinstance(made, Call) else None
        if ends is not None and isinstance(made, Call):
            waiting = code.idioms.placed(made, ends.idiom.handler)
            if waiting and not _read_besides(code, root, over, ends):
                yield self._state(exit_, made, waiting[0], "is called when the stream has been read to its end", last_name(made.callee), ends.framework.name)
        elif loop.is_async and isinstance(root, Name) and (heard := _heard(code, root)) is not None:
            yield self._state(exit_, heard, heard, "comes when the stream has been read to its end", "it", "")
        if isinstance(made, Call) and (over is root or over is made) and (tail := _below_the_loop(code, made)) is not None:
            yield self._state(exit_, tail, tail, "stands below the generator's last yield, outside of a finally: it is not reached", last_name(made.callee), "")

    def _state(self, exit_: Node, made: Node, waiting: Node, label: str, name: str, framework: str) -> Evidence:
        module = module_of(exit_)
        fact = ResultUnused("rest", clean(name, 60), framework, module.language)
        because = [seen(fact, waiting, self.name, label=label)]
        because += [seen(fact, made, self.name, label="made here")] if made is not waiting else []
        return seen(fact, exit_, self.name, tuple(because), "the stream is left here before its end")


def _leaves(loop: Loop) -> Node | None:
    """Where a loop is left before its end, for another reason than that the stream is over or not wanted any more."""
    text = lines_of(loop)
    exits: list[Node] = [each for each in loop.inside(Return) if function_of(each) is function_of(loop)]
    if "switch" not in text:  # its cases end with a break too
        exits += [each for each in loop.inside(Opaque) if each.kind == "break" and _innermost(each) is loop]
    for each in sorted(exits, key=lambda node: node.at):
        tests = [above for above in up_to(each, loop) if isinstance(above, If)]
        if tests and not any(_OVER.search(lines_of(test.test)) for test in tests) and not any(isinstance(above, Try) for above in up_to(each, loop)):
            return each
    return None


def _innermost(node: Node) -> Node | None:
    return next((above for above in node.up() if isinstance(above, (Loop, Function))), None)


def _root(over: Node) -> Node:
    """`result` of `result.textStream`, the call of `streamText(…).textStream`."""
    while isinstance(over, (Member, Await)):
        over = over.object if isinstance(over, Member) else over.value
    return over


def _read_besides(code: Code, root: Node, over: Node, use: Use) -> bool:
    """Whether the same result is read elsewhere too: by a method or promise that reads it to its end, or handed on."""
    if not isinstance(root, Name):
        return False
    around = function_of(root) or module_of(root)
    for name in around.inside(Name):
        if name.id != root.id or over.at <= name.at < over.end or name is root:
            continue
        member = name.parent
        if isinstance(member, Member) and member.object is name:
            if member.name in use.idiom.consumed:
                return True
        elif isinstance(member, Return) or (isinstance(member, Call) and name is not member.callee):
            return True
    return False


def _heard(code: Code, root: Name) -> Call | None:
    """A listener for the end of the stream, attached in the same function."""
    around = function_of(root) or module_of(root)
    for call in around.inside(Call):
        callee = call.callee
        if isinstance(callee, Member) and callee.name in ("on", "once") and isinstance(callee.object, Name) and callee.object.id == root.id and len(call.args) > 1:
            if code.idioms.text(call.args[0]) in _AT_END:
                return call
    return None


def _below_the_loop(code: Code, made: Call) -> Call | None:
    """What a generator of the project calls below the last of its yields, which is reached only if it is asked for more."""
    function = code.origins.of(made.callee).node
    if not isinstance(function, Function) or not function.is_generator:
        return None
    yields = [each for each in function.inside(Yield) if function_of(each) is function]
    last = yields[-1] if yields else None
    if last is None or not any(isinstance(above, Loop) for above in up_to(last, function)):
        return None
    for statement in function.body:
        node = statement.value if isinstance(statement, Await) else statement
        if node.at > last.at and isinstance(node, Call) and last_name(node.callee) not in _LEVELS:
            return node
    return None


PROBE = LeftEarly()
