"""Which variables is a service of Railway given by a file of them, or by a command?

    CALLBACK_BASE=http://${{RAILWAY_PRIVATE_DOMAIN}}:8080        # <service>.railway.internal: no name outside of the project
    MILLING_URL=http://${{milling.RAILWAY_PRIVATE_DOMAIN}}:8080
    railway variables --service crown-scans --set "CALLBACK_BASE=http://${{RAILWAY_PRIVATE_DOMAIN}}"

Only Railway fills in `${{…}}` in a value (docs.railway.com/variables, reference variables), so a file with one is meant for it, however it gets there. A private domain is
`<service>.railway.internal`, and only services of the project and environment know it (docs.railway.com/reference/private-networking).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.environment.setting import OPEN, Setting, dotenv
from callcheck.sources.launch.find import aside, commands, scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

FILES = ("*.env", ".env*", "*.env.*")
_REFERENCE = pattern(r"\$\{\{\s*(?:([\w -]{1,60})\.)?(\w{1,100})\s*\}\}")
_COMMAND = pattern(r"\brailway\s+(?:variables?|vars?)\b")
_SERVICE = pattern(r"\s(?:--service|-s)[= ][\"']?([\w-]{1,80})")
_SETS = pattern(r"(?:--set[= ]|\sset\s+)(?:\"(\w{1,100})=([^\"\n]{0,300})\"|'(\w{1,100})=([^'\n]{0,300})'|(\w{1,100})=(\S{0,300}))")
_DOMAIN, _OWN = ".railway.internal", "this-service"


def read(eyes: Eyes) -> Iterator[Setting]:
    """What such a file sets that names another of Railway's variables, and what a command does."""
    for file in eyes.tree.named(*FILES):
        if aside(eyes, file) or file.size > 100_000 or "${{" not in eyes.readable(file):
            continue
        for name, value, line in dotenv(eyes, file):
            yield Setting("", name, _filled(value), file, line, "railway")
        yield Setting("", OPEN, "", file, 1, "railway")
    for script, text in scripts(eyes, "railway "):
        for line, command in commands(script, text):
            for found in _SETS.finditer(command) if _COMMAND.search(command) else ():
                name, value = [group for group in found.groups() if group is not None]
                unit = _SERVICE.search(command)
                if not value.startswith("$") or "${{" in value:
                    yield Setting(unit[1] if unit else "", name, _filled(value.replace("\\$", "$")), script, line, "railway")


def _filled(value: str) -> str:
    """A value with the private domains that it names; "" where it names something else that is not written here."""

    def fill(found: re.Match[str]) -> str:
        return f"{_word(found[1] or _OWN)}{_DOMAIN}" if found[2] == "RAILWAY_PRIVATE_DOMAIN" else found[0]

    text = _REFERENCE.sub(fill, value)
    return "" if "${" in text else text


def _word(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
