"""Which simple commands does a shell text hold, and which number does a word mean?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

LONGEST = 100_000
"""Characters of shell text that are read; a longer script is no start script."""
_HEREDOC = pattern(r"<<-?\s*['\"]?(\w{1,40})['\"]?")
_VARIABLE = pattern(r"\$\{(\w{1,80})(?::?[-=]([^}]{0,200}))?[^}]{0,40}\}|\$(\w{1,80})|%\(ENV_(\w{1,80})\)s")
_CPUS = pattern(r"nproc|cpu_count|_NPROCESSORS|NUMBER_OF_PROCESSORS|cpus\(\)|availableParallelism", re.IGNORECASE)
_NUMBER = pattern(r"-?[0-9]{1,6}$")


@dataclass(frozen=True, slots=True)
class Word:
    """A shell word without its quotes; `line` counts from 0 within the text."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Number:
    """What a word says of a count; None if it cannot be known from here."""

    many: int | None
    at_least: bool


def number(word: object, env: Mapping[str, str] | None = None) -> Number:
    """`4`, `"4"`, `${WORKERS:-4}`, `$WORKERS` (looked up in `env`), `$(nproc)` (2 at least)."""
    if isinstance(word, bool) or word is None:
        return Number(None, False)
    if isinstance(word, float):
        return Number(int(word), False) if word.is_integer() and abs(word) < 1e6 else Number(None, False)
    text = str(word).strip()[:300]
    for _ in range(4):
        if _NUMBER.match(text):
            return Number(int(text), False)
        if _CPUS.search(text):
            return Number(2, True)
        replaced = _VARIABLE.sub(lambda found: _value(found, env or {}), text).strip().strip("\"'")
        if replaced == text:
            break
        text = replaced
    return Number(None, False)


def expanded(text: str, env: Mapping[str, str]) -> str:
    """What a script assigns: its variables as they are known so far, else their defaults; a substitution of commands stays."""
    if "$(" in text or "`" in text:
        return text
    return _VARIABLE.sub(lambda found: _value(found, env) or found[0], text)


def _value(found: re.Match[str], env: Mapping[str, str]) -> str:
    name = found[1] or found[3] or found[4] or ""
    if str(env.get(name, "")).strip():
        return str(env[name])
    return found[2] if found[2] else ""


def commands(text: str) -> list[list[Word]]:
    """The simple commands of a shell text, in order: split at newlines, `;`, `&`, `|`; comments, redirections and here-documents dropped."""
    return _Splitter(text[:LONGEST]).split()


class _Splitter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 0
        self._found: list[list[Word]] = []
        self._words: list[Word] = []
        self._word: list[str] | None = None
        self._start = 0

    def split(self) -> list[list[Word]]:
        while self._at < len(self._text):
            self._step(self._text[self._at])
        self._end_command()
        return self._found

    def _step(self, char: str) -> None:
        text = self._text
        if char == "\\":
            following = text[self._at + 1 : self._at + 2]
            if following == "\n":
                self._line += 1
                self._end_word()
            else:
                self._add(following)
            self._at += 2
        elif char in "'\"":
            self._quoted(char)
        elif char == "$" and text[self._at + 1 : self._at + 2] in ("(", "{"):
            self._add(self._balanced())
        elif char == "`":
            end = text.find("`", self._at + 1)
            end = len(text) - 1 if end < 0 else end
            self._add(text[self._at : end + 1])
            self._line += text.count("\n", self._at, end + 1)
            self._at = end + 1
        elif char == "#" and self._word is None:
            end = text.find("\n", self._at)
            self._at = len(text) if end < 0 else end
        elif char == "\n":
            self._end_command()
            self._line += 1
            self._at += 1
        elif char in "()" and self._word is not None:
            # `app:create_app()` and supervisor's `%(process_num)d` stand without quotes outside of a shell.
            self._add(char)
            self._at += 1
        elif char in ";&|()" and not (char == "&" and text[self._at - 1 : self._at] == ">"):
            self._end_command()
            self._at += 1
        elif char in "<>":
            self._redirection()
        elif char in " \t\r":
            self._end_word()
            self._at += 1
        else:
            self._add(char)
            self._at += 1

    def _add(self, text: str) -> None:
        if self._word is None:
            self._word = []
            self._start = self._line
        self._word.append(text)

    def _end_word(self) -> None:
        if self._word is not None:
            self._words.append(Word("".join(self._word), self._start))
            self._word = None

    def _end_command(self) -> None:
        self._end_word()
        if self._words:
            self._found.append(self._words)
            self._words = []

    def _quoted(self, quote: str) -> None:
        at = self._at + 1
        out: list[str] = []
        lines = 0
        while at < len(self._text) and self._text[at] != quote:
            if self._text[at] == "\\" and quote == '"':
                at += 1
            lines += self._text[at : at + 1] == "\n"
            out.append(self._text[at : at + 1])
            at += 1
        self._add("".join(out))
        self._line += lines
        self._at = at + 1

    def _balanced(self) -> str:
        """`$(...)` or `${...}` as it stands."""
        opening = self._text[self._at + 1]
        closing = ")" if opening == "(" else "}"
        depth, at = 0, self._at + 1
        while at < len(self._text):
            depth += (self._text[at] == opening) - (self._text[at] == closing)
            at += 1
            if not depth:
                break
        whole = self._text[self._at : at]
        self._line += whole.count("\n")
        self._at = at
        return whole

    def _redirection(self) -> None:
        if found := _HEREDOC.match(self._text, self._at):
            ends = re.compile(rf"^[ \t]*{re.escape(found[1])}[ \t]*$", re.MULTILINE).search(self._text, found.end())
            stop = ends.end() if ends else len(self._text)
            self._line += self._text.count("\n", self._at, stop)
            self._at = stop
            self._end_command()
            return
        if self._word is not None and "".join(self._word).isdigit():
            self._word = None
        self._end_word()
        while self._at < len(self._text) and self._text[self._at] in "<>&":
            self._at += 1
        while self._at < len(self._text) and self._text[self._at] in " \t":
            self._at += 1
        while self._at < len(self._text) and self._text[self._at] not in " \t\r\n;&|":
            self._at += 1
