"""What is known of libraries before anything is read: frameworks and their idioms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from callcheck.model.noun import dataclass, field

STRENGTHS = ("fair", "strong", "if-many", "hint")
"""How surely a trap leads to its cause: see `Idiom.strength`."""
SPANNING = (*(f"{place}{lacks}" for place in ("around", "file", "class", "body", "ahead", "behind") for lacks in ("", "-lacks")), "text", "lacks", "meant")
"""Patterns of `Idiom.where` that are searched as spans."""


@dataclass(frozen=True, slots=True)
class Idiom:
    """One way in which a library registers, emits, runs ...; matched on a call, whatever the language.

    A call matches if it is one of `calls` (qualified names, such as `asyncio.create_task`), or one of `methods` on an object of the
    kind `on` (`any`: on whatever object, in a project that imports the library; a call named `*` is any call of such a project).
    `event`, `handler`, `payload` say where in the call they stand: an argument's index ("0"), a keyword or option ("callback"),
    "*" for every argument, "decorated" for the function below a decorator, "name-below" for the name of that function, "streamed-below" for what the stream that it gives back comes from, "answered-below:event" for the field `event` of what it gives back, "keys" for the keys of the object argument, "given" for all that Python's keywords give (`**{}` included) and "given-names" for their names, "methods:callbacks"
    for the names of the methods that the objects at a place have, "method:callbacks:onEnd" for one of these methods, "made:0" for a place of the
    call that made the object.
    """

    does: str
    """register, remove, emit, run, stream, consume, start, stop, share, make, serve, schedule, publish, subscribe, block, spawn ...;
    block-rounds (computes for a while before it gives something back: nothing else is served where it does so in every round of a loop), attach (gives handlers, or a router, blueprint or cog that has some, to what serves them), prompt (a listener for what comes right after its
    object was made), opens (gives a promise of a connection, and the events of `event_is` have gone out when that resolves), hears-opening (a listener for one of these), connects (opens a connection anew), connects-again (makes a client that opens a lost connection again by itself), per-connection (asks for what ends with the connection), by-class (its handler hears the very class that its parameter has, and no heirs), hears-connection and hears-loss (a handler of each connection that is opened, and of each that is lost), choice (a handler of what a button carries: its name by `event`, or by a pattern of the call's text, `scope`; `says`: the pattern
    of what buttons carry; traits pattern, prefix), ask (a call that tells a provider which kinds to send: the list at `event`, and in `absent` what comes
    only if it is named), observe (subscribes to the stream that stands at `handler`, or that a function there gives; without one a template may, if what the chain is put on
    reads as the pattern `says`), lasting (an operator of streams that go on), dial (a client that opens a session of a `realtime` server: `transports` says by which ways), want (what waits for a kind: by its event, or by the name of the method, of either of which `scope` takes group 1; an event `a|b` waits for any of the two), part (what hears only once it
    is given to a call of the names in `says`; being given to one of `absent` does not count; trait handler: it hears by itself), routes-work (a table of consumers by the names, `event`, that a worker of `reason` is told), tasks-from (what gives the workers of an application their tasks: its broker's address by `event`, and the queue at `scope`, or `says` where none is given), bind (a server that listens: its address by
    `event`, or `says` where none is given), opens-database (makes a client of a store whose keys lie in numbered databases: the number at `event`, the address that may name it at `scope`), selects-database, keeps-keys (writes one), tool (what others call by its name, `event`), call-tool (calls one, and waits for its answer), model-credential (a client that takes its key from the variable `event_is` where the model at `event` has the pattern `says`) ..."""
    on: str = ""
    methods: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """Attributes of an object of the kind `on` whose assignment is the use (`client.on_message = f`): the event is the attribute's name,
    the handler argument 0. Without `on`, variables of these names."""
    defines: tuple[str, ...] = ()
    """Methods whose definition in a class of the kind `on` (`any`: in whatever class) is the use, `class` for the class itself; the method is
    the handler, and `text` in `where` is the method's, or the class's."""
    object: str = ""
    """Where the object stands that a plain function acts on (`receiver(signal)`: "0"), for one of `calls`."""
    event: str = ""
    event_is: str = ""
    """The event's name when the call does not say it (`.onmessage`, a typed decorator)."""
    handler: str = ""
    payload: str = ""
    role: str = ""
    """What the handler becomes: request, job, connection, startup, render, callback."""
    gives: tuple[str, ...] = ()
    """Kinds of objects that the handler's parameters are, in order ("" for none)."""
    makes: str = ""
    """The kind of object that the call gives back."""
    once: bool = False
    stores: str = ""
    """The key under which the queue that the call opens keeps waiting work in its broker: `{prefix=bull}:{0}:wait`, with places of
    the call, and after `=` what holds without them."""
    weak: bool = False
    replays: bool = False
    traits: tuple[str, ...] = ()
    """Further words about the idiom that probes may ask for: streaming, non-streaming, awaited, lazy, pubsub, local, global."""
    versions: str = ""
    """For which versions it holds, as in `model.versions`: of the own package, and of others by name (`>=0.2; python<3.11`)."""
    bus: str = ""
    """All uses share one object of this name (the emitter that a container injects everywhere)."""
    only: tuple[str, ...] = ()
    """Matched for these events alone."""
    but: tuple[str, ...] = ()
    """Not matched for these events, nor for computed ones."""
    scope: str = ""
    """Where the call names what its events belong to: an exchange, a queue, a group."""
    medium: str = ""
    """For `message-out` (`payload`: where the message stands) and `message-in` (`payload`: the handler's parameter, by index and field, or
    `parsed` for what it makes of it), whose `event` may be `receiver` or `subscribed`: the name space as below. For `channel-out`, `channel-in` and `channel-case` (names that a handler compares a parameter with; `payload`: its index, and a field): the
    name space that names belong to, such as a broker's topics; `scope` narrows it down (`receiver`: to what the object was made for)."""
    wildcard: str = ""
    """How names may hold wildcards: separator, sign for one part, sign for any number (`. * **`); "option" before them if only an option turns it on."""
    reason: str = ""
    """For `deaf`: why the event does not come here: other-object, not-inherited, other-process, renamed, unsupported, no-stream, bypassed."""
    says: str = ""
    """For `deaf`: where the event comes instead, in a few words; for `stores`: the events of which the bucket sends one, by their last words."""
    shape: tuple[tuple[str, Any], ...] = ()
    """For `shape`: what the handler is called with, in order: a name, and buffer, string, number, any, or the list of its fields. With the
    handler `result`, what the call itself gives; with the trait `exact`, all that the handler is called with."""
    inner: dict[str, str] = field(default_factory=dict)
    """For `shape`: what lies at paths below the first of these (`message.value: buffer`), or of another (`2:payload`)."""
    absent: tuple[str, ...] = ()
    """For `shape`: paths below the first of these that are not there (`usage.promptTokens`)."""
    consumed: tuple[str, ...] = ()
    """For lazy results: the methods that make them run; "await" if waiting for them does."""
    made: dict[str, Any] = field(default_factory=dict)
    """The same for the call that made the object; with `of: framework.kind`, for all objects of that kind that it is put together from."""
    takes: str = ""
    """What the library calls the handler with: positional arguments by name, then after `|` those given by keyword, `*` for further ones
    (`client userdata flags`, `token | run_id *`); `?` after a name for one that is given only to a handler that takes it."""
    needs: dict[str, Any] = field(default_factory=dict)
    """Keyword/option values the call must have (`{stream: true}`), by name or index, alternatives separated by `|`; null means that it must be
    absent, "any" that it must be there, "not-true" and "not-false" what they say, `{not: x}` that it is absent or another, `{ends: x}` that its
    text ends so, `{has: x}` that it is x or a list with x in it, `{lacks: x}` the reverse (and true when it is absent),
    `{lists-none-of: [x]}` that it is a list, or a sum of bits, without any of them (`sources.code.flags`), `{named: x}` that it is x, or a member of that name, `{absent: true}` that it
    is not written at all, `{undefined: true}` that it is not there or undefined, `{list: true}` that it is a list,
    `{below: n}`, `{above: n}` that it is a smaller or larger number, be it worked out (`6 * 60 * 60`), `{at-most: name}` that it is a number no larger than that
    argument, or the same variable, `{starts: x}` that its text begins so, `{constant: true}` that it is one text, the same in each
    process, `{renewed: true}` that it is another one at each start, by chance or by what the deployment sets, `{number-as-text: true}` that it is a number of the environment, still a text, `{matches: x}` that its text has this pattern, `{kind: framework.kind}` that it is such an object, `{callable: true}` that it is a function of the project."""
    where: dict[str, Any] = field(default_factory=dict)
    """What must be so around the call: `role` (one of these), `async` (whether the function is), `foreign` (the object is another module's),
    `inside` (a function of one of these names), `package` (the project imports this framework), `unused` (whether the result is dropped),
    `awaited` (whether the result is awaited), `handler` (what the handler is: async, sync, generator, lambda, nested, coroutine (the call of an
    async function), generated (that of a plain generator function), fresh (made in place or by `.bind()`), error-first, only-logs, empty), `top` (in no function at all), `finite` (the function comes to its end by itself), `decorates` (whether the call is a decorator),
    `called-on` (the object whose method is called has one of these last names). For `trap` also
    patterns of text: `text`/`lacks` in the lines of the call, `around`/`around-lacks` in the function that it stands in, `file`/`file-lacks` in its file, `class`/`class-lacks` in the
    class around it, `path`/`path-lacks` in its file's name, `body`/`body-lacks` in its handler; `unstepped` (`[step, pattern]`: its handler waits for a call by such a name outside of what `step.…()` is given, and ahead of another step); `returns: nothing` (the handler gives no value back), `threaded` (whether a thread of its own runs the function), `threaded-lacks` (one does, and no function on the way to the call has this pattern), `imported` (whether another source file imports its file), `loopless` (whether a request or a job comes to it by plain functions alone, from a library that does not call these on its event loop: no trait `on-loop`), `other-thread` (whether one runs it and uses an object that was made outside of such threads),
    `guarded` (whether it stands in a `try` that catches), `chained` (whether its object is the result of a call, kept nowhere), `heard` (async:
    a listener for the emitted event is), `field-of` (it makes a field of a class with this base), `field-life` (of a class whose instances
    live so long, and which both sends and listens), `in-handler-of` (it stands in the handler that the same object
    has for one of these events), `no-handler-of` (neither it nor another like it stands in any of these but one that is called once), `branched` (whether it is made in some cases only), `instantiated` (whether its class is called anywhere),
    `given` (a pattern for each of these arguments, as written or as the deployment sets the variable it is read from),
    `rows` (a pattern that the class has whose rows the call works on, where that can be told),
    `called` (whether the handler is the call of a function that gives back nothing to call), `iterated` (whether
    `for await` goes over what it gives), `made-here` (whether its object is made in
    the same function, with no `await` in between), `effect` (it stands in an effect of a component, on an object of the component's state),
    `leaves` (its handler makes one of these calls, and a bare `return` in a branch leaves without it),
    `gives-back` (whether the function that it stands in gives back anything but what it gives),
    `timed` (whether its option `signal` is one that a time limit aborts),
    `unlisted` (what it makes is not in the list that calls of these names are given at this place: `[serve, functions]`),
    `ahead` (a pattern that a function has which `use()` puts ahead of it), `pinned` (whether its version is known, and not only asked for by a range),
    `split-by-rendering` (whether what a component makes is listened to in an effect of the first rendering, and sent on from the newest),
    `meant` (a pattern that, of several such calls, it is which is handed or named by what has it; not where only others are, or have what `needs` excludes),
    `behind-lacks` (a pattern that no function has which stands behind it in the same route), `mounted` (a pattern of a path that what it makes is mounted under), `caught` (whether its errors are caught and kept, here or by all callers),
    `late` (whether something was waited for before the call comes, in its function or in all that lead to it),
    `after` (Python: a trait of uses of the same framework; something with it was made before the call, in a program that makes the call as it starts, and nothing is made after it),
    `nested: graph` (what it streams is a LangGraph graph that has another one as a node), `nested: read` (and beside the stream something waits for a node of that one),
    `listed-with` (what it makes is in one list with something of the same framework that has this trait),
    `names-one-of` (its text names what a pattern's group 1 has somewhere in the project),
    `at-load` (whether it, or another such call, is made as the files are loaded: outside of all functions, or in one that such a line leads to),
    `reached` (a function of the name of that around it is called somewhere), `again` (the same stands in another function too, on the same object), `runs-out` (whether no function above it
    waits for long, up to the `asyncio.run()` that ends the loop), `runs-dry` (Python: whether the program that makes the call comes to its end after it: nothing
    that runs later waits, and no thread that it waits for was begun), `unheld` (Python: nobody holds what it makes once its function goes on), `lost-after` (Python: nor what is asked by this method, once its function has come to its end), `waits: weak` (nor what that waits for: weak references alone), `unread` (whether nobody reads the stream that it listens on, or that it is given first), `left-unread` (Python: whether a
    block of `with` that it opens neither reads what it gives, nor hands it on), `frozen-without` (Python: a pattern that no
    module has which is loaded with a handler of a function platform that leads to the call)."""
    effect: str = ""
    """For `trap`: the cause that such a use leads to. `says` tells what the library does then, and what to write instead."""
    strength: str = "fair"
    """For `trap`: fair (it depends on what is wanted), strong (nobody wants it), if-many (it fails where several processes run) or hint (mostly it goes well)."""
    along: tuple[str, ...] = ()
    """For `trap`: other calls that must be there, `name` on the same object, `.name` on the object that the call acts on or makes, or on a part of it (and where
    that cannot be told; `.set|setsockopt SUBSCRIBE`: whose text has this pattern), `~name` on any, `<name` earlier and `>name` later in the
    same function, or on the same object in what it calls (`a|b`: either; in a pattern `{event}` stands for the event's name, `{made}` for the name that
    the result is kept under, `{on}` for that of what the call is made on, or of the class that it defines, `{arg 1|app}` for the name that is given there), `=text` for a text that some source file has (`=a|b`: one of these), `/pattern` for a regular expression,
    `&pattern` for one in a file of the deployment (`{pattern NAME}`: one that `rules/patterns.yaml` names), `%pattern` for one in either, `@name` for a call that the object is handed to, `+name option` for a call that has the
    option and the same first argument, `+name` for any with that argument."""
    without: tuple[str, ...] = ()
    """For `trap`: the same for calls that must not be there, which count only where they may be about the call. `~name`: on an object of the same library,
    or on one of which nothing is known, in a file that imports the library, imports the call's file or is imported by it, or under a name that the call's
    object has (`sources.code.whose`); a plain function of that name wherever it comes from. `=text`, `/pattern`, `%pattern`: in code, and not in what is
    only told to people (messages to a log, texts of errors), in such a file or one that names the object, in a function that the call or its handler leads
    to, or in the import of a package, which holds for the whole project; what begins with a call (`.close(`) not on an object that is known to
    be another's. `*` before one of these: anywhere and about anything, for what is set far from the call: a setting, a service worker, the page of a server.
    Patterns with the name of the event, of the result or of an argument count anywhere, too. Of `where`, `file-lacks` is read like `/pattern` in the call's
    file, with `*` whatever it is about, and the others that lack something without what is told to people. Tests count for tests alone."""
    spot: str = ""
    """For `trap`: a pattern of the line to show, in the call, the function that it stands in, or else its file; "" for the call's own."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For `trap`: texts of which one stands in whatever each of its patterns finds; worked out from them, as far as there are any."""
    sample: str = ""
    not_sample: str = ""


