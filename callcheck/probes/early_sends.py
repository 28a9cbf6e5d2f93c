"""Which messages go to a page of Electron that is still being loaded, by a function made elsewhere or while something else is waited for?

    function openDesk() { const win = new BrowserWindow(); win.loadFile("desk.html"); return win; }

    const win = openDesk();                        // goes on while the page is read
    const jobs = await readJobs();                 // no wait for the page
    win.webContents.send("jobs", jobs);            // nobody listens there yet, and nothing is kept

What is sent in the very function that begins to load, with no wait between, is the trap of `electron.yaml`. Source:
electronjs.org/docs/latest/api/web-contents, send and did-finish-load; loadURL() and loadFile() give a promise that resolves with the latter.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.blocks import block_of
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of, own_nodes, up_to
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Await, Call, Function, If, Member, Name, Node, Return, last_name

_LOADS = ("loadURL", "loadFile")
_DEEPEST = 3
_PAGE_WAITED = pattern(r"did-finish|did-stop|dom-ready|ready-to-show|isLoading|executeJavaScript|\bonce\(|[rR]eady\w*\(|[lL]oaded|[sS]leep|[dD]elay|[pP]ause|\bwait\w*\(|setTimeout|[dD]ialog|[pP]rompt|[lL]ogin|[sS]ignIn")
"""What stands between the two where the page, or something that takes a person longer than the page, is waited for."""
_WHY = {
    False: "the page is still being loaded when this is sent, so nobody in it listens yet and the message is lost; send it after did-finish-load, or await loadFile()",
    True: "nothing here waits for the page, so it may not listen yet when this is sent, and nothing is kept; send it after did-finish-load, or await loadFile()",
}


@dataclass(frozen=True, slots=True)
class _Sending:
    """A message to a page: the call that makes it, and the window as it is called there."""

    call: Call
    window: Node


class EarlySends:
    """Goes from what is sent back over the lines that run before it, to a call that begins to load the same window's page."""

    name = "early-sends"
    looks_at = Sight.SOURCE
    marks = ("webContents",)
    signs = (Sign(words=("webContents",)), Sign(words=_LOADS))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told = set[int]()
        for sending in list(_sendings(code)):
            for call in _reached(code, sending, 0):
                found = _loading(code, call, sending)
                if found is None or id(call) in told:
                    continue
                told.add(id(call))
                loads, waits = found
                channel = clean(code.idioms.text(call.args[0]) or "", 60) if call.args else ""
                fact = LibraryTrap("late-registration", "fair" if waits else "strong", _WHY[waits], channel or "send", "electron", module_of(call).language)
                yield seen(fact, call, self.name, tuple(seen(fact, each, self.name, label="here the page begins to load") for each in loads))


def _sendings(code: Code) -> Iterator[_Sending]:
    """`win.webContents.send(…)`, and `contents.send(…)` of `const contents = win.webContents`."""
    for module in code.project.naming("webContents"):
        for call in module.calls("send", "postMessage") if not is_test(module.path) else ():
            contents = call.callee.object if isinstance(call.callee, Member) else None
            if isinstance(contents, Name):
                declared = code.origins.binding_of(contents)
                contents = declared.value if isinstance(declared, Assign) else None
            if isinstance(contents, Member) and contents.name == "webContents" and last_name(contents.object):
                yield _Sending(call, contents.object)


def _reached(code: Code, sending: _Sending, depth: int, call: Call | None = None) -> Iterator[Call]:
    """The call that sends, and those of the functions that do nothing before it but send: `tell(win, "jobs", jobs)`."""
    call = call or sending.call
    yield call
    function = function_of(call)
    if function is not None and depth < _DEEPEST and not isinstance(function.parent, Call):
        for each in code.origins.calls_of(function):
            yield from _reached(code, sending, depth + 1, each)


def _loading(code: Code, call: Call, sending: _Sending) -> tuple[list[Node], bool] | None:
    """Where, in the lines that run before a call in its function, the window's page begins to load; and whether something else is waited for since."""
    function = function_of(call)
    if function is None:
        return None
    for begun in sorted(own_nodes(function, Call), key=lambda each: -each.at):
        if begun.at >= call.at or not _runs_before(begun, call):
            continue
        loads = _begins(code, begun, 0)
        if loads is None or not _same_window(code, begun, loads, call, sending):
            continue
        lines = module_of(call).lines[begun.line - 1 : call.line]
        waited = [each for each in own_nodes(function, Await) if begun.at < each.at and each.end <= call.at and not _holds(begun, each)]
        waits = bool(waited) or any(begun.at < each.at for each in call.up() if isinstance(each, If)) or any(isinstance(each, If) for each in up_to(begun, function))
        if isinstance(begun.parent, Await) and begun is loads or _PAGE_WAITED.search(_without(lines, begun, call)) or _is_asked_for(code, call):
            return None
        if begun is loads and not waits and call is sending.call:
            return None
        return [loads] if begun is loads else [begun, loads], waits
    return None


