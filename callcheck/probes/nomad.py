"""Which task groups does Nomad run, how often?

    group "api" {
      count = 3
      task "api" { config { command = "npm" args = ["run", "start"] } }
    }

HCL is read line by line: blocks, and plain assignments in them. `count` absent is `scaling.min`, else 1 (hashicorp/nomad api/tasks.go).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServerTrait, ServiceRun
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.launch import (
    INFRASTRUCTURE,
    Unit,
    aside,
    dockerfile_of,
    number,
    replicas,
    role_of_image,
    state_image,
)

_BLOCK = pattern(r"\s*(\w{1,60})((?:\s+\"[^\"]{0,200}\"){0,3})\s*=?\s*\{(.*)")
_SET = pattern(r"\s*(\w{1,80})\s*=\s*(\S.*)")


@dataclass(slots=True)
class _Block:
    kind: str
    label: str
    line: int
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    blocks: list[_Block] = field(default_factory=list)

    def find(self, kind: str) -> Iterator[_Block]:
        for block in self.blocks:
            if block.kind == kind:
                yield block
            yield from block.find(kind)

    def first(self, kind: str) -> _Block:
        return next(self.find(kind), _Block(kind, "", self.line))

    def text(self, key: str) -> str:
        return self.keys[key][0].strip('"') if key in self.keys else ""


class Nomad:
    """Variables (`count = var.n`) are not known from the job file: possible, not stated."""

    name = "nomad"
    looks_at = ("*.nomad", "*.nomad.hcl", "*.hcl")
    answers: frozenset[type[Fact]] = frozenset({ServiceRun, InstancesFactor, InstancesPossible, ServerTrait})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no Nomad job"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                text = eyes.text(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for job in _parse(text).find("job"):
                groups = list(job.find("group"))
                for group in groups:
                    name = group.label if len(groups) > 1 else job.label or group.label
                    yield from _group(eyes, file, name, group)


def _files(eyes: Eyes) -> list[File]:
    return [
        file
        for file in eyes.tree.named(*Nomad.looks_at)
        if not aside(eyes, file) and "terraform" not in file.name
    ]


def _parse(text: str) -> _Block:
    root = _Block("", "", 1)
    stack = [root]
    lines = text.splitlines()
    number_ = 0
    while number_ < len(lines):
        line = re.sub(r"(?:^|\s)(?:#|//).*", "", lines[number_][:2000])
        number_ += 1
        if found := _BLOCK.match(line):
            block = _Block(found[1], found[2].strip().strip('"'), number_)
            stack[-1].blocks.append(block)
            if len(stack) < 50:
                stack.append(block)
            rest = found[3]
            for part in rest.split("}")[0].split(","):
                if inner := _SET.match(part):
                    block.keys[inner[1]] = (inner[2].strip(), number_)
            if "}" in rest and len(stack) > 1:
                stack.pop()
        elif line.strip().startswith("}"):
            if len(stack) > 1:
                stack.pop()
        elif found := _SET.match(line):
            value, first = found[2].strip(), number_
            while value.startswith("[") and "]" not in value and number_ < len(lines) and len(value) < 5000:
                value += " " + lines[number_].strip()
                number_ += 1
            stack[-1].keys[found[1]] = (value, first)
    return root


def _group(eyes: Eyes, file: File, name: str, group: _Block) -> Iterator[Evidence | Lost]:
    unit = Unit("nomad", "nomad", name, file, group.line)
    some = False
    for task in group.find("task"):
        config = task.first("config")
        image = config.text("image")
        role = role_of_image(image)
        some = some or role not in INFRASTRUCTURE
        env = {key: value.strip('"') for key, (value, _) in task.first("env").keys.items()}
        command: list[str] = [config.text("command")] if config.text("command") else []
        command += _list(config.keys.get("args", ("", 0))[0])
        at = Unit("nomad", "nomad", name, file, config.line, env, role, image)
        yield from state_image(eyes, at, dockerfile_of(eyes, image, [name]), command=command or "")
    if not some:
        return
    if "count" in group.keys:
        value, line = group.keys["count"]
        yield replicas(unit, number(value).many, f"count = {value}", line)
        return
    scaling = group.first("scaling")
    if "max" in scaling.keys:
        value, line = scaling.keys["max"]
        yield replicas(unit, number(value).many, f"scaling max = {value}", line)
    else:
        yield replicas(unit, 1, "no count: 1")


def _list(text: str) -> list[str]:
    try:
        found = json.loads(re.sub(r",\s*\]", "]", text)) if text.startswith("[") else []
    except ValueError:
        return []
    return [str(item) for item in found]


PROBE = Nomad()
