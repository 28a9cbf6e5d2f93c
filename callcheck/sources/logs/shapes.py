"""Is an exception about the shape of what its handler was handed: a missing field, a list for an object, another number of arguments?

    TypeError: Cannot read properties of undefined (reading 'id')
    TypeError: on_order() missing 1 required positional argument: 'ack'
    java.lang.ClassCastException: class java.util.LinkedHashMap cannot be cast to class shop.Order
"""

from __future__ import annotations

import itertools
import re

from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.frames import calls_in_python, own

_ARITY = rare(
    r"missing \d+ required (?:positional|keyword)|unexpected keyword argument|takes (?:from )?\d+ .{0,20}positional argument|takes no arguments|got multiple values for argument"
)
_JS = rare(
    r"Cannot read propert(?:y|ies) .{0,60}of (?:undefined|null)|Cannot destructure property|(?:undefined|object null) is not (?:iterable|an object)|is not a function or its return value is not iterable"
    r"|(?<![\w.$])(?:ack(?:nowledge)?|callback|cb|done|next|respond|reply|resolve|fn|args?\[\d\]|arguments\[\d\]) is not a function"
    r"|\b(?:message|msg|event|evt|data|payload|body|record|packet|envelope|notification|update|chunk|content|detail|args)s?(?:\.\w{1,40}){1,4} is not (?:a function|iterable)|\"(?:\[object Object\]|undefined)\" is not valid JSON"
)
_FIELDS = rare(
    r"\[type=missing|[Ff]ield required|[Ee]xtra (?:inputs|fields) (?:are )?not permitted|\[type=\w+_(?:type|parsing)|\"code\": ?\"(?:invalid_type|unrecognized_keys)\"|is a required property|Additional properties are not allowed"
)
_ELSEWHERE = rare(
    r"cannot unmarshal \w+ into Go|json: unknown field|UnrecognizedPropertyException|MismatchedInputException|InvalidFormatException|MissingKotlinParameterException|Unrecognized field \""
    r"|JSON value could not be converted to|wrong number of arguments \(given \d|(?:missing|unknown) keywords?: :|missing field `|invalid type: \w+ .{0,60}, expected |must have required property|property \w+ should not exist"
    r"|the JSON object must be str, bytes or bytearray, not |class (?:java\.util\.(?:Linked)?HashMap|java\.lang\.String|\[B|com\.fasterxml\.jackson\S{1,80}|org\.apache\.avro\S{1,80}) cannot be cast to class"
    r"|no implicit conversion of (?:String|Symbol) into Integer|interface conversion: interface \{\} is \S{1,60}, not "
    r"|Unexpected token '?[^<'\s]'?.{0,60}JSON|AvroTypeException|InvalidProtocolBufferException|\bvalidation errors? for [A-Z]\w"
)
"""The same of Go, the JVM, Jackson, System.Text.Json, Ruby, serde, Ajv, class-validator, Avro, protobuf, pydantic and Python's json."""
_LISTS = rare(r"\b(?:payload|body|event|message|data|record|received|got|available|actual|present)(?:'s)?[ _](?:keys|fields|properties|attributes)\b", re.I)
"""A handler that writes down which fields there were besides the one that it missed."""
_SHAPE = ("KeyError", "AttributeError", "TypeError", "IndexError", "ValidationError", "UnboundLocalError")
_PAYLOAD_NAME = r"(?:\w*(?:message|msg|event|context|ctx|job|record|evt|data|payload|body|response|resp|result|params|kwargs|args|output|outputs|chunk|token|update|delta|content|packet|envelope|notification)s?)"
_SUBSCRIPT = pattern(rf"\b{_PAYLOAD_NAME}(?:\.\w+|\[[^\]\[]{{0,40}}\]){{0,4}}\[[\"'\w-]+\]")
_DEREFERENCE = pattern(rf"\b{_PAYLOAD_NAME}(?:\.\w+|\[[^\]\[]{{0,40}}\]){{1,4}}")
_CHAIN = rf"\b{_PAYLOAD_NAME}(?:\.\w+|\[[^\]\[]{{0,40}}\]|\([^()]{{0,80}}\)){{0,5}}"
_ABSENT = pattern(r"has no attribute '(\w{1,80})'")
_ITEM = pattern(rf"{_CHAIN}\[")
_UNSUBSCRIPTABLE = pattern(r"not subscriptable|indices must be")
_HANDED = pattern(rf"\b{_PAYLOAD_NAME}\b")
_HELD = pattern(r"(?<![\w.])(?!(?:\w*_)?(?:config|conf|cfg|settings|options|opts|env|environ|defaults)\b)[a-z_]\w*\[[\"'][^\"'\]]{1,80}[\"']\]")
"""A field of what a name holds, that is no constant and no setting."""
_ACCESS = frozenset(("__getitem__", "__getattr__", "__getattribute__", "__missing__"))
_NO_EVENT = ("/pandas/", "/numpy/", "/polars/", "/h5py/", "/xarray/", "/openpyxl/", "/django/conf/", "/dynaconf/", "/environ/", "/starlette/config")
"""Libraries whose objects are tables and settings."""
_CALLERS = 3
"""Functions through which a payload is followed, by the lines of a traceback."""
_FRAME = pattern(r"^[ \t|]{0,40}>?[ \t]{0,8}File \"", re.M)


