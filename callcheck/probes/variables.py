"""Which environment variables does the code need, and what for?"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.facts.variables import VariableMissing, VariableRead
from callcheck.model.makers import same_maker
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_to
from callcheck.sources.code.hook_paths import PUBLIC
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.model_keys import DOES, keyed_by_model
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Entry, Function, Keyword, Member, Name, Node, Object
from callcheck.sources.code.variables import Read, Variables
from callcheck.sources.environment.of_program import set_anywhere

_READS_FILES = ("dotenv", "loadEnvFile", "env_file")
_ANYBODYS = frozenset({"url", "uri", "href"})
_UNQUOTES = pattern(r"strip\(|replace\(|slice\(")
_QUOTED = "this file is read line by line as it stands, so the quotes are part of the key, and the API refuses it (401); write the value without quotes"


class VariablesRead:
    """Reads of the code itself, and of clients that are built without the key that they then look for."""

    name = "variables"
    looks_at = Sight.SOURCE
    about = ("credential", DOES)
    marks = ("env", "config", "BaseSettings")
    answers = frozenset({VariableRead, VariableMissing, LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, variables = eyes.code, eyes.code.variables
        written = variables.written()
        away = _given_away(variables, [use.call for use in code.idioms.of("calls-back")])
        outside = variables.asking_outside(frozenset(module_of(read.place).path for read in variables.reads if read.purpose == "callback"), functools.cache(functools.partial(_public, eyes)))
        keys: dict[str, tuple[Node, str]] = {}
        asked_otherwise = functools.cache(functools.partial(_asked_otherwise, code))
        role_of, tidy = functools.cache(functools.partial(_role, code)), functools.cache(clean)
        for read in variables.reads:
            language = module_of(read.node).language
            there = away.get(id(read.node)) if read.purpose in ("", "callback", "callback outside") else None
            place, purpose = (read.place, read.purpose) if there is None else (there, "callback outside")
            purpose = "callback outside" if purpose == "callback" and module_of(place).path in outside else purpose
            fact = VariableRead(tidy(read.name, 100), read.needed and read.name not in written, purpose, role_of(function_of(place)), "", language, tidy(read.fallback, 200))
            yield seen(fact, place, self.name)
            if read.purpose == "credential" and not _UNQUOTES.search(module_of(read.node).line_of(read.node)):
                keys.setdefault(read.name, (read.place, language))
        for use in code.idioms.of("credential"):
            if not _unclear(code, use) and not written.intersection(use.idiom.event_is.split("|")):
                role = role_of(use.function)
                fact = VariableRead(use.idiom.event_is, True, "credential", role, use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, label=f"this client takes its key from {use.idiom.event_is}")
                if (other := asked_otherwise(use.idiom.event_is)) is not None:
                    missing = VariableMissing(use.idiom.event_is.split("|")[0], "", clean(other.name, 100), "unused-name", use.module.language)
                    yield seen(missing, use.call, self.name, (seen(missing, other.place, self.name, label=f"{clean(other.name, 60)} is asked for here, and handed to nobody"),))
                for name in use.idiom.event_is.split("|"):
                    keys.setdefault(name, (use.call, use.module.language))
        for use in keyed_by_model(code, functools.partial(set_anywhere, eyes)):
            if not written.intersection(use.idiom.event_is.split("|")):
                fact = VariableRead(use.idiom.event_is, True, "credential", role_of(use.function), use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, label=f"the model that is asked for has its key in {use.idiom.event_is}")
        yield from self._quoted(eyes, keys) if keys else ()
        for module in code.project.naming(*_READS_FILES):
            if not is_test(module.path) and any(word in module.text for word in _READS_FILES):
                yield seen(VariableRead("*", False, "file", "", "", module.language, ""), module, self.name, label="the program reads a file of variables by itself")
                return

    def _quoted(self, eyes: Eyes, keys: Mapping[str, tuple[Node, str]]) -> Iterator[Evidence]:
        """A key that a tool takes from its file with the quotes around it."""
        from callcheck.sources.environment.verbatim import quoted

        for name, file, line, script, at, tool in quoted(eyes):
            if name in keys:
                node, language = keys[name]
                fact = LibraryTrap("upstream-auth", "strong", _QUOTED, clean(name, 60), tool, language)
                told = Evidence(fact, Basis.DECLARED, self.name, Location(clean(script.name), at), label=f"{tool} reads the file here, each line as it stands")
                because = (told, seen(fact, node, self.name, label="the key is used here"))
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), f'{clean(name, 60)}="…"', because=because)


def _public(eyes: Eyes, variable: str) -> bool:
    """Whether the deployment sets a variable to public addresses alone."""
    held = set_anywhere(eyes, variable)
    return bool(held) and all(PUBLIC.match(each) for each in held)


def _asked_otherwise(code: Code, event: str) -> Read | None:
    """Where the project insists on a key of the same maker under another name, and hands it to nobody, though none of these names stands anywhere."""
    names = event.split("|")
    texts = [code.project.text(path) for path in code.project.sources if not is_test(path)]
    if any(name in text for name in names for text in texts):
        return None
    for read in code.variables.reads:
        if read.needed and read.name.endswith("_KEY") and any(same_maker(name, read.name) for name in names):
            if sum(text.count(read.name) for text in texts) == 1:
                return read
    return None


def _role(code: Code, function: Function | None) -> str:
    """The role in which a variable is read; a function that requests and jobs both call is a helper of either."""
    role = code.lifetimes.role(function)
    if role not in ("request", "connection", "job"):
        return role
    found = code.lifetimes.roles(function)
    return "helper" if "job" in found and not found.isdisjoint(("request", "connection")) else role


def _given_away(variables: Variables, calls: Collection[Call]) -> dict[int, Node]:
    """By the `id` of a reading: the place at which its value is given to a hosted service as the address to call; silent where another variable's value may come to that place."""
    found: dict[int, Node] = {}
    whose: dict[int, set[str]] = {}
    given: dict[int, bool] = {}
    hosted, files = frozenset(map(id, calls)), frozenset(module_of(call).path for call in calls)
    for read in variables.reads if hosted else ():
        for place in variables.uses(read, files):
            # The values of many variables come to one place, such as `config.url`.
            if id(place) not in given:
                given[id(place)] = any(id(call) in hosted for call in given_to(place))
            if given[id(place)] and (place is read.place and read.purpose == "callback" or _is_url(place)):
                whose.setdefault(id(place), set()).add(read.name)
                found.setdefault(id(read.node), place)
    return {reading: place for reading, place in found.items() if len(whose[id(place)]) == 1}


def _is_url(place: Node) -> bool:
    """Whether a value is given as `url`, `sms_url` or `voiceUrl`, by which a hosted service is told whom to call. A field `url` may be anybody's."""
    if isinstance(place, Member) and place.name in _ANYBODYS:
        return False
    named = next((above for above in place.up() if isinstance(above, (Entry, Keyword))), None)
    name = (named.key if isinstance(named, Entry) else named.name if named is not None else "") or ""
    return name == "url" or name.endswith(("_url", "Url"))


def _unclear(code: Code, use: Use) -> bool:
    """Whether options come from somewhere that cannot be followed, or the key is given in order."""
    if any(not keyword.name for keyword in use.call.keywords):
        return True
    for arg in use.call.args:
        held = code.origins.of(arg).node if isinstance(arg, (Name, Member, Call)) else arg
        if isinstance(arg, (Name, Member, Call)) and not isinstance(held, Object):
            return use.call.new or module_of(use.call).language == "python"
        if isinstance(held, Object) and any(entry.key is None for entry in held.entries):
            return True
    return False


PROBE = VariablesRead()
