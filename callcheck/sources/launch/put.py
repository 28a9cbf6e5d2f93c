"""Which file of the project is put at a path of the server or the image under another name?

    COPY docker/serve.sh /usr/local/bin/serve                          in a Dockerfile
    - ./serve.sh:/usr/local/bin/serve                                  in a Compose file
    envsubst < deploy/mails.env.tmpl > /etc/shop/mails.env             in a script: of a template it is the lines that stay
    - {src: mails.env.j2, dest: /etc/shop/mails.env}                   in a playbook of Ansible
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch.find import commands, filled_in, near, scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_PUTS = pattern(r"\b(?:cp|install|mv|scp|rsync|ln|envsubst|sed|cat|gomplate|op inject|sops)\b.*?\s[\"']?([^\s\"'<>]+)[\"']?\s+(?:-o\s+|>\s*)?[\"']?(?:[\w.@-]+:)?/([^\s\"']+)[\"']?(?:\s|$)")
_TOOLS = ("cp ", "install ", "mv ", "scp ", "rsync ", "ln ", "envsubst", "sed ", "cat ", "gomplate", "op inject", "sops")
_DEST = pattern(r"\bdest\s*[:=]\s*[\"']?/([^\s\"',}]+)")
_SRC = pattern(r"\bsrc\s*[:=]\s*[\"']?([\w./-]+)")


def put_there(eyes: Eyes, beside: File, path: str, *, whole: bool) -> File | None:
    """The file that comes to lie at a path, given without its first slash; None if nothing says so, or two do. Scripts are asked for a whole path alone."""
    try:
        found = re.search(rf"^[ \t]*(?:(?:COPY|ADD)(?:[ \t]+--\S+)*[ \t]+|-[ \t]+[\"']?)(\S+?)(?:[ \t]+|:)/?{re.escape(path)}(?:[:\s\"']|$)", eyes.text(beside), re.MULTILINE)
    except SourceError:
        return None
    sources = {found[1]} if found else eyes.once(("put-there",), lambda: _all(eyes)).get(path, set()) if whole else set()
    source = next(iter(sources)).removeprefix("./") if len(sources) == 1 else ""
    return near(eyes, beside, source) if source and not source.endswith(path) else None


def _all(eyes: Eyes) -> dict[str, set[str]]:
    """What scripts and playbooks put at which path of the server."""
    found: dict[str, set[str]] = {}
    for source, path in (*_by_scripts(eyes), *_by_playbooks(eyes)):
        found.setdefault(path, set()).add(source)
    return found


def _by_scripts(eyes: Eyes) -> Iterator[tuple[str, str]]:
    for file, text in scripts(eyes, "/"):
        for _, command in commands(file, text) if any(tool in text for tool in _TOOLS) else ():
            if any(tool in command for tool in _TOOLS) and (put := _PUTS.search(filled_in(command, text))):
                yield put[1], put[2]


def _by_playbooks(eyes: Eyes) -> Iterator[tuple[str, str]]:
    for file in eyes.tree.named("*.yml", "*.yaml"):
        text = eyes.readable(file, 200_000)
        for found in _DEST.finditer(text) if "dest" in text else ():
            # The task's own keys stand close around.
            begin = max(text.rfind("\n\n", 0, found.start()), text.rfind("- name:", 0, found.start()), 0)
            ends = [at for at in (text.find("\n\n", found.end()), text.find("- name:", found.end())) if at > 0]
            if source := _SRC.search(text, begin, min(ends, default=len(text))):
                yield source[1], found[1]
