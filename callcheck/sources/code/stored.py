"""Under which keys does the code write objects into a bucket, and in which way?"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.surroundings import leading_to
from callcheck.sources.code.tree import Call, Node, last_name

_TOLD = pattern(r"[\"']Records[\"']\s*\]|\.Records\b|\bS3Event\b|\bhandler\s*\(\s*event\b")
_REQUESTED = pattern(r"\bevent\W{1,4}(?:body|httpMethod|requestContext|pathParameters|queryStringParameters)\b")
"""What a function reads that answers a request."""
_PLACES = {"upload_file": 1, "upload_fileobj": 1, "generate_presigned_post": 0}
"""Where the bucket stands in calls that need not name it."""
_NEVER_REACHED = 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """One write: its key with `*` for what is computed in it, the bucket, "" if that is not known, and the ways in which it may be done (`Put`, `CompleteMultipartUpload`)."""

    key: str
    bucket: str
    ways: tuple[str, ...]
    in_parts: bool | None
    """Whether the program itself says that large objects go in parts; None if it says nothing of it."""
    call: Call


def keys(code: Code) -> list[tuple[str, Node]]:
    """Each key that is written, with `*` for what is computed in it; not those of functions that are told of objects, which write what they make of them."""
    return [(each.key, each.call) for each in writes(code)]


def writes(code: Code) -> list[Stored]:
    """The same with the way in which each is written."""
    uses = [use for use in code.idioms.of("stores") if not is_test(use.module.path) and not _of_told(code, use)]
    return [Stored(event, _bucket(code, use.call), tuple(use.idiom.says.split()), _in_parts(code, use), use.call) for use in uses for event in code.idioms.events(use)]


def _bucket(code: Code, call: Call) -> str:
    given = code.idioms.option(call, "Bucket") or code.idioms.option(call, "params.Bucket")
    place = _PLACES.get(last_name(call.callee))
    if given is None and place is not None and len(call.args) > place:
        given = call.args[place]
    return code.idioms.known_text(given)


def _in_parts(code: Code, use: Use) -> bool | None:
    """Whether the size from which on it goes in parts is told, and is one that objects reach; or the way is made for that."""
    config = code.idioms.option(use.call, "Config")
    if config is None:
        return True if "in-parts" in use.idiom.traits else None
    made = code.origins.of(config).node if not isinstance(config, Call) else config
    size = code.idioms.option(made, "multipart_threshold") if isinstance(made, Call) else None
    told = number_of(code.origins, size)
    return size is not None and (told is None or told < _NEVER_REACHED)


def _of_told(code: Code, use: Use) -> bool:
    """Whether a file that is told of objects, and answers no request, writes one: by itself, or through a helper of another file."""
    above = leading_to(code, use.function) if use.function is not None else []
    texts = [use.module.text, *(module_of(each).text for each in above)]
    return any(_TOLD.search(text) and not _REQUESTED.search(text) for text in texts)
