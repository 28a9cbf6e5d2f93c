"""Which tables of a Java or Kotlin program hold open connections or waiters that another request looks for?

    private final Map<String, SseEmitter> emitters = new ConcurrentHashMap<>();       private val emitters = ConcurrentHashMap<String, SseEmitter>()
    SseEmitter open(String id) { emitters.put(id, emitter); ... }                     # @GetMapping("/stream")
    void send(String id, String text) { emitters.get(id).send(text); }                # from @PostMapping("/next")

Methods are followed by their names, from the one that looks into the table to one that a request, or a message of another connection, calls.
Sources: docs.spring.io, mvc-ann-async (SseEmitter, DeferredResult) and websocket (WebSocketHandler); jakarta.ee, websocket (Session).
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

FILES = ("*.java", "*.kt")
_CONNECTIONS = r"SseEmitter|ResponseBodyEmitter|SseEventSink|SseClient|WebSocketSession|DefaultWebSocketServerSession|WebSocketServerSession|ServerWebSocket|WsContext|FluxSink|AsyncContext"
_WAITERS = r"DeferredResult|CompletableFuture|CompletableDeferred|MonoSink"
MARKS = tuple(f"{_CONNECTIONS}|{_WAITERS}|Session".split("|"))
"""Of which one stands in every file with such a table."""
_HOLDS = pattern(rf"\b(?:(?P<connection>{_CONNECTIONS}|Sinks\.Many)|(?P<future>{_WAITERS}|Sinks\.One)|(?P<session>Session))\b")
_SESSION = pattern(r"^import\s+(?:javax|jakarta)\.websocket\.", re.MULTILINE)
_TABLES = r"(?:Concurrent(?:Hash|SkipList)?|Hash|LinkedHash|Mutable)?Map|(?:Mutable|Array|CopyOnWriteArray)?List|(?:Mutable|Hash|CopyOnWriteArray)?Set|Collection|ConcurrentLinkedQueue|Queue"
_FIELD = pattern(
    rf"^[ \t]*(?:(?:private|protected|public|static|final|internal|lateinit)[ \t]+)+(?:(?:{_TABLES})<(?P<java>[^;=(){{}}\n]{{1,120}})>[ \t]+(?P<name>\w+)[ \t]*=[ \t]*\S"
    rf"|va[lr][ \t]+(?P<kotlin>\w+)[ \t]*(?::[ \t]*(?:{_TABLES})<(?P<declared>[^;=(){{}}\n]{{1,120}})>[ \t]*)?=[ \t]*[\w.]{{1,80}}(?:<(?P<made>[^;=(){{}}\n]{{1,120}})>)?\()",
    re.MULTILINE,
)
_METHOD = pattern(
    r"^[ \t]*(?:(?:public|protected|private|static|final|synchronized|override|suspend|open|internal|default)[ \t]+)*"
    r"(?:fun[ \t]+(?P<kotlin>\w+)|(?!new\b|return\b|else\b|throw\b)[\w.<>\[\],?]{1,80}(?:[ \t]+[\w.<>\[\],?]{1,80})?[ \t]+(?P<java>\w+))[ \t]*\((?P<args>[^;{}]{0,400}?)\)[^;{}()]{0,120}[{=]",
    re.MULTILINE,
)
_KEYWORDS = frozenset({"if", "for", "while", "switch", "catch", "try", "synchronized", "when", "return", "super", "this"})
_ASKED = pattern(r"@(?:Post|Put|Patch|Delete|Message)Mapping\b|@RequestMapping\b[^\n]{0,200}\b(?:POST|PUT|PATCH|DELETE)\b|@(?:POST|PUT|PATCH|DELETE)\b|@OnMessage\b")
_OTHERWISE = pattern(r"@(?:Scheduled|\w*Listener|GetMapping|PostConstruct|PreDestroy|GET|RequestMapping|OnOpen|OnClose|OnError)\b")
_PEERS = frozenset({"handleTextMessage", "handleMessage", "handleBinaryMessage"})
_BUS = pattern(
    r"RedisMessageListenerContainer|MessageListenerAdapter|JedisPubSub|RedisPubSub|RedisMessageListener|listenTo(?:Channel|Pattern)|\bRTopic\b|\bgetTopic\(|\bITopic\b|Hazelcast|Infinispan|"
    r"@(?:Kafka|Rabbit|Jms|Sqs|Nats|Stream|Pulsar|Redis|EventHub)\w*Listener|@Incoming\b|@ServiceActivator|StreamBridge|KafkaConsumer|KafkaReceiver|MqttCallback|IMqttMessageListener|PGNotification|"
    r"basicConsume|JetStream|Dispatcher\s+\w+\s*=\s*\w*[cC]onnection|enableStompBrokerRelay|addListener\(\s*new\s+\w*MessageListener|Consumer<(?:Message|Flux)|PubSubTemplate|subscribeAndConsume"
)
"""What brings to this process what happened in another one."""
_PROJECTS = ("pom.xml", "build.gradle", "build.gradle.kts")
_COMMENT = pattern(r"^[ \t]*(?://|\*).*$|/\*[^*]{0,2000}\*/", re.MULTILINE)
_LARGEST_BYTES = 300_000
_MOST_FILES = 2_000
_MOST_METHODS = 40
"""Methods that are followed from a table to a request."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A table, what it holds (connection or future), where it stands, the place at which it is looked into for another request, and the folder of its project."""

    name: str
    holds: str
    file: File
    line: int
    taken: int
    root: str


