"""Which command do the settings of a platform start an app with, and in how many processes?

    appCommandLine: 'gunicorn --workers=4 app:app'                # App Service: Bicep, ARM templates
    app_command_line = "gunicorn --workers=4 app:app"             # its resource in Terraform
    az webapp config set --startup-file "gunicorn -w 4 app:app"   # a script; startup-command and startUpCommand of a pipeline
    start_command = "gunicorn --workers=4 app:app"                # App Runner in Terraform

Sources: learn.microsoft.com/azure/app-service, configure a startup file, and azure/webapps-deploy; docs.aws.amazon.com/apprunner, CodeConfigurationValues and
ImageConfiguration; nixpacks.com configuration file; docs.platform.sh and docs.upsun.com, web commands; aws.github.io/copilot-cli, manifests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import SCRIPTS, Unit, aside, read_command, state

_TEXT = r"(?:'(?P<single>(?:[^'\n\\]|\\.){3,600})'|\"(?P<double>(?:[^\"\n\\]|\\.){3,600})\""
_QUOTED = rf"{_TEXT})"
_PLAIN = rf"{_TEXT}|(?P<plain>[^\s'\"|>&#][^\n#]{{3,600}}))"
_NAMED = rf"{_TEXT}|(?P<name>[A-Za-z_][\w.]{{0,80}})[ \t]*$)"
"""A text, or the name of a parameter or variable that holds it."""
_UNIT = pattern(r"(?m)(?:^|[{,])[ \t]*(?:- )?\"?(?:name|service_name|ServiceName|app-name|appName)\"?[ \t]*[:=][ \t]*[\"']?([A-Za-z][\w-]{0,79})[\"']?[ \t]*,?[ \t]*\r?$|\s(?:-n|--name)[ =]([\w-]{1,80})")
_LARGEST = 300_000


@dataclass(frozen=True, slots=True)
class _Place:
    """One kind of file that tells a platform what to start: its names, what stands in each of them, and how the command is written."""

    system: str
    files: tuple[str, ...]
    mark: str
    written: re.Pattern[str]


_PLACES = (
    _Place("azure-app-service", ("*.bicep", "*.bicepparam"), "appCommandLine", pattern(rf"(?m)^[ \t]*appCommandLine[ \t]*:[ \t]*{_NAMED}")),
    _Place("azure-app-service", ("*.json",), "appCommandLine", pattern(rf"\"appCommandLine\"[ \t]*:[ \t]*{_QUOTED}")),
    _Place("azure-app-service", ("*.tf",), "app_command_line", pattern(rf"(?m)^[ \t]*app_command_line[ \t]*=[ \t]*{_NAMED}")),
    _Place("azure-app-service", SCRIPTS, "--startup-file", pattern(rf"\baz webapp\b(?:[^\n;&|]|\\\n){{1,400}}?--startup-file[ =]{_QUOTED}")),
    _Place("azure-app-service", SCRIPTS, "startup-command", pattern(rf"(?m)^[ \t]*startup-command[ \t]*:[ \t]*{_PLAIN}")),
    _Place("azure-app-service", SCRIPTS, "AzureWebApp", pattern(rf"(?mi)^[ \t]*startupcommand[ \t]*:[ \t]*{_PLAIN}")),
    _Place("app-runner", ("*.tf",), "aws_apprunner_service", pattern(rf"(?m)^[ \t]*start_command[ \t]*=[ \t]*{_NAMED}")),
    _Place("nixpacks", ("nixpacks.toml",), "[start]", pattern(rf"(?m)^\[start\][ \t]*\n(?:[^\[\n][^\n]*\n|\n){{0,20}}?cmd[ \t]*=[ \t]*{_QUOTED}")),
    _Place("platform-sh", (".platform.app.yaml", ".platform/applications.yaml", ".upsun/*.yaml"), "start:", pattern(rf"(?m)^[ \t]+start[ \t]*:[ \t]*{_PLAIN}")),
)


class StartCommands:
    """Only commands that start something which is known: a word for an image's own entry point says nothing."""

    name = "start-commands"
    looks_at = tuple(dict.fromkeys(glob for place in _PLACES for glob in place.files))
    marks = tuple(dict.fromkeys(place.mark for place in _PLACES))
    answers = frozenset(UNIT_FACTS)

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no file that tells a platform what to start"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for place in _PLACES:
            for file in eyes.tree.named(*place.files):
                if file.size > _LARGEST or (aside(eyes, file) and ".github/workflows/" not in file.name):
                    continue
                try:
                    text = eyes.text(file)
                except SourceError as error:
                    yield Lost(clean(file.name), error.message)
                    continue
                yield from _started(eyes, place, file, text) if place.mark in text else ()


def _started(eyes: Eyes, place: _Place, file: File, text: str) -> Iterator[Evidence | Lost]:
    """What each command of a file starts; the unit is named by the name that stands last ahead of it."""
    for found in place.written.finditer(text):
        command, at = _command(found, text)
        if not any(started.server or started.hands_to for started in read_command(command)):
            continue
        named = list(_UNIT.finditer(text, 0, max(at, found.start())))
        name = next((group for group in named[-1].groups() if group), "") if named else ""
        unit = Unit("start-commands", place.system, name, file, text.count("\n", 0, at) + 1, given(eyes, place.system, name))
        yield from state(eyes, unit, command)


def _command(found: re.Match[str], text: str) -> tuple[str, int]:
    """The command, and where it is written: here, or as the default of the parameter, variable or local that is named here; "" if that is not said."""
    said = found.groupdict()
    kind = next((key for key in ("single", "double", "plain") if said.get(key)), "")
    if kind:
        return said[kind].replace('\\"', '"').strip(), found.start(kind)
    name = str(said.get("name") or "").rpartition(".")[2]
    kept = re.search(rf"(?m)^[ \t]*(?:(?:param|var)[ \t]+{name}\b[^=\n]*|{name}[ \t]*)=[ \t]*{_QUOTED}|^variable[ \t]+\"{name}\"[ \t]*\{{[^}}]{{0,400}}?\bdefault[ \t]*=[ \t]*\"(?P<default>[^\"\n]{{3,600}})\"", text)
    where = next((key for key in ("single", "double", "default") if kept and kept[key]), "")
    return (kept[where], kept.start(where)) if kept and where else ("", found.start())


PROBE = StartCommands()
