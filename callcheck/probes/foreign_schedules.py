"""Which jobs of Java, Kotlin, Go and Ruby does each process start for itself, though they reach somebody?

    @Scheduled(cron = "0 0 6 * * *") void remind() { mails.send(...); }            # with @EnableScheduling, and no lock
    c.AddFunc("0 6 * * *", func() { mailer.Send(digest) })                         # github.com/robfig/cron
    Rufus::Scheduler.singleton.cron("0 6 * * *") { ReminderMailer.due.deliver_now }

Sources: docs.spring.io/spring-framework 6.1, integration/scheduling (each context runs its methods); pkg.go.dev/github.com/robfig/cron/v3; github.com/jmettraux/rufus-scheduler 3.9, README.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.execution import SchedulerInProcess
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment import settings
from callcheck.sources.environment.built import built_from, means
from callcheck.sources.files import File
from callcheck.sources.launch import aside

_LARGEST = 300_000
_BODY = 1200
"""Characters behind a job's beginning in which its work is looked for."""
_ASIDE = pattern(r"(?i)(?:^|/)(?:src/test|tests?|specs?|testdata|examples?|samples?|demos?)/|_test\.go$|(?:Test|Tests|IT|Spec)\.(?:java|kt)$|_spec\.rb$")
_REACHES = pattern(r"\.(?:deliver_(?:now|later)|perform_(?:later|async)|[Ss]end\w*|[Pp]ublish\w*|[Nn]otify\w*|[Cc]harge\w*|[Bb]ill\w*|[Ii]nvoice\w*|[Rr]emind\w*|[Mm]ail\w*|[Ee]mail\w*)\(?")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One library: how its jobs begin, what must stand somewhere in the project, and what lets one process alone have them."""

    framework: str
    language: str
    globs: tuple[str, ...]
    job: re.Pattern[str]
    needs: re.Pattern[str]
    taken_by_one: re.Pattern[str]
    ends: re.Pattern[str]
    """Where the next job or function begins."""
    builds: tuple[str, ...]


_KINDS = (
    _Kind(
        "spring",
        "java",
        ("*.java", "*.kt"),
        pattern(r"^[ \t]*@Scheduled\s*\([^()]{0,200}\bcron\s*=", re.M),
        pattern(r"@EnableScheduling\b"),
        pattern(r"SchedulerLock|ShedLock|LockProvider|LockRegistry|LeaderInitiator|@Profile\b|@Conditional\w*|[Ll]eader|tryLock|advisory_lock|FOR UPDATE|job-store-type"),
        pattern(r"^[ \t]*@Scheduled\b|^[ \t]*(?:public|private|protected|fun|internal)[ \t]", re.M),
        ("pom.xml", "build.gradle", "build.gradle.kts"),
    ),
    _Kind(
        "robfig-cron",
        "go",
        ("*.go",),
        pattern(r"^[^\n/]{0,80}\.AddFunc\(\s*[\"`]", re.M),
        pattern(r"\"github\.com/robfig/cron"),
        pattern(r"(?i)leader|redsync|redislock|advisory_lock|SetNX|\block\w*\.|FOR UPDATE|os\.Getenv\(\"\w*(?:CRON|SCHED|LEADER|ROLE)"),
        pattern(r"^func |\.AddFunc\(", re.M),
        ("go.mod",),
    ),
    _Kind(
        "rufus-scheduler",
        "ruby",
        ("*.rb",),
        pattern(r"^(?![ \t]*#)[^\n]{0,120}\.cron[ (]+[\"']", re.M),
        pattern(r"\bRufus::Scheduler\b"),
        pattern(r"(?i)lockfile|scheduler_lock|trigger_lock|advisory_lock|with_lock|redlock|\bnx:|return (?:if|unless) ENV|(?:if|unless) ENV\["),
        pattern(r"^[^\n]{0,120}\.(?:cron|every)[ (]", re.M),
        ("Gemfile",),
    ),
)


class ForeignSchedules:
    """Silent for apps with a lock or a choice of one process anywhere, and for jobs whose work reaches nobody that can be told."""

    name = "foreign-schedules"
    looks_at = ("*.java", "*.kt", "*.go", "*.rb")
    marks = ("@Scheduled", "robfig/cron", "Rufus::Scheduler")
    answers: frozenset[type[Fact]] = frozenset({SchedulerInProcess})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Java, Kotlin, Go or Ruby"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for kind in _KINDS:
            for folder, files in _apps(eyes, kind):
                texts = {file: eyes.readable(file, _LARGEST) for file in files}
                if not any(kind.needs.search(text) for text in texts.values()) or any(kind.taken_by_one.search(text) for text in texts.values()):
                    continue
                for service in _units(eyes, folder):
                    yield from self._jobs(kind, texts, service)

    def _jobs(self, kind: _Kind, texts: dict[File, str], service: str) -> Iterator[Evidence]:
        fact = SchedulerInProcess(kind.framework, kind.language, "module")
        for file, text in texts.items():
            for found in kind.job.finditer(text):
                end = kind.ends.search(text, found.end()) if kind.framework != "spring" else _after_method(kind, text, found.end())
                body = text[found.end() : min(end.start() if end else len(text), found.end() + _BODY)]
                if _REACHES.search(body):
                    line = text.count("\n", 0, found.start()) + 1
                    yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(file.name), line), clean(text.splitlines()[line - 1].strip()), service=clean(service, 80))


def _after_method(kind: _Kind, text: str, at: int) -> re.Match[str] | None:
    """Where the member behind an annotated method begins."""
    own = kind.ends.search(text, at)
    return kind.ends.search(text, own.end()) if own else None


def _apps(eyes: Eyes, kind: _Kind) -> Iterator[tuple[str, list[File]]]:
    """The folders that are built, each with its sources, but for what lies in a built folder below it."""
    folders = sorted({file.name[: -len(file.base)] for file in eyes.tree.named(*kind.builds) if not aside(eyes, file)}, key=len, reverse=True)
    left = [file for file in eyes.tree.named(*kind.globs) if not _ASIDE.search(file.name) and not aside(eyes, file)]
    for folder in folders:
        own = [file for file in left if file.name.startswith(folder)]
        left = [file for file in left if file not in own]
        if own:
            yield folder, own


def _units(eyes: Eyes, folder: str) -> list[str]:
    """The services of Compose that are built from a folder, or the units that are called as it; "" for the one app of a target."""
    named = [unit for unit, (built, _) in built_from(eyes).items() if built == folder]
    called = {posixpath.basename(folder.rstrip("/")).lower()}
    return named or ([""] if not folder else sorted({each.unit for each in settings(eyes) if each.unit and means(each.unit, called)}))


PROBE = ForeignSchedules()
