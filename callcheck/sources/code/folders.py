"""Which source files lie in the folder that a call lists?

    readdirSync(path.join(__dirname, "events"))      readdir(new URL("./events/", import.meta.url))      glob("src/events/**/*.js")
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code.project import Project
from callcheck.sources.code.scopes import enclosing, module_of
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Member, Module, Name, Node, Template, last_name

LISTS = frozenset({"readdirSync", "readdir", "opendirSync", "opendir", "glob", "globSync", "sync"})
_HERE = frozenset({"__dirname", "dirname", "url"})
_SOURCE = pattern(r"\.[cm]?[jt]sx?$")


def listed(project: Project, call: Call) -> Iterator[Module]:
    """The modules in the folder; none if the call lists no folder, or the code does not say which."""
    if last_name(call.callee) not in LISTS or not call.args:
        return
    module = module_of(call)
    words, here = _named(project, call.args[0], 0)
    folder = _folder(project, module, words, here)
    if folder is None:
        return
    deep = any("**" in word for word in words) or call.keyword("recursive") is not None
    folders = project.folders
    # A folder that has no source files of its own stands for the folders in it.
    found = folders.get(folder, []) if not folder or (folder in folders and not deep) else [path for path in project.sources if path.startswith(f"{folder}/")]
    for path in found:
        if path != module.path and _SOURCE.search(path) and not re.search(r"\.(?:test|spec|d)\.[cm]?[jt]s$", path):
            read = project.module(path)
            if read is not None:
                yield read


def _folder(project: Project, module: Module, words: list[str], here: bool) -> str | None:
    plain = [re.sub(r"\*.*$", "", word) for word in words]
    named = posixpath.normpath("/".join(word.strip("/") for word in plain if word.strip("/")) or ".")
    if named == ".":
        return posixpath.dirname(module.path) if here and module.path else None
    folders = {*project.folders, *map(posixpath.dirname, project.folders)}
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(module.path), named))
    if beside in folders:
        return beside
    named = re.sub(r"^(?:\.\./)+|^(?:dist|build|out)/", "", named)
    found = sorted((each for each in folders if each == named or each.endswith(f"/{named}")), key=lambda each: (each.count("/"), each))
    return found[0] if found else None


def _named(project: Project, node: Node, depth: int) -> tuple[list[str], bool]:
    """The literal parts of a path in order, and whether it begins at the running file."""
    words: list[str] = []
    here = False
    for each in node.walk():
        if isinstance(each, Literal) and isinstance(each.value, str) and not re.fullmatch(r"utf-?8", each.value):
            words.append(each.value)
        elif isinstance(each, Template):
            words += [part for part in each.parts if isinstance(part, str) and part.strip("/")]
        elif last_name(each) in _HERE and isinstance(each, (Name, Member)):
            here = True
        elif isinstance(each, Name) and depth < 4 and not isinstance(each.parent, Member):
            inner, there = _of_name(project, each, depth)
            words += inner
            here = here or there
    return words, here


def _of_name(project: Project, name: Name, depth: int) -> tuple[list[str], bool]:
    scope: Node | None = enclosing(name, Function, Module)
    while scope is not None:
        declared = project.scope(scope).get(name.id) if isinstance(scope, (Function, Module)) else None
        if declared:
            first = declared[0]
            return _named(project, first.value, depth + 1) if isinstance(first, Assign) and first.value is not None else ([], False)
        scope = enclosing(scope, Function, Module)
    return [], False