def pattern_in(item: str) -> str:
    """The pattern in an item of `Idiom.along` or `Idiom.without`; "" if it has none."""
    item = item.removeprefix("*")
    return item.partition(" ")[2] if item[:1] == "." else item[1:] if item[:1] in ("/", "&", "%") else ""


@dataclass(frozen=True, slots=True)
class Place:
    """A file that does not do what it was written for, by where it lies, what it exports, or what a configuration file leaves out.

    Names are those below the root: the folder of the `package.json` that asks for the package `root`, or of the file that `root` names
    (`template.yaml|template.json`). All patterns that are given must hold, those called `lacks` must not; `lacks` alone may be a list.
    """

    effect: str
    """The cause that it leads to."""
    says: str
    """What happens then, and what to do instead, as in a trap."""
    root: str = ""
    path: str = ""
    """Pattern of a source file's name."""
    files: list[str] = field(default_factory=list)
    """Globs, instead of `root` and `path`: a file of the deployment."""
    code: str = ""
    """With `files`: what stands in some source file."""
    strength: str = "strong"
    text: str = ""
    lacks: str = ""
    tree: str = ""
    """Pattern of the name of another file that must be there."""
    tree_lacks: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    """`files` (globs), of which one must be there, and must have the pattern `has` and lack `lacks`, in which `{table}` is what the group `table` of
    `text` found; with `optional: true` there may be none."""
    unless: dict[str, Any] = field(default_factory=dict)
    """`files` (globs) of which none may have the pattern `has`."""
    imported: bool | None = None
    """Whether another source file imports it."""
    versions: str = ""
    """As in `Idiom.versions`."""
    sample: str = ""
    not_sample: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """One library, as read from `rules/frameworks/<name>.yaml`."""

    name: str
    title: str
    languages: tuple[str, ...]
    packages: tuple[str, ...]
    """Module names whose import brings it; "" is always there (a builtin or global)."""
    distributions: dict[str, str]
    """Module name -> the name under which the registry carries it, where the two differ: `socketio: python-socketio`."""
    objects: dict[str, tuple[str, ...]]
    """Kind of object -> qualified names whose call, `new` or subclassing makes one; `=kind` for all names of another kind of the file."""
    idioms: tuple[Idiom, ...]
    payloads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """`kind.event` -> the fields that its payload has."""
    hooks: dict[str, dict[str, str]] = field(default_factory=dict)
    """Kind of object -> the methods that a subclass may define for the library to call, each with what it takes (as `Idiom.takes`)."""
    names: dict[str, str] = field(default_factory=dict)
    """Event names that are no longer, or never, sent, with the name that is."""
    former: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """`asked`: texts by which a program asks for the former names, `names`: those of the keys of `names` whose new ones it then waits for in vain."""
    requires: dict[str, str] = field(default_factory=dict)
    """Handler -> the flag without which the connection does not carry its event."""
    skips: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Event -> the operations on a class that never emit it, though they do the same to its data."""
    streamed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Events, hooks and functions that need a run of a certain kind, with the traits (`streaming`) that some use in the project must have."""
    checked: str = ""
    source: str = ""
    hands: tuple[str, ...] = ()
    """Kinds of objects that the library hands to the default export of a module, in order, where package.json names the library."""
    injected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a bus -> types whose injected instance is that bus."""
    carriers: tuple[str, ...] = ()
    """Packages whose import makes the library hand its context on by itself."""
    graphs: dict[str, str] = field(default_factory=dict)
    """Name of an entry that the library builds into a module graph of its own -> pattern of the files' paths."""
    places: tuple[Place, ...] = ()
    """Files that are meant to be loaded by their name, and are not."""
    for_tests: bool = False
    """Its uses stand in tests, and are judged there too."""
    broker: str = ""
    """The messaging system it connects to, if any: redis, rabbitmq, kafka, nats, mqtt, sqs ..."""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is known, ours and the user's."""

    frameworks: Collection[Framework] = ()
    """A tuple, or a `model.shelf.Shelf` that opens few of them."""
    logs: Any = None
    """Gives the `model.log.LogKnowledge` when called: few runs have logs, and its patterns take long to compile."""
    events: Any = None
    """Gives every `model.events.Emitter` when called."""
