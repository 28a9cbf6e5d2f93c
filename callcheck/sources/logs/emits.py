"""Which emits found a listener, which streams carried nothing?"""

from __future__ import annotations

import re

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import Edge, event_of
from callcheck.sources.logs.bounded import Few, Table, by_place, first_of, higher, keep_first
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.view import View

_EMIT = rare(
    r"\bemit(?:ted|s|ting)?\b[^\w]{0,4}(?:event )?[\"']?(?P<event>[\w.:/-]{2,80})[\"']?.{0,160}?(?:->|=>|returned|result[=:]|(?:handled|delivered|heard|received|notified)[=:]|had listeners[=:]?)\s?(?P<heard>true|false)\b",
    re.I,
)
_HEARD_BY = rare(
    r"\b(?:listener(?:s|_?count)?|handlers?|heard(?: ?by)?|reached|recipients|receivers|subscribers?|callbacks|observers)[\"']?[=:] ?(?P<n>\d{1,5}|none|false|true)\b"
    r"|\b(?:listeners|handlers|receivers|subscribers) (?P<count>\d{1,5})\b(?! ?(?:of|/|ms|s)\b)"
    r"|\b(?P<no>no|zero|0|[1-9]\d{0,4}) (?:of \d{1,5} )?(?:listeners?|handlers?|subscribers?|receivers?|callbacks|observers)\b(?![=:]| \d)",
    re.I,
)
_VERBED = rare(
    r"\b(?!(?:an?|the|any|one|each|this|that|its?|was|were|been|be|is|are|has|had|new|first|last|all|event|events|message|messages|signal|and|or|not|never|no|trace|debug|info|notice|warn|warning|error) )(?P<event>[a-z][\w:.-]{1,39}\w) (?:event )?(?:was |is )?"
    r"(?:emitted|fired|raised|published|dispatched|broadcast|(?:listener|handler|subscriber|receiver|observer|callback)s? (?:was |is )?(?:attached|added|registered|set|installed|in place|ready|bound|connected))\b"
    r"|\b(?:emit(?:s|ted|ting)?|fir(?:es|ed|ing)|dispatch(?:es|ed|ing)?|rais(?:es|ed|ing)|broadcast(?:s|ing)?) (?!(?:an?|the|any|one|to|on|for|by|with|from|at|in|of|and|event|events|message|messages|signal) )(?P<after>[a-z][\w:.-]{2,40})(?=[ ,;(]|$)"
    r"|\b(?:listener|handler|subscriber|receiver|observer|callback)s? (?:was |is )?(?:attached|added|registered|bound|connected) (?:to|for|on) (?!(?:an?|the|any|one|each|this|that|its?|all|events?) )(?P<onto>[a-z][\w:.-]{2,40})(?=[ ,;(]|$)"
)
"""An event by a word before what happens to it: `frost emitted`, `frost listener attached`. That it is one, something else of the line must say."""
_PAIRS = pattern(r"\b([a-z][\w.]{1,30})(?:[=#] ?|:(?! )|: (?=\w*\d)| at (?=0x)| (?=0x))\"?(0x[0-9a-f]{2,16}|\d(?=\d*[a-f])[0-9a-f]{2,15}|[A-Za-z][\w-]{0,40}|\d{1,6})\b", re.I)
_BESIDE = pattern(r"\b([a-z]{2,20}) ((?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{4,16})\b", re.I)
"""An object by its kind and its number in base 16: `hub 7be1`."""
_NO_OBJECT = pattern(
    r"event(?!_?(?:hub|bus|emitter|target|source))|topic|channel|level|lv|listener|handler|heard|name$|logger|module|func|lineno|proc|thread|service|host|subscriber|callback|observer|count|ms$|took|time|ts$|status|msg|n$|size|pid|port",
    re.I,
)
_CARRIER = pattern(r"(?:event_?)?(?:bus|emitter|hub|registry|dispatcher|mediator|container|emitter_?id|bus_?id|store|engine|bot|app|client_?id|runtime_?id|instance_?id|object)$", re.I)
"""How an object is called on which events are emitted and listened to."""
_FEW = 3
_NONE = rare(
    r"\b(?:receivers|subscribers|num_sub|delivered_to|listeners notified|clients notified)[\"']?[=:]\s?(?P<n>\d+)\b"
    r"|\b(?:sent|pushed|broadcast|emitted) (?:.{1,60} )?(?:on|to) (?:the )?(?:channel|topic|subject)\b.{0,120}?(?:reached|heard by)[=: ](?P<r>\d{1,5})\b"
    r"|\bpublish(?:ed|es)?\b.{0,120}?(?:->|=>|returned|reached|delivered to|to) ?(?P<m>\d{1,5})(?: (?:receivers?|subscribers?|clients?|listeners?)|$|[\s,;)])"
    r"|\bpublish(?:ed|es)?\b.{0,120}?[ (\[](?P<k>\d{1,5}) (?:receivers?|subscribers?|clients?|listeners?)\b",
    re.I,
)
_PUBLISH = rare(r"publish|fanned out|\bsubject=|\btopic=|redis|pub/?sub|channel|batch", re.I)
_SIGNAL = rare(r"\bsignals?\b.{0,60}\b(?:sent|fired|sending|emitted|dispatched)\b|\b(?:sent|sending|fired|dispatched|emitted) (?:the )?signal\b")
_OBJECT = rare(
    r"\b(?:id|bus|emitter|instance_?id|bus_?id|emitter_?id|client_?id|runtime_?id|object)(?:[=#]\s?|:(?!\s)|:\s(?=[\w-]*\d))([\w-]{2,40})", re.I
)
_ON = rare(
    r"\b(?:on|once|addListener|subscribed(?: to)?|(?:wait(?:s|ing)?|awaiting) for|registered|listening (?:for|to|on)|listener for|handler for)[ =:(\"']{1,3}(?P<event>[\w.:/-]{2,80})",
    re.I,
)
STREAM = rare(
    r"(?:\b|(?<=_)|(?<=new))(?<!completion_)(?<!prompt_)(?<!input_)(?<!output_)(?<!total_)(?<!max_)(?<!cached_)(?<!reasoning_)(?<!usage_)"
    r"(?:events?|tokens?|chunks?|deltas?|frames?|parts?|partials?|pieces?)(?:[_ ]?(?:sent|relayed|forwarded|streamed|emitted|delivered|received|pushed|written|yielded|out|count|total|calls|callbacks|events|updates|seen|fired|shown))?[=: ]\s?(?P<n>\d+)\b"
    r"|(?<![\w.#/=-])(?P<m>\d+) (?:tokens?|chunks?|events?|deltas?|partials?|pieces?|frames?|updates?) (?:were |was )?(?:sent|relayed|forwarded|streamed|emitted|delivered|received|pushed|written|yielded|passed on)"
    r"|\b(?:sent|relayed|forwarded|streamed|emitted|delivered|received|pushed|wrote|written|yielded|got|after|with|carried) (?P<k>\d+) (?:\w{1,12} )?(?:tokens?|chunks?|events?|deltas?|partials?|pieces?|frames?)\b"
    r"|(?<![\w.#/=-])(?P<t>\d+) (?:token|chunk|delta|stream(?:ed|ing)?|partial) (?:events?|updates?|messages?|callbacks?|calls?)\b"
    r"|(?:on_llm_new_token|handleLLMNewToken|on_?token|on_?chunk|on_?delta|(?:token|chunk|stream|delta) (?:callback|handler|listener))\b.{0,20}\b(?:called|ran|fired|calls[=:]) ?(?P<c>\d+)(?: times?)?\b",
    re.I,
)
_FIRST = rare(r"\bfirst[_-]?(?:chunk|token|byte|delta|event)(?:[_-]?(?:ms|after|at))?[\"']?[=:] ?(?P<first>\d{3,7})\b.{0,80}?\b(?:total|duration|elapsed|took)(?:[_-]?ms)?[\"']?[=:] ?(?P<whole>\d{3,7})\b", re.I)
"""When the first piece of an answer came, and when it was over."""
_INNER = rare(
    r"\b(?P<part>(?:inner|nested|child|delegated?|sub[-_ ]?(?:agent|graph|run|task)?)(?:[-_ ](?:agent|run|graph))?)[-_ ](?:events|tokens|chunks|deltas|frames|updates)(?:[-_ ](?:sent|relayed|forwarded|delivered|received|seen))?[\"']?[=:] ?(?P<n>\d{1,7})\b",
    re.I,
)
"""What came of a run inside another one, as the end of the outer one counts it."""
CLOSES = pattern(r"return|clos|stream|finish|done|end|complet|idle|over\b|call|\bfinal|\bturn\b|\banswer|\breply|\bwhole\b|\btotal\b", re.I)
_FLOWS = ("stream", "relay", "sse", "feed", "token", "chunk", "delta", "frame", "partial", "piece", "updates")
_STREAMED = rare(
    r"LLMStreamStart|LLMStreamEnd|stream(?:ing)?(?:[\"']|[_ ])?[=:] ?(?:true|on)\b|on_llm_new_token(?! ?(?:->|=>|[,;\])}]|$))|first token", re.I
)
_UNASKED = rare(r"\bstream(?:ing)?(?:[\"']|[_ ])?[=:] ?(?:false|off)\b", re.I)
"""A request to a model that says that it wants no stream: `'stream': False` as OpenAI's client writes at DEBUG."""
_AWAITS = rare(
    r"\b(?:wait(?:s|ing)?|await(?:s|ing)?|listen(?:s|ing)?|subscrib\w{1,5}) (?:for|to|on) .{0,40}?(?:\b(?:tokens?|chunks?|deltas?|partials?)\b|StreamingChunk|on_?llm_?new_?token|handleLLMNewToken)",
    re.I,
)
"""Somebody means to show an answer while it is made."""
_PLAIN = rare(
    r"\"type\": \"LLMCall\"|\bLLMCall\b|stream(?:ing)?(?:[\"']|[_ ])?[=:] ?(?:false|off)\b|on_llm_end|handleLLMEnd|run (?:finished|completed|ended)",
    re.I,
)


