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

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
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
from callcheck.sources.hooked_up.asking import GITHUB
from callcheck.sources.hooked_up.made import CONTENT, URL, made

_OCTOKIT = "createNodeMiddleware"
_HEADERS = pattern(r"(?i)^(?:http_)?x[-_]github[-_]event$")
_READS_JSON = pattern(r"\.body\b|\.json\b|get_json\(|JSON\.parse\(|json\.loads\(|\bBody\(|@Body\(|\.rawBody\b|: dict\b")
_UNWRAPS = pattern(
    r"\.form\b|\.form\(|formData\(|\bForm\(|body\??\.payload\b|[\"'`]payload[\"'`]|\{[^{}=]{0,120}\bpayload\b[^{}=]{0,120}\}\s{0,3}=\s{0,3}\w+(?:\.\w+)?\.body\b|parse_qs|querystring|URLSearchParams|qs\.parse\("
)
"""What takes the JSON out of the form."""
_SAYS = "GitHub posts this hook's JSON as the field `payload` of a form, and the code reads the fields of the event from the body; set content_type to json"


class HookForms:
    """Silent where something takes the field `payload`, and where the hook's path stands nowhere in the code."""

    name = "hook-forms"
    looks_at = Sight.SOURCE
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for hook in (each for each in made(eyes) if each.provider == GITHUB):
            posts, line = hook.told.get(CONTENT, ("form", hook.line))
            url = hook.told.get(URL, ("", 0))[0]
            reader = _reader(code, url) if posts == "form" and _ours(code, url) else None
            if reader is not None:
                fact = LibraryTrap("payload-mismatch", "strong", _SAYS, hook.maker, "github", module_of(reader).language)
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(hook.file.name), line), because=(seen(fact, reader, self.name, label="what comes is taken here as JSON"),))


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