def payload_shaped(full: str, error: str, by_payload: bool) -> bool:
    """Whether an exception is about the shape of what the handler was handed."""
    if _ARITY.search(full) or _JS.search(full) or _ELSEWHERE.search(full):
        return True
    name = error.rsplit(".", 1)[-1]
    if name == "AttributeError" and "AttributeError: module '" in full:
        return False
    if name in ("ValidationError", "ZodError", "ValidationException", "") and _FIELDS.search(full):
        return True
    if name not in _SHAPE:
        return False
    frames = list(_FRAME.finditer(full))
    if (by_payload or _LISTS.search(full)) and not frames:
        return True
    if not frames:
        return False
    if name in ("KeyError", "AttributeError") and _of_library_object(full):
        return True
    code = full[frames[-1].start() :].split("\n")[1:2]
    line = code[0] if code else ""
    if name == "KeyError":
        key = re.search(r"KeyError: (['\"][^'\"]{1,80}['\"])", full)
        read = key is not None and f"[{key[1]}]" in line.replace('"', "'")
        return read and (_SUBSCRIPT.search(line) is not None or (_HELD.search(line) is not None and _of_handed(full)))
    if name == "IndexError":
        return bool(_SUBSCRIPT.search(line))
    return _read_of_payload(line, full, name)


def _of_library_object(full: str) -> bool:
    """Whether the app reads a field by its name from an object that a library made of what a provider sent (`subscription["current_period_end"]` of a
    StripeObject), and that object says itself that it has none: its shape goes with the version of the provider's API."""
    calls = calls_in_python(full)
    last = max((at for at, call in enumerate(calls) if own(call)), default=-1)
    inside = calls[last + 1 :]
    if last < 0 or not inside or not all(call.function in _ACCESS and "-packages/" in call.path for call in inside):
        return False
    if any(part in call.path for part in _NO_EVENT for call in inside):
        return False
    missing = re.search(r"(?:Key|Attribute)Error: (?:'[^'\n]{1,80}' object has no attribute )?['\"]?(\w{1,80})['\"]?$", full.rstrip())
    return missing is not None and re.search(rf"[\w)\]](?:\[['\"]{missing[1]}['\"]\]|\.{missing[1]}\b)", calls[last].code) is not None


def _of_handed(full: str) -> bool:
    """Whether the function in which a traceback ends was handed the payload, or what was made of it: `keep(json.loads(message.payload))` calls it."""
    calls = calls_in_python(full)
    for called, call in itertools.islice(itertools.pairwise(reversed(calls)), _CALLERS):
        _, begins, handed = call.code.partition(f"{called.function.rpartition('.')[2]}(")
        if not begins or not own(call):
            return False  # A library calls the handler itself, which may have what it reads from elsewhere.
        if _HANDED.search(handed):
            return True
    return False


def _read_of_payload(line: str, full: str, name: str) -> bool:
    """Whether the line reads what is missing from the payload itself, and not from what was found by a part of it: `book.rate(message.zone).per_km`."""
    absent = _ABSENT.findall(full)[-1:] if name == "AttributeError" else []
    if absent and f".{absent[0]}" in line:
        return re.search(rf"{_CHAIN}\.{absent[0]}\b", line) is not None
    if name == "TypeError" and _UNSUBSCRIPTABLE.search(full):
        return _ITEM.search(line) is not None
    return bool(_DEREFERENCE.search(line))
