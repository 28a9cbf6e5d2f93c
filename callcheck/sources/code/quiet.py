"""How does a file read without what it only tells people: messages to a log, and the texts of errors?

    logger.info("retry once redis is back")      logger.info("                        ")
    throw new Error("close() was not called")    throw new Error("                      ")

A pattern that must not be found is looked for in this: that a word is written to a log does nothing.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.index import once
from callcheck.sources.code.tree import Call, Literal, Member, Module, Name, Node, Template, last_name

LEVELS = frozenset({"log", "info", "warn", "warning", "error", "debug", "trace", "fatal"})
"""Methods of loggers that write a message down."""
_MORE_LEVELS = frozenset({"critical", "exception", "verbose", "notice", "success"})
_WRITERS = frozenset({"print", "debug", "log"})
_LOGGER = pattern(r"(?i)log|^(?:console|winston|pino|bunyan|signale|consola|debug|tracer)$")
_ERROR = pattern(r"(?:Error|Exception)$")
_QUOTE = pattern(r"[A-Za-z]{0,2}(\"\"\"|'''|[\"'`])")


@dataclass(frozen=True, slots=True)
class Quiet:
    """The lines of a file, and of its spelling with constants (`Module.spelt`)."""

    lines: list[str]
    spelt: list[str]


@once
def quiet(module: Module) -> Quiet:
    """A file without these texts, each character at its place."""
    lines, spelt = list(module.lines), list(module.spelt)
    for call in module.all(Call):
        for node in _messages(call) if tells(call) else ():
            for row, start, end in _extent(module.lines, node):
                said = module.lines[row][start:end]
                lines[row] = lines[row][:start] + " " * len(said) + lines[row][end:]
                if said.strip() and row < len(spelt):
                    spelt[row] = spelt[row].replace(said, " " * len(said))
    return Quiet(lines, spelt)


def tells(call: Call) -> bool:
    """Whether a call writes a message for people, or makes an error with one."""
    callee = call.callee
    if isinstance(callee, Member):
        return (callee.name in LEVELS or callee.name in _MORE_LEVELS) and _LOGGER.search(last_name(callee.object)) is not None or _ERROR.search(callee.name) is not None
    return isinstance(callee, Name) and (callee.id in _WRITERS or _ERROR.search(callee.id) is not None)


def _messages(call: Call) -> list[Node]:
    """The texts among what a call is given, but not those given to calls within it."""
    texts: list[Node] = [node for node in call.inside(Literal) if isinstance(node.value, str)]
    texts += call.inside(Template)
    return [node for node in texts if next(above for above in node.up() if isinstance(above, Call)) is call]


def _extent(lines: list[str], node: Node) -> list[tuple[int, int, int]]:
    """The stretches of lines that a text takes between its quotes, without what is worked out in it (`${…}`)."""
    row = node.line - 1
    opened = _QUOTE.match(lines[row], _character(lines[row], node.column)) if 0 <= row < len(lines) else None
    if opened is None:
        return []  # A constant that was put in the place of its name.
    quote, at, found = opened[1], opened.end(), list[tuple[int, int, int]]()
    start, depth = at, 0
    while row < len(lines) and row <= max(node.end_line, node.line) - 1:
        line = lines[row]
        while at < len(line):
            if depth:
                depth += (line[at] == "{") - (line[at] == "}")
                start = at + 1
            elif line[at] == "\\":
                at += 1
            elif line.startswith(quote, at):
                return [*found, (row, start, at)]
            elif quote == "`" and line.startswith("${", at):
                found.append((row, start, at))
                depth, at = 1, at + 1
            at += 1
        if not depth:
            found.append((row, start, len(line)))
        row, at, start = row + 1, 0, 0
    return found


def _character(line: str, column: int) -> int:
    """The place in a line of what begins in a column, which counts bytes from 1."""
    return column - 1 if line.isascii() else len(line.encode("utf-8", "replace")[: column - 1].decode("utf-8", "ignore"))
