"""Which commands and resources of a deployment name a path of the app that somebody is to call?

    push_config { push_endpoint = "${google_cloud_run_v2_service.api.uri}/pubsub/push" }
    "stripe": "stripe listen --forward-to localhost:3000/hooks/stripe"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.files import File

FILES = ("*.tf", "*.sh", "Makefile", "*.yaml", "*.yml", "*.mk", "justfile", "package.json", "Procfile*", "*.config")
_OURS = r"\$\{[^}\n]{1,200}\}|\$\w{1,60}|https?://\$\{[^}\n]{1,200}\}"
"""An address that the deployment fills in."""
_PATH = r"(?P<path>/[\w./-]{1,200})"
_BELOW = r"(?:(?!\n---)[\s\S]){0,1500}?"
"""What stands between, in the same document."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a kind of resource names the path: `marks` of which one stands in its file; `ours` where what it calls is surely this app."""

    marks: tuple[str, ...]
    named: re.Pattern[str]
    ours: bool


_WAYS = (
    # A subscription of Pub/Sub that pushes: in Terraform, for gcloud, in a resource of Config Connector.
    _Way(
        ("push_endpoint", "push-endpoint", "pushEndpoint"),
        pattern(rf"(?:\bpush_endpoint\s*=\s*|--push-endpoint[= ]|\bpushEndpoint:\s*)[\"']?(?:https?://[\w.-]{{1,200}}|{_OURS}){_PATH}"),
        True,
    ),
    # A subscription of SNS or Event Grid, or an API destination of EventBridge.
    _Way(
        ("invocation_endpoint", "InvocationEndpoint", "webhook_endpoint", "sns_topic_subscription"),
        pattern(
            r"(?:\binvocation_endpoint\s*=\s*|\bInvocationEndpoint:\s*|\bwebhook_endpoint\s*\{\s*url\s*=\s*|\bprotocol\s*=\s*\"https?\"\s*\n\s*endpoint\s*=\s*)[\"']?"
            rf"(?:https?://[\w.-]{{1,200}}|(?:https?://)?\$\{{[^}}\n]{{1,200}}\}}){_PATH}"
        ),
        False,
    ),
    # A subscription of Dapr, and a trigger of Knative, which may be there for another service.
    _Way(("dapr.io",), pattern(rf"\bkind:\s*Subscription\b{_BELOW}^\s*(?:- )?(?:route|default|path):\s*[\"']?{_PATH}", re.MULTILINE), True),
    _Way(("eventing.knative.dev",), pattern(rf"\bkind:\s*Trigger\b{_BELOW}^\s*uri:\s*[\"']?{_PATH}", re.MULTILINE), False),
    _Way(("eventarc",), pattern(rf"\bcloud_run_service\s*\{{[^}}]{{0,300}}?\bpath\s*=\s*\"{_PATH}"), True),
    # App Engine's own schedules, and the daemon that hands what a queue brings to a worker of Elastic Beanstalk.
    _Way(("cron:",), pattern(rf"^\s*(?:- )?url:\s*[\"']?{_PATH}(?=[\s\S]{{0,400}}?^\s*schedule:)", re.MULTILINE), True),
    _Way(("HttpPath",), pattern(rf"\bHttpPath\b\s*[:=]\s*[\"']?{_PATH}", re.MULTILINE), True),
    # A command that hands a sender's webhooks on: docs.stripe.com/cli/listen, smee-client, cli/gh-webhook.
    _Way(
        ("forward-to", "smee", "webhook forward"),
        pattern(
            r"(?:\bstripe\b[^\n]{0,200}?--forward-to|^\s*(?:command:\s*)?listen\b[^\n]{0,200}?--forward-to|\bsmee\b[^\n]{0,200}?(?:--target|-t)|\bwebhook\s+forward\b[^\n]{0,300}?--url)"
            rf"[= ]\\?[\"']?(?:https?://)?[\w.-]{{1,100}}(?::\d{{1,5}})?{_PATH}",
            re.MULTILINE,
        ),
        True,
    ),
    # A webhook that Terraform makes at a provider, of which a repository may have many: stripe, github, gitlab and others name it alike.
    _Way(
        ("webhook", "_hook"),
        pattern(
            rf"^resource\s+\"\w{{0,60}}(?:webhook|_hook)\w{{0,40}}\"[^\n]*\n(?:(?!^\}}).*\n){{0,40}}?\s*(?:url|endpoint|uri)\s*=\s*\"(?:https?://[\w.-]{{1,200}}|{_OURS}){_PATH}", re.MULTILINE
        ),
        False,
    ),
    # One that a command makes: docs.stripe.com/cli, cli.github.com, docs.svix.com, the API of Telegram, GitLab and Twilio.
    _Way(
        ("webhook_endpoints", "etWebhook", "/hooks", "svix", "phone-numbers"),
        pattern(
            r"(?:\bwebhook_endpoints\b|/set[wW]ebhook\b|/hooks\b(?=[\s\\\"'])|\bsvix\s+endpoints?\s+create\b|\bphone-numbers:update\b)[\s\S]{0,400}?"
            rf"\b(?:config\[url\]|(?:sms-|voice-)?url)\\?[\"']?\s*[=: ]\s*\\?[\"']?(?:https?://[\w.-]{{1,200}}|{_OURS}){_PATH}"
        ),
        False,
    ),
    # A job of Cloud Scheduler that calls an address of the deployment's own, of which many are.
    _Way(
        ("scheduler_job", "scheduler jobs"),
        pattern(
            r"(?:google_cloud_scheduler_job\"[^\n]*\n(?:(?!resource\s).*\n){0,40}?\s*uri\s*=\s*|\bscheduler\s+jobs\s+(?:create|update)\s+http\b[\s\S]{0,400}?--uri[= ])"
            rf"[\"']?(?:{_OURS}){_PATH}"
        ),
        False,
    ),
)
MARKS = tuple(mark for way in _WAYS for mark in way.marks)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A path that is to be called, where that is said, and whether it is surely this app's: if not, another path is not taken for it."""

    path: str
    where: Location
    ours: bool


def pushed(file: File, text: str) -> Iterator[Pushed]:
    """Every such path in one file of a deployment."""
    for way in _WAYS:
        for found in way.named.finditer(text) if any(mark in text for mark in way.marks) else ():
            yield Pushed(found["path"], Location(clean(file.name), text.count("\n", 0, found.start("path")) + 1), way.ours)
