"""What does one physical line say, without what others put around it?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from callcheck.model.log import Format, Level
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.logs import columns, otlp, times
from callcheck.sources.logs.heads import without_head
from callcheck.sources.logs.keyed import Keys, flat, request_of
from callcheck.sources.logs.levels import level_of

_ANSI = pattern(r"\x1b\[[0-9;?]{0,20}[A-Za-z]|\[(?:\d{1,3};){0,3}\d{1,3}m(?=\S|$)", re.ASCII)
_BARE_ANSI = pattern(r"\[[\d;]{1,15}m", re.ASCII)
"""Where the escape itself was lost: a look for it that is soon over."""
_THREAD = pattern(r"[-_#:]\d{1,4}$|^main$|[Tt]hread", re.ASCII)
"""How a thread is called; beside it in brackets may stand the application and the ids of a trace."""
_SPENT = frozenset(("timestamp", "time", "level", "pid", "hostname", "service"))
_MOST_FORMS = 2_000
"""Mixtures of keys of which it is remembered what an object with them is."""
_KEPT = 6_000
"""Characters of one flattened JSON entry."""


@dataclass(slots=True)
class Said:
    """What one line says."""

    text: str = ""
    time: float | None = None
    level: Level = Level.UNKNOWN
    instance: str = ""
    pid: str = ""
    logger: str = ""
    thread: str = ""
    outer: str = ""
    """The process by the wrappers alone, which all lines of an entry have; an entry's own head may name it more closely."""
    headed: bool = False
    """It opens an entry: a time, a level or a JSON object of its own."""
    more: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        """The process that wrote it."""
        return f"{self.instance}/{self.pid}" if self.instance and self.pid else self.instance or self.pid


