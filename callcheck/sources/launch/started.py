"""What does a command line start, and how do its options say how many of it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.launch.words import Word, number

_APP = pattern(r"[A-Za-z_][\w.]{0,150}:[A-Za-z_][\w.()=,'\"]{0,100}$")
_MODULE = pattern(r"[A-Za-z_][\w.]{0,150}$")
ONE_OFF = pattern(
    r"(?:^|[\s:_/.-])(?:migrate|migrations?|collectstatic|db|seed|seeds?|init|setup|bootstrap|shell|check|test|build|lint|createsuperuser|"
    r"loaddata|makemigrations|compilemessages|prestart|pre_start|healthcheck|wait)(?:$|[\s:_/.-])",
    re.IGNORECASE,
)
"""Names of what runs once and ends."""


@dataclass(frozen=True, slots=True)
class Started:
    """One long-running thing; `count` None means that the command leaves the number to something we do not see."""

    server: str
    entry: str = ""
    role: str = "unknown"
    count: int | None = 1
    at_least: bool = False
    stated: bool = False
    """Whether the command says the number itself."""
    text: str = ""
    """As the command says it: `--workers 4`; "" for a default."""
    flag: str = ""
    """The word to look for on the line."""
    hands_to: str = ""
    """`npm:<script>`, `sh:<file>`, `config:<file>`, `procfile:` or `supervisor:<file>`: who says the rest."""
    variable: str = ""
    """The environment variable that sets the number where the command does not."""
    command: str = ""
    line: int | None = None
    """From 0 within the command's text."""
    queues: str = ""
    """The queues that a worker is told to take from, separated by commas; "" if it takes from the default one, or from all."""


Reader = Callable[[str, Sequence[Word], Mapping[str, str]], "Started | None"]


@dataclass(frozen=True, slots=True)
class Option:
    """One option as it was written; `line` from 0 within the command's text."""

    value: str
    text: str
    flag: str
    line: int


def option(words: Sequence[Word], *names: str) -> Option | None:
    """The last `--workers 4`, `--workers=4`, `-w 4` or `-w4` among the words."""
    found = None
    for index, word in enumerate(words):
        for name in names:
            if word.text == name and index + 1 < len(words):
                found = Option(words[index + 1].text, f"{name} {words[index + 1].text}", name, word.line)
            elif word.text.startswith(f"{name}="):
                found = Option(word.text[len(name) + 1 :], word.text, name, word.line)
            elif len(name) == 2 and name[1] != "-" and re.match(re.escape(name) + r"\d+$", word.text):
                found = Option(word.text[2:], word.text, word.text, word.line)
    return found


def counted(server: str, found: Option | None, env: Mapping[str, str], variable: str = "", **more: str) -> Started:
    """A server whose number comes from an option, else from a variable, else is 1."""
    hands_to = more.get("hands_to", "")
    entry, role = more.get("entry", ""), more.get("role", "web")
    if found:
        told = number(found.value, env)
        count, at_least = told.many, told.at_least
        if count is not None and count < 1:
            count, at_least = 2, True
        return Started(
            server,
            entry,
            role,
            count,
            at_least,
            True,
            found.text,
            found.flag,
            hands_to=hands_to,
            line=found.line,
            variable=named(found.value),
        )
    if variable and env.get(variable):
        told = number(env[variable], env)
        text = f"{variable}={env[variable]}" if told.many is not None else variable
        return Started(server, entry, role, told.many, told.at_least, True, text, variable, hands_to=hands_to, variable=variable)
    return Started(server, entry, role, 1, hands_to=hands_to, variable=variable)


def named(value: str) -> str:
    """The variable of the environment that a value names, or ""."""
    found = re.search(r"\$\{?(\w{1,80})", value)
    return found[1] if found else ""


def free_word(words: Sequence[Word], takes_value: frozenset[str]) -> int:
    """The index of the first word that is no option nor its value, or -1."""
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word.text in takes_value:
            skip = True
        elif not word.text.startswith("-"):
            return index
    return -1


def app_of(words: Sequence[Word]) -> str:
    """The `module:attribute` of the command, or its last free word."""
    for word in words:
        if _APP.match(word.text):
            return word.text
    for index in range(len(words) - 1, -1, -1):
        text = words[index].text
        before = words[index - 1].text if index else ""
        if not text.startswith("-") and _MODULE.match(text) and not (before.startswith("-") and "=" not in before):
            return text
    return ""
