"""Which requests of webhook providers does a server turn away?

140.82.115.7 - - [09/Mar/2026:08:00:05 +0000] "POST /integrations/github HTTP/1.1" 403 118 "-" "GitHub-Hookshot/ede37db"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.log import Deadline, Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Table, add_counts, first_of, keep_first
from callcheck.sources.logs.view import View

_POST = rare(r"\b(?:POST|PUT) (?:https?://[^/\s\"]{1,200})?(/[^\s\"?]{0,200})", re.ASCII)
_LOGFMT = rare(r"\bmethod=\"?POST\b.{0,200}?\bpath=\"?(/[^\s\"?]{0,200})", re.ASCII)
_SENDER = rare(
    r"GitHub-Hookshot|Stripe/1\.0|Slackbot|Slack-ImgProxy|Svix-Webhooks|Shopify-Captain-Hook|TwilioProxy|Mollie|PayPal IPN|Discord-Interactions|GitLab/|Bitbucket-Webhooks|Sentry/|SendGrid|Mailgun|Postmark|Twitch|Zoom Marketplace|Atlassian Webhook|LinearWebhook|Linear-Webhook|Clerk-Webhook|Standard-?Webhooks|Telegram|facebookexternalua|Jira|HubSpot|Zapier|Hookdeck|Typeform|Calendly|PagerDuty|Square Connect|Adyen|Paddle|Intercom|Contentful|Replicate|OpenAI-Webhooks|svix",
    re.I,
)
_HOOK = rare(
    r"/(?:web-?hooks?|hooks?|callbacks?|ipn|notify|notifications?|postback|inbound|incoming|receive|events)\b", re.I
)
_TURNED_AWAY = frozenset((301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 411, 413, 415, 419, 421, 422, 502, 503, 504))
_TOOK = rare(
    r"\b(?P<key>rt|request_time|latency|duration|response_?time|took|elapsed|service)(?P<of>_?ms|_?s(?:ec(?:onds?)?)?)?[=: ]\"?(?P<n>\d{1,6}(?:\.\d{1,6})?)(?P<unit>ms|s)?\b| (?P<bare>\d{1,4}\.\d{3})(?: (?!m?s\b)|$)"
    r"| (?:in |after )?(?P<plain>\d{1,7}(?:\.\d{1,6})?) ?(?P<plain_unit>ms|s)\b",
    re.I | re.ASCII,
)
"""nginx writes its `$request_time` in seconds with three decimals, with or without a name."""
_SECONDS = ("rt", "request_time")
_NAMES = pattern(r"\b[A-Z][a-z]+")
"""Of senders, in what is said of how long they wait."""
_SLOW_S = 2.9
_MANY = 0.3
_LEFT = 499
_CLOSE = 0.02
_CLOSE_S = 0.4
_LEAST = 3
_SAME = 0.8
_MOST = 500
_FINE = 0.05
_LATEST = 40
_TURN = 5
"""So many refusals in a row, with none taken after them, are a state and no accident."""


@dataclass(slots=True)
class Path:
    """The answers to one sender's requests on one path."""

    fine: int = 0
    fine_last: float = 0.0
    """When the last one was taken."""
    refused: dict[int, int] = field(default_factory=dict)
    places: list[tuple[Place, str]] = field(default_factory=list)
    latest: list[tuple[Place, str, float]] = field(default_factory=list)
    """The last refusals by time, which goes last."""
    left: dict[int, int] = field(default_factory=dict)
    """Tenths of seconds after which the sender closed the connection unanswered (499) -> how often."""
    left_places: list[tuple[Place, str]] = field(default_factory=list)
    slow: dict[int, int] = field(default_factory=dict)
    """Tenths of seconds after which a request was taken, if they are many -> how often."""
    slow_places: list[tuple[Place, str]] = field(default_factory=list)

    def merge(self, other: Path) -> None:
        """Take the other's in."""
        self.fine += other.fine
        self.fine_last = max(self.fine_last, other.fine_last)
        add_counts(self.refused, other.refused)
        self.places = first_of(self.places, other.places, 6)
        self.latest = first_of(self.latest, other.latest, _LATEST, _last_first)
        add_counts(self.left, other.left)
        self.left_places = first_of(self.left_places, other.left_places, 6)
        add_counts(self.slow, other.slow)
        self.slow_places = first_of(self.slow_places, other.slow_places, 6)

    def since(self) -> list[tuple[Place, str, float]]:
        """The refusals after the last request that was taken, the earliest first; at most `_LATEST` of them."""
        return [each for each in reversed(self.latest) if each[2] > self.fine_last]


