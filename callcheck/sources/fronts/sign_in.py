"""Does oauth2-proxy stand in front of an app, and which paths does it let pass without a login?

    command: [--upstream=http://app:3000, --skip-auth-route=POST=^/hooks/]
    environment: {OAUTH2_PROXY_UPSTREAMS: http://app:3000}
    args: [--upstream=http://127.0.0.1:3000]                      # beside the app in its pod, and what the Service leads to

Source: oauth2-proxy.github.io, configuration (`skip_auth_routes`: method=path_regex, or path_regex alone; `static://202` is the answer for auth_request).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, line_at
from callcheck.sources.environment.compose import context
from callcheck.sources.files import File
from callcheck.sources.fronts import Front, Way, below

if TYPE_CHECKING:
    from callcheck.sources import Eyes

CONFIGS = ("*oauth2*.cfg", "*oauth2*.toml")
_IMAGE = pattern(r"\boauth2[-_]proxy\b")
_OPTION = pattern(r"^(?:--?|OAUTH2_PROXY_)(upstreams?|skip[-_]auth[-_](?:route|regex|strip)s?|config)[= ](.*)$", re.IGNORECASE | re.DOTALL)
_ROW = pattern(r"^[ \t]*(upstreams|skip_auth_routes|skip_auth_regex)[ \t]*=[ \t]*\[?([^\]\n]*(?:\n[^\]\n=]*)*)\]?", re.MULTILINE)
_QUOTED = pattern(r"[\"']([^\"'\n]{1,300})[\"']")
_TO = pattern(r"^https?://([\w.-]{1,100})(?::\d{1,5})?")
_METHOD = pattern(r"^([A-Z]{3,7})!?=(.*)$", re.DOTALL)


def compose(eyes: Eyes, file: File, services: Table) -> Iterator[Front]:
    """One for each service of that image; silent for an app that has a port of its own on the host."""
    for name, keys in services.items():
        if not isinstance(keys, Table) or not _IMAGE.search(str(keys.get("image") or "")):
            continue
        options = [each for key in ("command", "environment") for each in _options(keys.get(key), keys.lines.get(key, services.lines[name]))]
        if any(option == "config" for option, _, _ in options):
            options += _configured(eyes, services.lines[name])
        for _, value, line in (each for each in options if each[0].startswith("upstream")):
            to = _TO.match(value)
            app = services.get(to[1]) if to else None
            build = app.get("build") if isinstance(app, Table) and not app.get("ports") else None
            if build:
                folder = re.sub(r"^(?:\./)+|/$", "", context(build))
                yield Front("oauth2-proxy", tuple(_ways(file, line, options, f"in:{'' if folder == '.' else folder}")))


def kubernetes(eyes: Eyes) -> Iterator[Front]:
    """One for each pod of which every Service leads to that container alone, which sends on to the one beside it."""
    from callcheck.sources.manifests import UNITS, collect
    from callcheck.sources.manifests.pods import labels_of

    found = collect(eyes)
    for unit in found.of(*UNITS):
        containers = unit.get("spec", "template", "spec", "containers")
        for at, each in each_of(containers):
            if not _IMAGE.search(str(each.get("image") or "")):
                continue
            file, line = unit.at("spec", "template", "spec", "containers", at, "args")
            options = [option for key in ("args", "command") for option in _options(each.get(key), line)]
            own = {"4180", *(str(port.get(key)) for _, port in each_of(each.get("ports")) for key in ("containerPort", "name"))}
            selecting = [service for service in found.of("Service") if (chosen := service.get("spec", "selector")) and isinstance(chosen, dict) and chosen.items() <= labels_of(unit).items()]
            targets = {str(row.get("targetPort") or row.get("port")) for service in selecting for _, row in each_of(service.get("spec", "ports"))}
            beside = any(option.startswith("upstream") and (to := _TO.match(value)) and to[1] in ("127.0.0.1", "localhost") for option, value, _ in options)
            if beside and targets and targets <= own and len(found.of(*UNITS)) == 1:
                at_line = next(where for option, _, where in options if option.startswith("upstream"))
                yield Front("oauth2-proxy", tuple(_ways(file, at_line, options, "in:")))


def _ways(file: File, line: int, options: list[tuple[str, str, int]], goes: str) -> Iterator[Way]:
    for option, value, at in options:
        if "skip" not in option:
            continue
        told = _METHOD.match(value)
        if told and told[1] != "POST":
            continue
        try:
            yield Way(re.compile(f".*(?:{told[2] if told else value})"), goes, file, at)
        except re.error:
            yield Way(below("/"), "open", file, at)
    yield Way(below("/"), goes, file, line, None, "asks for a login")


def _options(value: object, line: int) -> Iterator[tuple[str, str, int]]:
    """Name, value and line of each option, of a list, a table or one text."""
    if isinstance(value, str):
        rows = [(each, line) for each in re.split(r"\s+(?=--)", value.strip())]
    elif isinstance(value, Table):
        rows = [(f"{key}={each}", value.lines.get(key, line)) for key, each in value.items()]
    else:
        rows = [(str(each), line_at(value, at)) for at, each in enumerate(value)] if isinstance(value, list) else []
    for row, at in rows:
        if found := _OPTION.match(row):
            for each in found[2].split(",") if "upstream" in found[1].lower() else [found[2]]:
                yield found[1].lower(), each.strip().strip("\"'"), at


def _configured(eyes: Eyes, line: int) -> list[tuple[str, str, int]]:
    """The same out of a configuration file that is kept beside; the place is that of the service."""
    found = []
    for file in eyes.tree.named(*CONFIGS):
        try:
            text = eyes.text(file)
        except SourceError:
            continue
        found += [(row[1], each, line) for row in _ROW.finditer(text) for each in _QUOTED.findall(row[2])]
    return found
