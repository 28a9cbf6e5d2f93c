"""Which shape do the files below `frameworks/`, `traps/`, `events/` and `logs/` have, as JSON Schema? For editors; the loaders have the last word."""

from __future__ import annotations

from callcheck.knowledge import events, logs
from callcheck.model.described import TEXT, TEXTS, Schema, closed, listed, properties
from callcheck.model.events import HOOKS, ITEMS, LISTENER, METHODS, NAMED, OPTIONS, Emits, Emitter
from callcheck.model.knowledge import STRENGTHS, Framework, Idiom, Place
from callcheck.model.log import STAGES

_WORDS = ("event", "handler", "payload", "scope", "takes", "object")
_SAMPLES = {"sample": TEXTS, "not_sample": TEXTS}
_SOURCE: Schema = {"type": "string", "description": "Where it is documented."}


def framework() -> Schema:
    """One library."""
    own = {
        "title": {"type": "string"},
        "languages": listed({"enum": ["javascript", "typescript", "python"]}),
        "idioms": listed(_idiom("does")),
        "places": listed(closed(properties(Place, also={"lacks": TEXTS}), ("effect", "says"))),
        "streamed": {"type": ["object", "array"]},
        "checked": {"type": "string", "description": "The versions whose source or documentation this was checked in."},
        "source": _SOURCE,
    }
    return closed(properties(Framework, without=("origin",), also=own), ("name",))


def traps() -> Schema:
    """Uses that a known library is known to let down."""
    return closed(
        {
            "framework": {"type": "string", "description": "The name of the framework that this adds to."},
            "objects": {"type": "object", "description": "Kinds that the framework's own file does not name."},
            "traps": listed(_idiom("effect", "says")),
            "checked": {"type": "string"},
            "source": _SOURCE,
        },
        ("framework",),
    )


def _idiom(*required: str) -> Schema:
    words = dict.fromkeys(_WORDS, TEXT)
    strength = {"enum": list(STRENGTHS)}
    also = {**words, **_SAMPLES, "strength": strength, "source": _SOURCE}
    return closed(properties(Idiom, without=("words",), also=also), required)


def emitters() -> Schema:
    """Closed sets of events."""
    emits = closed(properties(Emits), ("names",))
    also = {"emits": listed(emits), "form": {"enum": [LISTENER, NAMED, METHODS, OPTIONS, ITEMS, HOOKS]}, "judge": {"enum": list(events.JUDGES)}}
    each = closed(properties(Emitter, without=("package", "language", "checked", "origin"), also=also), ("of", "emits"))
    whole: dict[str, Schema] = {"package": {"type": "string"}, "language": {"enum": ["javascript", "python"]}, "always": TEXTS, "checked": {"type": "string"}, "source": _SOURCE}
    return closed({**whole, "objects": listed(each)}, ("package", "language", "objects"))


def log_formats() -> Schema:
    """How lines are written, and by which keys or groups their parts are found."""
    each: dict[str, Schema] = {
        "name": {"type": "string"},
        "layer": {"enum": ["wrapper", "inner"], "description": "A wrapper adds a time or an instance around somebody else's line."},
        "pattern": {"type": "string", "description": "Groups: rest or message, time, level, instance, pid, logger."},
        "needs": {**TEXTS, "description": "JSON: keys that must be there."},
        "keys": {"type": "object", "description": "JSON: message, time, level, instance, pid, logger, and of a served request method, path, status, by -> dotted keys."},
        "rank": {"type": "integer"},
        "source": _SOURCE,
        **_SAMPLES,
    }
    return _log_file("formats", closed(each, ("layer",), oneOf=[{"required": ["pattern"]}, {"required": ["needs"]}]), rank={"type": "integer", "description": "Lower is tried first."})


def log_signatures() -> Schema:
    """By which lines a library reports a failure."""
    each: dict[str, Schema] = {
        "signal": {"type": "string", "description": "A neutral name: upstream, handler, or the thing that is reported."},
        "contains": {**TEXTS, "description": "One of these must stand in the record; case counts."},
        "pattern": {"type": "string", "description": "And this must be found; groups: subject, error."},
        "unless": {**TEXTS, "description": "And none of these must."},
        "class": {"enum": sorted(logs.CLASSES), "description": "Of upstream: what went wrong."},
        "peer": {"enum": sorted(logs.PEERS), "description": "Of upstream: who did not answer."},
        "cured_by": {"type": "string", "description": "A later line that takes it back."},
        "each": {"type": "boolean", "description": "It takes one back, instead of all before it."},
        "due_s": {"type": "number", "minimum": 0, "description": "Where all is well it comes within so many seconds, for which the logs must go on."},
        "payload": {"type": "boolean"},
        "quiet": {"type": "boolean", "description": "Of handler: its library says so at INFO."},
        "effect": {"type": "string", "description": "The cause that the line shows by itself."},
        "strength": {"enum": list(STRENGTHS)},
        "says": {"type": "string", "maxLength": 160, "description": "What happens then and what mends it; {subject} is what the pattern names."},
        "least": {"type": "integer", "minimum": 1, "description": "Seen less often, it is a matter of course (default 2)."},
        "source": _SOURCE,
        **_SAMPLES,
    }
    return _log_file("signatures", closed(each, ("signal", "contains"), dependentRequired={"effect": ["says", "strength"]}))


def log_boundaries() -> Schema:
    """By which words a line says how far a delivery has come."""
    each: dict[str, Schema] = {"stage": {"enum": [*STAGES, *logs.SAME_STAGE]}, "pattern": {"type": "string"}, "own": {"type": "boolean"}, "source": _SOURCE, **_SAMPLES}
    return _log_file("boundaries", closed(each, ("stage", "pattern")))


def _log_file(key: str, each: Schema, **more: Schema) -> Schema:
    return closed({"name": {"type": "string"}, key: listed(each), "source": _SOURCE, "checked": {"type": "string"}, **more}, ("name", key))
