"""Which requests of webhook providers does a server turn away?

140.82.115.7 - - [09/Mar/2026:08:00:05 +0000] "POST /integrations/github HTTP/1.1" 403 118 "-" "GitHub-Hookshot/ede37db"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Table, add_counts, first_of, keep_first
from callcheck.sources.logs.view import View

_POST = pattern(r"\b(?:POST|PUT) (?:https?://[^/\s\"]{1,200})?(/[^\s\"?]{0,200})", re.ASCII)
_LOGFMT = rare(r"\bmethod=\"?POST\b.{0,200}?\bpath=\"?(/[^\s\"?]{0,200})", re.ASCII)
_SENDER = rare(
    r"GitHub-Hookshot|Stripe/1\.0|Slackbot|Slack-ImgProxy|Svix-Webhooks|Shopify-Captain-Hook|TwilioProxy|Mollie|PayPal IPN|Discord-Interactions|GitLab/|Bitbucket-Webhooks|Sentry/|SendGrid|Mailgun|Postmark|Twitch|Zoom Marketplace|Atlassian Webhook|LinearWebhook|Linear-Webhook|Clerk-Webhook|Standard-?Webhooks|Telegram|facebookexternalua|Jira|HubSpot|Zapier|Hookdeck|Typeform|Calendly|PagerDuty|Square Connect|Adyen|Paddle|Intercom|Contentful|Replicate|OpenAI-Webhooks|svix",
    re.I,
)
_HOOK = rare(
    r"/(?:web-?hooks?|hooks?|callbacks?|ipn|notify|notifications?|postback|inbound|incoming|receive|events)\b", re.I
)
_TURNED_AWAY = frozenset((301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 411, 413, 415, 419, 421, 422))
_MOST = 500
_FINE = 0.05


@dataclass(slots=True)
class Path:
    """The answers to one sender's requests on one path."""

    fine: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    places: list[tuple[Place, str]] = field(default_factory=list)

    def merge(self, other: Path) -> None:
        """Take the other's in."""
        self.fine += other.fine
        add_counts(self.refused, other.refused)
        self.places = first_of(self.places, other.places, 6)


@dataclass(slots=True)
class Refusals:
    """Answers to webhooks of a part of the logs; parts merge."""

    paths: Table[tuple[str, str], Path] = field(default_factory=lambda: Table(_MOST, Path))
    """Path and sender -> the answers."""

    def see(self, view: View) -> None:
        """One record."""
        if not view.access or not view.status:
            return
        found = _POST.search(view.text, 0, 800) or _LOGFMT.search(view.text, 0, 800)
        if not found:
            return
        sender = _SENDER.search(view.text, found.end(), 2000)
        if not sender and not _HOOK.search(found[1]):
            return
        path = self.paths.at((found[1], sender[0] if sender else ""))
        if path is None:
            return
        if view.status < 300:
            path.fine += 1
        elif view.status in _TURNED_AWAY:
            path.refused[view.status] = path.refused.get(view.status, 0) + 1
            keep_first(path.places, (view.place, view.text[:300]), 6)

    def merge(self, other: Refusals) -> None:
        """Take the other part's in."""
        self.paths.merge(other.paths, Path.merge)

    def found(self) -> Iterator[tuple[str, str, Path, int, int]]:
        """Path, sender, the answers, the commonest refusal and how many there were; only where hardly anything went well."""
        known = self.paths.items()
        for (name, sender), path in known:
            count = sum(path.refused.values())
            fine = path.fine if sender else sum(p.fine for (other, _), p in known if other == name)
            if count >= (3 if sender else 5) and fine <= _FINE * count:
                yield name, sender, path, max(sorted(path.refused), key=lambda s: path.refused[s]), count
