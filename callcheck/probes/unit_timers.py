"""Does a timer of systemd start its service at all, and more than once?

    [Timer]                                   # vet.timer
    OnUnitActiveSec=15min                     # counts from a start of vet.service that never was
    RemainAfterExit=yes                       # of a service that a timer starts: it stays active after its first run, and is started no more
    systemctl enable --now vet.service        # and nobody enables vet.timer

Sources: systemd.timer(5), systemd 256: OnUnitActiveSec= is "relative to when the unit the timer unit is activating was last activated"; services with RemainAfterExit= "will only be activated
once, and then stay around forever"; systemctl(1), enable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment.setting import beside
from callcheck.sources.files import File
from callcheck.sources.launch import SCRIPTS, aside, own_texts
from callcheck.sources.launch.units import drop_ins

_LATER = pattern(r"^On(?:UnitActive|UnitInactive)Sec=[ \t]*\S", re.MULTILINE)
_FIRST = pattern(r"^On(?:Boot|Startup|Active)Sec=[ \t]*\S|^On(?:Calendar|ClockChange|TimezoneChange)=[ \t]*\S", re.MULTILINE)
_CALENDAR = pattern(r"^OnCalendar=[ \t]*\S", re.MULTILINE)
_UNIT = pattern(r"^Unit=[ \t]*(\S{1,200})", re.MULTILINE)
_STAYS = pattern(r"^RemainAfterExit=[ \t]*(?:yes|true|on|1)\b", re.MULTILINE | re.IGNORECASE)
_INSTALLED = pattern(r"^(?:WantedBy|RequiredBy|UpheldBy)=[ \t]*\S", re.MULTILINE)
_ENABLES = pattern(r"\bsystemctl\b[^\n]{0,80}?\b(?:enable|start)\b[^\n]{0,200}")
_DEPLOYS = (*SCRIPTS, "*.yml", "*.yaml", "*.service", "*.target", "*.path", "*Dockerfile*", "*.preset")
_LARGEST_BYTES = 300_000
_WHYS = {
    "never": "the timer counts from the last start of {0}, which nothing else starts, so it never fires; add OnBootSec= or OnActiveSec=",
    "once": "{0} stays active after its first run (RemainAfterExit=yes), so the timer does not run it again; take that line out",
    "off": "{0} is enabled, which starts it at boot at most, and its timer is not, so it never fires; enable --now {1}",
}


@dataclass(frozen=True, slots=True)
class _Timed:
    """A timer and the service that it starts, each with its drop-ins' text behind its own."""

    timer: File
    text: str
    service: File | None
    unit: str
    runs: str

    @property
    def stem(self) -> str:
        return self.unit.removesuffix(".service")


class UnitTimers:
    """Silent where something else starts the service, or the timer's own files are not all here."""

    name = "unit-timers"
    looks_at = ("*.timer", "*.timer.d/*.conf", "*/*.timer.d/*.conf", *_DEPLOYS)
    marks = ("[Timer]",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no timer of systemd"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for timed in _timers(eyes):
            if _LATER.search(timed.text) and not _FIRST.search(timed.text) and not _started(eyes, timed):
                yield self._told(timed, "never", timed.timer, _LATER, timed.text)
            elif timed.service is not None and _STAYS.search(timed.runs) and (_CALENDAR.search(timed.text) or _LATER.search(timed.text)):
                also = self._told(timed, "once", timed.timer, _CALENDAR if _CALENDAR.search(timed.text) else _LATER, timed.text)
                yield self._told(timed, "once", timed.service, _STAYS, timed.runs, (also,))
            elif (enabled := _service_enabled(eyes, timed)) is not None:
                yield self._at("off", timed, *enabled)

    def _told(self, timed: _Timed, why: str, file: File, wanted: re.Pattern[str], text: str, because: tuple[Evidence, ...] = ()) -> Evidence:
        found = wanted.search(text)
        return self._at(why, timed, file, text.count("\n", 0, found.start()) + 1 if found else 1, because)

    def _at(self, why: str, timed: _Timed, file: File, line: int, because: tuple[Evidence, ...] = ()) -> Evidence:
        fact = LibraryTrap("runtime-not-started", "strong", clean(_WHYS[why].format(timed.unit, timed.timer.base), 160), clean(timed.timer.base, 60), "systemd", "")
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), because=because)


def _timers(eyes: Eyes) -> Iterator[_Timed]:
    for file, text in own_texts(eyes, "*.timer", most=_LARGEST_BYTES):
        if "[Timer]" not in text:
            continue
        text = "\n".join([text, *(eyes.readable(part, _LARGEST_BYTES) for part in drop_ins(eyes, file))])
        named = _UNIT.search(text)
        unit = named[1] if named else f"{file.base.removesuffix('.timer')}.service"
        service = beside(eyes, file, unit)
        if "%" not in unit:
            yield _Timed(file, text, service, unit, eyes.readable(service, _LARGEST_BYTES) if service is not None else "")


def _started(eyes: Eyes, timed: _Timed) -> bool:
    """Whether the service is started by anybody else: at boot, by another unit, or by a script."""
    if timed.service is None or _INSTALLED.search(timed.runs):
        return True
    word = rf"(?<![\w.-]){re.escape(timed.stem)}(?:\.service)?(?![\w.-])"
    wanted = re.compile(rf"\b(?:re)?start(?:ed)?\b[^\n]{{0,200}}?{word}|^(?:Wants|Requires|BindsTo|Upholds|OnSuccess|OnFailure|Unit)=[^\n]{{0,500}}?{word}|\bname:[ \t]*[\"']?{word}", re.MULTILINE)
    return any(wanted.search(text) for _, text in _texts(eyes))


def _service_enabled(eyes: Eyes, timed: _Timed) -> tuple[File, int] | None:
    """The command that enables the service in place of its timer, of which nobody speaks."""
    timer = re.compile(rf"(?<![\w.-]){re.escape(timed.timer.base)}\b|[*}}\w\])\"']\.timer\b")
    service = re.compile(rf"(?<![\w.-]){re.escape(timed.stem)}(?:\.service)?(?![\w.-])")
    found: tuple[File, int] | None = None
    for file, text in _texts(eyes):
        for command in _ENABLES.finditer(text):
            if timer.search(command[0]) or "$" in command[0] or "{{" in command[0]:
                return None
            if found is None and re.search(r"\benable\b", command[0]) and service.search(command[0]):
                found = file, text.count("\n", 0, command.start()) + 1
        if timer.search(text) and file.suffix != ".sh":
            return None
    return found


def _texts(eyes: Eyes) -> Iterator[tuple[File, str]]:
    for file in eyes.tree.named(*_DEPLOYS):
        if not aside(eyes, file) or ".github/workflows/" in file.name:
            yield file, eyes.readable(file, _LARGEST_BYTES)


PROBE = UnitTimers()
