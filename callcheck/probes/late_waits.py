"""Does a script of a browser act first and wait afterwards for what the act sets off?

    await page.getByRole("link", { name: "PDF" }).click();
    const download = await page.waitForEvent("download");      // it came while click() was still waiting

A wait hears what comes after it was called (playwright.dev/docs/events, "Waiting for event"; pptr.dev, Page.waitForNavigation), so it is begun
before the act: `const wait = page.waitForEvent("download")`, `with page.expect_download() as told:`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.blocks import before
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Await, Call, Member, Node, Return, With, last_name

_WAITS = ("waitForEvent", "waitForResponse", "waitForRequest", "waitForFileChooser", "waitForNavigation", "wait_for_event")
_ACTS = frozenset(
    "click dblclick tap press pressSequentially press_sequentially check uncheck setChecked set_checked selectOption select_option select fill type submit goto reload goBack "
    "go_back evaluate dispatchEvent dispatch_event setInputFiles set_input_files uploadFile".split()
)
_LOOKS = ("waitFor", "wait_for", "expect", "toBe", "to_be", "log", "info", "debug", "screenshot")
"""How calls begin that only look, or pass the time, between the act and the wait."""
_LIBRARIES = ("playwright", "puppeteer")
_FURTHEST = 3
_WHY = {
    "python": "the act above is over before this waits, and what it sets off may have come by then; act inside of `with page.expect_event(...)`, or expect_download() and its like",
    "javascript": "the act above is over before this waits, and what it sets off may have come by then; keep the promise of the wait, act, then await it",
}


class LateWaits:
    """Looks at the statements in front of each wait that is awaited where it is called, in tests too: for many a script of a browser is one."""

    name = "late-waits"
    looks_at = Sight.SOURCE
    marks = tuple(f".{name}(" for name in _WAITS)
    signs = (Sign(words=_WAITS),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        waits = [call for call in code.project.calls(*_WAITS) if isinstance(call.callee, Member)]
        if not waits or not any(name in each.module for name in _LIBRARIES for module in code.project.naming(*_LIBRARIES) for each in code.project.imports(module)):
            return
        for call in waits:
            act = _act(call) if _held_up(call) else None
            if act is not None:
                language = module_of(call).language
                framework = "playwright-py" if language == "python" else "playwright"
                why = _WHY["python" if language == "python" else "javascript"]
                fact = LibraryTrap("late-registration", "strong", why, last_name(call.callee), framework, language)
                yield seen(fact, call, self.name, (seen(fact, act, self.name, label="what is waited for may come with this"),))


def _held_up(call: Call) -> bool:
    """Whether the function stands still at the wait itself."""
    if any(isinstance(above, With) and function_of(above) is function_of(call) and _expects(above) for above in call.up()):
        return False
    if isinstance(call.parent, Await):
        return True
    return module_of(call).language == "python" and (is_statement(call) or isinstance(call.parent, (Assign, Return)))


def _expects(block: With) -> bool:
    return any(last_name(each.callee).startswith("expect") for each in block.inside(Call))


def _act(call: Call) -> Call | None:
    """The act in front of a wait, with nothing but looks between."""
    for statement in before(call)[:_FURTHEST]:
        done = _done(statement)
        if done is None:
            return None
        if last_name(done.callee) in _ACTS:
            # An act that is not awaited goes on while this waits.
            return done if isinstance(done.parent, Await) or not isinstance(call.parent, Await) else None
        if not last_name(done.callee).startswith(_LOOKS):
            return None
    return None


def _done(statement: Node) -> Call | None:
    """The call that a statement is, awaited or not."""
    value = statement.value if isinstance(statement, (Await, Assign)) else statement
    value = value.value if isinstance(value, Await) else value
    return value if isinstance(value, Call) and isinstance(value.callee, Member) else None


PROBE = LateWaits()