class _Program:
    """The sources of one project by their files, with the methods in each."""

    def __init__(self) -> None:
        self.texts: dict[File, str] = {}
        self._methods: dict[File, list[re.Match[str]]] = {}

    def around(self, file: File, at: int) -> re.Match[str] | None:
        """The head of the method in which a place stands."""
        if file not in self._methods:
            self._methods[file] = [found for found in _METHOD.finditer(self.texts[file]) if _name(found) not in _KEYWORDS]
        heads = self._methods[file]
        return heads[number - 1] if (number := bisect_right(heads, at, key=lambda head: head.start())) else None

    def asked(self, file: File, at: int, seen: set[str]) -> bool:
        """Whether the method around a place is called by a request that changes something, or by a message of another connection."""
        method = self.around(file, at)
        name = _name(method) if method is not None else ""
        if method is None or name in seen or len(seen) >= _MOST_METHODS:
            return False
        seen.add(name)
        marks = f"{_above(self.texts[file], method.start())}\n{method[0]}"
        if _ASKED.search(marks) or name in _PEERS:
            return True
        if _OTHERWISE.search(marks):
            return False
        called = re.compile(rf"(?:\.|(?<![\w.]))\s*({re.escape(name)})\s*\((?!\s*\))")
        return any(self.asked(other, call.start(), seen) for other, text in self.texts.items() if f"{name}(" in text for call in called.finditer(text) if not self._is_head(other, call.start(1)))

    def _is_head(self, file: File, at: int) -> bool:
        """Whether a name stands where a method is declared, not called."""
        head = self.around(file, at)
        return head is not None and at in (head.start("kotlin"), head.start("java"))


def registries(eyes: Eyes) -> Iterator[Registry]:
    """Silent for a project in which anything brings the news of other processes."""
    roots = sorted({posixpath.dirname(file.name) for file in eyes.tree.named(*_PROJECTS)}, key=len, reverse=True)
    programs: dict[str, _Program] = {}
    for file in eyes.tree.named(*FILES)[:_MOST_FILES]:
        if is_program(eyes, file):
            root = next((each for each in roots if not each or file.name.startswith(each + "/")), "")
            programs.setdefault(root, _Program()).texts[file] = _plain(eyes.readable(file, _LARGEST_BYTES))
    for root, program in programs.items():
        if not any(map(_BUS.search, program.texts.values())):
            for file in program.texts:
                yield from _of_file(program, file, root)


def is_program(eyes: Eyes, file: File) -> bool:
    """Whether a source is the program's own, and no test or example."""
    return not aside(eyes, file) and "/test/" not in f"/{file.name}"


def _plain(text: str) -> str:
    """Without comments, on the same lines."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def _name(head: re.Match[str]) -> str:
    return str(head["kotlin"] or head["java"])


def _of_file(program: _Program, file: File, root: str) -> Iterator[Registry]:
    text = program.texts[file]
    for field in _FIELD.finditer(text) if any(mark in text for mark in MARKS) else ():
        kind = _HOLDS.search(field["java"] or field["declared"] or field["made"] or "")
        name = field["name"] or field["kotlin"]
        if kind is None or (kind["session"] and not _SESSION.search(text)):
            continue
        put = re.search(rf"\b{name}\s*(?:\.\s*(?:put|putIfAbsent|add|computeIfAbsent|compute|merge|offer)\s*\(|\[[^\]\n]{{1,80}}\]\s*=)", text)
        ends = r"(?:get|remove)" if kind["future"] else r"(?:get|getOrDefault|forEach|values|entrySet|stream|iterator|filter)"
        takes = re.finditer(rf"\b{name}\s*\??\.\s*{ends}\b|[:(]\s*{name}\s*\)|\bin\s+{name}\b|\b{name}\[[^\]\n]{{1,80}}\](?!\s*=[^=])", text)
        taken = next((found.start() for found in takes if program.asked(file, found.start(), set())), None) if put else None
        if taken is not None:
            line, at = (text.count("\n", 0, place) + 1 for place in (field.start("name") if field["name"] else field.start("kotlin"), taken))
            yield Registry(name, "future" if kind["future"] else "connection", file, line, at, root)


def _above(text: str, at: int) -> str:
    """The annotations of a method, in lines of their own above it."""
    found: list[str] = []
    for line in reversed(text[max(0, at - 1_500) : at].split("\n")):
        stripped = line.strip()
        if stripped.endswith(("}", ";", "{")) and not stripped.startswith("@"):
            break
        found.append(stripped)
    return "\n".join(found)
