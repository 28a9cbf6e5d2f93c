"""Which paths does the deployment call, and with which method?

    http_target { uri = "${google_cloud_run_v2_service.api.uri}/jobs/nightly", http_method = "GET" }      # google_cloud_scheduler_job
    gcloud scheduler jobs create http nightly --uri="$URL/jobs/nightly" --http-method=POST
    0 6 * * * curl -fsS -X POST http://localhost:3000/jobs/nightly                                        # crontab, CronJob, pipeline

Without a method Cloud Scheduler posts (cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs, HttpTarget), and curl gets unless it
is given a body (curl.se/docs/manpage.html).
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents import each_of
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside, commands, scripts
from callcheck.sources.manifests import collect
from callcheck.sources.terraform import Scope, scopes

if TYPE_CHECKING:
    from callcheck.sources import Eyes

SCHEDULER, CURL = "Cloud Scheduler", "curl"
_TABS = ("crontab", "crontab.*", "*.crontab", "*.cron", "crontabs/*", "cron.d/*", "*.service")
_ADDRESS = pattern(r"^[\"']?(?:https?://)?(?P<host>(?:\$\{[^}\n]{1,120}\}|\$\(?\w{1,60}\)?|[\w.-]{1,200})(?::\d{1,5})?)(?P<path>/[\w./-]{1,200})(?:\?\S*)?[\"']?$")
_OTHERS = pattern(r"(?i)slack\.com|github|googleapis|telegram|healthchecks\.io|hc-ping|discord|stripe|sentry|example\.org|raw\.")
_METHOD = ("-X", "--request", "--method")
_BODY = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form", "--post-data", "--post-file", "--body-data", "--body-file")
_CURL = pattern(r"(?:^|[\s|;&\"'(=/])(?:curl|wget)\s")
_EXPRESSION = pattern(r"\$\{\{\s*([\w.-]{1,80})\s*\}\}")
"""Of GitHub Actions."""
_FOLLOWS = pattern(r"--location\S*|-(?!X)\w*L\w*")
_CLOCK = pattern(r"(?:^|/)[\w.-]*cron[\w.-]*$|(?:^|/)cron\.d/")
_ON_SCHEDULE = pattern(r"^\s*(?:- +)?(?:schedule|cron)[\"']?:", re.MULTILINE)
_GCLOUD = pattern(r"\bscheduler\s+jobs\s+create\s+http\b")
_TARGETS = {"http_target": "uri", "app_engine_http_target": "relative_uri"}


@dataclass(frozen=True, slots=True)
class TimedCall:
    """One call of a path."""

    method: str
    host: str
    path: str
    by: str
    file: File
    line: int
    redirected: bool = False
    """Whether a redirect of it is the end of a job: curl without -L does not follow it, and ends well."""


def timed_calls(eyes: Eyes) -> Iterator[TimedCall]:
    """Every call that a file of the deployment makes; those of other hosts that are known left out."""
    yield from _in_terraform(eyes)
    yield from _in_cron_jobs(eyes)
    seen = set[str]()
    for word in ("curl", "wget", "scheduler"):
        for file, text in scripts(eyes, word):
            if file.name not in seen:
                seen.add(file.name)
                yield from _in_commands(file, text)
    for file in eyes.tree.named(*_TABS):
        if file.name not in seen and not aside(eyes, file) and (text := eyes.readable(file)):
            yield from _in_commands(file, text)


def _in_terraform(eyes: Eyes) -> Iterator[TimedCall]:
    if not eyes.holds(("*.tf",), ("google_cloud_scheduler_job",)):
        return
    for scope in scopes(eyes):
        if isinstance(scope, Scope):
            for file, block in scope.resources():
                for target in block.blocks if block.labels[0] == "google_cloud_scheduler_job" else ():
                    written = target.keys.get(_TARGETS.get(target.kind, ""))
                    path = re.search(r"(?:\}|^[\"']?(?:https?://[\w.-]+)?)(/[\w./-]{1,200})[\"']?$", scope.settled(written, file).value.strip().strip('"')) if written else None
                    if path and written:
                        method = target.keys.get("http_method", ('"POST"', 0))
                        said = scope.text(method[0], file)
                        if said.isalpha():
                            yield TimedCall(said.upper(), "", path[1], SCHEDULER, file, method[1] or written[1])


def _in_cron_jobs(eyes: Eyes) -> Iterator[TimedCall]:
    for item in collect(eyes).of("CronJob") if eyes.tree.named("*.yaml", "*.yml") else ():
        path = ("spec", "jobTemplate", "spec", "template", "spec", "containers")
        for index, container in each_of(item.get(*path)):
            words = [str(word) for key in ("command", "args") for word in container.get(key) or () if isinstance(container.get(key), list)]
            image = posixpath.basename(str(container.get("image") or "")).split(":")[0]
            words = ["curl", *words] if image == "curl" and not container.get("command") else words
            words = (_split(words[2]) if len(words) == 3 and words[1].endswith("c") and _CURL.search(f" {words[2]} ") else []) or words
            file, line = item.at(*path, index, "args" if "args" in container else "command")
            yield from _of_words(words, file, line, True)


def _split(text: str) -> list[str]:
    """The words of a shell's first line; none where its quotes are not closed."""
    try:
        return shlex.split(text.split("\n")[0])
    except ValueError:
        return []


