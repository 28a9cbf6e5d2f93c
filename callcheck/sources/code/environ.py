"""Which variable of the environment does an expression read, and what is that for want of it, or by the files of the deployment?

    os.environ.get("SUMMARY_MODEL", "gpt-4o-mini")        process.env.BASE || "x"        const { MODEL_TIMEOUT = "30" } = process.env
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Operation,
    Template,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins
    from callcheck.sources.code.project import Project

_SET_IN = ("*.env", ".env*", "*compose*.y*ml", "*.yaml", "*.yml", "Dockerfile*", "*.service", "*.tf", "*.toml", "Procfile*", "ecosystem.config.*", "package.json")
EXAMPLES = pattern(r"(?:example|sample|template|dist)\b")
"""Names of files that show what may be set, and set nothing."""
_ASKS = pattern(r"(?:^|\.)(?:getenv|environ\.get)$|^(?:env|config)(?:\.(?:str|url|int|channels_url))?$")
"""Also django-environ's and environs' `env("X", default="y")` and decouple's `config`."""
_SVELTE = pattern(r"^\$env/(?:static/\w{1,10}|dynamic/\w{1,10}\.env)\.")
_TABLES = ("os.environ.", "process.env.")
ELSE = ("or", "||", "??")
"""Operators behind which stands what is taken for want of a value."""
_PREFIX = pattern(r"env_prefix\s*=\s*[\"'](\w*)[\"']")
OF_A_PROCESS = pattern(r"HOST|POD|INSTANCE|MACHINE|DYNO|ALLOC|REPLICA|NODE_ID|WORKER")
"""Variables of the environment in which each process finds a name of its own."""
_ADDRESS = pattern(r"://|\blocalhost\b|\b127\.0\.0\.1\b")
"""What stands in for an address on the machine of whoever writes the program: each deployment has its own."""


def default_of(getter: Call) -> Node | None:
    """What a getter gives where the variable is not set: `os.getenv("A", "b")`, `env("A", default="b")`."""
    return getter.args[1] if len(getter.args) > 1 else getter.keyword("default")


def behind(read: Node) -> list[Node]:
    """What is taken for want of a reading: `process.env.A ?? "b"`."""
    above = read.parent
    return [each for each in above.operands if each is not read] if isinstance(above, Operation) and above.operator in ELSE else []


def variable(origins: Origins, text: Callable[[Node], str], node: Node) -> tuple[str, Node | None]:
    """The variable of the environment that an expression reads, and its default."""
    if isinstance(node, Call) and node.args and _ASKS.search(dotted(node.callee)):
        return text(node.args[0]), default_of(node)
    written = dotted(node)
    origin = origins.of(node) if isinstance(node, Name) or isinstance(node, Member) and not written.startswith(_TABLES) else None
    if origin is not None and origin.kind == "external":
        # `const { MODEL_TIMEOUT = "30" } = process.env`, `import { env } from "$env/dynamic/private"`
        written = _SVELTE.sub("process.env.", origin.qualified)
    name = next((written.removeprefix(start) for start in _TABLES if written.startswith(start)), "")
    if not name and isinstance(node, Member):
        return _of_settings(origins, node)
    default = _default(origins, node) if isinstance(node, Name) and name else None
    return name, _otherwise(origin.node) if name and default is None and origin is not None else default


def _otherwise(read: Node | None) -> Node | None:
    """What stands behind the reading that a name of another file, or the field of a table, stands for: `module.exports = { base: process.env.BASE || "x" }`."""
    while read is not None and isinstance(read.parent, Member):
        read = read.parent
    others = behind(read) if read is not None else []
    return others[-1] if others and read is not None and isinstance(read.parent, Operation) and read.parent.operands[0] is read else None


def _of_settings(origins: Origins, node: Member) -> tuple[str, Node | None]:
    """The variable behind a field of a class of settings, and its default: `settings.consumer_group` of `class Settings(BaseSettings)`."""
    origin = origins.of(node)
    field = next((each for each in (origin.node, origin.site) if isinstance(each, Node) and isinstance(each.parent, Assign)), None)
    kept = field.parent if field is not None else origin.node
    if origin.kind == "part" and origin.base is not None and origin.base.cls is not None:
        # What holds no object, a truth or a number, has no origin of its own.
        kept = next((each for each in origins.project.fields(origin.base.cls).get(node.name, ()) if isinstance(each, Assign)), None)
    cls = kept.parent if isinstance(kept, Assign) else None
    return of_field(cls, node.name, kept.value) if isinstance(kept, Assign) and isinstance(cls, ClassDef) else ("", None)


def of_field(cls: ClassDef, name: str, value: Node | None) -> tuple[str, Node | None]:
    """The variable that a class of settings fills a field from, and what the field is for want of it; "" for a class of anything else."""
    if not any(last_name(base) == "BaseSettings" for base in cls.bases):
        return "", None
    prefix = _PREFIX.search(module_of(cls).text)
    if isinstance(value, Call) and last_name(value.callee) == "Field":
        alias = value.keyword("validation_alias") or value.keyword("alias")
        if isinstance(alias, Literal):
            return str(alias.value).upper(), value.args[0] if value.args else value.keyword("default")
        value = value.args[0] if value.args else value.keyword("default")
    return f"{prefix[1] if prefix else ''}{name}".upper(), value