_AT_THE_END = 0.95
_MOST_EVENTS = 1_000
_MOST_LISTENERS = 8
_MOST_PARTS = 16
_MOST_VALUES = 8
_REQUEST = 2_000
"""Characters of a request that a client writes down, whose messages stand before what it asks for."""


@dataclass(slots=True)
class Event:
    """What the lines say of one event's emits and listeners."""

    unheard: Tally = field(default_factory=Tally)
    heard: int = 0
    last_heard: float | None = None
    emitters: Few = field(default_factory=lambda: Few(64))
    listeners: list[tuple[Place, str, str, str]] = field(default_factory=list)
    """Place, text, object and instance of registrations."""
    pairs: dict[str, Few] = field(default_factory=dict)
    """The words `key=value` of the emits that nobody heard."""
    untold: Tally = field(default_factory=Tally)
    """Emits of which no line says how many heard them, and which name the object that they were made on."""
    objects: dict[str, Few] = field(default_factory=dict)
    """Those objects, by the key before them."""

    def note(self, text: str) -> None:
        """The words `key=value` of an emit that nobody heard."""
        for key, value in _pairs(text):
            self.pairs.setdefault(key, Few(_MOST_VALUES)).add(value)

    def merge(self, other: Event) -> None:
        """Take the other's in."""
        self.unheard.merge(other.unheard)
        self.heard += other.heard
        self.last_heard = higher(self.last_heard, other.last_heard)
        self.emitters.merge(other.emitters)
        self.listeners = first_of(self.listeners, other.listeners, _MOST_LISTENERS)
        self.untold.merge(other.untold)
        _merge(self.pairs, other.pairs)
        _merge(self.objects, other.objects)


