"""What is an argument when the program runs: as written, or what the deployment sets?

    MODEL = os.environ.get("SUMMARY_MODEL", "gpt-4o-mini")     # and worker.env says SUMMARY_MODEL=o4-mini
    client.chat.completions.create(model=MODEL)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Function, Member, Name, Node, Operation, Param, dotted

_SET_IN = ("*.env", ".env*", "*compose*.y*ml", "*.yaml", "*.yml", "Dockerfile*", "*.service", "*.tf", "*.toml")
_EXAMPLES = pattern(r"(?:example|sample|template|dist)\b")
_DEEPEST = 4


def given(code: Code, nodes: Sequence[Node], depth: int = 0) -> Iterator[str]:
    """The texts that one of the nodes can be; a variable of the environment counts as what files of the deployment set it to, else as its default."""
    for node in nodes:
        name, default = _variable(code, node)
        if name:
            found = list(_settings(code, name))
            yield from found or ([code.idioms.text(default)] if default is not None else [])
        elif isinstance(node, Operation) and node.operator in ("or", "||", "??"):
            first, _ = _variable(code, node.operands[0])
            found = list(_settings(code, first)) if first else []
            yield from found or given(code, node.operands[-1:], depth + 1)
        elif isinstance(node, (Name, Member)) and depth < _DEEPEST:
            yield from given(code, _kept(code, node), depth + 1)
        else:
            yield code.idioms.text(node)


def _kept(code: Code, node: Name | Member) -> list[Node]:
    """What a name stands for: the one value assigned to it, or the default of a parameter."""
    scope = code.project.scope(module_of(node)).get(node.id, ()) if isinstance(node, Name) else ()
    kept = [each.value for each in scope if isinstance(each, Assign) and each.value is not None]
    origin = code.origins.of(node)
    if isinstance(origin.node, Param):
        return [origin.node.default] if origin.node.default is not None and isinstance(origin.node.parent, Function) else []
    return kept if len(kept) == 1 else [origin.node] if origin.node is not None and origin.node is not node else []


def _variable(code: Code, node: Node) -> tuple[str, Node | None]:
    """The variable of the environment that an expression reads, and its default."""
    if isinstance(node, Call) and node.args and dotted(node.callee).endswith(("getenv", "environ.get")):
        return code.idioms.text(node.args[0]), node.args[1] if len(node.args) > 1 else None
    written = dotted(node)
    name = next((written.removeprefix(start) for start in ("os.environ.", "process.env.") if written.startswith(start)), "")
    return name, None


def _settings(code: Code, name: str) -> Iterator[str]:
    """What files of the deployment set a variable to; examples of such files do not count."""
    written = re.compile(rf"(?<![\w-]){re.escape(name)}[\"']?\s*[:=]\s*[\"']?([^\s\"'#]+)|name:\s*{re.escape(name)}\s*\n\s*value:\s*[\"']?([^\s\"'#]+)")
    for file in code.project.files_named(*_SET_IN):
        if not _EXAMPLES.search(file.name):
            yield from (found[1] or found[2] for found in written.finditer(code.project.text_of(file)))
