"""Does the address answer the question by which its provider finds out whether it is meant to be one?

    app.post("/zoom", (req, res) => {                       // Zoom first posts {event: "endpoint.url_validation", payload: {plainToken}}
      if (req.body.event === "meeting.ended") { ... }       // and takes the address only if the token comes back with its HMAC
      res.sendStatus(200);
    });

A provider is known by what the handler reads of it. Silent where the answer, or the provider's own library, is named anywhere in the sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import path_of_method, route_of_file
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Member, Node, last_name


@dataclass(frozen=True, slots=True)
class _Provider:
    """What a handler reads of a provider's deliveries, what the answer to its question cannot do without, and what happens otherwise."""

    words: tuple[str, ...]
    """One of these stands, in lower case, in whatever `reads` finds; for most handlers none of the patterns has to be made."""
    reads: tuple[str, ...]
    """All of these patterns stand in the handler."""
    answers: str
    says: str
    effect: str = "callback-rejected"
    known: frozenset[str] = frozenset()
    """Frameworks in whose rules/traps the same is said."""


_TRAPPED = frozenset({"express", "fastapi", "flask", "django"})
_PROVIDERS = (
    # docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html
    _Provider(
        ("notification", "x-amz-sns", "topicarn"), (r"['\"]Notification['\"]|x-amz-sns|['\"\.]TopicArn", r"\bMessage\b", r"\bType\b|x-amz-sns|TopicArn"), r"SubscribeURL|SubscriptionConfirmation|[cC]onfirm_?[sS]ubscription|sns-validator|sns_message_validator",
        "SNS delivers nothing until its SubscriptionConfirmation is answered by opening SubscribeURL, which nothing here does; fetch it when that type comes",
        "missing-subscription", frozenset({"express"}),
    ),
    # docs.slack.dev/apis/events-api
    _Provider(
        ("event_callback", "app_mention", "x-slack"), (r"event_callback|app_mention|x-slack-signature", r"event_callback|app_mention|\.event\b|\[['\"]event['\"]\]"), r"challenge|url_verification|@slack/bolt|slack_bolt|createEventAdapter|SlackEventAdapter",
        "Slack first posts a challenge and takes the address only if it is sent back; answer type url_verification with its challenge",
        known=_TRAPPED | {"fastify", "nestjs"},
    ),
    # developers.facebook.com/docs/graph-api/webhooks/getting-started
    _Provider(
        ("entry",), (r"\bentry\b[\s\S]{0,120}\b(?:changes|messaging)\b",), r"hub[._]challenge|['\"`]hub['\"`]",
        "Meta takes the address only once GET gives back hub.challenge, and nothing here does so", known=_TRAPPED,
    ),
    # developers.zoom.us/docs/api/webhooks: within 3 s, and again every 72 hours
    _Provider(
        ("zoom", "x-zm", "meeting.", "webinar.", "recording."), (r"(?i)\bzoom|x-zm-signature|['\"](?:meeting|webinar)\.(?:started|ended|participant_\w+|registration_\w+)['\"]|['\"]recording\.(?:completed|transcript_completed|stopped)['\"]", r"\bpayload\W{1,4}object\b|\bpayload['\"]?\s*:\s*\{\s*object\b|x-zm-signature"), r"url_validation|plainToken|plain_token",
        "Zoom first posts endpoint.url_validation, and takes the address only if plainToken comes back with its HMAC as encryptedToken",
    ),
    # learn.microsoft.com/graph/change-notifications-delivery-webhooks
    _Provider(
        ("clientstate", "resourcedata", "subscriptionexpiration"), (r"clientState|resourceData|subscriptionExpirationDateTime", r"\bvalue\b"), r"validationToken|validation_token",
        "Microsoft Graph posts ?validationToken= first, and makes no subscription unless it comes back as text/plain within 10 s",
    ),
    # learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema, .../end-point-validation-cloud-events-schema
    _Provider(
        ("microsoft.", "aeg-"), (r"['\"]Microsoft\.(?!EventGrid)\w+\.\w+['\"]|aeg-event-type|aeg-subscription-name",), r"validationCode|validation_code|validationUrl|SubscriptionValidation|WebHook-(?:Request|Allowed)-Origin|webhook-request-origin",
        "Event Grid first posts a SubscriptionValidationEvent, and delivers nothing until its validationCode comes back as validationResponse",
    ),
    # dropbox.com/developers/reference/webhooks
    _Provider(
        ("list_folder", "x-dropbox"), (r"list_folder|x-dropbox-signature", r"accounts|x-dropbox-signature"), r"challenge",
        "Dropbox asks with GET ?challenge= first, and takes the address only if the challenge comes back as text",
    ),
    # developer.okta.com/docs/concepts/event-hooks: GET with a header, answered in 3 s
    _Provider(
        ("okta", "user.lifecycle"), (r"(?i:okta)|user\.lifecycle\.\w+", r"\bdata\W{1,4}events\b"), r"(?i)verification-challenge|verification_challenge",
        "Okta verifies an event hook by GET with x-okta-verification-challenge, whose value has to come back as {verification}; nothing here answers it",
    ),
    # dev.twitch.tv/docs/eventsub/handling-webhook-events
    _Provider(
        ("twitch", "channel.", "stream."), (r"twitch-eventsub|['\"](?:channel\.(?:follow|subscribe|update)|stream\.(?:online|offline))['\"]", r"\bsubscription\b|\bevent\b"), r"challenge|EventSubHttpListener|EventSubMiddleware",
        "Twitch first posts webhook_callback_verification, and delivers nothing until its challenge comes back as text",
    ),
    # developers.asana.com/reference/createwebhook
    _Provider(
        ("x-hook-signature", "asana"), (r"(?i)x-hook-signature|asana", r"\bevents\b", r"\bgid\b|(?i:x-hook-signature)"), r"(?i)x-hook-secret|hook_secret",
        "Asana first posts X-Hook-Secret, and makes no webhook unless the answer carries the same header",
    ),
    # developer.atlassian.com/cloud/trello/guides/rest-api/webhooks: HEAD has to be answered with 200
    _Provider(
        ("updatecard", "createcard", "commentcard", "listafter", "membercreator"), (r"\baction\b", r"\b(?:updateCard|createCard|commentCard|listAfter|memberCreator)\b"), r"(?i)\.head\(|\.all\(|\bHEAD\b|\.get\(|['\"]GET['\"]|@(?:get|head|all)\(",
        "Trello asks with HEAD first, and makes no webhook unless that is answered with 200; only POST is served here",
    ),
    # developers.strava.com/docs/webhooks
    _Provider(("object_type",), (r"object_type", r"aspect_type"), r"hub[._]challenge|['\"`]hub['\"`]", "Strava asks with GET ?hub.challenge= first, and subscribes only if it comes back as JSON"),
    # developer.monday.com/apps/docs/webhooks
    _Provider(("pulseid", "pulsename"), (r"pulseId|pulseName", r"\bevent\b"), r"challenge", "monday.com first posts a challenge, and makes no webhook unless it is sent back as JSON"),
)  # fmt: skip
_PATTERNS = tuple((tuple(map(pattern, each.reads)), pattern(each.answers), each) for each in _PROVIDERS)
_VERBS = frozenset({"post", "all", "route", "Post", "All", "on", "add", "api_route", "http", "path", "re_path", "add_route", "add_post", "use"})
_LONGEST = 6_000
_HANDLER = pattern(r"^(?:POST|default|handler)$")


