"""What does a cure change in the user's own file?

    edit: [{at: instances.factor, find: "(--workers[= ])\\d+", put: "\\g<1>1"}]

The line at which a fact was found becomes the `before`, and the same line with its change the `after`, in place of the rule's example.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence
from callcheck.model.noun import replace
from callcheck.model.pattern import compiled
from callcheck.model.printable import printable, redact
from callcheck.model.rule import Edit, Fix, Snippet

Lines = Callable[[str, int, int], list[str]]
"""Gives lines `first` to `last` (from 1, inclusive) of a file as named in a location; [] if it cannot be read."""

COUNT = (
    r"((?:--workers|-w|--processes|-p|-i|--instances|--max-instances|--max-replicas|--replicas|--desired-count|--scale)(?:[= ]|[\"'],\s*[\"'])(?:[\w-]+=)?"
    r"|\b(?:replicas|instances|numprocs|count|desired_count|desiredCount|min_machines_running|max_instance_count|maxScale|numInstances|numReplicas|replicaCount|quantity|scale|workers|processes"
    r"|WEB_CONCURRENCY|maxReplicas|maxReplicaCount|worker_count|instance_count|max_capacity|MaxSize|max_replicas)[\"']?\s*[:=]\s*[\"']?)"
    r"(?:\d+|max\b|-1|(?<=workers = )int\(os\.[^\n]*|(?:multiprocessing|os|mp)\.cpu_count\(\)[^,}\n]*)"
)
"""A number of processes as it is written, whatever the format; its group is all that stands before it."""
_LONGEST = 400
"""Characters; a longer line is made by a machine."""
_LANGUAGES = {"yml": "yaml", "yaml": "yaml", "json": "json", "toml": "toml", "conf": "ini", "ini": "ini", "py": "python", "ts": "typescript", "js": "javascript", "cjs": "javascript", "mjs": "javascript", "tf": "hcl", "sh": "shell"}


def in_own_files(diagnosed: Diagnosed, lines: Lines) -> Diagnosed:
    """With each cure shown on the user's own line, where one of its edits fits what was found."""
    weighed = (item for each in diagnosed.supports for item in each.evidence)
    found = [item for ground in (*diagnosed.grounds, *weighed, *diagnosed.others) for item in ground.flat()]
    shown = [_edited(fix, found, lines) for fix in diagnosed.fixes]
    # What can be shown there comes first among those that are for what was found.
    return replace(diagnosed, fixes=tuple(sorted(shown, key=lambda fix: not fix.grounds or fix.stopgap or not any(each.path for each in fix.snippets))))


def _edited(fix: Fix, found: list[Evidence], lines: Lines) -> Fix:
    snippet = next((s for edit in fix.edits for item in found if item.fact.kind == edit.at for s in _changed(edit, item, lines)), None)
    return replace(fix, snippets=(snippet,)) if snippet else fix


def _changed(edit: Edit, item: Evidence, lines: Lines) -> Iterator[Snippet]:
    """The change in the line of a fact, or in one of the next lines that the edit may look at."""
    if not item.where or not item.where.line:
        return
    path, first = item.where.path, item.where.line
    held = lines(path, first, first + edit.within)
    for at, line in enumerate(held):
        if len(line) < _LONGEST and _compiled(edit.find).search(line):
            after = _compiled(edit.find).sub(edit.put, line, count=1)
            if after == line:
                continue  # it is as it should be: another line counts
            old, new = held[: at + 1], [*held[:at], *after.split("\n")]
            indent = min(len(each) - len(each.lstrip()) for each in old if each.strip())
            old, new = ([each[indent:] if not each[:indent].strip() else each for each in side] for side in (old, new))
            old, new = ([printable(redact(each)) for each in side] for side in (old, new))
            name = path.rsplit("/", 1)[-1]
            yield Snippet(_LANGUAGES.get(name.rsplit(".", 1)[-1].lower(), "text"), "\n".join(old), "\n".join(new), path, first + at)
            return


@functools.lru_cache(maxsize=128)
def _compiled(text: str) -> re.Pattern[str]:
    # The others may have a name of the target in them.
    return compiled(text) if text == COUNT else re.compile(text)
