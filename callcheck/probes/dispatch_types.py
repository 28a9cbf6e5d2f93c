"""Do workflows of GitHub Actions wait for a repository_dispatch of a type that is not the one which is sent?

    on: {repository_dispatch: {types: [menu_updated]}}                                   # .github/workflows/rebuild.yml
    octokit.repos.createDispatchEvent({ owner, repo, event_type: "menu-updated" })       # GitHub answers 204, and nothing runs
    if: github.event.action == 'menu_updated'                                            # of a job, below `types: [menu-updated]`

The type is the event's action. Sources: docs.github.com/actions, events-that-trigger-workflows (repository_dispatch), rest/repos/repos (create a repository dispatch event: 204).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import alike, nearly
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Entry, Keyword, Node, last_name
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.files import File
from callcheck.sources.launch.find import scripts

_WORKFLOWS = (".github/workflows/*.yml", ".github/workflows/*.yaml")
_CALLS = ("createDispatchEvent", "create_repository_dispatch", "createRepositoryDispatch")
_PATH = pattern(r"/dispatches/?$")
_ACTION = pattern(r"^(?:peter-evans|passeidireto|mvasigh)/(?:repository-dispatch|trigger-external-workflow-action|dispatch-action)@")
_IN_TEXT = pattern(r"\bevent[_-]type\\?[\"']?\s*[=:]\s*\\?[\"']?([^\s\"'\\,}]{1,100})")
_NAMED = pattern(r"[\w.:-]+")
_ONLY_IF = pattern(r"^\s*(?:\$\{\{)?\s*github\.event\.action\s*==\s*'([^'\n]{1,100})'\s*(?:\}\})?\s*$")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A type that goes out, where, and the node where it is code."""

    name: str
    where: Location
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The types that one workflow waits for."""

    types: tuple[str, ...]
    where: Location
    workflow: Table
    file: File
    alone: bool
    """Whether nothing else starts it."""


class DispatchTypes:
    """Silent where a type that is sent is computed, and where none that nobody waits for is nearly the one that is asked for."""

    name = "dispatch-types"
    looks_at = _WORKFLOWS
    marks = ("repository_dispatch",)
    answers = frozenset({EventNeverEmitted, LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*_WORKFLOWS) else "no workflows of GitHub"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        asked: list[_Asked] = []
        unread = False
        for file in eyes.tree.named(*_WORKFLOWS):
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                unread = True
                continue
            asked += [each for each in (_asked(document, file),) if each is not None]
        for each in asked:
            yield from self._skipped(each)
        # A workflow that cannot be read may wait for what is sent.
        sent = list(_sent(eyes)) if asked and not unread else []
        if any(not _NAMED.fullmatch(each.name) for each in sent):
            return
        known = {each.name: each for each in sent}
        lost = [name for name in known if not any(name in each.types for each in asked)]
        for each in asked:
            if known and not known.keys() & set(each.types):
                near = next((name for name in lost if any(alike(own, name) for own in each.types)), "") or next((name for name in lost if len(lost) == len(each.types) == 1 and nearly(each.types[0], name)), "")
                if near:
                    yield self._told(each, known[near])

    def _told(self, asked: _Asked, sent: _Sent) -> Evidence:
        fact = EventNeverEmitted(clean(asked.types[0], 80), clean(sent.name, 80), "github-actions", module_of(sent.node).language if sent.node is not None else "")
        label = f"{clean(sent.name, 60)} is what goes out"
        there = seen(fact, sent.node, self.name, label=label) if sent.node is not None else Evidence(fact, Basis.DECLARED, self.name, sent.where, label=label)
        return Evidence(fact, Basis.DECLARED, self.name, asked.where, because=(there,))

    def _skipped(self, asked: _Asked) -> Iterator[Evidence]:
        """Jobs that ask for an action which none of the types is; GitHub compares texts without regard to capitals."""
        jobs = asked.workflow.get("jobs")
        types = {each.lower() for each in asked.types}
        for job in jobs.values() if isinstance(jobs, Table) and asked.alone else ():
            condition = str(job.get("if") or "") if isinstance(job, Table) else ""
            wanted = _ONLY_IF.match(condition)
            if wanted is not None and wanted[1].lower() not in types:
                why = f"the workflow starts for {clean(', '.join(asked.types), 50)} alone, so the action is never {clean(wanted[1], 40)} and this job is skipped"
                fact = LibraryTrap("event-name-mismatch", "strong", clean(why, 160), clean(wanted[1], 60), "github-actions", "")
                started = Evidence(fact, Basis.DECLARED, self.name, asked.where, label="these start it")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(asked.file.name), job.lines["if"]), because=(started,))


def _asked(document: object, file: File) -> _Asked | None:
    events = document.get("on", document.get("true")) if isinstance(document, Table) else None
    types = value_at(events, "repository_dispatch", "types")
    if not isinstance(events, Table) or not isinstance(document, Table) or not types:
        return None
    names = tuple(str(each) for each in (types if isinstance(types, list) else [types]))
    where = Location(clean(file.name), events["repository_dispatch"].lines["types"])
    return None if any("$" in name for name in names) else _Asked(names, where, document, file, len(events) == 1)


def _sent(eyes: Eyes) -> Iterator[_Sent]:
    if eyes.code.present:
        yield from _in_code(eyes.code)
    for file in eyes.tree.named(*_WORKFLOWS):
        document = eyes.readable_document(file)
        for job in jobs.values() if isinstance(jobs := value_at(document, "jobs"), Table) else ():
            for _, step in each_of(value_at(job, "steps")):
                name = value_at(step, "with", "event-type") or value_at(step, "with", "event_type")
                if name and _ACTION.match(str(step.get("uses") or "")):
                    yield _Sent(str(name), Location(clean(file.name), step["with"].line))
    for file, text in scripts(eyes, "/dispatches"):
        for found in _IN_TEXT.finditer(text):
            yield _Sent(found[1], Location(clean(file.name), text.count("\n", 0, found.start()) + 1))


def _in_code(code: Code) -> Iterator[_Sent]:
    named: list[Node | None] = []
    for module in code.project.naming("event_type"):
        entries: list[Entry | Keyword] = [*module.all(Entry), *module.all(Keyword)] if not is_test(module.path) else []
        named += [each.value for each in entries if (each.key if isinstance(each, Entry) else each.name) == "event_type" and _dispatches(code, each)]
    for call in code.project.calls("create_repository_dispatch"):
        named += [call.args[0]] if call.args and not is_test(module_of(call).path) else []
    for value in named:
        if value is not None:
            module = module_of(value)
            for text in every_text(code, value) or {"$": value}:
                yield _Sent(text, Location(clean(module.path), value.line), value)


def _dispatches(code: Code, node: Node) -> bool:
    """Whether what stands there is handed to GitHub as such an event."""
    calls = [above for above in node.up() if isinstance(above, Call)]
    return any(last_name(call.callee) in _CALLS or any(_PATH.search(code.idioms.text(arg)) for arg in call.args[:1]) for call in calls)


PROBE = DispatchTypes()
