"""Does a function read a picture of an item that the stream of the DynamoDB table does not carry?

    StreamSpecification: {StreamViewType: NEW_IMAGE}              stream_view_type = "NEW_IMAGE"        stream: StreamViewType.NEW_IMAGE
    before = record["dynamodb"]["OldImage"]                       # is there with OLD_IMAGE and NEW_AND_OLD_IMAGES alone

Source: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import templates
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Conditional,
    Literal,
    Member,
    Module,
    Node,
    Object,
    Operation,
    last_name,
)
from callcheck.sources.documents import line_at, value_at
from callcheck.sources.event_rules import resources
from callcheck.sources.terraform import made

_CARRIED = {"NEW_IMAGE": {"NewImage"}, "OLD_IMAGE": {"OldImage"}, "NEW_AND_OLD_IMAGES": {"NewImage", "OldImage"}, "KEYS_ONLY": set[str]()}
_IMAGES = ("NewImage", "OldImage")


class StreamViews:
    """Silent where tables have streams of several kinds, and where one picture stands in for the other."""

    name = "stream-views"
    looks_at = Sight.SOURCE
    marks = _IMAGES
    signs = (Sign(words=_IMAGES), Sign(words=("StreamViewType",)))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        views: list[tuple[str, str, int]] = []
        for told in _views(eyes):
            if isinstance(told, Lost):
                yield told
            else:
                views.append(told)
        kinds = {view for view, _, _ in views}
        if len(kinds) != 1 or (view := kinds.pop()) not in _CARRIED:
            return
        for node, image in _read(eyes.code):
            if image not in _CARRIED[view]:
                both = "NEW_AND_OLD_IMAGES" if view != "KEYS_ONLY" else "NEW_IMAGE or NEW_AND_OLD_IMAGES" if image == "NewImage" else "NEW_AND_OLD_IMAGES"
                why = f"records of a stream with {view} have no {image}, so nothing is found here; ask for {both}"
                fact = LibraryTrap("payload-mismatch", "strong", why, image, "dynamodb", module_of(node).language)
                beside = Evidence(fact, Basis.DECLARED, self.name, Location(clean(views[0][1]), views[0][2] or 1), label="this is what the stream carries")
                yield seen(fact, node, self.name, (beside,))


def _views(eyes: Eyes) -> Iterator[tuple[str, str, int] | Lost]:
    """What each stream carries, and where that is said."""
    for scope, file, block in made(eyes):
        if block.labels[0] == "aws_dynamodb_table" and "stream_view_type" in block.keys:
            yield scope.text(block.text("stream_view_type"), file), file.name, block.keys["stream_view_type"][1]
    for found in templates(eyes):
        if isinstance(found, Lost):
            yield found
            continue
        for each in resources(found[1]).values():
            view = value_at(each, "Properties", "StreamSpecification", "StreamViewType")
            if view is not None:
                yield str(view), found[0].name, line_at(each, "Properties", "StreamSpecification", "StreamViewType") or each.line
    for module in eyes.code.project.naming("StreamViewType"):
        for member in module.all(Member) if not is_test(module.path) else ():
            if last_name(member.object) == "StreamViewType":
                yield member.name, module.path, member.line


def _read(code: Code) -> Iterator[tuple[Node, str]]:
    """The first reading of each picture in a function, unless something stands in for it."""
    for module in code.project.naming(*_IMAGES):
        if is_test(module.path):
            continue
        first: dict[tuple[int, str], Node] = {}
        for node, image in _named(module):
            first.setdefault((id(function_of(node)), image), node)
        yield from ((node, image) for (_, image), node in first.items() if not _stood_in_for(node))


def _named(module: Module) -> Iterator[tuple[Node, str]]:
    for member in module.all(Member):
        if member.name in _IMAGES:
            yield member, member.name
    for assign in module.all(Assign):
        for target in assign.targets:
            for entry in target.entries if isinstance(target, Object) else ():
                if entry.key in _IMAGES:
                    yield entry, entry.key
    for call in module.calls("get"):
        key = call.args[0] if call.args else None
        if isinstance(key, Literal) and key.value in _IMAGES and len(call.args) == 1:
            yield call, str(key.value)


def _stood_in_for(node: Node) -> bool:
    """Whether it is one way of several: `NewImage ?? OldImage`, `a if x else b`."""
    above = node.parent
    while isinstance(above, (Member, Call)):
        above = above.parent
    return isinstance(above, Conditional) or (isinstance(above, Operation) and above.operator in ("??", "||", "or"))


PROBE = StreamViews()
