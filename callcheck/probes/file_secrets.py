"""Is the secret of a signature read from a file together with the newline at its end?

    echo "$WHSEC" | docker secret create stripe_whsec -                  # echo ends what it writes with a newline
    const secret = fs.readFileSync("/run/secrets/stripe_whsec", "utf8")  # and nobody trims it

Sources: docs.docker.com/engine/swarm/secrets (`printf`), kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl (`echo -n`), stripe (npm) 23 (a note on whitespace).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Member, Node, dotted, last_name
from callcheck.sources.environment.compose import files as compose_files
from callcheck.sources.launch.find import scripts

_READS = ("readFileSync", "readFile", "read", "read_text")
_CUTS = frozenset({"trim", "trimEnd", "strip", "rstrip", "split", "splitlines", "replace", "removesuffix", "match"})
_SECRET = pattern(r"(?i)secret|whsec|signing")
_ECHOED = pattern(r"\becho\s+(?!-\w*n)[^\n|>;&]{1,200}(?:\|\s*(?:sudo\s+)?docker\s+secret\s+create\b|>\s*[\"']?\S{0,120}(?i:secret|whsec|signing))|\bdocker\s+secret\s+create\b[^\n]{0,120}<<<")
_WHY = "the file ends with a newline, which becomes a part of the secret, so the signature never matches; cut it off, or write the file without one"


class FileSecrets:
    """Silent where nothing shows that the file ends with a newline."""

    name = "file-secrets"
    looks_at = Sight.SOURCE
    about = ("verify",)
    signs = (Sign(pattern=r"readFileSync|read_text\(|\.read\(\)"),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        read = next(_uncut(eyes.code), None)
        where = _newline(eyes) if read is not None else None
        if read is not None and where is not None:
            fact = LibraryTrap("callback-rejected", "strong", _WHY, last_name(read.callee), "files", module_of(read).language)
            yield seen(fact, read, self.name, (Evidence(fact, Basis.DECLARED, self.name, where, label="the newline comes from here"),))


def _uncut(code: Code) -> Iterator[Call]:
    """Where the text of a file is taken for a secret as it is."""
    for call in code.project.calls(*_READS):
        if is_test(module_of(call).path):
            continue
        node: Node = call
        names: list[str] = []
        while isinstance(node.parent, (Member, Call)) and not (isinstance(node.parent, Call) and node.parent.callee is not node):
            node = node.parent
            names += [node.name] if isinstance(node, Member) else []
        if _CUTS.isdisjoint(names) and _for_secret(call, node):
            yield call


def _for_secret(call: Call, whole: Node) -> bool:
    """Whether it is kept under the name of a secret, or read from the file of one."""
    above = whole.parent
    while above is not None and not isinstance(above, Assign) and not isinstance(above, Call):
        above = above.parent
    kept = [dotted(target) for target in above.targets] if isinstance(above, Assign) else []
    lines = module_of(call).lines[call.line - 1 : max(call.end_line, call.line)]
    return any(_SECRET.search(text) for text in kept) or not kept and any(_SECRET.search(line) for line in lines)


def _newline(eyes: Eyes) -> Location | None:
    """What shows that a secret's file ends with a newline: the file itself, which Compose hands in, or the command that writes it."""
    for file, text in (each for word in ("echo", "docker secret create") for each in scripts(eyes, word)):
        found = _ECHOED.search(text)
        if found is not None:
            return Location(clean(file.name), text.count("\n", 0, found.start()) + 1)
    if next(iter(compose_files(eyes)), None) is not None:
        for held in eyes.tree.named("secrets/*", "*/secrets/*", "*secret*.txt", "*.secret"):
            text = eyes.readable(held, 4_000)
            if text.endswith("\n") and text.count("\n") == 1 and _SECRET.search(held.name + text):
                return Location(clean(held.name), 1)
    return None


PROBE = FileSecrets()