def _default(origins: Origins, name: Name) -> Node | None:
    """What a name is for want of the variable: `const { MODEL = "x" } = process.env`, `const base = process.env.BASE || "x"`."""
    for scope in origins.scopes_of(name):
        for declared in origins.project.scope(scope).get(name.id, ()):
            value = declared.value if isinstance(declared, Assign) else None
            if isinstance(value, Operation) and value.operator in ELSE:
                return value.operands[-1]
            targets = [target for target in declared.targets if isinstance(target, Object)] if isinstance(declared, Assign) else []
            return next((entry.default for target in targets for entry in target.entries if last_name(entry.value) == name.id), None)
    return None


_NUMBERS = pattern(r"CONCURREN|PARALLEL|LIMIT|MAX|MIN|COUNT|NUM|SIZE|WORKERS|THREADS|PREFETCH|PORT|(?:^|_)MS$|SECONDS|TIMEOUT|RETRIES|INTERVAL")
"""Names of variables that say how much or how many."""


class Usual:
    """What expressions give for want of the variables of the environment that they read, in one project."""

    def __init__(self, origins: Origins, text: Callable[[Node], str]) -> None:
        self._origins, self._text = origins, text
        self._set: dict[str, frozenset[str]] = {}
        """Variables that were asked for, and what the deployment sets them to."""
        self._differs: dict[str, bool] = {}

    def of(self, node: Node) -> Node:
        """The default of a variable that an expression reads; the expression itself, if it reads none, if files of the deployment set it to something
        else, be it for one unit alone, or if its name says that each process finds its own there; a hole where they say so."""
        read = node.operands[0] if isinstance(node, Operation) and node.operator in ELSE else node
        if not isinstance(read, (Call, Member, Name)):
            return node
        name, default = variable(self._origins, self._text, read)
        default = node.operands[-1] if isinstance(node, Operation) else default
        if not name or OF_A_PROCESS.search(name) or not isinstance(default, Literal) or _ADDRESS.search(str(default.value)):
            return node
        if self._differs_in_each(name):
            return Template([Opaque("of each process")], line=node.line, column=node.column, end_line=node.end_line, parent=node.parent)
        if name not in self._set:
            self._set[name] = frozenset(set_to(self._origins.project, name))
        return default if self._set[name] <= {str(default.value)} else node

    def number_as_text(self, node: Node) -> bool:
        """Whether an expression is a number of the environment as the text in which it comes: by its name or its default it is one, and nothing makes it one.

        `process.env.CONCURRENCY`; and `process.env.CONCURRENCY || 4` where the deployment sets it.
        """
        read = node.operands[0] if isinstance(node, Operation) and node.operator in ELSE else node
        if not isinstance(read, (Member, Name, Call)) or (isinstance(read, Call) and last_name(read.callee) in ("int", "float")):
            return False
        name, default = variable(self._origins, self._text, read)
        default = node.operands[-1] if isinstance(node, Operation) else default
        told = default.value if isinstance(default, Literal) else None
        if not name or not (_NUMBERS.search(name.upper()) or (isinstance(told, (int, float)) and not isinstance(told, bool))):
            return False
        taken = self.of(node)
        return not isinstance(taken, Literal) or isinstance(taken.value, str)

    def _differs_in_each(self, name: str) -> bool:
        """Whether the deployment sets a variable to something else in each process: a pod's name, the slot of a task."""
        if name not in self._differs:
            self._differs[name] = any(True for _ in set_apart(self._origins.project, name))
        return self._differs[name]


def set_apart(project: Project, name: str) -> Iterator[str]:
    """What files of the deployment set a variable to, where each process finds its own there."""
    own = r"\{\{-?\s*\.(?:Task|Node)\.\w+|\$\{?NOMAD_ALLOC_\w+|\$\(\w*(?:POD|HOST)\w*\)|\$\{?HOSTNAME\b|%\(process_num\)|%[iI]\b|\$\(hostname\)"
    field = r"valueFrom:\s*\{?\s*fieldRef:\s*\{?\s*(?:apiVersion:\s*\w+[\s,]+)?fieldPath:\s*[\"']?(?:metadata\.(?:name|uid)|status\.podIP)\b"
    value = rf"[\"']?(?:[^\s\"'#]*?)(?:{own})"
    written = re.compile(rf"(?<![\w-]){re.escape(name)}[\"']?\s*[:=]\s*{value}|name:\s*[\"']?{re.escape(name)}[\"']?(?:\s*\n|\s*,)\s*(?:value:\s*{value}|{field})")
    yield from (found[0] for found in _found(project, written))


def set_to(project: Project, name: str) -> Iterator[str]:
    """What files of the deployment set a variable to; examples of such files do not count."""
    written = re.compile(rf"(?<![\w-]){re.escape(name)}[\"']?\s*[:=]\s*[\"']?([^\s\"'#]+)|name:\s*[\"']?{re.escape(name)}[\"']?(?:\s*\n|\s*,)\s*value:\s*[\"']?([^\s\"'#]+)")
    yield from (_alone(found[1] or found[2]) for found in _found(project, written))


def _found(project: Project, written: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for file in project.files_named(*_SET_IN):
        if not EXAMPLES.search(file.name):
            yield from written.finditer(project.text_of(file))


def _alone(value: str) -> str:
    """A value without what closes the table around it: `{ GROUP: yard }`; `"{acct}"` has a brace of its own."""
    value = value.rstrip(",")
    return value if "{" in value else value.rstrip("}")
