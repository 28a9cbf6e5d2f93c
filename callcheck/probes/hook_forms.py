"""Is a webhook of GitHub's created to post a form, while the code that takes it reads JSON?

    configuration { url = "https://bot.example/github", content_type = "form" }       # of a github_repository_webhook
    gh api repos/acme/shop/hooks -f config[url]=https://bot.example/github             # or of a command, or a task of Ansible
    app.use(express.urlencoded({ extended: false }))                                   # accepts it
    const { ref, commits } = req.body                                                  # has `payload` alone

Sources: docs.github.com, creating webhooks: a form has the JSON in its parameter `payload`, and the signature is over the body as it is sent, so that it is right all the
same; @octokit/openapi-types 29.0.1, webhook-config-content-type: "The default is `form`"; community.general 9, github_webhook: `form` is the default of content_type.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Literal, Node
from callcheck.sources.documents import Table, tables
from callcheck.sources.hooked_up.asking import GITHUB
from callcheck.sources.hooked_up.made import CONTENT, URL, made
from callcheck.sources.launch.find import aside

_TASKS = ("community.general.github_webhook", "github_webhook")
_OCTOKIT = "createNodeMiddleware"
_HEADERS = pattern(r"(?i)^(?:http_)?x[-_]github[-_]event$")
_READS_JSON = pattern(r"\.body\b|\.json\b|get_json\(|JSON\.parse\(|json\.loads\(|\bBody\(|@Body\(|\.rawBody\b|: dict\b")
_UNWRAPS = pattern(
    r"\.form\b|\.form\(|formData\(|\bForm\(|body\??\.payload\b|[\"'`]payload[\"'`]|\{[^{}=]{0,120}\bpayload\b[^{}=]{0,120}\}\s{0,3}=\s{0,3}\w+(?:\.\w+)?\.body\b|parse_qs|querystring|URLSearchParams|qs\.parse\("
)
"""What takes the JSON out of the form."""
_SAYS = "GitHub posts this hook's JSON as the field `payload` of a form, and the code reads the fields of the event from the body; set content_type to json"


@dataclass(frozen=True, slots=True)
class _Hook:
    """Where a hook is declared, the form of what it posts ("" if that is not known), and its address."""

    where: Location
    kind: str
    posts: str
    url: str


class HookForms:
    """Silent where something takes the field `payload`, and where the hook's path stands nowhere in the code."""

    name = "hook-forms"
    looks_at = Sight.SOURCE
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        forms = [each for each in (*_made(eyes), *_of_ansible(eyes)) if each.posts == "form"]
        code = eyes.code
        for each in forms:
            reader = _reader(code, each.url) if _ours(code, each.url) else None
            if reader is not None:
                fact = LibraryTrap("payload-mismatch", "strong", _SAYS, each.kind, "github", module_of(reader).language)
                yield Evidence(fact, Basis.DECLARED, self.name, each.where, because=(seen(fact, reader, self.name, label="what comes is taken here as JSON"),))


def _made(eyes: Eyes) -> Iterator[_Hook]:
    """Those of Terraform and of commands."""
    for hook in made(eyes):
        if hook.provider == GITHUB:
            posts, line = hook.told.get(CONTENT, ("form", hook.line))
            yield _Hook(Location(clean(hook.file.name), line), "webhook", posts, hook.told.get(URL, ("", 0))[0])


def _of_ansible(eyes: Eyes) -> Iterator[_Hook]:
    files = eyes.tree.named("*.yml", "*.yaml") if eyes.holds(("*.yml", "*.yaml"), ("github_webhook:",)) else ()
    for file in files:
        try:
            document = eyes.document(file) if "github_webhook:" in eyes.text(file) and not aside(eyes, file) else None
        except SourceError:
            continue
        for task in _tasks(document):
            name = next(each for each in _TASKS if each in task)
            told = task[name]
            if isinstance(told, Table) and told.get("state") != "absent":
                at = told.lines.get("content_type") or task.lines.get(name) or task.line
                yield _Hook(Location(clean(file.name), at), name, _text(told.get("content_type", "form")), _text(told.get("url")))


def _tasks(document: object) -> Iterator[Table]:
    """Those of playbooks, and of files of tasks."""
    for each in tables(document):
        if any(name in each for name in _TASKS):
            yield each
        for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always"):
            yield from _tasks(each.get(key) or [])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _reader(code: Code, url: str) -> Node | None:
    """Where GitHub's header or the hook's path stands in a file that takes the body as JSON, or Octokit's middleware is made; None if some file of the project
    knows the form."""
    found: Node | None = None
    path = urlsplit(url).path.rstrip("/") if "${" not in url else ""
    for name in code.project.holding(("github", "GitHub", "GITHUB", "Github", _OCTOKIT, *((path,) if path else ()))):
        text = code.project.text(name)
        if is_test(name) or not ("github" in text.lower() or _OCTOKIT in text or path and path in text):
            continue
        if _UNWRAPS.search(text):
            return None
        module = code.project.module(name) if found is None and (_READS_JSON.search(text) or _OCTOKIT in text) else None
        if module is not None:
            written = [node for node in module.all(Literal) if isinstance(node.value, str) and (_HEADERS.search(node.value) or path and node.value == path)]
            found = next(iter(written or module.calls(_OCTOKIT)), None)
    return found


def _ours(code: Code, url: str) -> bool:
    """Whether the last part of a hook's address is written in the code, or in Octokit's middleware; whatever is not known may be."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2] if "${" not in url else ""
    return not last or any(last in (text := code.project.text(path)) or _OCTOKIT in text for path in code.project.holding((last, _OCTOKIT)) if not is_test(path))


PROBE = HookForms()