def _last_first(refusal: tuple[Place, str, float]) -> tuple[float, str, int]:
    return -refusal[2], refusal[0].path, -refusal[0].line


@dataclass(slots=True)
class Refusals:
    """Answers to webhooks of a part of the logs; parts merge."""

    paths: Table[tuple[str, str], Path] = field(default_factory=lambda: Table(_MOST, Path))
    """Path and sender -> the answers."""

    def see(self, view: View) -> None:
        """One record."""
        if not view.access or not view.status:
            return
        found = view.find(_POST, 800) or view.find(_LOGFMT, 800)
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
            path.fine_last = max(path.fine_last, view.time or 0.0)
            if (seconds := _took(view)) > _SLOW_S:
                _note(path.slow, seconds)
                keep_first(path.slow_places, (view.place, view.text[:300]), 6)
        elif view.status == _LEFT:
            self._left(view, path)
        elif view.status in _TURNED_AWAY:
            path.refused[view.status] = path.refused.get(view.status, 0) + 1
            keep_first(path.places, (view.place, view.text[:300]), 6)
            keep_first(path.latest, (view.place, view.text[:300], view.time or 0.0), _LATEST, _last_first)

    def merge(self, other: Refusals) -> None:
        """Take the other part's in."""
        self.paths.merge(other.paths, Path.merge)

    def _left(self, view: View, path: Path) -> None:
        if seconds := _took(view):
            _note(path.left, seconds)
            keep_first(path.left_places, (view.place, view.text[:300]), 6)

    def given_up(self, known: Sequence[Deadline]) -> Iterator[tuple[Deadline, int, Path]]:
        """Each limit of a sender after which it nearly always closed the connection, on one path; how often, and the answers there."""
        for _, path in self.paths.items():
            total = sum(path.left.values())
            for deadline in known:
                margin = max(_CLOSE * deadline.seconds, _CLOSE_S)
                hits = sum(n for tenths, n in path.left.items() if abs(tenths / 10 - deadline.seconds) <= margin)
                if deadline.side == "sender" and hits >= _LEAST and hits >= _SAME * total:
                    yield deadline, hits, path
                    break

    def too_late(self, known: Sequence[Deadline]) -> Iterator[tuple[Deadline, int, Path]]:
        """Each sender that waits for less time than many of its requests take until they are answered: it has given them up by then; how often, and the answers."""
        for (name, sender), path in self.paths.items():
            about = f"{name} {sender}".lower()
            for deadline in known if path.slow else ():
                if deadline.side != "sender" or not any(each.lower() in about for each in _NAMES.findall(deadline.whose)):
                    continue
                hits = sum(n for tenths, n in path.slow.items() if tenths > 10 * deadline.seconds)
                if hits >= _LEAST and hits >= _MANY * path.fine:
                    yield deadline, hits, path
                    break

    def taken(self) -> tuple[int, float]:
        """How many webhooks were taken, whatever their path, and when the last one was."""
        paths = [path for _, path in self.paths.items()]
        return sum(path.fine for path in paths), max((path.fine_last for path in paths), default=0.0)

    def found(self) -> Iterator[tuple[str, str, list[tuple[Place, str]], int, int]]:
        """Path, sender, some refusals, the commonest status and how many there were; only where hardly anything went well, or nothing any more."""
        known = self.paths.items()
        for (name, sender), path in known:
            count = sum(path.refused.values())
            fine = path.fine if sender else sum(p.fine for (other, _), p in known if other == name)
            if count >= (3 if sender else 5) and fine <= _FINE * count:
                yield name, sender, path.places, _commonest(path), count
            elif sender and len(since := path.since()) >= _TURN:
                yield name, sender, [(place, text) for place, text, _ in since], _commonest(path), count


def _took(view: View) -> float:
    """Seconds until an answer, as an access line tells them; 0 if it does not."""
    took = _TOOK.search(view.text, 0, 2000)
    if took and took["bare"] and (named := _TOOK.search(view.text, took.end(), 2000)) and named["key"]:
        took = named
    if not took:
        return 0.0
    seconds = float(took["n"] or took["bare"] or took["plain"])
    of = (took["of"] or "").lower().lstrip("_")
    if "ms" in (took["unit"], took["plain_unit"], of) or (took["key"] and not took["unit"] and not of and took["key"].lower() not in _SECONDS and seconds >= 100):
        seconds /= 1000
    return seconds


def _note(times: dict[int, int], seconds: float) -> None:
    tenths = round(10 * seconds)
    times[tenths] = times.get(tenths, 0) + 1


def _commonest(path: Path) -> int:
    return max(sorted(path.refused), key=lambda status: path.refused[status])