class Handshakes:
    """Routes of every framework that is known, and the files that Next.js serves."""

    name = "handshakes"
    looks_at = Sight.SOURCE
    about = ("serve", "lists-route")
    marks = ("function POST", "const POST", "function handler(")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told: set[tuple[str, int]] = set()
        for node, handler, framework in _handlers(code):
            module = module_of(handler)
            lines = module.lines[handler.line - 1 : _last(handler)]
            text = "\n".join(lines)[:_LONGEST]
            low = text.lower()
            for reads, answers, provider in _PATTERNS:
                key = provider.says, id(module)
                if key in told or framework in provider.known or not any(word in low for word in provider.words) or not all(each.search(text) for each in reads):
                    continue
                told.add(key)
                if not _answered(code, answers):
                    fact = LibraryTrap(provider.effect, "strong", provider.says, last_name(node.callee) if isinstance(node, Call) else "POST", framework, module.language)
                    yield seen(fact, node, self.name)


def _last(handler: Function) -> int:
    """The last line on which anything is named, called or written out."""
    return max((node.line for kind in (Member, Literal, Call) for node in handler.inside(kind)), default=handler.line)


def _handlers(code: Code) -> Iterator[tuple[Node, Function, str]]:
    """Where a route is made, its handler and its framework."""
    for use in (*code.idioms.of("serve"), *code.idioms.of("lists-route")):
        if is_test(use.module.path) or (use.idiom.role and use.idiom.role != "request"):
            continue
        if last_name(use.call.callee) not in _VERBS and path_of_method(code, use) is None:
            continue
        named = code.origins.of(use.call.args[1]).node if use.idiom.does == "lists-route" and len(use.call.args) > 1 else None
        for handler in (*code.idioms.handlers(use), *([named] if named is not None else [])):
            if isinstance(handler, Function):
                yield use.call, handler, use.framework.name
    for path in code.project.sources:
        module = code.project.module(path) if route_of_file(path) and not is_test(path) else None
        for function in module.all(Function) if module is not None else ():
            if function.name and _HANDLER.match(function.name):
                yield function, function, "nextjs"


def _answered(code: Code, answers: re.Pattern[str]) -> bool:
    return any(answers.search(code.project.text(path)) for path in code.project.sources)


PROBE = Handshakes()
