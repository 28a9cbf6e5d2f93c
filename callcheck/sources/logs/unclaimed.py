"""Which names come to somebody who says that he has no handler for them?

no exporter registered under name xlsx, known: csv, pdf
no handler for GameStarted (known: game.started, game.ended)
handler not found for task "meter.fault"
job 7k: unknown kind permit.renew, put aside
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

_WHO = r"(?:handler|listener|receiver|consumer|subscriber|processor|projector|projection|reducer|exporter|importer|executor|runner|actor|worker|callback|observer|mapper|resolver|job class|task|function|tool|skill)"
_OF = r"(?: (?:is |was |are |were )?(?:registered|found|known|defined|configured|connected|attached|bound|loaded|available|exists?))?"
_NAME = r"[\"'`<]?(?P<name>[A-Za-z][\w.:/-]{2,79})"
_SAID = rare(
    rf"\b(?:no|without an?|missing) (?:(?P<of>\w{{2,20}}) )?{_WHO}s?{_OF}(?: (?:for|under|to|on|with|of|matching|named|accepts|takes|handles))+(?: the)?(?P<what>(?: (?:event|message|task|job|command|action|topic|signal|activity|workflow))?(?: (?:type|name|kind|key))?)[ =:]{{1,2}}{_NAME}"
    rf"|\b{_WHO}s? (?:was )?(?:not|never) (?:found|registered|defined|loaded|known) (?:for|under)(?P<thing>(?: (?:event|message|task|job|command|action|topic|signal))?(?: (?:type|name|kind|key))?)[ =:]{{1,2}}{_NAME.replace('name>', 'other>')}"
    rf"|\b(?:unknown|unrecogni[sz]ed) (?P<sort>(?:(?:event|message|task|job|command|action|signal|activity|workflow)(?: (?:type|name|kind))?|type|kind))[ =:]{{1,2}}[\"'`<]?(?P<odd>[A-Za-z][\w.:-]{{2,79}})(?![\w/])"
    rf"|\b(?:nothing (?:here )?(?:is )?(?:registered|subscribed|attached|hooked|wired|bound|listens|listening) (?:for|to|under|on)|nobody (?:here )?(?:handles|takes|knows|listens (?:for|to)|subscribes to|is subscribed to|is registered for)|(?:don't|do not|doesn't|does not) know (?:how to (?:handle|process)|what to do with))(?: the)?(?P<about>(?: (?:event|message|task|job|command|action|signal))?(?: (?:type|name|kind))?)[ =:]{{1,2}}{_NAME.replace('name>', 'left>')}"
    r"|\b(?:signal|event|message|topic|command) [\"'`]?(?P<sent>[A-Za-z][\w.:/-]{2,79})[\"'`]? (?:had|has|found|met|with) no (?:connected )?(?:handler|listener|receiver|consumer|subscriber)s?\b",
)
_KNOWN = pattern(r"\b(?:known|have|has|registered|available|supported|loaded|handles|handlers?|valid|expected|did you mean)(?: \w{1,12})?[:=]? ?[\[({\"'`]?((?:[A-Za-z][\w.:/-]{1,79}[\"'`]?(?:, ?[\"'`]?|(?=[\s\])};.?]|$))){1,20})", 2)
_PART = pattern(r"[A-Za-z]+")
_HUMPED = pattern(r"[._:/-]|[a-z][A-Z]|^[A-Z][a-z]+$")
_BESIDE = (" for", " under", " had no ", " has no ", " with no ", " found no ", " met no ", " named", " on ", " to ", " matching", "unknown ", "unrecogni", "nobody ", " know ")
"""One of these stands in each such line."""
_WORK = frozenset(("task", "job", "activity", "workflow", "actor", "worker", "executor", "runner", "exporter", "importer"))


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """One such line."""

    name: str
    work: bool
    """It is a task or a job, which its worker knows by the modules that it loads."""
    known: tuple[str, ...]
    """What it says is handled."""


def unclaimed(view: View) -> Unclaimed | None:
    """What the line says, if what it names looks like a name and not like a word: it has parts, a capital, or stands behind `type`."""
    if not any(word in view.low for word in _BESIDE):
        return None
    found = view.find(_SAID, 300)
    if found is None:
        return None
    groups = found.groupdict()
    name = next(groups[each] for each in ("name", "other", "odd", "left", "sent") if groups[each])
    what = next((said for each in ("what", "thing", "sort", "about") if (said := (groups[each] or "").strip())), "")
    name = name.rstrip(".:/-")
    # `unknown type string` and `unknown event occurred` are of no event; `unknown event type paid` is.
    if not (_HUMPED.search(name) or (what if not found["odd"] else " " in what) or found["sent"]) or any(char.isdigit() for char in name):
        return None
    listed = _KNOWN.search(view.text, found.end(), 600)
    known = tuple(part.strip(" \"'`.") for part in listed[1].split(",")) if listed else ()
    words = {word.rstrip("s") for word in found[0].split(" ")[:4]}
    if found["odd"]:
        words |= {word.lower() for word in _PART.findall(view.text[: found.start()])}  # `job 7k: unknown kind`
    return Unclaimed(name, bool(_WORK & {*what.split(" "), *words}), tuple(part for part in known if part and part != name)[:20])
