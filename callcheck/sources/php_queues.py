"""For how long does Laravel leave a job to the worker that took it, and for how long may its workers stay at it?

    'redis' => ['driver' => 'redis', 'retry_after' => (int) env('REDIS_QUEUE_RETRY_AFTER', 90)]       # config/queue.php: 90 s
    command=php artisan queue:work redis --queue=pdfs --timeout=900 --tries=3                         # numprocs=3: another one takes it after 90 s
    'connection' => 'redis', 'timeout' => 900, 'tries' => 3, 'maxProcesses' => 5                      # config/horizon.php

Sources: laravel.com/docs/11.x/queues, "Job Expirations and Timeouts" (`--timeout` should always be shorter than `retry_after`; 60 s is its default, and one try); laravel/framework 11,
src/Illuminate/Queue/RedisQueue.php, migrateExpiredJobs().
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.launch import aside, own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

CONFIG = ("queue.php", "*/queue.php")
RUNS = ("*.conf", "*.ini", "Procfile*", "*.y*ml", "*.service", "*Dockerfile*", "*.sh", "*.toml", "horizon.php", "*/horizon.php")
_ENVIRONMENT = (".env", ".env.*", "*.env", "*.y*ml", "*.toml", "*.ini", "*.conf")
_LARGEST_BYTES = 300_000
_RETRY = pattern(r"'retry_after'\s*=>\s*(?:\(int\)\s*)?(?:env\(\s*'(?P<variable>\w{1,80})'\s*,\s*'?(?P<default>\d{1,6})'?\s*\)|'?(?P<number>\d{1,6})'?)")
_NAMED = pattern(r"'([\w-]{1,60})'\s*=>\s*\[")
_USED = pattern(r"'default'\s*=>\s*(?:env\(\s*'(?P<variable>\w{1,80})'\s*,\s*)?'(?P<name>[\w-]{1,60})'")
_WORK = pattern(r"\bqueue:(?:work|listen)\b(?P<rest>[^\n]{0,400})")
_TIMEOUT, _TRIES, _QUEUE = pattern(r"--timeout[=\s\"',]+(\d{1,6})"), pattern(r"--tries[=\s\"',]+(\d{1,4})"), pattern(r"--queue[=\s\"',]+([\w,.:-]{1,200})")
_CONNECTION = pattern(r"^[\"',\s]+([A-Za-z][\w-]{0,60})(?=[\"',\s]|$)")
_COPIES = pattern(r"^\s*(?:numprocs\s*=|replicas\s*:|scale\s*:)\s*[\"']?(\d{1,4})", re.MULTILINE)
_SECTION = pattern(r"^\[[^\]\n]{1,100}\]", re.MULTILINE)
_HORIZON = pattern(r"'(?P<name>[\w-]{1,60})'\s*=>\s*\[(?P<body>[^\[\]]{0,1500}(?:\[[^\[\]]{0,300}\][^\[\]]{0,1500}){0,4})\]")
_HELD = "'{}'\\s*=>\\s*'?([\\w-]{{1,60}})"


@dataclass(frozen=True, slots=True)
class Kept:
    """A connection of queues: for how many seconds it leaves a job to who took it."""

    name: str
    seconds: int
    where: Location


@dataclass(frozen=True, slots=True)
class Works:
    """Workers of one command or supervisor; `connection` is "" for the one that is used where none is named."""

    connection: str
    queues: tuple[str, ...]
    timeout_s: int
    again: bool
    """Whether it may take a job more than once."""
    copies: int
    where: Location


def kept(eyes: Eyes) -> list[Kept]:
    """Each connection that says so; a variable counts with the longest time that anything here gives it."""
    found = []
    for file, text in own_texts(eyes, *CONFIG, most=_LARGEST_BYTES):
        for each in _RETRY.finditer(text):
            names = _NAMED.findall(text, 0, each.start())
            seconds = int(each["number"] or each["default"])
            if each["variable"]:
                seconds = max(_values(eyes, each["variable"]), default=seconds)
            if names:
                found.append(Kept(names[-1], seconds, _at(file, text, each.start())))
    return found


def used(eyes: Eyes) -> str:
    """The connection of jobs and workers that name none; "" if that is not known."""
    for _, text in own_texts(eyes, *CONFIG, most=_LARGEST_BYTES):
        found = _USED.search(text)
        if found:
            set_to = {value for value in _texts(eyes, found["variable"]) if value} if found["variable"] else set()
            return found["name"] if not set_to else set_to.pop() if len(set_to) == 1 else ""
    return ""


def works(eyes: Eyes) -> Iterator[Works]:
    """The workers whose command says how long they may stay at a job."""
    for file, text in own_texts(eyes, *RUNS, most=_LARGEST_BYTES):
        if file.base == "horizon.php":
            yield from _of_horizon(file, text)
            continue
        for each in _WORK.finditer(text) if "queue:" in text else ():
            timeout = _TIMEOUT.search(each["rest"])
            if timeout is None:
                continue
            connection, queue, tries = _CONNECTION.search(each["rest"]), _QUEUE.search(each["rest"]), _TRIES.search(each["rest"])
            queues = tuple(queue[1].split(",")) if queue else ()
            yield Works(connection[1] if connection else "", queues, int(timeout[1]), tries is not None and tries[1] != "1", _copies(file, text, each.start()), _at(file, text, each.start()))


def _copies(file: File, text: str, at: int) -> int:
    """How many of them the section says in which the command stands; 1 where it says nothing."""
    part = _block(text, at) if file.suffix in (".yml", ".yaml") else _section(text, at)
    return max((int(each[1]) for each in _COPIES.finditer(part)), default=1)


def _section(text: str, at: int) -> str:
    begins = max((found.start() for found in _SECTION.finditer(text, 0, at)), default=0)
    after = _SECTION.search(text, at)
    return text[begins : after.start() if after else len(text)]


def _block(text: str, at: int) -> str:
    """The lines around that are indented as far as the command's, or further."""
    lines, number = text.split("\n"), text.count("\n", 0, at)
    deep = _indent(lines[number])
    first = next((each + 1 for each in range(number, -1, -1) if lines[each].strip() and _indent(lines[each]) < deep), 0)
    last = next((each for each in range(number, len(lines)) if lines[each].strip() and _indent(lines[each]) < deep), len(lines))
    return "\n".join(lines[first:last])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _of_horizon(file: File, text: str) -> Iterator[Works]:
    """Its supervisors; what an environment of its own says beside the defaults is read as a whole of its own."""
    for each in _HORIZON.finditer(text):
        held = {key: found[1] for key in ("connection", "timeout", "tries", "maxProcesses", "processes") if (found := pattern(_HELD.format(key)).search(each["body"]))}
        if held.get("timeout", "").isdigit():
            copies = next((int(held[key]) for key in ("maxProcesses", "processes") if held.get(key, "").isdigit()), 1)
            at = text.index("'timeout'", each.start())
            yield Works(held.get("connection", ""), (), int(held["timeout"]), held.get("tries", "1") != "1", copies, _at(file, text, at))


def _values(eyes: Eyes, variable: str) -> list[int]:
    return [int(each) for each in _texts(eyes, variable) if each.isdigit()]


def _texts(eyes: Eyes, variable: str) -> Iterator[str]:
    wanted = pattern(rf"^[ \t]*(?:-[ \t]*)?[\"']?{variable}[\"']?[ \t]*[=:][ \t]*[\"']?([^\s\"',#]{{0,100}})", re.MULTILINE)
    for file in eyes.tree.named(*_ENVIRONMENT):
        if not aside(eyes, file) and not file.base.endswith((".example", ".dist", ".sample")):
            yield from (found[1] for found in wanted.finditer(eyes.readable(file, _LARGEST_BYTES)))


def _at(file: File, text: str, at: int) -> Location:
    return Location(clean(file.name), text.count("\n", 0, at) + 1)
