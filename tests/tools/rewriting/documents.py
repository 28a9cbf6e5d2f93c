"""Rewritings of deployment files that keep what they say."""

from __future__ import annotations

import shlex
from typing import Any

import yaml

from tests.tools.rewriting.source import Files


def dumped(files: Files) -> Files:
    """YAML as a program writes it: no comments, no flow, no anchors in the place of short lists."""
    return _documents(files, lambda value: value)


def other_forms(files: Files) -> Files:
    """Compose: the environment as a list or a mapping, the command as a text or a list, whichever it was not."""
    return _documents(files, _turned)


def _turned(document: Any) -> Any:
    services = document.get("services") if isinstance(document, dict) else None
    for service in services.values() if isinstance(services, dict) else ():
        if not isinstance(service, dict):
            continue
        given = service.get("environment")
        if isinstance(given, dict):
            service["environment"] = [f"{key}={_said(value)}" if value is not None else key for key, value in given.items()]
        elif isinstance(given, list):
            service["environment"] = {str(each).partition("=")[0]: str(each).partition("=")[2] if "=" in str(each) else None for each in given}
        command = service.get("command")
        if isinstance(command, list):
            service["command"] = shlex.join(map(str, command)).replace("'${", "${").replace("}'", "}")
        elif isinstance(command, str) and not set(command) & set("&|;$\n"):
            service["command"] = shlex.split(command)
    return document


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _documents(files: Files, change: Any) -> Files:
    made = dict(files)
    for path, text in files.items():
        if path.endswith((".yml", ".yaml")) and "{{" not in text and not path.startswith(".github/"):
            try:
                documents = [change(each) for each in yaml.safe_load_all(text)]
            except yaml.YAMLError:
                continue
            made[path] = yaml.dump_all(documents, Dumper=_Plain, sort_keys=False, default_flow_style=False, width=1000)
    return made


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        return True
