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
from callcheck.sources.files import File
from callcheck.sources.launch.find import commands, filled_in, near, scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_TOOLS = "cp|install|mv|scp|rsync|ln|envsubst|sed|cat|gomplate|op inject|sops"


def put_there(eyes: Eyes, beside: File, path: str, *, whole: bool) -> File | None:
    """The file that comes to lie at a path, given without its first slash; None if nothing says so, or two do. Scripts are asked for a whole path alone."""
    try:
        found = re.search(rf"^[ \t]*(?:(?:COPY|ADD)(?:[ \t]+--\S+)*[ \t]+|-[ \t]+[\"']?)(\S+?)(?:[ \t]+|:)/?{re.escape(path)}(?:[:\s\"']|$)", eyes.text(beside), re.MULTILINE)
    except SourceError:
        return None
    sources = {found[1]} if found else {*_by_scripts(eyes, path), *_by_playbooks(eyes, path)} if whole else set()
    source = sources.pop().removeprefix("./") if len(sources) == 1 else ""
    return near(eyes, beside, source) if source and not source.endswith(path) else None


def _by_scripts(eyes: Eyes, path: str) -> Iterator[str]:
    last = path.rsplit("/", 1)[-1]
    wanted = re.compile(rf"\b(?:{_TOOLS})\b.*?\s[\"']?([^\s\"'<>]+)[\"']?\s+(?:-o\s+|>\s*)?[\"']?(?:[\w.@-]+:)?/{re.escape(path)}[\"']?(?:\s|$)")
    for file, text in scripts(eyes, last):
        for _, command in commands(file, text):
            if last in command and (found := wanted.search(filled_in(command, text))):
                yield found[1]


def _by_playbooks(eyes: Eyes, path: str) -> Iterator[str]:
    dest = re.compile(rf"\bdest\s*[:=]\s*[\"']?/{re.escape(path)}[\"'\s,}}]")
    for file in eyes.tree.named("*.yml", "*.yaml"):
        text = eyes.readable(file, 200_000)
        for found in dest.finditer(text) if path in text else ():
            # The task's own keys stand close around.
            begin = max(text.rfind("\n\n", 0, found.start()), text.rfind("- name:", 0, found.start()), 0)
            ends = [at for at in (text.find("\n\n", found.end()), text.find("- name:", found.end())) if at > 0]
            if source := re.search(r"\bsrc\s*[:=]\s*[\"']?([\w./-]+)", text[begin : min(ends, default=len(text))]):
                yield source[1]
