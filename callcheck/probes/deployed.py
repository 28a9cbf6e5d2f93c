"""Which files of a deployment say, as they stand, that something never runs, is never reached or is cut off?

    auto_stop_machines = true          # fly.toml of a bot, which nobody wakes by a request

What is so is data: `places` with `files` in `rules/frameworks/<name>.yaml`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.knowledge import Place
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.present import placed
from callcheck.sources.files import File
from callcheck.sources.launch import DOCKERFILES, aside

_LONGEST = 160


class Deployed:
    """One fact for each file that stands as a place says."""

    name = "deployed"
    looks_at = (
        "*Dockerfile*", "Containerfile*", "*.yaml", "*.yml", "*.json", "*.toml", "*.tf", "*.conf", "*.timer", "*.path", "*.socket", "*.nomad", "*.hcl", "*.service", "*.cron", "crontab*", "*-cron", "*.crontab", "Caddyfile*", "haproxy*", "*.cfg", "*.bicep",
        "Procfile*", "*.sh", "requirements*.txt", "ecosystem*", "*.template", "*.j2", "next.config.*", "application.rb", "production.rb", "good_job.rb", ".env", ".env.prod*",
    )  # fmt: skip
    marks = (
        "CMD python", "CMD node", "ENTRYPOINT python", "ENTRYPOINT node", "good_job", "vite", "cron", "[Timer]", "[Path]", "[Socket]", "prestart", "npm", "yarn", "pnpm",
        '"rewrites"', "FunctionUrlConfig", "aws_lambda_function_url", "private:", "authorizer", "proxy_read_timeout", "idle_timeout", "client_max_body_size",
        "auto_stop_machines", "plan: free", "maxDuration", "timeoutSeconds", "pserv", "INTERNAL_ONLY", "internal", "alb.ingress.kubernetes.io", "kind: Service", "run.googleapis.com", "serving.knative.dev", "repository_dispatch", "workflow_run", "[functions.", "project_id",
        "ADVERTISED_LISTENERS", "OFFSETS_TOPIC", "cp-kafka", "cp-server", "mosquitto", "listener", "nats", "timeout client", "timeout server", "envoy", "http_connection_manager", "backend_service", "BackendConfig", "GCPBackendPolicy",
        "always_on", "alwaysOn", "requires_session", "requiresSession", "push_config", "depends_on", "vercel", "proxy-read-timeout", "extensionBundle", "host.json",
        "reserved", "Reserved", "nput_path", "nputPath", "eventName", "integration_http_method", "google_cloud_run", "runtime:", "google_cloud_scheduler_job", "event_types", "external", "ebsockets_enabled", "ebSocketsEnabled",
        "azurerm_windows_web_app", "ServiceMode", "service_mode", "autoComplete", "FlexConsumption", "flex_consumption", "FC1", "ystem_events", "ystemEvents", "event_handler",
        "Type=notify", "WatchdogSec", "RuntimeMaxSec", "PrivateTmp", "uvicorn", "celery", "--burst", "queue:work", "watch", "startingDeadlineSeconds", "concurrencyPolicy", "postgres", "AUTO_CREATE_TOPICS", "network_mode", "SECRET", "TOKEN", "PASSWORD", "_KEY",
        "aws_cloudwatch_event_rule", "aws_sns_topic_subscription", "webhook_endpoint", "endpointType", "netlify",
        "reverse_proxy", "autorestart", "server ", "traefik", "ingress:", "tunnel", "ngrok", "proxy_pass", "non_idempotent", "limit_req", "proxy-body-size", '"routes"', "trailingSlash", "webhook-test",
    )  # fmt: skip
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a deployment"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for framework in placed(eyes.knowledge.frameworks):
            for place in framework.places:
                for file in eyes.tree.named(*place.files) if place.files else ():
                    at = -1 if aside(eyes, file) else _stands(eyes, place, file)
                    if at >= 0:
                        fact = LibraryTrap(place.effect, place.strength, clean(place.says, _LONGEST), clean(file.base, 60), framework.name, "")
                        text = eyes.code.project.text_of(file)
                        line = text.count("\n", 0, at) + 1
                        yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), clean(text.splitlines()[line - 1].strip()))


def _stands(eyes: Eyes, place: Place, file: File) -> int:
    """Where in the file the place's text stands; -1 where it does not, or something else makes it good."""
    text = eyes.code.project.text_of(file)
    found = re.search(place.text, text, re.MULTILINE)
    if found is None or (place.lacks and re.search(place.lacks, text, re.MULTILINE)):
        return -1
    has, unless = place.config, place.unless
    if has and not has.get("optional") and not any(_in(eyes, each, has.get("has", ""), has.get("lacks", "")) for each in eyes.tree.named(*has["files"])):
        return -1
    if unless and any(_in(eyes, each, unless["has"], "") for each in eyes.tree.named(*unless["files"])):
        return -1
    project = eyes.code.project
    if place.code and not any(re.search(place.code, project.text(name), re.MULTILINE) and _built_of(eyes, file, name) for name in project.sources):
        return -1
    start = found.start(found.lastindex) if found.lastindex else found.start()
    return start if text[start : start + 1] != "\n" else start + 1


def _built_of(eyes: Eyes, file: File, source: str) -> bool:
    """Whether a Dockerfile may put a source into its image: not where another one is nearer to it, in a folder beside."""
    images = eyes.once(("image-folders",), lambda: frozenset(posixpath.dirname(each.name) for each in eyes.tree.named(*DOCKERFILES)))
    here, folder = posixpath.dirname(file.name), posixpath.dirname(source)
    if here not in images:
        return True
    while folder and folder not in images:
        folder = posixpath.dirname(folder)
    return folder in ("", here) or here.startswith(f"{folder}/")


def _in(eyes: Eyes, file: File, has: str, lacks: str) -> bool:
    text = eyes.code.project.text_of(file)
    return re.search(has, text, re.MULTILINE) is not None and not (lacks and re.search(lacks, text, re.MULTILINE))


PROBE = Deployed()
