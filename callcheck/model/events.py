"""What is known of the events that libraries emit, version by version."""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.versions import contains

LISTENER, NAMED, METHODS, OPTIONS, ITEMS, HOOKS = "listener", "named", "methods", "options", "items", "hooks"


@dataclass(frozen=True, slots=True)
class Emits:
    """Names, and the versions of the package that have them ("" for all)."""

    names: tuple[str, ...]
    versions: str = ""


@dataclass(frozen=True, slots=True)
class Emitter:
    """One kind of object with a closed set of events: no other name is ever heard of it, unless the program emits it itself."""

    package: str
    """As the registry spells it; "node" for what comes with the runtime."""
    language: str
    """python or javascript (TypeScript included)."""
    of: tuple[str, ...]
    """The qualified names whose call or `new` makes one, or a kind that a framework's handlers are given (`socket.io.socket`)."""
    form: str
    """How names are given: `listener` (`x.on("name", f)`), `named` (`@x.event` above a function of that name), `methods` (of a class that
    extends it), `options` (of the call), `items` (what is iterated, or handed to a function, is told apart by a field),
    `hooks` (of an object that the call is given, that is declared to be of the type, or that `files` export)."""
    emits: tuple[Emits, ...]
    prefix: str = ""
    """For methods, options and hooks: those that begin so are for the library to call; for hooks several, separated by `|`."""
    listens: tuple[str, ...] = ()
    """The methods that take a name first, or that decorate."""
    judge: str = "all"
    """Which other names are said to be foreign: all; `alike`, those that look like a slip; `former`, those that other versions have."""
    hint: str = ""
    """What to listen to instead, where nothing nearer is known."""
    own: tuple[str, ...] = ()
    """Further methods, besides `emit` and its like, by which a program sends names of its own."""
    away: bool = False
    """Its `emit` reaches the other side and no listener of its own, so the program's names are those that it sends by `own`."""
    field: str = ""
    """For items: the field that holds the name: `type`."""
    handed: tuple[str, ...] = ()
    """For items: the places of the call (as in `Idiom`) at which a function stands that is given each item; without any, the result is iterated."""
    single: bool = False
    """For items: the call gives one such item, and not many to iterate."""
    under: str = ""
    """The option under which an object of such methods is given as well: `callbacks`. For hooks the path to the object from the call's arguments on:
    `hooks`, `0`, `plugins.requestDidStart()` (what that function gives back)."""
    files: str = ""
    """For hooks: a pattern of the paths of the files whose export is the object, in projects that depend on the package."""
    sample: str = ""
    not_sample: str = ""
    checked: str = ""
    """The versions in which the names were looked up."""
    origin: str = ""

    def has(self, name: str, version: str) -> bool:
        """Whether the name is emitted in this version; without a version, whether it is in any."""
        return any(_among(name, each.names) and (not version or not each.versions or contains(each.versions, version)) for each in self.emits)

    def versions_of(self, name: str) -> tuple[str, ...]:
        """The ranges in which a name is emitted."""
        return tuple(each.versions for each in self.emits if name in each.names)

    def names(self, version: str) -> list[str]:
        """The names of one version, or of all."""
        return list(dict.fromkeys(name for each in self.emits for name in each.names if self.has(name, version)))


def _among(name: str, names: tuple[str, ...]) -> bool:
    """Whether a name is one of these, of which `data-*` stands for all that begin so."""
    return name in names or any(each.endswith("*") and name.startswith(each[:-1]) for each in names)
