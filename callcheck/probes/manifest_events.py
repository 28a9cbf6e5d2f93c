"""Which events does an app's manifest ask its provider to send?

    default_events:          # GitHub App, app.yml
      - issue_comment
    settings:                # Slack app manifest
      event_subscriptions: {bot_events: [app_mention]}
      interactivity: {is_enabled: false}
    features: {slash_commands: [{command: /deploy}]}
    resource "github_repository_webhook" "triage" { events = ["push"] }      # Terraform

A permission is not a subscription: what is not listed is never sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import ManifestEvents
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.hooked_up import by_files
from callcheck.sources.hooked_up.asking import GITHUB

_FILES = ("app.yml", "app.yaml", "manifest.y*ml", "manifest.json", "slack*.y*ml", "slack*.json", "*manifest*.y*ml", "*manifest*.json")



class ManifestsOfApps:
    """Reads the manifests of GitHub and Slack apps."""

    name = "manifest-events"
    looks_at = (*_FILES, "*.tf")
    answers = frozenset({ManifestEvents})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no app manifest"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in eyes.tree.named(*_FILES):
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            if isinstance(document, Table):
                yield from _github(document, file)
                yield from _slack(document, file)
        for each in by_files.read(eyes):
            if each.provider == GITHUB and each.events is not None:
                yield _stated("github", each.events, each.file, each.line)


def _github(document: Table, file: File) -> Iterator[Evidence]:
    if "default_events" in document and ("default_permissions" in document or "hook_attributes" in document):
        yield _stated("github", document["default_events"], file, document.lines["default_events"])


def _slack(document: Table, file: File) -> Iterator[Evidence]:
    settings, features = document.get("settings"), document.get("features")
    if not isinstance(settings, Table):
        return
    asked = settings.get("event_subscriptions")
    if isinstance(asked, Table) and ("bot_events" in asked or "user_events" in asked):
        listed = [event for key in ("bot_events", "user_events") for event in asked.get(key) or ()]
        yield _stated("slack", listed, file, asked.lines.get("bot_events") or asked.lines["user_events"])
    if "display_information" not in document:
        return
    if "event_subscriptions" not in settings:
        yield _stated("slack", [], file, document.lines["settings"])
    interactivity = settings.get("interactivity")
    on = isinstance(interactivity, Table) and interactivity.get("is_enabled") is True
    yield _stated("slack-interactivity", ["*"] if on else [], file, settings.lines.get("interactivity") or document.lines["settings"])
    commands = features.get("slash_commands") if isinstance(features, Table) else None
    listed = [each.get("command") for each in commands or () if isinstance(each, Table)]
    yield _stated("slack-commands", listed, file, document.lines.get("features") or document.lines["settings"])


def _stated(system: str, listed: Any, file: File, line: int) -> Evidence:
    events = ", ".join(clean(str(event), 60) for event in listed) if isinstance(listed, (list, tuple)) else ""
    return Evidence(ManifestEvents(system, events), Basis.DECLARED, "manifest-events", Location(clean(file.name), line or 1))


PROBE = ManifestsOfApps()