class Unwrapper:
    """Reads the lines of one source; which wrappers it has is learnt from a sample of its first lines."""

    def __init__(self, formats: Sequence[Format], sample: Iterable[str]) -> None:
        self.json_wrappers = [Keys(f) for f in formats if f.needs and f.layer == "wrapper"]
        self.json_inner = [Keys(f) for f in formats if f.needs and f.layer == "inner"]
        self.inner = [f for f in formats if f.pattern and f.layer == "inner"]
        self._beginning: dict[str, list[Format]] = {}
        self._by_keys: dict[tuple[str, ...], tuple[Keys | None, Keys | None]] = {}
        first = [_plain(text) for text in sample]
        self.stages = _stages([f for f in formats if f.pattern and f.layer == "wrapper"], first)
        self.column: re.Pattern[str] | None = None
        """Where the lines name their process, if no format says so."""
        said = [each for text in first if (each := self.read(text)).headed]
        if said and not any(each.who for each in said):
            self.column = columns.learn(each.text for each in said)

    def read_all(self, line: str) -> Iterator[Said]:
        """What a line says: one thing, but for a batch of OpenTelemetry's file exporter."""
        if '"resource' in line[:400] and (value := _object(line)) is not None and otlp.is_otlp(value):
            yield from self.said_of(value)
            return
        yield self.read(line)

    def said_of(self, value: dict[str, Any]) -> Iterator[Said]:
        """What one object of an export says."""
        if not otlp.is_otlp(value):
            yield self.entry(value)
            return
        for entry in otlp.entries(value):
            yield Said(
                text=entry["message"],
                time=entry["time"],
                level=entry["level"],
                instance=entry["instance"],
                logger=entry.get("logger", ""),
                headed=True,
                more=entry["more"],
            )

    def read(self, line: str) -> Said:
        """The line's message and what surrounds it."""
        said = Said()
        text = _plain(line)
        for stage in self.stages:
            for wrapper in stage:
                found = wrapper.pattern.match(text)  # type: ignore[union-attr]
                if found:
                    text = _take(said, found)
                    break
        _surrounded(said)
        if text[:1] == "{":
            value = _object(text)
            if value is not None:
                return self._placed(self.entry(value, said))
        return self._placed(self._text(text, said))

    def _placed(self, said: Said) -> Said:
        """With the process that the line itself names at the place that was learnt."""
        if self.column is not None and said.headed and not said.who:
            said.instance, said.text = columns.taken(self.column, said.text)
        return said

    def entry(self, value: dict[str, Any], said: Said | None = None) -> Said:
        """A JSON object: an export's event, or an entry of the application itself."""
        said = said or Said()
        wrapper, form = self._forms(value)
        if wrapper is not None:
            return self._wrapped(wrapper, value, said)
        if isinstance(held := value.get("message"), dict):
            # An object that was logged (Lambda's JSON of `console.log({...})`) is what the line says; the rest is the platform's.
            value = {**held, **{key: value[key] for key in value if key != "message"}}
            form = self._forms(value)[1]
        if form is None:
            return said
        message = form.take(said, value)
        attributes = form.fields(value) + flat(value, form.leave(value))
        head, _, tail = str(message if message is not None else "").partition("\n")
        if form.served and (served := form.request(value)):
            head = f"{served} {head}" if head else served
        rest, stacks = [head] if head else [], []
        for key, text in attributes:
            if "\n" in text:
                stacks.append(text)
            else:
                rest.append(f'{key}="{text}"' if " " in text else f"{key}={text}")
        said.text = " ".join(rest).strip()[:_KEPT]
        said.more = [line for block in (tail, form.stack(value), *stacks) if block for line in block.split("\n")[:80]]
        said.headed = True
        return said

    def _wrapped(self, wrapper: Keys, value: dict[str, Any], said: Said) -> Said:
        """What stands in an export's event."""
        inner = wrapper.take(said, value)
        _surrounded(said)
        request = request_of(value.get("httpRequest"))
        if request is not None and not isinstance(inner, dict):
            # With what the platform says of it: why it was refused.
            inner = f"{request} {inner}" if inner else request
        if isinstance(inner, dict):
            return self.entry(inner, said) if inner is not value else said
        text = _plain(str(inner if inner is not None else "").rstrip("\n"))
        nested = _object(text) if text[:1] == "{" else None
        if nested is not None:
            return self.entry(nested, said)
        # An entry of several lines, such as a traceback, is what its first line says, and what stands below that.
        text, _, below = text.partition("\n")
        said = self._text(text.rstrip("\r"), said)
        said.more += [line.rstrip("\r") for line in below.split("\n")[:80]] if below else []
        return said

    def _forms(self, value: dict[str, Any]) -> tuple[Keys | None, Keys | None]:
        """The wrapper that an object is by its keys, and the form of an application's own entry; of a log's objects most have the keys of some other one."""
        keys = tuple(value)
        known = self._by_keys.get(keys)
        if known is None:
            wrapper = next((each for each in self.json_wrappers if each.form.needs <= value.keys()), None)
            form = next((each for each in self.json_inner if each.any or each.form.needs <= value.keys()), None)
            known = wrapper and wrapper.of(value.keys()), form and form.of(value.keys())
            if len(self._by_keys) >= _MOST_FORMS:
                self._by_keys.clear()
            self._by_keys[keys] = known
        return known

    def _tail(self, text: str, said: Said) -> str:
        """The line with the fields of the JSON object behind its message (`info: up {"port":80}`) as words; gives time and level if it has them."""
        found = _TAIL.search(text, 0, 400) if text[-1:] == "}" else None
        value = _object(text[found.end() - 3 :]) if found else None
        if found is None or value is None:
            return text
        form = self.json_inner[-1] if self.json_inner else None
        held = Said(instance=said.instance)
        if form is not None and form.any:
            form.take(held, value)
        said.time = held.time if said.time is None else said.time
        said.level = said.level or held.level
        said.instance = said.instance or held.instance
        pairs = [f'{key}="{each}"' if " " in each else f"{key}={each}" for key, each in flat(value, _SPENT) if "\n" not in each]
        stacks = [each for _, each in flat(value, _SPENT) if "\n" in each]
        said.more += [line for each in stacks for line in each.split("\n")[:80]]
        return " ".join([text[: found.end() - 3].rstrip(), *pairs])[:_KEPT]

    def _like(self, letter: str) -> list[Format]:
        """The formats in which a line can begin with this character."""
        known = self._beginning.get(letter)
        if known is None:
            known = [f for f in self.inner if f.first is None or letter in f.first or not letter.isascii()]
            if len(self._beginning) < 200:
                self._beginning[letter] = known
        return known

    def _text(self, text: str, said: Said) -> Said:
        for form in self._like(text[:1]):
            found = form.pattern.match(text)  # type: ignore[union-attr]
            if found:
                text = _take(said, found)
                said.headed = True
                if form.name in ("timed", "lambda-node", "lambda-python") and text[:1] == "{":
                    nested = _object(text)
                    if nested is not None:
                        time, request = said.time, found.groupdict().get("request")
                        said = self.entry(nested, said)
                        said.text += f" requestId={request}" if request else ""
                        said.time = said.time if said.time is not None else time
                        return said
                break
        at = text.rfind("} requestId=") + 1
        text = self._tail(text[:at], said) + text[at:] if at else self._tail(text, said)
        said.text, *more = without_head(text, said)
        said.more += more
        if said.time is None:
            said.time = times.access(text)
            said.headed = said.headed or said.time is not None
        return said


