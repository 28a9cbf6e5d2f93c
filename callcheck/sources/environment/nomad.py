"""Which variables does a Nomad job give to its groups?

    env { API_URL = "http://${NOMAD_ADDR_http}" }
    template {
      env  = true
      data = <<-EOT
        CALLBACK_BASE=http://{{ env "NOMAD_ADDR_http" }}
      EOT
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.environment.setting import OPEN, Setting, command, filled, winners
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.documents.read_hcl import Block

_OWN = pattern(r"\$\{(?:env\[\"?)?(NOMAD_(?:ADDR|IP|HOST_ADDR|HOST_IP|ALLOC_ADDR|ALLOC_IP)_?\w{0,60})(?:\"?\])?\}|\{\{-?\s*env\s+\"(NOMAD_(?:ADDR|IP|HOST_ADDR|HOST_IP|ALLOC_ADDR|ALLOC_IP)_?\w{0,60})\"\s*-?\}\}")
"""The allocation's own address, which is filled in when it starts; its name stands in for it."""
_NAME = pattern(r"[A-Z][A-Z0-9_]{1,99}$")


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of every task, under the name that its group has in other facts: that of a job with one group."""
    for file in eyes.tree.named("*.nomad", "*.hcl"):
        from callcheck.sources.documents.read_hcl import words

        try:
            text = "" if aside(eyes, file) or "terraform" in file.name else eyes.text(file)
        except SourceError:
            continue
        for job in eyes.hcl(file).find("job") if "group" in text else ():
            groups = list(job.find("group"))
            for group in groups:
                unit = group.label if len(groups) > 1 else job.label or group.label
                for task in group.find("task"):
                    config = task.first("config")
                    yield from winners(_task(task, unit, file), command(config.text("command"), words(config.keys.get("args", ("", 0))[0])))


def _task(task: Block, unit: str, file: File) -> Iterator[Setting]:
    for each in task.blocks:
        template = each.kind == "template" and each.text("env") == "true"
        if each.kind == "env" or template:
            for name, (value, line) in each.keys.items():
                if _NAME.match(name):
                    said = _OWN.sub(lambda own: own[1] or own[2], value.strip('"'))
                    yield Setting(unit, name, filled(said, {}), file, line, "nomad")
            # `KEY={{ with … }}` looks like a block.
            yield from (Setting(unit, inner.kind, "", file, inner.line, "nomad") for inner in each.blocks if _NAME.match(inner.kind))
        if template:
            # What the template goes through, in Vault or Consul, may give more names.
            yield Setting(unit, OPEN, "", file, each.line, "nomad")
