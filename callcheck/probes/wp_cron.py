"""Is WordPress told to start no scheduled events by itself, while nothing else starts them?

    define('DISABLE_WP_CRON', true);                          # wp-config.php, or WORDPRESS_CONFIG_EXTRA of its container
    wp_schedule_event(time(), 'daily', 'pickup_list');        # is stored, becomes overdue, and stays so
    * * * * * wp cron event run --due-now                     # what would start it, as would a request of wp-cron.php

Source: developer.wordpress.org/plugins/cron/hooking-wp-cron-into-the-system-task-scheduler; actionscheduler.org (its queue is started by WP-Cron too).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.launch import SCRIPTS, aside

_PLACES = ("*.yaml", "*.yml", "*Dockerfile*", "Containerfile*", "*.sh", "*.tf", "*.php", ".env", "*.env", ".env.prod*")
_OFF = pattern(r"^(?![ \t]*(?://|#|\*|/\*))[^\n]{0,300}?\bDISABLE_WP_CRON(?:\\?[\"'])?(?:\s*,\s*|\s*[=:]\s*|\s+)\\?[\"']?(?:true|1)\b", re.MULTILINE)
_SCHEDULES = pattern(r"^(?![ \t]*(?://|#|\*|/\*))[^\n]{0,300}?\b(?:wp_schedule_(?:single_)?event|as_(?:schedule_(?:recurring|single|cron)_action|enqueue_async_action))\s*\(", re.MULTILINE)
_RUNS = pattern(r"(?:curl|wget|php|https?:|[Cc]ron)[^\n]{0,200}wp-cron\b|\bwp\b[^\n]{0,80}\bcron\s+event\s+run|[\"']cron[\"'],\s*[\"']event[\"'],\s*[\"']run|[Cc]avalcade|\baction-scheduler\s+run\b|\bspawn_cron\s*\(")
_SPEAKS = (*SCRIPTS, *_PLACES, "*cron*", "*.conf", "*.ini", "*.timer", "*.service", "*.md", "*.json", "*.j2", "*.toml", "entrypoint*", "*.txt")
_CONTAINERS = pattern(r"image:\s*[\"']?(?:[\w.:/-]*/)?(?:wordpress|bedrock|php)\b|^FROM\s+(?:[\w.:/-]*/)?(?:wordpress|php|bitnami/wordpress)\b", re.MULTILINE)
_HOSTED = ("pantheon*.yml", ".platform.app.yaml", ".upsun/*.yaml", "wpengine*", ".lando.yml", ".vip*")
"""Hosts that start the events themselves, and whose files say no more about it."""
_LEFT_OUT = pattern(r"(?:^|/)(?:vendor|node_modules|wp-includes|wp-admin|tests?)/|(?:^|[./_-])(?:dev|local|test|ci|override|sample|example)(?=[./_-]|$)|(?:^|/)\.wp-env|(?:^|/)CHANGELOG|(?:^|/)readme\.txt$")
_LARGEST_BYTES = 300_000
_WHY = "with this WordPress starts no scheduled event when a page is loaded, and nothing here calls wp-cron.php or wp cron event run; run that each minute"


class WpCron:
    """A hint where WordPress is not seen to run in containers: the crontab of a server stands in no file."""

    name = "wp-cron"
    looks_at = _PLACES
    marks = ("DISABLE_WP_CRON",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no PHP"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        off = next(_found(eyes, _PLACES, "DISABLE_WP_CRON", _OFF), None) if eyes.holds(("*.php",), ("wp_schedule_", "as_schedule_", "as_enqueue_")) else None
        if off is None or eyes.tree.named(*_HOSTED) or any(_found(eyes, _SPEAKS, "", _RUNS)):
            return
        scheduled = next(_found(eyes, ("*.php",), "_", _SCHEDULES), None)
        if scheduled is None:
            return
        contained = any(_found(eyes, ("*.yaml", "*.yml", "*Dockerfile*", "Containerfile*"), "", _CONTAINERS))
        fact = LibraryTrap("runtime-not-started", "strong" if contained else "hint", _WHY, "DISABLE_WP_CRON", "wordpress", "php")
        there = Evidence(fact, Basis.INFERRED, self.name, scheduled, label="this is put off to a scheduled event")
        yield Evidence(fact, Basis.DECLARED, self.name, off, because=(there,))


def _found(eyes: Eyes, globs: tuple[str, ...], word: str, wanted: re.Pattern[str]) -> Iterator[Location]:
    """Where files of the deployment, or of the site, have a pattern."""
    for file in eyes.tree.named(*globs):
        text = "" if _other(eyes, file) else eyes.readable(file, _LARGEST_BYTES)
        found = wanted.search(text) if word in text else None
        if found is not None:
            yield Location(clean(file.name), text.count("\n", 0, found.end()) + 1)


def _other(eyes: Eyes, file: File) -> bool:
    return aside(eyes, file) or _LEFT_OUT.search(file.name) is not None


PROBE = WpCron()
