"""Which branches of a start script does a unit take, by the variables that it sets?

    case "$MODE" in                                  if [ "$ROLE" = worker ]; then
      worker) exec celery -A shop worker ;;            exec celery -A shop worker
      *) exec uvicorn shop.api:app ;;                else …
    esac
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.launch.words import expanded

_HELD = r"[\"']?(\$\w{1,80}|\$\{\w{1,80}(?::?-[^}]{0,80})?\})[\"']?"
_CASE = pattern(rf"\s*case\s+{_HELD}\s+in\s*(.*)$")
_OTHER_CASE = pattern(r"\s*case\s.{1,300}\sin\s*(.*)$")
_BRANCH = pattern(r"(\s*\(?)([^()]{1,200})\)(.*)$")
_TEST = pattern(rf"\s*(if|elif)\s+(?:\[\[?|test)\s+{_HELD}\s+(==?|!=)\s+[\"']?([\w.:-]{{1,80}})[\"']?\s*(?:\]\]?)?\s*(?:;\s*then\b(.*))?$")
_CLOSES = pattern(r"^\s*(?:esac|fi)\b", re.MULTILINE)
_WORD = pattern(r"\s*(if|elif|else|fi|esac)\b")


@dataclass(slots=True)
class _Choice:
    """An open `if` or `case`: whether its present branch is taken, None if that cannot be told, and whether an earlier one was."""

    value: str | None = None
    taken: bool | None = None
    over: bool = False
    waits: bool = False
    """Whether the next words name a branch of a `case`."""


def chosen(text: str, env: Mapping[str, str], args: Sequence[str] = ()) -> str:
    """The script with its arguments filled in, and the branches that are not taken left blank, line by line; where a variable is not known, every branch stays."""
    if args:
        text = text.replace('"$@"', " ".join(args)).replace('"${@}"', " ".join(args))
        env = {**env, **{str(number): word for number, word in enumerate(args, 1)}}
    if not _CLOSES.search(text):
        return text
    out: list[str] = []
    open_choices: list[_Choice] = []
    for line in text.split("\n"):
        line = _step(line, open_choices, env)
        out.append("" if any(each.taken is False for each in open_choices) else line)
    return "\n".join(out)


def _step(line: str, choices: list[_Choice], env: Mapping[str, str]) -> str:
    """Opens, turns or closes a choice at a line, and gives what is left of the line as commands."""
    top = choices[-1] if choices else None
    word = _WORD.match(line)
    if word and word[1] in ("fi", "esac") and top is not None:
        choices.pop()
        return ""
    known = _CASE.match(line)
    if (found := known or _OTHER_CASE.match(line)) and "esac" not in line:
        choices.append(_Choice(_value(known[1], env) if known else None, waits=True))
        return _branch(found[2 if known else 1], choices[-1])
    if word and word[1] == "if" and not re.search(r"(?:^|;|\s)fi\s*$", line):
        choices.append(_Choice())
        return _tested(line, choices[-1], env)
    if word and word[1] == "elif" and top is not None:
        return _tested(line, top, env)
    if word and word[1] == "else" and top is not None:
        top.taken = None if top.value is None else not top.over
        return line[word.end() :]
    return _branch(line, top) if top is not None and (top.waits or line.rstrip().endswith(";;")) else line


def _tested(line: str, choice: _Choice, env: Mapping[str, str]) -> str:
    """The branch below an `if` or `elif`; one test that cannot be read leaves all that follow open."""
    found = _TEST.match(line)
    value = _value(found[2], env) if found else None
    if found is None or value is None or (found[1] == "elif" and choice.value is None):
        choice.taken = choice.value = None
        return line
    holds = (value == found[4]) == (found[3] != "!=")
    choice.value, choice.taken, choice.over = value, holds and not choice.over, choice.over or holds
    return found[5] or ""


def _branch(line: str, choice: _Choice) -> str:
    """What follows the pattern of a `case` branch on its line."""
    found = _BRANCH.match(line) if choice.waits else None
    if found:
        choice.waits = False
        if choice.value is not None:
            value = choice.value
            holds = any(fnmatch.fnmatchcase(value, each.strip().strip("\"'")) for each in found[2].split("|"))
            choice.taken, choice.over = holds and not choice.over, choice.over or holds
        line = found[3]
    if line.rstrip().endswith(";;"):
        choice.waits = True
    return line


def _value(hole: str, env: Mapping[str, str]) -> str | None:
    """What a variable is, or its default; None if nothing says so."""
    text = expanded(hole, env)
    return None if "$" in text else text
