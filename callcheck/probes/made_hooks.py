"""Does what takes a webhook fit the settings with which the deployment makes it at its provider?

    gh api repos/acme/shop/hooks -f config[url]=…      # no secret, and the route answers 401 without a signature
    createNodeMiddleware(webhooks)                     # answers at /api/github/webhooks, and the url of the hook ends in /webhook

Sources: docs.github.com/rest/repos/webhooks (without a secret there is no X-Hub-Signature-256),
@octokit/webhooks 13 (createNodeMiddleware: path, and 415 for anything but application/json), core.telegram.org/bots/api#setwebhook (secret_token),
docs.gitlab.com/user/project/integrations/webhooks (X-Gitlab-Token comes if the hook has a token).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call
from callcheck.sources.hooked_up.asking import GITHUB, GITLAB, TELEGRAM
from callcheck.sources.hooked_up.made import SECRET, URL, MadeHook, made

_OCTOKIT = "/api/github/webhooks"
_DEMANDS = {
    # The provider: what the code reads of a request that has the secret, and where the code itself tells it to the provider.
    GITHUB: (pattern(r"(?i)x[-_]hub[-_]signature"), pattern(r"createWebhook\(|create_hook\("), "no X-Hub-Signature-256"),
    GITLAB: (pattern(r"(?i)x[-_]gitlab[-_]token"), pattern(r"hooks\.create\("), "no X-Gitlab-Token"),
    TELEGRAM: (
        pattern(r"(?i)x[-_]telegram[-_]bot[-_]api[-_]secret[-_]token"),
        pattern(r"(?i)\bset_?webhook\(|\brun_webhook\("),
        "no X-Telegram-Bot-Api-Secret-Token",
    ),
}
_REFUSES = pattern(r"\b40[13]\b|\babort\(|Forbidden|Unauthorized|\braise\b|\bthrow\b")
_TELEGRAM_PORTS = pattern(r"^https?://[^/:]+:(?!(?:443|80|88|8443)(?:/|$))\d+")


class MadeHooks:
    """Looks at the hooks of Terraform, of scripts and of Ansible; silent where the code makes hooks itself."""

    name = "made-hooks"
    looks_at = Sight.SOURCE
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        hooks = list(made(eyes))
        for hook in hooks:
            others = [each for each in hooks if each.provider == hook.provider]
            if hook.provider == GITHUB and len(others) == 1:
                yield from self._octokit(eyes.code, hook)
            if hook.provider in _DEMANDS and SECRET not in hook.told and len(others) == 1:
                yield from self._unsigned(eyes.code, hook)
            if hook.provider == TELEGRAM and URL in hook.told and _TELEGRAM_PORTS.match(hook.told[URL][0]):
                why = "Telegram calls webhooks at ports 443, 80, 88 and 8443 only, and refuses this one; publish one of these"
                yield self._stated("unreachable-callback-url", why, hook, hook.told[URL][1])

    def _octokit(self, code: Code, hook: MadeHook) -> Iterator[Evidence]:
        """The middleware of Octokit, which has a path of its own."""
        url, line = hook.told.get(URL, ("", 0))
        path = re.search(r"^https?://[^/]+(/[\w./-]*)?$", url)
        calls: list[Call] = [call for call in code.project.calls("createNodeMiddleware") if call.keyword("path") is None and call.keyword("pathPrefix") is None]
        if path is None or len(calls) != 1 or any(code.project.calls("use", "all", "post", "mount")) or (path[1] or "/").rstrip("/") == _OCTOKIT:
            return
        why = f"createNodeMiddleware() answers at {_OCTOKIT} alone, and 404 at the hook's path; give the hook that path, or the middleware a path"
        fact = LibraryTrap("unreachable-callback-url", "strong", clean(why, 160), "createNodeMiddleware", "webhook-signatures", "javascript")
        yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(hook.file.name), line), because=(seen(fact, calls[0], self.name),))

    def _unsigned(self, code: Code, hook: MadeHook) -> Iterator[Evidence]:
        """The place where a header is asked for that comes with a secret alone."""
        demands, tells, lacks = _DEMANDS[hook.provider]
        files = [(path, code.project.text(path)) for path in code.project.sources if not is_test(path)]
        if any(tells.search(text) for _, text in files):
            return  # the code makes a hook by itself, and may give it a secret
        for path, text in files:
            read = demands.search(text)
            if read is not None and _REFUSES.search(text[max(0, read.start() - 600) : read.end() + 900]):
                why = f"the hook is made without a secret, so its requests bring {lacks} and are turned away; give it the secret that is asked for"
                # What stands in one command may be put right by another one, or by hand.
                strength = "strong" if hook.provider == TELEGRAM or hook.file.name.endswith(".tf") else "hint"
                yield self._stated("callback-rejected", why, hook, hook.line, Location(clean(path), text.count("\n", 0, read.start()) + 1), "this is asked for", strength)
                return

    def _stated(self, effect: str, why: str, hook: MadeHook, line: int, there: Location | None = None, label: str = "", strength: str = "strong") -> Evidence:
        fact = LibraryTrap(effect, strength, clean(why, 160), "webhook", hook.provider, "")
        because = (Evidence(fact, Basis.INFERRED, self.name, there, label=label),) if there is not None else ()
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(hook.file.name), line), label="the webhook is made here", because=because)


PROBE = MadeHooks()
