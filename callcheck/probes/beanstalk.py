"""How many instances does AWS Elastic Beanstalk run, and does its balancer keep a client on one?

    option_settings:                              option_settings:
      aws:autoscaling:asg:                          - namespace: aws:autoscaling:asg
        MaxSize: 4                                    option_name: MaxSize
                                                      value: 4

An app of Python without a Procfile is started by gunicorn, with as many workers as NumProcesses says.

Without a number there may be one or several: the environment's type is chosen where it is made (docs.aws.amazon.com/elasticbeanstalk, command-options-general).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, StickySessions
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes, documents
from callcheck.sources.documents import Table, tables
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, number, replicas, state
from callcheck.sources.launch.procfile import declared, procfiles

_SIZES = ("MaxSize", "MinSize")
_GROUP = "aws:autoscaling:asg"
_KIND = "aws:elasticbeanstalk:environment"
_PYTHON = "aws:elasticbeanstalk:container:python"
_STICKY = ("aws:elasticbeanstalk:environment:process:", "aws:elb:policies")


class Beanstalk:
    """The files of `.ebextensions`, all of which hold for the one environment, and a saved configuration."""

    name = "beanstalk"
    looks_at = (".ebextensions/*.config", "*/.ebextensions/*.config", ".elasticbeanstalk/saved_configs/*.cfg.yml")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, StickySessions})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no .ebextensions"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        told: dict[tuple[str, str], tuple[str, File, int]] = {}
        for file in eyes.tree.named(*self.looks_at):
            if aside(eyes, file):
                continue
            try:
                for space, name, value, line in _options(documents.load(eyes.text(file), f"{file.base}.yaml")):
                    told[space, name] = (value, file, line)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
        units = _units(eyes)
        alone = told.get((_KIND, "EnvironmentType"))
        size = next(((name, *told[_GROUP, name]) for name in _SIZES if (_GROUP, name) in told), None)
        if alone is not None and alone[0] == "SingleInstance":
            for unit in units:
                yield replicas(Unit(self.name, self.name, unit, alone[1], alone[2]), 1, "EnvironmentType: SingleInstance")
        elif size is not None:
            name, value, file, line = size
            for unit in units:
                yield replicas(Unit(self.name, self.name, unit, file, line), number(value).many, f"{name}: {value}", at_least=name == "MinSize")
        workers = told.get((_PYTHON, "NumProcesses"))
        if workers is not None and units == [""] and workers[0].isdigit():
            threads, path = (told.get((_PYTHON, name), (default,))[0] for name, default in (("NumThreads", "15"), ("WSGIPath", "application")))
            yield from state(eyes, Unit(self.name, self.name, "", *workers[1:]), f"gunicorn --workers={workers[0]} --threads={threads} {path}")
        for (space, name), (value, file, line) in told.items():
            if name in ("StickinessEnabled", "Stickiness Policy") and value.lower() == "true" and space.startswith(_STICKY):
                yield Evidence(StickySessions("cookie", ""), Basis.DECLARED, self.name, Location(clean(file.name), line))


def _units(eyes: Eyes) -> list[str]:
    """The processes of the Procfile, each of which runs on every instance; one without a name where there is none."""
    found = [name for file in procfiles(eyes) for _, name, _ in declared(eyes.text(file))]
    return list(dict.fromkeys(found)) or [""]


def _options(document: object) -> Iterator[tuple[str, str, str, int]]:
    """Namespace, name, value and line of each option, in either of the two forms; those of a saved configuration stand below OptionSettings."""
    settings = (document.get("option_settings") or document.get("OptionSettings")) if isinstance(document, Table) else None
    if isinstance(settings, Table):
        for space, options in settings.items():
            if isinstance(options, Table):
                yield from ((str(space), str(name), str(value), options.lines[name]) for name, value in options.items())
    else:
        for row in tables(settings):
            if "option_name" in row:
                yield str(row.get("namespace") or ""), str(row["option_name"]), str(row.get("value")), row.lines.get("value", row.line)


PROBE = Beanstalk()
