"""Is somebody outside told to call back by a name that a platform fills in, and that its private network alone knows?

    - {key: PUBLIC_BASE, fromService: {type: web, name: kayak, property: host}}        # render.yaml: kayak-x1y2, no name of the Internet, and no scheme
    - {key: HOOK_BASE, value: "${kayak.PRIVATE_URL}"}                                  # .do/app.yaml
    webhook: `https://${process.env.PUBLIC_BASE}/hooks/done`

Sources: render.com/docs/blueprint-spec and private-network (host and hostport are those of the private network; RENDER_EXTERNAL_URL is the public address);
docs.digitalocean.com, app-platform, use-environment-variables (PRIVATE_URL and PRIVATE_DOMAIN; PUBLIC_URL).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.given_away import given_away, goes_out
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node
from callcheck.sources.code.variables_in import variables_in
from callcheck.sources.documents import Table, each_of, tables, value_at
from callcheck.sources.files import File

_RENDER = ("render.yaml", "render.yml")
_DIGITALOCEAN = (".do/*.y*ml", "*/.do/*.y*ml")
_HOSTS = frozenset({"host", "hostport"})
_FILLED = pattern(r"\$\{(?:([\w-]{1,60})\.)?PRIVATE_(?:URL|DOMAIN)\}")
_MADE_PUBLIC = pattern(r"\.onrender\.com\b")
"""What makes a public name of the private one."""


@dataclass(frozen=True, slots=True)
class _Private:
    """A variable that is filled with a private name: whose, for which unit, and where."""

    name: str
    of: str
    unit: str
    where: Location
    network: str


class PrivateHosts:
    """Silent where another unit is given something else under that name, and where the code makes a public name of it."""

    name = "private-hosts"
    looks_at = (*_RENDER, *_DIGITALOCEAN)
    marks = ("fromService", "PRIVATE_")
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no file of Render or DigitalOcean"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        private: dict[str, _Private] = {}
        public: set[str] = set()
        for file in eyes.tree.named(*self.looks_at):
            if not any(mark in eyes.readable(file) for mark in self.marks):
                continue
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for name, found in _set_in(document, file):
                if found is None:
                    public.add(name)
                else:
                    private.setdefault(name, found)
        wanted = {name: each for name, each in private.items() if name not in public}
        for name, node in _given_outside(eyes, wanted) if wanted and eyes.code.present else ():
            each = wanted[name]
            fact = AddressUnreachable(clean(name, 80), clean(f"{each.of} in {each.network}", 100), "private", clean(each.unit, 80), "")
            yield Evidence(fact, Basis.DECLARED, self.name, each.where, service=fact.service, because=(seen(fact, node, self.name, label="somebody outside is given this address to call back"),))


def _set_in(document: object, file: File) -> Iterator[tuple[str, _Private | None]]:
    """Each variable that the file sets, with the private name that it is filled with; None for anything else."""
    kinds = ("services", "workers", "jobs", "envVarGroups")
    held = value_at(document, "spec") or document
    for unit in (row for kind in kinds for row in tables(value_at(held, kind))):
        for key in ("envVars", "envs"):
            for _, row in each_of(unit.get(key)):
                name = row.get("key")
                if isinstance(name, str):
                    yield name, _private(row, name, str(unit.get("name") or ""), file)


def _private(row: Table, name: str, unit: str, file: File) -> _Private | None:
    where = Location(clean(file.name), row.line or 1)
    if value_at(row, "fromService", "property") in _HOSTS and value_at(row, "fromService", "type") in ("web", "pserv"):
        return _Private(name, str(value_at(row, "fromService", "name")), unit, where, "Render's private network")
    filled = _FILLED.search(str(row.get("value")))
    return _Private(name, filled[1] or unit, unit, where, "the app's own network") if filled else None


def _given_outside(eyes: Eyes, wanted: dict[str, _Private]) -> Iterator[tuple[str, Node]]:
    """The first place for each variable at which an address that is made of it is given to somebody on the Internet."""
    code, told = eyes.code, set[str]()
    for given in given_away(code):
        if given.browsed or not goes_out(code, given.node) or _MADE_PUBLIC.search(module_of(given.node).text):
            continue
        reads = variables_in(code, given.value)
        name = next((name for name in reads if name in wanted and name not in told), "")
        if name and len(reads) == 1:
            told.add(name)
            yield name, given.node


PROBE = PrivateHosts()
