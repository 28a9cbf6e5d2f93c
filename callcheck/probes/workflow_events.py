"""Which workflows of GitHub Actions wait for an event that another workflow causes with the token that causes none?

    on: {release: {types: [published]}}                       # publish.yml
    - uses: softprops/action-gh-release@v2                    # release.yml: GITHUB_TOKEN unless `token` says otherwise

Source: docs.github.com, "Triggering a workflow from a workflow": events that GITHUB_TOKEN causes start no run, but for workflow_dispatch
and repository_dispatch.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Rows, Table, each_of, line_at
from callcheck.sources.files import File

_CAUSES = {
    "release": pattern(r"\b(?:softprops/action-gh-release|ncipollo/release-action|actions/create-release|marvinpinto/action-automatic-releases|googleapis/release-please-action|google-github-actions/release-please-action)@|\bgh release (?:create|edit)\b"),
    "pull_request": pattern(r"\b(?:peter-evans/create-pull-request|repo-sync/pull-request)@|\bgh pr create\b"),
    "push": pattern(r"\b(?:stefanzweifel/git-auto-commit-action|EndBug/add-and-commit|ad-m/github-push-action|mathieudutour/github-tag-action|anothrNick/github-tag-action)@|\bgit push\b"),
    "issues": pattern(r"\bgh issue create\b|\bpeter-evans/create-issue-from-file@"),
}  # fmt: skip
"""What steps do that GitHub tells as these events."""
_MERGES = pattern(r"\bgh pr merge\b[^\n]*")
_OWN = pattern(r"\bsecrets\.GITHUB_TOKEN\b|\bgithub\.token\b")
_OTHER = pattern(r"\$\{\{\s*(?:secrets\.(?!GITHUB_TOKEN\b)\w+|steps\.[\w.-]+|needs\.[\w.-]+|vars\.\w+)\s*(?:\}\}|\|\|)|ssh-key|deploy[_-]key")
_TAGS = pattern(r"--(?:follow-)?tags\b|refs/tags|github-tag-action@|\bgit push\b[^\n]{0,200}\$\{{0,2}[ \w.]{0,60}(?i:tag|version)")
_PUSHED = pattern(r"\bgit push\b[ \t]+(?:-\S+[ \t]+)*[\w.-]+[ \t]+[\"']?(?:HEAD:|\S*?:)?(\S+?)[\"']?[ \t]*(?:\n|$)")
_OPENS = frozenset({"opened", "reopened", "synchronize", "ready_for_review"})
_TOKENS = ("token", "github_token", "github-token", "repo-token", "GITHUB_TOKEN", "GH_TOKEN")


@dataclass(frozen=True, slots=True)
class _Workflow:
    file: File
    table: Table

    def waits_for(self) -> Table | list[object] | str | None:
        """What stands under `on`, which YAML 1.1 reads as true."""
        return self.table.get("on", self.table.get("true"))

    def takes(self, event: str, said: str) -> bool:
        """Whether the filters of the event let in what a step does; for a push to a branch that is not told, that cannot be said."""
        events = self.waits_for()
        filters = events.get(event) if isinstance(events, Table) else None
        if isinstance(filters, Table) and (filters.get("paths") or filters.get("paths-ignore")):
            return False  # whether the change touches them is not known
        kinds = filters.get("types") if isinstance(filters, Table) else None
        if event == "pull_request" and kinds and not _OPENS & {str(each) for each in (kinds if isinstance(kinds, list) else [kinds])}:
            return False  # whoever closes or labels it does so with a token of his own
        if event != "push" or not isinstance(filters, Table):
            return True
        of_branch = filters.get("branches") or filters.get("branches-ignore")
        if _TAGS.search(said):
            return not of_branch or bool(filters.get("tags"))
        if filters.get("tags") and not of_branch:
            return False
        named = _PUSHED.search(said)
        return not of_branch or named is None or any(fnmatchcase(named[1], str(each)) for each in filters.get("branches") or ())


class WorkflowEvents:
    """Silent where the workflow that waits can be started in another way, or where a token of another kind may be used."""

    name = "workflow-events"
    looks_at = (".github/workflows/*.yml", ".github/workflows/*.yaml")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        workflows = []
        for file in eyes.tree.named(*self.looks_at):
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            if isinstance(document, Table):
                workflows.append(_Workflow(file, document))
        for waiting in workflows:
            events = waiting.waits_for()
            names = [str(name) for name in events] if isinstance(events, (Table, Rows, list)) else [str(events)]
            if len(names) != 1 or names[0] not in _CAUSES:
                continue
            for causing in workflows:
                if causing is not waiting:
                    yield from self._caused(waiting, causing, names[0])

    def _caused(self, waiting: _Workflow, causing: _Workflow, event: str) -> Iterator[Evidence]:
        for step, line in _steps(causing.table):
            said = f"{step.get('uses') or ''}\n{step.get('run') or ''}"
            if not _CAUSES[event].search(said) or _settles(event, said) or not _with_own_token(step, causing.table) or not waiting.takes(event, said):
                continue
            why = f"what GITHUB_TOKEN does starts no workflow, so the one that waits for {event} never runs; give the step a token of an app or a user"
            fact = LibraryTrap("emission-bypassed", "strong", why, event, "github-actions", "")
            at = line_at(waiting.table, "on" if "on" in waiting.table else "true", event) or 1
            waits = Evidence(fact, Basis.DECLARED, self.name, Location(clean(waiting.file.name), at), "", label=f"waits for {event}")
            token = next((step_line for key in ("with", "env") if isinstance(part := step.get(key), Table) for name in _TOKENS if (step_line := part.lines.get(name))), line)
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(causing.file.name), token), "", because=(waits,))
            return


def _steps(workflow: Table) -> Iterator[tuple[Table, int]]:
    jobs = workflow.get("jobs")
    for job in jobs.values() if isinstance(jobs, Table) else ():
        steps = job.get("steps") if isinstance(job, Table) else None
        for _, step in each_of(steps):
            yield step, step.lines.get("uses") or step.lines.get("run") or step.line or 1


def _settles(event: str, said: str) -> bool:
    """Whether a step merges the request that it opens itself, and waits for no check of it."""
    merged = _MERGES.search(said) if event == "pull_request" else None
    return merged is not None and "--auto" not in merged[0]


def _with_own_token(step: Table, workflow: Table) -> bool:
    """Whether a step surely uses the workflow's own token: by name, or, for an action, since none is given anywhere."""
    given = " ".join(str(value) for key in ("with", "env") if isinstance(part := step.get(key), Table) for name, value in part.items() if name in _TOKENS)
    if given:
        return _OWN.search(given) is not None and _OTHER.search(given) is None
    checkouts = [each for each, _ in _steps(workflow) if str(each.get("uses") or "").startswith("actions/checkout@")]
    own = all(not isinstance(each.get("with"), Table) or not {"token", "ssh-key"} & set(each["with"]) for each in checkouts)
    env = workflow.get("env")
    return bool(step.get("uses")) and own and not (isinstance(env, Table) and set(_TOKENS) & set(env))


PROBE = WorkflowEvents()
