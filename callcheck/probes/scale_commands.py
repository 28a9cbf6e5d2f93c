"""How many instances do the project's own scripts, Makefiles and pipelines ask a platform for?

    docker compose up -d --scale web=4
    kubectl scale deployment/web --replicas=3
    heroku ps:scale web=2 worker=1

What such a command says stands in no configuration file, and it has the last word over those that do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible
from callcheck.model.pattern import pattern
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.launch import SCRIPTS, Unit, commands, filled_in, number, replicas, scripts

_ANY = pattern(
    r"--scale\b|\bscale\b|autoscale|--(?:min|max)-(?:instances|replicas|capacity)|--desired-count|--number-of-workers|systemctl\b.{0,40}\b(?:enable|start)\b"
)
_PAIR = pattern(r"([\w.-]{1,80})=(\d{1,4}|\$\{?\w[^\s,]{0,80})")
_TEMPLATE = pattern(r"([\w.-]{1,80})@(?:\{(\d{1,5})\.\.(\d{1,5})\}|[\w.]{1,40})")
_LOOP = pattern(r"\bfor (\w{1,40}) in ([^;\n]{1,200});")
_Found = Iterator[tuple[str, str, str]]
"""System, unit, and the count as written."""


def _compose(line: str) -> _Found:
    for name, count in re.findall(r"--scale[= ]([\w.-]{1,80})=(\S{1,80})", line):
        yield "compose", name, count
    if found := re.search(r"docker(?:-compose| compose)\b[^|;&]{0,200}? scale (.{1,300})", line):
        for name, count in _PAIR.findall(found[1]):
            yield "compose", name, count
    if found := re.search(r"docker service scale (.{1,300})", line):
        for name, count in _PAIR.findall(found[1]):
            # A stack's services bear its name before their own.
            yield "compose", name.rsplit("_", 1)[-1], count


def _kubernetes(line: str) -> _Found:
    target = r"(?:deploy(?:ment)?s?|statefulsets?|sts)(?:\.apps)?[/ ]([\w.-]{1,80})"
    if found := re.search(rf"kubectl\b[^|;&]{{0,200}}? scale\b[^|;&]{{0,200}}?{target}", line):
        if count := re.search(r"--replicas[= ](\S{1,80})", line):
            yield "kubernetes", found[1], count[1]
    if found := re.search(rf"kubectl\b[^|;&]{{0,200}}? autoscale\b[^|;&]{{0,200}}?{target}", line):
        if count := re.search(r"--max[= ](\S{1,80})", line):
            yield "kubernetes", found[1], count[1]


def _heroku(line: str) -> _Found:
    if found := re.search(r"heroku (?:ps:scale|dyno:scale|scale) (.{1,300})", line):
        for name, count in _PAIR.findall(found[1]):
            yield "heroku", name, count


def _fly(line: str) -> _Found:
    if found := re.search(r"\bfly(?:ctl)? scale count (.{1,200})", line):
        pairs = _PAIR.findall(found[1])
        group = re.search(r"--process-group[= ]([\w.-]{1,80})", found[1])
        for name, count in pairs:
            yield "fly", name, count
        if not pairs and (count_ := re.match(r"(?:.*\s)?(\d{1,4})(?:\s|$)", found[1])):
            yield "fly", group[1] if group else "app", count_[1]


def _pm2(line: str) -> _Found:
    if found := re.search(r"\bpm2 scale ([\w.-]{1,80}) (\+?\d{1,4})", line):
        yield "pm2", found[1], found[2].lstrip("+")


def _beanstalk(line: str) -> _Found:
    if found := re.search(r"\beb scale (\d{1,4})\b", line):
        yield "beanstalk", "", found[1]


def _clouds(line: str) -> _Found:
    for command, name, count, system in (
        (r"\brun (?:deploy|services update) ([\w.-]{1,80})", r"", r"--max-instances[= ](\S{1,80})", "cloud-run"),
        (r"az containerapp (?:create|update|up)\b", r"--name[= ]([\w.-]{1,80})|-n ([\w.-]{1,80})", r"--max-replicas[= ](\S{1,80})", "azure-container-apps"),
        (r"az appservice plan (?:create|update)\b", r"", r"--number-of-workers[= ](\S{1,80})", "azure-app-service"),
        (r"aws ecs (?:create|update)-service\b", r"--service(?:-name)?[= ]([\w.-]{1,80})", r"--desired-count[= ](\S{1,80})", "ecs"),
    ):  # fmt: skip
        found, many = re.search(command, line), re.search(count, line)
        least = re.search(r"--min-(?:instances|replicas)[= ](\d{1,4})\b", line) if found and not many else None
        if least is not None and int(least[1]) > 1:
            many = least  # as many run at any time; how many more is the platform's own limit
        if found and many:
            named = re.search(name, line) if name else found
            yield system, next((group for group in named.groups() if group), "") if named else "", many[1]


def _systemd(line: str) -> _Found:
    if not re.search(r"systemctl\b.{0,40}\b(?:enable|start)\b", line):
        return
    counts: dict[str, int] = {}
    if (loop := _LOOP.search(line)) and (named := re.search(rf"([\w.-]{{1,80}})@\$\{{?{loop[1]}\b", line)):
        sequence = re.fullmatch(r"\$\(seq (?:1 )?(\d{1,5})\)|\{1\.\.(\d{1,5})\}", loop[2].strip())
        words = loop[2].split()
        counts[named[1]] = int(sequence[1] or sequence[2]) if sequence else len(words) if "$" not in loop[2] else 0
    for name, first, last in _TEMPLATE.findall(line):
        counts[name] = counts.get(name, 0) + (int(last) - int(first) + 1 if first else 1)
    yield from (("systemd", name, str(count)) for name, count in counts.items() if count)


_READERS: tuple[Callable[[str], _Found], ...] = (_compose, _kubernetes, _heroku, _fly, _pm2, _beanstalk, _clouds, _systemd)


class ScaleCommands:
    """Notes and documentation are not read: what they say may have been done once, or never."""

    name = "scale-commands"
    looks_at = SCRIPTS
    marks = ("scale", "--min-", "--max-", "--desired-count", "--number-of-workers", "systemctl")
    answers: frozenset[type[Fact]] = frozenset({InstancesFactor, InstancesPossible})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no scripts"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, text in scripts(eyes, ""):
            if _ANY.search(text):
                yield from _commands(file, text)


def _commands(file: File, text: str) -> Iterator[Evidence]:
    for line_number, command in commands(file, text):
        line = filled_in(command, text)
        for read in _READERS:
            for system, name, count in read(line):
                said = number(count)
                unit = Unit("scale-commands", system, name, file, line_number)
                yield replicas(unit, said.many, f"{name}={count}" if name else count, line_number, at_least=said.at_least)


PROBE = ScaleCommands()
