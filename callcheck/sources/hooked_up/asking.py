"""What is one place at which a provider is asked for kinds of events, and how do providers name these?"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.noun import dataclass
from callcheck.sources.files import File

ALL = "*"
STRIPE, GITHUB, GITLAB, TELEGRAM, SHOPIFY = "stripe", "github-hook", "gitlab-hook", "telegram", "shopify"
UNASKED = ("chat_member", "message_reaction", "message_reaction_count")
"""What Telegram sends only if it is named (core.telegram.org/bots/api#setwebhook, allowed_updates)."""
_FLAGS = {
    "push_events": "push",
    "tag_push_events": "tag_push",
    "issues_events": "issue",
    "confidential_issues_events": "issue",
    "note_events": "note",
    "confidential_note_events": "note",
    "merge_requests_events": "merge_request",
    "wiki_page_events": "wiki_page",
    "pipeline_events": "pipeline",
    "job_events": "job",
    "deployment_events": "deployment",
    "releases_events": "release",
}
"""GitLab's flags, and the kinds that `object_kind` names then."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One list; `events` is None where it is put together at run time."""

    provider: str
    events: tuple[str, ...] | None
    file: File
    line: int
    lacks: tuple[str, ...] = ()
    """What is left out although all else is asked for."""

    def sends(self, event: str) -> bool:
        """Whether the event is sent, as far as this place tells."""
        if self.events is None or ALL in self.events:
            return event not in self.lacks
        return event in self.events


def kinds_of(flags: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    """The kinds of GitLab's events that flags turn on; pushes are sent unless they are turned off."""
    said = {name: on for name, on in flags if name in _FLAGS}
    return tuple(dict.fromkeys(_FLAGS[name] for name, on in {"push_events": True, **said}.items() if on))


def topic(name: str) -> str:
    """`ORDERS_PAID` and `orders/paid` are one topic of Shopify's."""
    return name.lower().replace("/", "_")
