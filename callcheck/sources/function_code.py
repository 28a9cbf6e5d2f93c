"""Which function of the code does a deployed function of Lambda run?

    handler: src/forms.handler        # `handler` of src/forms.js, as it is or wrapped: export const handler = middy(take)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.kept_as import held_as
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Function, Module
from callcheck.sources.function_callers import Caller, Deployed, deployed_functions

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.code import Code

_WORD = pattern(r"[a-z0-9]+")


@dataclass(slots=True)
class Running:
    """A function of the code that Lambda runs, with all that calls it."""

    path: str
    function: Function
    callers: list[Caller] = field(default_factory=list)


def run_by_lambda(eyes: Eyes) -> tuple[Running, ...]:
    """Those whose code is known for sure."""
    return eyes.once(("run-by-lambda",), lambda: _found(eyes))


def _found(eyes: Eyes) -> tuple[Running, ...]:
    running: dict[int, Running] = {}
    unsure: set[str] = set()
    for deployed in deployed_functions(eyes):
        whose = code_of(deployed, eyes.code.project.sources)
        if len(whose) == 1 and (function := _handler(eyes.code, whose[0], deployed.handler)) is not None:
            running.setdefault(id(function), Running(whose[0], function)).callers.extend(deployed.callers)
        else:
            unsure.update(whose)
    return tuple(each for each in running.values() if each.path not in unsure)


def code_of(deployed: Deployed, sources: tuple[str, ...] | list[str]) -> list[str]:
    """The files that may hold a function's handler: by its path, or by its name and a folder that the deployment names."""
    stem = deployed.handler.rpartition(".")[0].removeprefix("./")
    last = stem.rpartition("/")[2]
    fits = [path for path in sources if path.rpartition(".")[0].rpartition("/")[2] == last and not is_test(path)]
    whole = [path for path in fits if "/" in stem and f"/{path.rpartition('.')[0]}".endswith(f"/{stem}")]
    fits = whole or fits
    for named in deployed.code if len(fits) > 1 else ():
        words = set(_WORD.findall(named.lower()))
        near = [path for path in fits if words & set(_WORD.findall(path.rpartition("/")[0].lower()))]
        if len(near) == 1:
            return near
    return fits


def _handler(code: Code, path: str, handler: str) -> Function | None:
    """`handle` of `app.handle` in the file: the function of that name, or the one that is exported under it, as it is or wrapped."""
    module, name = code.project.module(path), handler.rpartition(".")[2]
    found = [each for each in module.all(Function) if function_of(each) is None and name in (each.name, held_as(each))] if isinstance(module, Module) else []
    return found[0] if len(found) == 1 else None
