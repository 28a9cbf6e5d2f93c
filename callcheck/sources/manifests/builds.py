"""What do kustomizations and Helm charts come to when their own tools build them?

    kustomize build w            in a copy: w/kustomization.yaml says `resources: [../t/overlays/prod]`, t holds the files
    helm template web t/chart

Only files of the target are copied, into a folder that is deleted at once. The tools find neither other programs, nor plugins, nor the user's
settings, nor a way out of the machine, and are ended after some seconds. Each build is made once in a run.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.errors import NotFound, SourceError, TimedOut
from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.sources import noted
from callcheck.sources.files import File, read_bytes
from callcheck.sources.manifests import kustomized
from callcheck.sources.manifests.manifest import LESSER, PRODUCTION, Manifest

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.manifests.helm import Values

LIMIT_S = 10.0
"""For one build."""
ALL_S = 20.0
"""For all of them; what is left then is read by ourselves."""
MOST_BUILDS = 12
_MOST_BYTES = 4_000_000
_NO_WAY_OUT = "http://127.0.0.1:9"


@dataclass(slots=True)
class Built:
    """What was built; `covers` are the names of files that need not be read by themselves any more."""

    objects: list[Manifest] = field(default_factory=list)
    covers: set[str] = field(default_factory=set)
    lost: list[Lost] = field(default_factory=list)


class Builds:
    """The builds of one target."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes
        self._left_s = ALL_S

    def kustomizations(self, known: kustomized.Known) -> Built:
        """Those of the environment at hand: production where one is called so, else whatever is not plainly less."""
        roots = kustomized.outermost(known)
        for better in (PRODUCTION.search, lambda name: not LESSER.search(name)):
            roots = [root for root in roots if better(root)] or roots
        told = Built()
        for number, root in enumerate(sorted(roots)):
            made = self._eyes.once(("kustomization", root), functools.partial(self._kustomization, root, known, number))
            told.objects += made.objects
            told.covers |= made.covers
            told.lost += made.lost
        return told

    def chart(self, folder: str, values: Values) -> Built:
        """A Helm chart with its values."""
        return self._eyes.once(("chart", folder), functools.partial(self._chart, folder, values))

    def _kustomization(self, root: str, known: kustomized.Known, number: int) -> Built:
        made_of = kustomized.closure(self._eyes, root, known)
        why = made_of.refused or ("there are too many of them" if number >= MOST_BUILDS else "")
        try:
            if not why:
                text = self.run(made_of.files.values(), _wrapper(root), ("kustomize", "build", "w"), ("kubectl", "kustomize", "w"))
                found = list(kustomized.objects(self._eyes, text, made_of, known))
                return Built(found, set(made_of.files))
        except SourceError as error:
            why = error.message
        if not any(kustomized.unreadable(self._eyes, *known[folder]) for folder in made_of.folders):
            return Built()
        return Built(lost=[Lost(clean(made_of.root or ".") + "/kustomization.yaml", f"not built ({why}): read by ourselves, replicas and generators alone")])

    def _chart(self, folder: str, values: Values) -> Built:
        from callcheck.sources.manifests.charted import chart

        try:
            return chart(self._eyes, folder, values, self.run)
        except NotFound:
            return Built()
        except SourceError as error:
            return Built(lost=[Lost(clean(folder or "."), f"`helm template` failed ({clean(error.message, 200)}): the templates are read by ourselves")])

    def run(self, files: Iterable[File], made: Mapping[str, bytes], *commands: tuple[str, ...]) -> str:
        """What the first tool that is installed says in a copy, where `files` lie below t/. Raises NotFound if none is, and SourceError."""
        chosen = next((command for command in commands if _installed(command[0])), None)
        if chosen is None:
            raise NotFound(f"{' and '.join(command[0] for command in commands)} not installed" if len(commands) < 2 else "neither kustomize nor kubectl is installed")
        if self._left_s <= 0:
            raise TimedOut(f"the builds before it took {ALL_S:.0f} s")
        import tempfile

        from callcheck.sources.live.outside import ask

        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="callcheck-") as name:
            top = Path(name)
            for file in files:
                self._eyes.asked.add(file.name)
                if not file.name.startswith(".."):
                    _write(top / "t" / file.name, read_bytes(file))
            for path, data in made.items():
                _write(top / path, data)
            home = top / "home"
            home.mkdir()
            try:
                return ask(chosen[0], chosen[1:], top, min(LIMIT_S, self._left_s), _MOST_BYTES, _surroundings(home))
            finally:
                self._left_s -= time.monotonic() - began


def _wrapper(root: str) -> dict[str, bytes]:
    return {"w/kustomization.yaml": f"resources: [{_quoted('../t/' + root)}]\nbuildMetadata: [originAnnotations]\n".encode()}


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _surroundings(home: Path) -> dict[str, str]:
    """An environment without a search path, settings, plugins, credentials, or a proxy that answers."""
    told = {"HOME": str(home), "TMPDIR": str(home), "PATH": "", "KUBECONFIG": "/dev/null", "NO_PROXY": ""}
    told |= {name: str(home / name) for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS", "KUSTOMIZE_PLUGIN_HOME", "XDG_CONFIG_HOME")}
    return told | dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NO_WAY_OUT)


def _installed(tool: str) -> bool:
    """As shutil.which; each place looked at is noted, so that a kept report is made anew when the tool comes or goes."""
    import os
    import shutil

    for folder in os.environ.get("PATH", "").split(os.pathsep):
        with suppress(OSError, ValueError):
            if folder and noted.is_there(Path(folder) / tool):
                return shutil.which(tool) is not None
    return False