@dataclass(slots=True)
class Emits:
    """Emits and streams of a part of the logs; parts merge."""

    events: Table[str, Event] = field(default_factory=lambda: Table(_MOST_EVENTS, Event))
    nobody: Tally = field(default_factory=Tally)
    somebody: int = 0
    unreceived: Tally = field(default_factory=Tally)
    """Signals within a process (Django's, blinker's) that reached no receiver."""
    received: int = 0
    empty: Tally = field(default_factory=Tally)
    full: int = 0
    streamed: int = 0
    silent: Table[str, Tally] = field(default_factory=lambda: Table(_MOST_PARTS, Tally))
    """By the name that lines give a run inside another one, those that count none of its events."""
    sounding: Few = field(default_factory=lambda: Few(_MOST_PARTS))
    """The names of those of which some line counts events."""
    plain: Tally = field(default_factory=Tally)
    awaited: Tally = field(default_factory=Tally)
    unasked: int = 0
    """Those of the plain calls that say that no stream is wanted."""

    def see(self, view: View, edge: Edge | None) -> None:
        """One record, and its boundary."""
        low = view.low
        if "emit" in low and view.find(_EMIT, 600):
            self._emit(view)
        elif edge is not None and edge.stage == "emitted" and (edge.event or view.find_low(_VERBED)):
            self._counted(view, edge.event)
        elif edge is None and ("->" in low or "=>" in low or "\u2192" in low) and view.find(_HEARD_BY, 600):
            # `bus#1 -> car.passed (0 handlers)`: an arrow is all that some write of an emission.
            self._counted(view, event_of(view))
        elif " on " in low or ".on(" in low or ".once(" in low or "subscrib" in low or "regist" in low or "listen" in low or "handler" in low or "wait" in low:
            found = view.find(_ON, 400)
            event = edge.event if edge and edge.stage == "registered" and edge.event else found["event"] if found else _verbed(view)
            self._listens(view, event)
        elif "heard" in low or "reached" in low or "recipients" in low or "receivers" in low:
            # In whatever words: what names an event and says how many heard it, tells of an emit.
            if _heard(view):
                self._counted(view, event_of(view))
        elif view.ids and (edge is None or edge.stage in ("registered", "closed")) and _BESIDE.search(view.text[:400]):
            self._listens(view, event_of(view))
        if "receivers" in low or "subscribers" in low or "num_sub" in low or "publish" in low or "reached" in low or "heard by" in low or "delivered_to" in low:
            found = view.find(_NONE, 600)
            if found and (found[0].lower().startswith(("receivers", "delivered_to")) or view.find_low(_PUBLISH)):
                none = int(found["n"] or found["m"] or found["k"] or found["r"]) == 0
                if "signal" in low and view.find_low(_SIGNAL) and not view.find_low(_PUBLISH):
                    self.received += not none
                    if none:
                        self.unreceived.add(view)
                elif none:
                    self.nobody.add(view)
                else:
                    self.somebody += 1
        self._stream(view, low, edge)

    def merge(self, other: Emits) -> None:
        """Take the other part's in."""
        self.events.merge(other.events, Event.merge)
        self.nobody.merge(other.nobody)
        self.somebody += other.somebody
        self.unreceived.merge(other.unreceived)
        self.received += other.received
        self.empty.merge(other.empty)
        self.full += other.full
        self.streamed += other.streamed
        self.silent.merge(other.silent, Tally.merge)
        self.sounding.merge(other.sounding)
        self.plain.merge(other.plain)
        self.awaited.merge(other.awaited)
        self.unasked += other.unasked

    @property
    def unheard(self) -> list[tuple[str, Event]]:
        """The events of which an emit was not heard, in the order in which that showed first."""
        found = [(name, event) for name, event in self.events.items() if event.unheard.count]
        return sorted(found, key=lambda item: by_place(item[1].unheard.samples[0]))

    def split(self, event: Event) -> list[tuple[Place, str]]:
        """Registrations of the event on another object of the same process than the one that emits it."""
        emitting = event.emitters
        return [
            (place, text)
            for place, text, object_, instance in event.listeners
            if (object_ and emitting and object_ not in emitting or not emitting and self._apart(event, text))
            and not any(apart(instance, i) for i in event.unheard.instances)
        ]

    def parted(self, event: Event) -> list[tuple[Place, str]]:
        """Registrations of the event in the process that emits it, if all of them name another object than all emits do, and no line tells that one was heard."""
        if event.heard or event.unheard.count or not event.listeners:
            return []
        here = [(place, text, instance) for place, text, _, instance in event.listeners]
        named = [{key for key, value in _pairs(text) if key in event.objects and len(event.objects[key]) <= _FEW and value not in event.objects[key]} for _, text, _ in here]
        if not all(named) or any(apart(instance, i) for _, _, instance in here for i in event.untold.instances):
            return []
        return [(place, text) for place, text, _ in here]

    def waited(self, event: Event) -> list[tuple[Place, str]]:
        """Lines of the process that emits it by which it had been listened for or waited for, before the first emit that nobody heard."""
        first = event.unheard.samples[0][0]
        here = [each for each in event.listeners if not any(apart(each[3], i) for i in event.unheard.instances)]
        return [(place, text) for place, text, _, _ in here if (place.whole, place.line) < (first.whole, first.line)]

    def _apart(self, event: Event, text: str) -> bool:
        """Whether a registration names another object than all unheard emits do, under a key that both have and few values."""
        known = event.pairs
        return any(len(known.get(key, ())) in (1, 2, 3) and value not in known[key] for key, value in _pairs(text))

    def spent(self, event: Event) -> bool:
        """Whether a listener heard it at first, and none ever after."""
        last, first = event.last_heard, event.unheard.first
        return last is not None and first is not None and last <= first

    def _emit(self, view: View) -> None:
        found = view.find(_EMIT, 600)
        event = self.events.at(found["event"]) if found else None
        if not found or event is None:
            return
        if found["heard"].lower() == "true":
            self._hear(event, view)
            return
        event.unheard.add(view)
        object_ = view.find(_OBJECT, 400)
        if object_:
            event.emitters.add(object_[1])
        event.note(view.text)

    def _hear(self, event: Event, view: View) -> None:
        event.heard += 1
        event.last_heard = higher(event.last_heard, view.time)

    def _counted(self, view: View, name: str) -> None:
        """An emission that says how many listened."""
        found = view.find(_HEARD_BY, 600)
        name = name or (_verbed(view) if found else "")
        made_on = [pair for pair in _pairs(view.text) if _CARRIER.match(pair[0])] if not found and name else []
        event = self.events.at(name) if (found or made_on) and name else None
        if event is not None and made_on:
            event.untold.add(view)
            for key, value in made_on:
                event.objects.setdefault(key, Few(_MOST_VALUES)).add(value)
        if not found or event is None:
            return
        if (found["n"] or found["no"] or found["count"]).lower() not in ("0", "none", "false", "no", "zero"):
            self._hear(event, view)
            return
        event.unheard.add(view)
        event.note(view.text)

    def _listens(self, view: View, event: str) -> None:
        """A line that tells who is to hear an event."""
        known = self.events.at(event) if event else None
        if known is not None:
            object_ = view.find(_OBJECT, 400)
            listener = view.place, view.text[:300], object_[1] if object_ else "", view.instance
            keep_first(known.listeners, listener, _MOST_LISTENERS)

    def _stream(self, view: View, low: str, edge: Edge | None) -> None:
        found = view.find(STREAM, 400) if any(word in low for word in _FLOWS) and not view.access and CLOSES.search(low) else None
        carried = int(next(filter(None, found.groups()))) if found else -1
        if carried == 1 and (times := view.find(_FIRST, 600)) and int(times["first"]) >= _AT_THE_END * int(times["whole"]):
            carried = 0  # One piece that comes when all is over is no stream.
        inner = None if view.access else view.find(_INNER, 400)
        if inner:
            self._inner(view, inner)
        if carried and view.says(_STREAMED, _REQUEST):
            # Who asks for the event of a stream has not been sent one.
            self.streamed += edge is None or edge.stage != "registered"
        elif (
            "llmcall" in low
            or "on_llm_end" in low
            or "run " in low
            or "stream" in view.lower
            and ("false" in view.lower or "off" in view.lower)
        ):
            if not inner and view.says(_PLAIN, _REQUEST):
                self.plain.add(view)
                self.unasked += view.says(_UNASKED, _REQUEST)
        if view.find(_AWAITS, 300):
            self.awaited.add(view)
        if carried == 0:
            self.empty.add(view)
        elif carried > 0:
            self.full += 1

    def _inner(self, view: View, found: re.Match[str]) -> None:
        part = found["part"].lower()
        if int(found["n"]):
            self.sounding.add(part)
        elif (tally := self.silent.at(part)) is not None:
            tally.add(view)


def _merge(one: dict[str, Few], other: dict[str, Few]) -> None:
    for key, values in other.items():
        if key in one:
            one[key].merge(values)
        else:
            one[key] = values


def _heard(view: View) -> bool:
    """Whether a line says how many heard something, rather than how many are there to hear it."""
    found = view.find(_HEARD_BY, 600)
    return found is not None and found[0].lower().startswith(("heard", "reached", "recipients", "receivers"))


def _verbed(view: View) -> str:
    found = view.find_low(_VERBED)
    return found["event"] or found["after"] or found["onto"] if found else ""


def _pairs(text: str) -> list[tuple[str, str]]:
    """The words `key=value` of a line whose value may name an object; what counts or names the event is none."""
    found = [*_PAIRS.findall(text[:400]), *_BESIDE.findall(text[:400])]
    return [(key.lower(), value) for key, value in found if not _NO_OBJECT.match(key)]