_TAIL = pattern(r"[^\s:>|=,\[({-][ \t]{1,3}\{\"\w")


def _surrounded(said: Said) -> None:
    """The wrappers are off. A level that all of a stream has (journald's 6, a platform's INFO) is none of the line's."""
    said.outer = said.who
    if said.level is Level.INFO:
        said.level = Level.UNKNOWN


def _plain(text: str) -> str:
    return _ANSI.sub("", text) if "\x1b" in text or "[" in text[:60] and "m" in text[:80] and _BARE_ANSI.search(text) else text


def _stages(wrappers: list[Format], sample: list[str]) -> list[list[Format]]:
    """The wrappers that most lines have, outermost first."""
    stages: list[list[Format]] = []
    texts = [text for text in sample if text.strip()]
    for _ in range(3):
        chosen: list[Format] = []
        left = []
        for text in texts:
            wrapper, found = next(((w, m) for w in wrappers if (m := w.pattern.match(text))), (None, None))  # type: ignore[union-attr]
            left.append((wrapper, found.groupdict().get("rest") or "" if found else text))
        for wrapper in wrappers:
            if sum(w is wrapper for w, _ in left) >= max(1, 0.6 * len(texts)) or _shared(
                wrapper, left, chosen, len(texts)
            ):
                chosen.append(wrapper)
        if not chosen:
            break
        stages.append(chosen)
        texts = [rest for wrapper, rest in left if wrapper in chosen and rest.strip()]
    return stages


def _shared(wrapper: Format, left: list[tuple[Format | None, str]], chosen: list[Format], total: int) -> bool:
    return bool(chosen) and sum(w is wrapper for w, _ in left) >= max(3, 0.05 * total)


def _take(said: Said, found: re.Match[str]) -> str:
    groups = found.groupdict()
    if groups.get("time"):
        time = times.seconds(groups["time"])
        # A wrapper's date says more than an hour without one inside it.
        said.time = said.time if time is None or (said.time is not None and not times.has_date(time)) else time
    if groups.get("level"):
        said.level = level_of(groups["level"]) or said.level
    if groups.get("instance"):
        said.instance = groups["instance"] if not said.instance else f"{said.instance}:{groups['instance']}"
    if groups.get("pid"):
        said.pid = groups["pid"]
    if groups.get("logger"):
        said.logger = groups["logger"]
    if groups.get("threads"):
        names = [name.strip() for name in groups["threads"].split("[")]
        said.thread = next((name for each in names if (name := each.rstrip(" ]")) and _THREAD.search(name)), "")
    rest = groups.get("rest")
    message = rest if rest is not None else groups.get("message") or ""
    return f"{message} requestId={groups['request']}" if groups.get("request") and message[:1] != "{" else message


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
