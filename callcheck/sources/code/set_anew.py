"""Does the deployment put another text into a variable, or give the machine another name, at each start?

    kind: Deployment  …  - name: CLIENT_ID                            CLIENT_ID: "gate-{{.Task.ID}}"             export CLIENT_ID="gate-$(uuidgen)"
                           valueFrom: {fieldRef: {fieldPath: metadata.name}}

The pods of a StatefulSet keep their names, and so does a slot of Swarm; those of a Deployment, a DaemonSet or a Job are made anew. Sources: kubernetes.io/docs/concepts/workloads,
docs.docker.com/reference/cli/docker/service/create (templates), developer.hashicorp.com/nomad/docs/runtime/environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import EXAMPLES, set_to
from callcheck.sources.code.project import Project
from callcheck.sources.launch.roles import role_of_image

_MANIFESTS = (".yaml", ".yml")
_FILES = (*(f"*{ending}" for ending in _MANIFESTS), "*.tf", "*.nomad*", "*.hcl", "*.sh", "Dockerfile*", "Procfile*", "*.service")
_DOCUMENT = pattern(r"(?m)^---[ \t]*$")
_KIND = pattern(r"(?m)^kind:[ \t]*[\"']?(Deployment|ReplicaSet|DaemonSet|Job|CronJob|StatefulSet)\b|^resource[ \t]+\"kubernetes_(deployment|daemonset|daemon_set|job|cron_job|stateful_set)\w*\"")
_KEEPS_NAMES = frozenset({"StatefulSet", "stateful_set"})
_IMAGE = pattern(r"\bimage:[ \t]*[\"']?([^\s\"',}]+)")
_OWN_NAME = pattern(r"(?m)^\s+hostname:")
_CHANCE = r"\{\{-?\s*\.Task\.(?:ID|Name)\b|\$\{?NOMAD_ALLOC_ID\b|\$\(uuidgen|/random/uuid|\$\(date\b|\$\{?RANDOM\b|\$\(openssl rand"
_ANEW = pattern(rf"{_CHANCE}|\$\(\w+\)")
"""By chance, or by another variable of the same container, which Kubernetes puts in and which is asked after by itself."""
_FIELD = r"(?:valueFrom:\s*\{?\s*fieldRef:\s*\{?\s*(?:apiVersion:\s*\w+[\s,]+)?fieldPath:|value_from\s*\{\s*field_ref\s*\{\s*(?:api_version\s*=\s*\S+\s+)?field_path\s*=)"
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is made anew."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A document of a manifest, or a whole file of another kind."""

    path: str
    first: int
    text: str

    def place(self, found: re.Match[str]) -> Place:
        return Place(self.path, self.first + self.text.count("\n", 0, found.start()))

    def kind(self, end: int) -> str:
        """What the workload is that stands there: the document's own, or the last resource that begins before."""
        whole = len(self.text) if self.path.endswith(_MANIFESTS) else end
        last = next(reversed([*_KIND.finditer(self.text, 0, whole)]), None)
        return (last[1] or last[2]) if last is not None else ""


def set_anew(project: Project, name: str) -> Place | None:
    """Where a variable is filled with another text at each start; None if it is so nowhere, or a file sets it to one that stays."""
    place = next((found for part in _parts(project) if name in part.text and (found := _anew_in(part, name))), None)
    return place if place is not None and all(_ANEW.search(value) for value in set_to(project, name)) else None


def renames_hosts(project: Project) -> Place | None:
    """Where the machines are described whose names are other ones at each start: workloads of Kubernetes with images of one's own, if the pods of none of them keep their names."""
    place: Place | None = None
    for part in _parts(project):
        kind = _KIND.search(part.text) if part.path.endswith(_MANIFESTS) else None
        if kind is not None and any(not role_of_image(image) for image in _IMAGE.findall(part.text)):
            if kind[1] in _KEEPS_NAMES or _OWN_NAME.search(part.text):
                return None
            place = place or part.place(kind)
    return place


def _parts(project: Project) -> Iterator[_Part]:
    for file in (each for each in project.files_named(*_FILES) if not EXAMPLES.search(each.name)):
        text, begin = project.text_of(file), 0
        for end in [*(found.start() for found in _DOCUMENT.finditer(text) if file.name.endswith(_MANIFESTS)), len(text)]:
            yield _Part(file.name, 1 + text.count("\n", 0, begin), text[begin:end])
            begin = end


def _anew_in(part: _Part, name: str, depth: int = 0) -> Place | None:
    """Where one document fills it anew."""
    own = re.escape(name)
    named = rf"\bname\s*[:=]\s*[\"']?{own}[\"']?\s*[,\n]\s*"
    found = re.search(rf"(?<![\w-]){own}[\"']?\s*[:=][^\n,]*?(?:{_CHANCE})|{named}value:[^\n,]*?(?:{_CHANCE})", part.text)
    for field in re.finditer(rf"{named}{_FIELD}\s*[\"']?(metadata\.name|metadata\.uid|status\.podIP)\b", part.text) if found is None else ():
        kind = part.kind(field.start())
        if field[1] != "metadata.name" or (kind and kind not in _KEEPS_NAMES):
            found = field
    if found is not None:
        return part.place(found)
    other = re.search(rf"{named}value:[^\n,]*?\$\((\w+)\)", part.text) if depth < _DEEPEST else None
    return part.place(other) if other is not None and _anew_in(part, other[1], depth + 1) else None