def _without(lines: list[str], begun: Call, call: Call) -> str:
    """The text between the two calls, without what each is called."""
    between = lines[:]
    between[0] = between[0].replace(last_name(begun.callee), "", 1) if between else ""
    return "\n".join(between[:-1] if call.line > begun.line else [])


def _runs_before(begun: Call, call: Call) -> bool:
    """Whether a call stands in an earlier statement of a list that the other one is inside of, or in an `if` there that goes on below."""
    for each in (begun, *begun.up()):
        if isinstance(each, Function):
            return False
        block = block_of(each)
        if block is None:
            continue
        if any(other.at > each.at and other.at <= call.at < other.end for other in block):
            return True
        if not isinstance(each.parent, If) or each.parent.orelse or any(isinstance(other, Return) for other in block):
            return False
    return False


def _holds(outer: Node, inner: Node) -> bool:
    return outer.at <= inner.at < outer.end or (inner.at <= outer.at < inner.end)


def _begins(code: Code, call: Call, depth: int) -> Call | None:
    """The call of loadURL() or loadFile() that a call makes, by itself or in the function of the project that it calls, if that one's end is not waited for."""
    if isinstance(call.callee, Member) and call.callee.name in _LOADS:
        return call
    made = code.origins.of(call.callee).node
    function = made if isinstance(made, Function) else None
    if function is None or depth >= _DEEPEST:
        return None
    for inner in own_nodes(function, Call):
        loads = _begins(code, inner, depth + 1)
        if loads is None:
            continue
        awaited = isinstance(inner.parent, (Await, Return)) or inner.parent is function
        text = "\n".join(module_of(function).lines[inner.line : function.end_line])
        return None if (awaited and isinstance(call.parent, Await)) or (isinstance(call.parent, Await) and _PAGE_WAITED.search(text)) else loads
    return None


def _same_window(code: Code, begun: Call, loads: Call, call: Call, sending: _Sending) -> bool:
    """Whether the window whose page is loaded is the one that is sent to."""
    assert isinstance(loads.callee, Member)
    loaded = loads.callee.object
    if last_name(loaded) == "webContents" and isinstance(loaded, Member):
        loaded = loaded.object
    held = begun.parent.parent if isinstance(begun.parent, Await) else begun.parent
    names = {last_name(target) for target in held.targets} if isinstance(held, Assign) and begun is not loads else set()
    if (names - {""}) & ({last_name(sending.window)} if call is sending.call else {last_name(each) for each in call.args}):
        return True
    if last_name(sending.window) != last_name(loaded) or not last_name(loaded):
        return False
    if isinstance(sending.window, Member) and isinstance(loaded, Member):
        return True
    one, other = _declared(code, sending.window), _declared(code, loaded)
    return one is not None and one is other


def _declared(code: Code, name: Node) -> Node | None:
    """The scope that declares a variable: an assignment without `const`, `let` or `var` declares none."""
    for scope in code.origins.scopes_of(name) if isinstance(name, Name) else ():
        if any(not isinstance(each, Assign) or each.declared for each in code.project.scope(scope).get(last_name(name), ())):
            return scope
    return None


def _is_asked_for(code: Code, call: Call) -> bool:
    """Whether the page can ask for the same: what is sent is also given back by a handler of ipcMain."""
    names = {last_name(each) for arg in call.args[1:] for each in _sources(code, arg)} - {""}
    return any(_gives(each, name) for name in names for module in code.project.naming(name) for each in module.calls("handle"))


def _sources(code: Code, given: Node) -> Iterator[Node]:
    """What is sent, and the function that it is made by."""
    yield given
    declared = code.origins.binding_of(given) if isinstance(given, Name) else None
    value = declared.value if isinstance(declared, Assign) else given
    value = value.value if isinstance(value, Await) else value
    if isinstance(value, Call):
        yield value.callee


def _gives(call: Call, name: str) -> bool:
    """Whether a handler is the named function, or returns what it gives, or the named variable."""
    handler = call.args[1] if len(call.args) > 1 else None
    if not isinstance(handler, Function):
        return last_name(handler) == name
    given = [each.value for each in own_nodes(handler, Return)] + ([handler.body[0]] if len(handler.body) == 1 else [])
    for each in given:
        value = each.value if isinstance(each, Await) else each
        if last_name(value.callee if isinstance(value, Call) else value) == name:
            return True
    return False


PROBE = EarlySends()
