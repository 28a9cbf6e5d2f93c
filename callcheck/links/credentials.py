"""Is a unit given the credential that its code needs?

    client = Anthropic()                     # takes ANTHROPIC_API_KEY
    envVars: [{key: CLAUDE_API_KEY}]         # what the worker is given; nothing reads that name

    constructEvent(body, signature, process.env.HOOK_SECRET)      # and the deployment sets HOOKS_SECRET

    worker: {env_file: keys.env, environment: {OPENAI_API_KEY: "${OPENAI_API_KEY:-}"}}     # what stands here beats the file, and is empty

    api: {env_file: .env}                    # a file that is not here; the worker, which makes the call, is given none
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.variables import VariableMissing, VariableRead, VariableSet
from callcheck.model.makers import same_maker
from callcheck.model.meets import processes
from callcheck.model.pattern import pattern
from callcheck.model.words import NOT_APP

_CREDENTIAL = pattern(r"(?:API_?KEY|TOKEN|SECRET|_KEY|AUTH)$")
_OWN = pattern(r"^(?:SECRET_KEY|SESSION|JWT|NEXTAUTH|AUTH_SECRET|POSTGRES|MYSQL|DJANGO|COOKIE|ENCRYPTION)")
"""Secrets of the app's own, which no client asks for."""
_ADDRESS = ("BASE_URL", "API_BASE", "ENDPOINT")
"""In the name of a variable by which a client is sent to another server than that of the key's maker."""
_FILES = frozenset({"compose", "systemd", "ecs"})
"""Systems whose units are each given the files that are listed for them, and no other variables."""
ALIKE = 0.78


class Credentials:
    """States `variable.missing` where the same name is given to another unit only, or this unit gets it under a name that nothing reads."""

    name = "credentials"
    reads = frozenset({VariableRead, VariableSet, ServiceRun})
    needs = frozenset({VariableRead, VariableSet})
    answers = frozenset({VariableMissing})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        roles = {e.fact.service: e.fact.role for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun)}
        given: dict[str, dict[str, Evidence]] = {}
        for item in ledger.of(VariableSet):
            if isinstance(item.fact, VariableSet):
                given.setdefault(item.fact.service, {}).setdefault(item.fact.name, item)
        read = {name for e in ledger.of(VariableRead) if isinstance(e.fact, VariableRead) for name in e.fact.name.split("|")}
        told: set[tuple[str, str]] = set()
        for item in ledger.of(VariableRead):
            need = item.fact
            if not isinstance(need, VariableRead) or not (need.purpose == "signature" or (need.needed and need.purpose == "credential")):
                continue
            for unit in sorted(_units(item, need.role, ledger, roles)):
                if (unit, need.name) not in told:
                    found = _missing(unit, need, item, given, read, roles, ledger) if unit in given else None
                    found = found or (_without_file(unit, need, item, given, ledger, roles) if need.needed and need.purpose == "credential" else None)
                    if found is not None:
                        told.add((unit, need.name))
                        yield found


def _units(item: Evidence, role: str, ledger: Ledger, roles: Mapping[str, str]) -> frozenset[str]:
    """The units that need it, of those whose program is known if any is; where a helper's callers are not known, those of the worker's side."""
    ours = frozenset(unit for unit, part in roles.items() if unit and part not in NOT_APP)
    if len(ours) == 1:
        return ours
    units = processes(item, role, ledger, dict(roles))
    started = frozenset(e.fact.service for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.command)
    units = units & started or units
    if role in ("helper", "callback") and len(units) > 1:
        return frozenset(unit for unit in units if roles.get(unit) not in ("web", "unknown"))
    return units


def _missing(
    unit: str, need: VariableRead, item: Evidence, given: Mapping[str, Mapping[str, Evidence]], read: set[str], roles: Mapping[str, str], ledger: Ledger
) -> Evidence | None:
    own = {**given.get("", {}), **given.get(unit, {})}
    names = need.name.split("|")
    held = [own[name] for name in names if name in own]
    if held:
        return _emptied(unit, need, item, held, own, ledger) if need.purpose == "credential" else None
    near = _near(names[0], own, read)
    if near:
        fact = VariableMissing(names[0], unit, near, "signed-by-name" if need.purpose == "signature" else "other-name", need.language)
        return Evidence(fact, own[near].basis, "credentials", own[near].where, own[near].excerpt, unit, because=(item, own[near]))
    if "*" in own or not need.needed:
        return None
    for other, table in given.items():
        holder = next((table[name] for name in names if name in table), None)
        if other not in ("", unit) and roles.get(other) not in NOT_APP and holder is not None:
            fact = VariableMissing(names[0], unit, other, "signed-by-unit" if need.purpose == "signature" else "other-unit", need.language)
            first = next(iter(given[unit].values()))
            short = Evidence(first.fact, first.basis, first.probe, first.where, first.excerpt, unit, f"{unit} is given other variables, not {names[0]}")
            return Evidence(fact, item.basis, "credentials", item.where, item.excerpt, unit, because=(item, holder, short))
    return None


def _emptied(unit: str, need: VariableRead, item: Evidence, held: Sequence[Evidence], own: Mapping[str, Evidence], ledger: Ledger) -> Evidence | None:
    """A unit that is given every name that would do, and each without its value, while a file that it is given has one; a server of one's own asks for none."""
    first = held[0].fact
    if not all(isinstance(each.fact, VariableSet) and each.fact.over for each in held) or not isinstance(first, VariableSet) or _reads_files(ledger) or any(name.endswith(_ADDRESS) for name in own):
        return None
    fact = VariableMissing(first.name, unit, first.over, "emptied", need.language)
    return Evidence(fact, held[0].basis, "credentials", held[0].where, held[0].excerpt, unit, because=(item,))


def _reads_files(ledger: Ledger) -> bool:
    return any(isinstance(e.fact, VariableRead) and e.fact.purpose == "file" for e in ledger.of(VariableRead))


def _without_file(unit: str, need: VariableRead, item: Evidence, given: Mapping[str, Mapping[str, Evidence]], ledger: Ledger, roles: Mapping[str, str]) -> Evidence | None:
    """A unit that is given no file of variables, where another one of the deployment is given one that is not here, nothing here sets the name, and the
    program reads no such file by itself."""
    if _reads_files(ledger):
        return None
    if need.role in ("helper", "callback"):
        return None  # who calls it is not known
    names = need.name.split("|")
    run = next((e for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.service == unit), None)
    if run is None or roles.get(unit) in NOT_APP or "*" in {**given.get("", {}), **given.get(unit, {})} or any(name in table for table in given.values() for name in names):
        return None
    for other, table in given.items():
        holder = table.get("*")
        if other not in ("", unit) and roles.get(other, "unknown") not in NOT_APP and holder is not None and isinstance(holder.fact, VariableSet) and holder.fact.system in _FILES:
            fact = VariableMissing(names[0], unit, other, "other-file", need.language)
            short = Evidence(run.fact, run.basis, run.probe, run.where, run.excerpt, unit, f"{unit} is given no such file")
            return Evidence(fact, item.basis, "credentials", item.where, item.excerpt, unit, because=(item, holder, short))
    return None


def _near(name: str, own: Mapping[str, Evidence], read: set[str]) -> str:
    """The one name that is set in its place: much like it, or of the same maker, and read by nothing."""
    unread = [other for other in own if other not in read and _CREDENTIAL.search(other) and not _OWN.match(other)]
    if not unread:
        return ""
    import difflib

    for other in unread:
        if difflib.SequenceMatcher(None, name, other).ratio() >= ALIKE or same_maker(name, other):
            return other
    return ""


LINK = Credentials()
