"""Which functions of a platform lead to a call, and end without what sends on the rest that waits?

    # handler.py                                       # nightly.py, a function of its own
    def lambda_handler(event, context):                def lambda_handler(event, context):
        return triage(event)                               triage(event)
                                                           langfuse_context.flush()

Two functions share files, and never a run: what one of them flushes says nothing of the other.
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.tree import Assign, Call, Function, Module, Node, last_name
from callcheck.sources.code.wording import stands_in

_WORDS = ("handler", "lambda_handler", "Mangum", "functions_framework")
_HANDLER = pattern(r"(?:\w{1,40}_)?handler")
_ADAPTERS = frozenset({"Mangum"})
"""What makes a function's handler of an application."""


def frozen_by(code: Code, use: Use) -> list[Node]:
    """The handlers whose modules load that of a call, while no module that they load has the text `frozen-without` of its idiom."""
    lacks = use.idiom.where["frozen-without"]
    return [handler for handler, loaded in code.once(_loading) if use.module.path in loaded and not any(stands_in(use.idiom, lacks, code.project.bare(path)) for path in loaded)]


def _loading(code: Code) -> list[tuple[Node, list[str]]]:
    """Each handler of a function platform, with the modules that are loaded with it."""
    imports = Imports(code.project, code.origins)
    modules = [module for module in code.project.naming(*_WORDS) if module.language == "python" and not is_test(module.path)]
    return [(handler, sorted(imports.closure([module.path]))) for module in modules for handler in _handlers(module)]


def _handlers(module: Module) -> list[Node]:
    """The functions that a platform calls with an event: by their names and parameters, by a decorator, or made of an application."""
    found: list[Node] = []
    for node in module.body:
        if isinstance(node, Function):
            given = [param.name.lstrip("_") for param in node.params]
            decorated = any(module.line_of(each).lstrip().startswith("@functions_framework.") for each in node.decorators)
            if decorated or _HANDLER.fullmatch(node.name) and len(given) > 1 and given[0] == "event":
                found.append(node)
        elif isinstance(node, Assign) and isinstance(node.value, Call) and last_name(node.value.callee) in _ADAPTERS:
            found.append(node)
    return found
