"""By which token does a program ask for the updates of a bot, of which every one goes to one that asks?

    bot = Bot(os.environ["BOT_TOKEN"])        # holds-token
    dispatcher.start_polling(bot)             # polls-token
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import ELSE, variable
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Conditional, If, Node, Operation, dotted

if TYPE_CHECKING:
    from callcheck.sources.code import Code

TRAITS = frozenset({"polls-token", "connects-by-token"})
"""What asks for the updates of one token: each replica too, or (a Slack app's connections) only programs that differ."""


_STARTED = pattern(r"__name__|require\.main|import\.meta")
"""The condition that a file is the program, and not imported."""
_OTHERWISE = pattern(r"(?i)webhook")
"""What the file of a program says that polls in one stage alone, as the others are called."""
_COMMAND = pattern(r"(?:^|/)management/commands/(\w+)\.py$")
_DEPLOYS = ("*.y*ml", "Procfile*", "supervisor*.conf", "*.ini", "*.service", "*.sh", "Makefile")
_COPIES = pattern(r"(?i)\b(?:replicas|scale|numprocs|instances|count|process_count)\s*[:=]\s*[\"']?(?:[2-9]|[1-9]\d)|--scale\b")
_FALLBACK = frozenset((*ELSE, "+"))


@dataclass(frozen=True, slots=True, eq=False)
class Poller:
    """A call that asks for updates, and the programs that it is part of."""

    use: Use
    programs: frozenset[str]

    @property
    def provider(self) -> str:
        """Whose token it is, whatever the library."""
        return self.use.idiom.medium or self.use.framework.name


@dataclass(frozen=True, slots=True)
class Token:
    """How the code writes the one token of a program, and the variable that it is read from, if it is."""

    written: str
    variable: str


def pollers(code: Code) -> list[Poller]:
    """Every call that asks for the updates of a token."""
    return [Poller(use, code.programs.of(use.module)) for use in code.idioms.of("note") if TRAITS & set(use.idiom.traits)]


def token_of(code: Code, programs: AbstractSet[str] | None = None) -> Token | None:
    """The one token that these programs use, or the whole project; None if there are several, or none is to be seen."""
    held = [use for use in code.idioms.of("holds-token") if programs is None or code.programs.of(use.module) & programs]
    found = {_token(code, node) for use in held for node in code.idioms.placed(use.call, use.idiom.event)}
    return found.pop() if len(found) == 1 else None


def by_a_command(code: Code, use: Use) -> bool:
    """Whether a command of Django polls (`manage.py poll`), which no server's process runs, and which no deployment starts several times."""
    found = _COMMAND.search(use.module.path)
    if found is None:
        return False
    texts = (code.project.text_of(file) for file in code.project.files_named(*_DEPLOYS))
    return not any(found[1] in text and _COPIES.search(text) for text in texts)


def chosen(poll: Poller) -> bool:
    """Whether a program asks only under a condition, which may be that of its stage, or knows the other way to get updates."""
    inside = (above for above in poll.use.call.up() if isinstance(above, If))
    return any(not _STARTED.search(poll.use.module.line_of(above)) for above in inside) or bool(_OTHERWISE.search(poll.use.module.text))


def asks_when_loaded(poll: Poller) -> bool:
    """Whether every program that loads the file asks: the call stands in no function and under no condition, and what it is given is not worked out by one."""
    call = poll.use.call
    worked_out = any(each.operator not in _FALLBACK for each in call.inside(Operation)) or any(call.inside(Conditional))
    return function_of(call) is None and not worked_out and not any(isinstance(above, If) for above in call.up())


def _token(code: Code, node: Node) -> Token:
    name, _ = variable(code.origins, lambda each: code.idioms.text(each) or "", node)
    written = next(_said(code, node), "")
    return Token(written, name or written.rsplit(".", 1)[-1])


def _said(code: Code, node: Node) -> Iterator[str]:
    if isinstance(node, Operation) and node.operator in ("??", "||") and node.operands:
        yield from _said(code, node.operands[0])  # `process.env.TOKEN ?? ""`
    elif isinstance(node, Call):
        yield from (text for arg in node.args[:1] if (text := code.idioms.text(arg)))
    else:
        yield code.idioms.text(node) or dotted(node)