def _in_commands(file: File, text: str) -> Iterator[TimedCall]:
    timed = bool(_CLOCK.search(file.name) or _ON_SCHEDULE.search(text))
    for line, command in commands(file, text):
        if _GCLOUD.search(command):
            uri = re.search(r"--uri[= ]\s*[\"']?([^\s\"']+)", command)
            address = _ADDRESS.match(uri[1]) if uri else None
            method = re.search(r"--http-method[= ]\s*[\"']?(\w+)", command)
            if address:
                yield TimedCall(method[1].upper() if method else "POST", address["host"], address["path"], SCHEDULER, file, line)
        elif _CURL.search(command) and file.base != "Dockerfile":
            for part in re.split(r"\||&&|;|\bthen\b|\$\(", _EXPRESSION.sub(r"${\1}", command)):
                found = _CURL.search(f" {part} ")
                yield from _of_words(f" {part} "[found.start() :].replace('"', " ").replace("'", " ").split(), file, line, timed) if found else ()


def _of_words(words: Sequence[str], file: File, line: int, timed: bool) -> Iterator[TimedCall]:
    """The call that a command of curl's or wget's makes; `timed` if it is made on a schedule for certain."""
    if not words or posixpath.basename(words[0].lstrip("(=@-")) not in ("curl", "wget"):
        return
    addresses = [found for word in words[1:] if not word.startswith("-") and ("://" in word or word.startswith("$")) and (found := _ADDRESS.match(word))]
    method = next((word for option, word in zip(words, words[1:], strict=False) if option in _METHOD), "")
    method = method or next((word[2:] for word in words if re.fullmatch(r"-X[A-Z]+", word)), "") or next((word.partition("=")[2] for word in words if word.startswith(("--request=", "--method="))), "")
    if not method:
        sends = any(word.split("=")[0] in _BODY for word in words)
        gets, heads, puts = "-G" in words or "--get" in words, "-I" in words or "--head" in words, "-T" in words or "--upload-file" in words
        method = "GET" if gets else "HEAD" if heads else "PUT" if puts else "POST" if sends else "GET"
    if len(addresses) == 1 and method.isalpha() and not _OTHERS.search(addresses[0]["host"]):
        stays = timed and posixpath.basename(words[0].lstrip("(=@-")) == CURL and not any(map(_FOLLOWS.fullmatch, words))
        yield TimedCall(method.upper(), addresses[0]["host"], addresses[0]["path"], CURL, file, line, stays)


