"""Which text does an expression come to, if it is read from a variable of the environment that no file of the deployment names?

    const QUEUE = process.env.LOAN_QUEUE || "loan-events";
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import Scope, module_of
from callcheck.sources.code.tree import Assign, Call, Function, Name, Node, Operation, dotted

_DEPLOYS = ("*.yml", "*.yaml", "*.env", ".env*", "Dockerfile*", "*.toml", "*.tf", "ecosystem.config.*", "Procfile*", "*.sh", "*.service")
_ASKED = frozenset({"os.environ.get", "os.getenv", "environ.get", "getenv"})
_READ = ("process.env.", "os.environ", "import.meta.env.")


def text_of(code: Code, node: Node | None) -> str:
    """The constant text of an expression; "" for one that is computed, or that the deployment may set."""
    text = code.idioms.text(node)
    if text and not text.startswith(_READ):
        return text
    held = _bound(code, node) if isinstance(node, Name) else node
    if isinstance(held, Call) and dotted(held.callee) in _ASKED and len(held.args) == 2:
        # `os.environ.get("TOPIC", "orders")`
        named = code.idioms.text(held.args[0])
        return code.idioms.text(held.args[1]) if named and not _deployed(code, [named]) else ""
    if not isinstance(held, Operation) or held.operator not in ("??", "||"):
        return ""
    variables = [dotted(each).rsplit(".", 1)[-1] for each in held.operands[:-1]]
    if _deployed(code, variables):
        return ""
    last = code.idioms.text(held.operands[-1])
    return "" if last.startswith(_READ) else last


def _deployed(code: Code, variables: list[str]) -> bool:
    """Whether a file of the deployment may set one of these variables."""
    texts = [code.project.text_of(file) for file in code.project.files_named(*_DEPLOYS)]
    return any(not variable or any(variable in text for text in texts) for variable in variables)


def _bound(code: Code, name: Name) -> Node | None:
    """What the one assignment to a name gives it."""
    scopes: list[Scope] = [above for above in name.up() if isinstance(above, Function)]
    for scope in (*scopes, module_of(name)):
        declared = code.project.scope(scope).get(name.id)
        if declared:
            return declared[0].value if len(declared) == 1 and isinstance(declared[0], Assign) else None
    return None
