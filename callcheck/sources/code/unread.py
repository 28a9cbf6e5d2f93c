"""Does nobody read a stream whose end is waited for?

    https.get(url, (res) => { res.on("end", done); })          paused until somebody reads it, so the end does not come
    res.on("data", add)    res.resume()    res.pipe(file)      these read it, and so may whoever it is handed to

nodejs.org/api/stream.html, event `end`: it is not emitted unless the data is completely consumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.quiet import LEVELS
from callcheck.sources.code.scopes import function_of, is_statement, module_of, target_names
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Param,
    Return,
    Sequence,
    dotted,
    last_name,
)

_ATTACH = frozenset({"on", "once", "addListener", "prependListener", "prependOnceListener"})
_READS = frozenset({"data", "readable"})
"""Events whose listeners make a stream flow, or read it."""
_ASIDE = frozenset(
    "off removeListener removeAllListeners listenerCount setMaxListeners emit setEncoding setTimeout pause isPaused destroy abort close write end cork uncork unpipe setHeader getHeader get header".split()
)
"""Methods that read nothing; of any other one it is not known."""
_GIVES_ITSELF = frozenset({"off", "removeListener", "removeAllListeners", "setMaxListeners", "setEncoding", "setTimeout", "pause", "unpipe", "destroy"})
"""Those that give back the stream."""
_WAITS = frozenset({"once", "finished", "eos"})
"""Functions that are given a stream and wait for one of its events: they do not read it."""
_TESTS = frozenset({"!", "===", "==", "!==", "!=", "typeof", "instanceof", "&&", "||"})


def unread(code: Code, use: Use) -> bool:
    """Whether nobody reads the stream that a call listens on, or is given first: neither a listener, nor a method, nor anybody that it is handed to."""
    call = use.call
    stream = call.callee.object if use.idiom.on and isinstance(call.callee, Member) else next(iter(call.args), None)
    if isinstance(call.callee, Member) and stream is call.callee.object and not _after(call):
        return False
    while isinstance(stream, Call) and isinstance(stream.callee, Member) and stream.callee.name in _ATTACH | _ASIDE:
        if not _by_method(stream, down=True):
            return False
        stream = stream.callee.object  # `fs.createReadStream(p).on("error", f).on("end", g)`
    if isinstance(stream, Call):
        return True
    return stream is not None and _known(code, stream) and all(map(_leaves, _named(code, stream))) and not _read_by_callers(code, stream)


def _read_by_callers(code: Code, stream: Node) -> bool:
    """Whether a function that is given a stream listens on it for others, who read it: `onEnd(file); onData(file);`."""
    param = code.origins.binding_of(stream) if isinstance(stream, Name) else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(function, Function):
        return False
    handed = [(call, value) for call in code.origins.calls_of(function) for each, value in given_by(function, call) if each is param and isinstance(value, Node)]
    return any(isinstance(value, Name) and any(not _leaves(name) and name.parent is not call for name in _named(code, value)) for call, value in handed)


def _known(code: Code, stream: Node) -> bool:
    """Whether all that is done with a stream stands where its name holds: it has a name of its own, or is a part of something that has."""
    while isinstance(stream, Member):
        stream = stream.object
    return isinstance(stream, Name) and stream.id != "arguments"


def _named(code: Code, stream: Node) -> Iterator[Node]:
    """Every place where a stream is named, and what it is a part of, in the scope that declares it."""
    path = dotted(stream)
    root = path.partition(".")[0]
    scope = _declaring(code, stream, root)
    for name in scope.all(Name) if isinstance(scope, Module) else scope.inside(Name):
        if name.id != root:
            continue
        node: Node = name
        while isinstance(node.parent, Member) and node.parent.object is node and dotted(node) != path:
            node = node.parent
        if dotted(node) == path or node is name:
            yield node


def _declaring(code: Code, node: Node, name: str) -> Function | ClassDef | Module:
    """The function, or the class for its `this`, or else the file in which a name is declared."""
    for above in node.up():
        if isinstance(above, ClassDef) and name == "this":
            return above
        if isinstance(above, Function) and name != "this" and name in code.project.scope(above):
            return above
    return module_of(node)


def _leaves(node: Node) -> bool:
    """Whether one mention of a stream, or of what has it, reads nothing and hands it to nobody."""
    above = node.parent
    if isinstance(above, Member) and above.object is node:
        call = above.parent
        return not isinstance(call, Call) or call.callee is not above or _by_method(call)
    if isinstance(above, Call):
        return above.callee is not node and _by_call(above)
    if isinstance(above, Assign):
        return above.value is not node
    if isinstance(above, Sequence):
        return _gone_over(above)
    if isinstance(above, (If, Conditional)):
        return above.test is node
    if isinstance(above, Operation):
        return above.operator in _TESTS and (above.operator not in ("&&", "||") or above.operands[0] is node)
    # `const { data } = res`, where the name is one that is declared.
    return isinstance(above, Function) or _is_declared(node)


def _gone_over(listed: Sequence) -> bool:
    """Whether a list is only gone over, and what each of it is called there reads nothing: `for (const each of [source, sink]) each.on("error", fail);`."""
    loop = listed.parent
    if isinstance(loop, Loop) and loop.over is listed and loop.target is not None and not loop.is_async:
        names, body = set(target_names(_target(loop.target))), loop.body
    else:
        call = loop.parent if isinstance(loop, Member) and loop.name == "forEach" else None
        each = call.args[0] if isinstance(call, Call) and call.callee is loop and call.args else None
        if not isinstance(each, Function) or not each.params:
            return False
        names, body = {each.params[0].name}, each.body
    return all(_leaves(name) for part in body for name in part.inside(Name) if name.id in names)


def _target(node: Node) -> Node:
    """What a loop gives its items to, which may be declared there: `const each`."""
    return node.targets[0] if isinstance(node, Assign) and node.targets else node


def _is_declared(node: Node) -> bool:
    below = node
    for above in node.up():
        if isinstance(above, Assign):
            return below in above.targets
        if isinstance(above, (Call, Function, Return)):
            return False
        below = above
    return False


def _by_call(call: Call) -> bool:
    """Whether a call that is given a stream does not read it: `once(res, "end")`, `console.log(res)`; what is piped into a stream is not read out of it."""
    name = last_name(call.callee)
    if name == "pipe":
        return _after(call)
    if name in _WAITS:
        return not any(isinstance(arg, Literal) and arg.value in _READS for arg in call.args)
    return name in LEVELS and isinstance(call.callee, Member)


def _by_method(call: Call, down: bool = False) -> bool:
    """Whether a method of a stream reads nothing, nor, but for `down`, does anybody who is given the stream again by it."""
    name = last_name(call.callee)
    if name in _ATTACH:
        event = next(iter(call.args), None)
        return isinstance(event, Literal) and event.value not in _READS and (down or _after(call))
    return name in _ASIDE and (down or name not in _GIVES_ITSELF or _after(call))


def _after(call: Call) -> bool:
    """Whether what a call gives, the stream once more, is not read and handed to nobody."""
    above = call.parent
    following = _method_on(call)
    if following is not None:
        return _by_method(following)
    if isinstance(above, Return) or (isinstance(above, Function) and not is_statement(call)):
        return _ignores(function_of(call))
    return is_statement(call) or isinstance(above, (Await, Member))


def _method_on(call: Call) -> Call | None:
    """The method that is called on what a call gives."""
    member = call.parent
    above = member.parent if isinstance(member, Member) else None
    return above if isinstance(above, Call) and above.callee is member else None


def _ignores(function: Function | None) -> bool:
    """Whether nobody takes what a function gives back: `https.get(url, (res) => res.on("end", done))`."""
    above = function.parent if function is not None else None
    return isinstance(above, Call) and last_name(above.callee) in _ATTACH | {"get", "request", "Promise", "createServer"}
