"""Which file does a call read, seen from the file that it stands in, or from the folder that the program is started in?

    readFile(path.join(__dirname, "..", "templates", `${name}.hbs`))        (Path(__file__).parent / "prompts" / "ask.md").read_text()
    fs.createReadStream("assets/logo.png")                                  Jinja2Templates(directory="templates")
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Call,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Subscript,
    Template,
    dotted,
    last_name,
)

_READS = ("readFile", "readFileSync", "createReadStream", "read_text", "read_bytes", "open")
_OF_NODE = pattern(r"^(?:node:)?fs(?:/promises|\.promises)?\.|^fs-extra\.")
_LOADERS = ("FileSystemLoader", "Jinja2Templates")
"""They read when something is rendered, wherever they are made."""
_JOINS = frozenset({"path.join", "path.resolve", "path.posix.join", "join", "resolve", "os.path.join"})
_SAME = frozenset({"os.path.abspath", "os.path.realpath", "abspath", "realpath", "str", "Path", "pathlib.Path", "PurePath", "fileURLToPath", "url.fileURLToPath", "path.normalize"})
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix", "expanduser"})
_STARTED_IN = frozenset({"process.cwd", "os.getcwd", "Path.cwd", "pathlib.Path.cwd"})
_FILES, _FOLDERS = frozenset({"__file__", "__filename", "import.meta.url", "import.meta.filename"}), frozenset({"__dirname", "import.meta.dirname", "import.meta.dir"})
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """A path in which `*` stands for what is computed; of the module if `beside`, else of the folder that the program is started in."""

    call: Call
    path: str
    """Relative to the project, or to that folder."""
    beside: bool
    later: bool
    """Whether it is read later than it is named."""


@dataclass(frozen=True, slots=True)
class _Path:
    text: str
    beside: bool


def opened(code: Code) -> Iterator[Opened]:
    """What is read in functions, and what templates are loaded from."""
    for call in code.project.calls(*_READS, *_LOADERS):
        later = last_name(call.callee) in _LOADERS
        node = _what(code, call)
        if node is None or is_test(module_of(call).path) or (function_of(call) is None and not later):
            continue
        found = _path(code, node)
        if found is not None and not found.text.startswith(("/", "..")) and found.text not in ("", "."):
            yield Opened(call, found.text, found.beside, later)


def _what(code: Code, call: Call) -> Node | None:
    """The argument or the object that says what is read; None for what writes, and for another function of the name."""
    name, first = last_name(call.callee), next(iter(call.args), None)
    if module_of(call).language == "python":
        if name in ("read_text", "read_bytes"):
            return call.callee.object if isinstance(call.callee, Member) else None
        mode = call.args[1] if len(call.args) > 1 else call.keyword("mode")
        if name == "open" and (isinstance(call.callee, Member) or (isinstance(mode, Literal) and set(str(mode.value)) & set("wax+"))):
            return None
        return (call.keyword("directory") or call.keyword("searchpath") or first) if name in (*_LOADERS, "open") else None
    return first if name not in ("open", *_LOADERS) and _OF_NODE.search(code.origins.of(call.callee).qualified) else None


def _path(code: Code, node: Node | None, depth: int = 0) -> _Path | None:
    if node is None or depth > _DEEPEST:
        return None
    here = posixpath.dirname(module_of(node).path)
    written = dotted(node)
    if written in _FOLDERS:
        return _Path(here or ".", True)
    if written in _FILES:
        return _Path(module_of(node).path, True)
    if isinstance(node, Literal):
        return _Path(posixpath.normpath(node.value), False) if isinstance(node.value, str) and node.value else None
    if isinstance(node, Template):
        head = node.parts[0] if node.parts else None
        start = _path(code, head, depth + 1) if isinstance(head, Node) else None
        rest = "".join(part if isinstance(part, str) else "*" for part in node.parts[1:])
        return _onto(start, rest.lstrip("/")) if start is not None else _Path(posixpath.normpath(node.pattern), False) if isinstance(head, str) and "/" in head else None
    if isinstance(node, Operation) and node.operator in ("/", "+") and node.operands:
        return _onto(_path(code, node.operands[0], depth + 1), "/".join(code.idioms.text(each).strip("/") or "*" for each in node.operands[1:]))
    if isinstance(node, Subscript) and isinstance(node.object, Member) and node.object.name == "parents" and isinstance(node.key, Literal) and isinstance(node.key.value, int):
        start = _path(code, node.object.object, depth + 1)
        return _onto(start, "/".join([".."] * (node.key.value + 1)))
    if isinstance(node, Member) and node.name == "parent":
        return _onto(_path(code, node.object, depth + 1), "..")
    if isinstance(node, Call):
        return _of_call(code, node, depth)
    given = given_once(code.origins, node) if isinstance(node, (Name, Member)) else None
    return _path(code, given.value, depth + 1) if given is not None else None


def _of_call(code: Code, call: Call, depth: int) -> _Path | None:
    written, first = dotted(call.callee), next(iter(call.args), None)
    if written in _STARTED_IN:
        return _Path(".", False)
    if written == "URL" and len(call.args) == 2 and dotted(call.args[1]) == "import.meta.url":
        return _onto(_Path(posixpath.dirname(module_of(call).path) or ".", True), code.idioms.text(first) or "*")
    if last_name(call.callee) == "dirname" and first is not None:
        return _onto(_path(code, first, depth + 1), "..")
    if written in _JOINS:
        return _onto(_path(code, first, depth + 1), "/".join(code.idioms.text(each) or "*" for each in call.args[1:]))
    if isinstance(call.callee, Member) and call.callee.name == "joinpath":
        return _onto(_path(code, call.callee.object, depth + 1), "/".join(code.idioms.text(each) or "*" for each in call.args))
    if isinstance(call.callee, Member) and call.callee.name in _SAME_METHODS and not call.args:
        return _path(code, call.callee.object, depth + 1)
    return _path(code, first, depth + 1) if written in _SAME else None


def _onto(start: _Path | None, rest: str) -> _Path | None:
    return replace(start, text=posixpath.normpath(posixpath.join(start.text, rest))) if start is not None and not rest.startswith("/") else None
