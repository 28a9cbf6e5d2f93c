"""Which units of the deployment get past the tests on variables that a piece of code stands below?

    if (process.env.RUN_DIGEST === "yes") startDigest();        # digest: {environment: {RUN_DIGEST: "yes"}}, and of web nothing of the kind
    startDigest() { cron.schedule("0 6 * * *", send); }
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import OF_A_PROCESS
from callcheck.sources.code.for_one import set_by_servers, tests_above
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Node, Operation
from callcheck.sources.environment import OPEN, Setting, settings

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.code import Code

_DEEPEST = 4
_STAGES = frozenset({"NODE_ENV", "APP_ENV", "ENV", "ENVIRONMENT", "STAGE", "DEBUG", "CI", "TESTING", "FLASK_ENV", "FLASK_DEBUG", "PYTHON_ENV", "VERCEL_ENV", "TEST", "LOCAL"})
"""What tells one stage from another, in each of which all units are alike."""


_NEEDED = pattern(r"(?:^|_)(?:URL|URI|KEY|TOKEN|SECRET|DSN|HOST|PASSWORD|PASS|USER|USERNAME|ADDRESS|ID)$")
"""What the work needs, by its name: where no file sets it, it is set beside them for every unit."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """The settings by which units get there."""

    by: tuple[Setting, ...]
    plain: bool
    """Whether a unit gets there that is given none of the variables."""
    shut: bool
    """Whether a unit is kept out by what it is given."""
    others: tuple[str, ...]
    """Units with variables, none of which is one of these."""


def let_in(eyes: Eyes, node: Node) -> LetIn | None:
    """None where no test on a variable stands above, here or at each call of the function; a value that is not written out lets nobody in."""
    # What the server's own module sets, no deployment decides.
    told = {each.name for each in settings(eyes)}
    names = dict.fromkeys(
        name for name in _names(eyes.code, node, 0) if name not in eyes.code.once(set_by_servers) and (name in told or not _NEEDED.search(name))
    )
    if not names:
        return None
    units: dict[str, dict[str, Setting]] = {}
    for each in settings(eyes):
        units.setdefault(each.unit, {})[each.name] = each
    found, others, shut = [], [], False
    for unit, given in units.items():
        own = [each for name, each in given.items() if name in names]
        known = OPEN not in given and all(each.value or each.empty for each in own)
        if not own:
            others.append(unit)
        elif known and _gets_there(eyes.code, node, {name: each.value for name, each in given.items()}, 0):
            found.append(own[0])
        else:
            shut = True
    return LetIn(tuple(found), _gets_there(eyes.code, node, {}, 0), shut, tuple(others))


def _names(code: Code, node: Node, depth: int) -> Iterator[str]:
    """The variables that decide, but for those of a stage and those that name a process."""
    truths = code.idioms.truths({})
    for test, _ in tests_above(node):
        for part in _parts(test):
            name = truths.passes(part).variable
            if name and name not in _STAGES and not OF_A_PROCESS.search(name):
                yield name
    calls = _calls(code, node) if depth < _DEEPEST else []
    held = [dict.fromkeys(_names(code, call, depth + 1)) for call in calls]
    if held and all(held):
        yield from (name for each in held for name in each)


def _gets_there(code: Code, node: Node, given: Mapping[str, str], depth: int) -> bool:
    """Whether no test on a variable keeps out a unit that is given these."""
    truths = code.idioms.truths(given)
    for test, wanted in tests_above(node):
        parts = _parts(test) if wanted else [test]
        if any((found := truths.passes(part)).variable and found.variable not in _STAGES and found.answers == {not wanted} for part in parts):
            return False
    calls = _calls(code, node) if depth < _DEEPEST else []
    return not calls or any(_gets_there(code, call, given, depth + 1) for call in calls)


def _parts(test: Node) -> list[Node]:
    """The parts of a test that all must hold."""
    return [part for each in test.operands for part in _parts(each)] if isinstance(test, Operation) and test.operator in ("&&", "and") else [test]


def _calls(code: Code, node: Node) -> list[Node]:
    function = function_of(node)
    return list(code.origins.calls_of(function)) if function is not None else []
