"""Where do the files of a deployment say what a trap wants beside its call?

    along: ["&persistent_client_expiration"]      # mosquitto.conf keeps what nobody here asks for
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.knowledge import Idiom
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.spans import span
from callcheck.sources.code import Code
from callcheck.sources.code.wording import may_stand_in

_DEPLOYS = (
    *("*compose*.y*ml", "*.yaml", "*.yml", "Dockerfile*", "*.tf", "Procfile*", "wrangler.toml", "wrangler.json*", "*.service", "supervisor*.conf", "Makefile", "*.sh"),
    *("requirements*.txt", "pyproject.toml", "*.conf", "*.ini", "*.env", ".env.prod*", "Caddyfile*", "fly*.toml", "haproxy*.cfg", "*.nomad*", "justfile"),
    *("ecosystem*.json", "pm2*.json", "crontab*", "*.cron", "*.crontab"),
)
_MODULE = pattern(r"([\w.]+):\w+")
_SYSTEMS = ("dapr", "knative")
"""Systems that most deployments have nothing to do with: a pattern that asks for one is looked for only where it is named."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a file of the deployment."""

    path: str
    line: int
    text: str


class DeploymentTexts:
    """Those of one project; they are searched once for each pattern."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._known: dict[str, Said | None] = {}
        self._served: dict[tuple[str, str], bool] = {}

    def has(self, trap: Idiom, wanted: str) -> bool:
        """Whether some file of the deployment has a pattern of a trap."""
        if wanted not in self._known:
            self._known[wanted] = next(self._all(trap, wanted), None)
        return self._known[wanted] is not None

    def serves(self, trap: Idiom, wanted: str, path: str) -> bool:
        """The same for a pattern that ends with `module:name`, which may be of this source file: another one beside the file that says so is meant first."""
        if (wanted, path) not in self._served:
            self._served[wanted, path] = any(self._may_mean(said, path) for said in self._all(trap, wanted))
        return self._served[wanted, path]

    def _may_mean(self, said: Said, path: str) -> bool:
        named = [each.replace(".", "/") + ".py" for each in _MODULE.findall(said.text)]
        beside = {"/".join(filter(None, (said.path.rpartition("/")[0], each))) for each in named} & set(self._code.project.sources)
        return not beside or path in beside

    def wanted_by(self, trap: Idiom) -> Iterator[Said]:
        """The lines that the trap wants beside its call, where some file has them."""
        for each in trap.along:
            if each.startswith(("&", "%")) and self.has(trap, each[1:]) and (said := self._known[each[1:]]) is not None:
                yield said

    def _all(self, trap: Idiom, wanted: str) -> Iterator[Said]:
        project = self._code.project
        system = next((each for each in _SYSTEMS if all(each in part for part in wanted.split("|"))), "")
        for file in project.files_named(*_DEPLOYS):
            # What is not read here may change without the code's being read anew.
            if system and system not in project.derived(file, systems_of):
                continue
            text = project.text_of(file)
            if may_stand_in(trap, wanted, text):
                for start, end in span(wanted).places(text):
                    # What a pattern begins with may be the end of the line before.
                    at = start + len(text[start:end]) - len(text[start:end].lstrip())
                    yield Said(file.name, text.count("\n", 0, at) + 1, text[at:].split("\n", 1)[0].strip())


def systems_of(_: str, text: str) -> frozenset[str]:
    """The systems that a file of a deployment names, of those that few do."""
    return frozenset(each for each in _SYSTEMS if each in text)
