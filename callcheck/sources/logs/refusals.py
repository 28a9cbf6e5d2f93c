"""Which requests of webhook providers does a server turn away?

140.82.115.7 - - [09/Mar/2026:08:00:05 +0000] "POST /integrations/github HTTP/1.1" 403 118 "-" "GitHub-Hookshot/ede37db"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
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
    sender: str = ""
    places: list[tuple[Place, str]] = field(default_factory=list)


@dataclass(slots=True)
class Refusals:
    """Answers to webhooks of a part of the logs; parts merge."""

    paths: dict[tuple[str, str], Path] = field(default_factory=dict)

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
        key = (found[1], sender[0].lower() if sender else "")
        if key not in self.paths and len(self.paths) >= _MOST:
            return
        path = self.paths.setdefault(key, Path(sender=sender[0] if sender else ""))
        if view.status < 300:
            path.fine += 1
        elif view.status in _TURNED_AWAY:
            path.refused[view.status] = path.refused.get(view.status, 0) + 1
            if len(path.places) < 6:
                path.places.append((view.place, view.text[:300]))

    def merge(self, other: Refusals) -> None:
        """Take the other part's in."""
        for key, path in other.paths.items():
            mine = self.paths.setdefault(key, Path(sender=path.sender))
            mine.fine += path.fine
            for status, count in path.refused.items():
                mine.refused[status] = mine.refused.get(status, 0) + count
            mine.places = (mine.places + path.places)[:6]

    def found(self) -> Iterator[tuple[str, Path, int, int]]:
        """Path, its answers, the commonest refusal and how many there were; only where hardly anything went well."""
        for (name, sender), path in self.paths.items():
            count = sum(path.refused.values())
            fine = path.fine if sender else sum(p.fine for (other, _), p in self.paths.items() if other == name)
            if count >= (3 if sender else 5) and fine <= _FINE * count:
                yield name, path, max(path.refused, key=lambda s: path.refused[s]), count
