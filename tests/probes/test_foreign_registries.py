"""Tables of connections in Java and Kotlin are told where another request looks into them, and no broker is listened to."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.foreign_registries import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

HEAD = "package com.example.desk;\nimport java.util.*;\n"
STREAMS = (
    HEAD
    + """@Service
public class Streams {
    private final Map<String, SseEmitter> open = new ConcurrentHashMap<>();

    public SseEmitter take(String id) {
        SseEmitter emitter = new SseEmitter(0L);
        open.put(id, emitter);
        return emitter;
    }

    public void tell(String id, Object news) throws IOException {
        SseEmitter emitter = open.get(id);
        if (emitter != null) {
            emitter.send(news);
        }
    }
}
"""
)
CONTROLLER = (
    HEAD
    + """@RestController
public class Desk {
    private final Streams streams;

    @GetMapping(path = "/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    public SseEmitter stream(@PathVariable String id) {
        return streams.take(id);
    }

    @PostMapping("/{id}/done")
    public void done(@PathVariable String id) throws IOException {
        streams.tell(id, "done");
    }
}
"""
)
SERVICE = HEAD + "@Service\nclass Work {\n    void finish(String id) throws IOException {\n        streams.tell(id, \"done\");\n    }\n}\n"
KOTLIN = """package desk
@RestController
class Desk(private val clock: Clock) {
    private val waiting = ConcurrentHashMap<String, CompletableDeferred<String>>()

    @GetMapping("/{id}")
    suspend fun wait(@PathVariable id: String): String {
        val done = waiting.computeIfAbsent(id) { CompletableDeferred() }
        return done.await()
    }

    @PostMapping("/{id}")
    fun done(@PathVariable id: String, @RequestBody body: String) {
        waiting.remove(id)?.complete(body)
    }
}
"""
SOCKETS = (
    HEAD
    + """@Component
public class Hall extends TextWebSocketHandler {
    private static final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        sessions.add(session);
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        for (WebSocketSession other : sessions) {
            other.sendMessage(message);
        }
    }
}
"""
)
ENDPOINT = (
    "package com.example.hall;\nimport jakarta.websocket.Session;\n@ServerEndpoint(\"/hall\")\npublic class Hall {\n"
    "    private static final List<Session> peers = new CopyOnWriteArrayList<>();\n    @OnOpen\n    public void open(Session session) {\n        peers.add(session);\n    }\n"
    "    @OnMessage\n    public void said(String text) {\n        peers.forEach(peer -> peer.getAsyncRemote().sendText(text));\n    }\n}\n"
)
MAIN = "src/main/java/com/example/desk/"
WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: desk}\nspec:\n  replicas: 3\n  template: {spec: {containers: [{name: app, image: registry.example.com/desk:1}]}}\n"
MAILS = WEB.replace("desk", "mails")


def said(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, str, list[str]]]:
    return [(str(item.where), item.fact.name, item.fact.holds, [str(each.where) for each in item.because]) for item in look(tmp_path, files) if item.fact.kind == "state.in_memory"]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER}, (MAIN + "Streams.java:5", "open", "connection", [MAIN + "Streams.java:14"])),
        (
            {MAIN + "Streams.java": STREAMS, MAIN + "Work.java": SERVICE, MAIN + "Desk.java": CONTROLLER.replace("streams.tell(id, \"done\")", "work.finish(id)")},
            (MAIN + "Streams.java:5", "open", "connection", [MAIN + "Streams.java:14"]),
        ),
        ({"src/main/kotlin/Desk.kt": KOTLIN}, ("src/main/kotlin/Desk.kt:4", "waiting", "future", ["src/main/kotlin/Desk.kt:14"])),
        ({MAIN + "Hall.java": SOCKETS}, (MAIN + "Hall.java:5", "sessions", "connection", [MAIN + "Hall.java:14"])),
        ({MAIN + "Hall.java": ENDPOINT}, (MAIN + "Hall.java:5", "peers", "connection", [MAIN + "Hall.java:12"])),
    ],
    ids=["by the controller", "by a service between", "waiters in Kotlin", "a handler of WebSockets", "an endpoint of Jakarta"],
)
def test_a_table_that_another_request_looks_into(tmp_path: Path, files: dict[str, str], found: tuple[str, str, str, list[str]]) -> None:
    assert said(tmp_path, files) == [found]


@pytest.mark.parametrize(
    "files",
    [
        {MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER.replace("@PostMapping(\"/{id}/done\")", "@Scheduled(fixedRate = 1000)")},
        {MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER.replace("@PostMapping(\"/{id}/done\")", "@KafkaListener(topics = \"done\", groupId = \"#{T(java.util.UUID).randomUUID()}\")")},
        {MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER, MAIN + "Relay.java": HEAD + "class Relay {\n    RedisMessageListenerContainer news() { return null; }\n}\n"},
        {MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER.replace("    @PostMapping", "    @PostMapping(\"/{id}/seen\")\n    public void seen() {}\n\n    @PostConstruct\n    void x() {}\n    // @PostMapping")},
        {MAIN + "Streams.java": STREAMS.replace("Map<String, SseEmitter>", "Map<String, String>"), MAIN + "Desk.java": CONTROLLER},
        {MAIN + "Streams.java": STREAMS.replace("open.get(id)", "null"), MAIN + "Desk.java": CONTROLLER},
        {MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER.replace("streams.tell(id, \"done\")", "// streams.tell(id, \"done\")")},
        {MAIN + "Client.java": STREAMS.replace("SseEmitter", "CompletableFuture<String>").replace("public void tell", "void onReply")},
        {"src/test/java/Streams.java": STREAMS, "src/test/java/Desk.java": CONTROLLER},
        {MAIN + "Hall.java": ENDPOINT.replace("jakarta.websocket.Session", "org.hibernate.Session")},
    ],
    ids=["on a schedule of each process", "each process hears all", "Redis is listened to", "a request beside it", "no connections", "nobody looks", "nobody calls", "replies of a client's own connection", "a test", "sessions of a database"],
)
def test_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []


@pytest.mark.parametrize(
    ("more", "unit"),
    [
        ({"k8s/web.yaml": WEB}, ["desk"]),
        ({"k8s/web.yaml": WEB, "k8s/mails.yaml": MAILS, "pom.xml": "<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent><artifactId>desk</artifactId></project>"}, ["desk"]),
        ({"k8s/web.yaml": WEB, "k8s/mails.yaml": MAILS}, []),
        ({"compose.yaml": "services:\n  web: {build: ., deploy: {replicas: 2}}\n  redis: {image: 'redis:7'}\n"}, ["web"]),
        ({}, [""]),
    ],
    ids=["the only unit", "named like it", "one of several", "beside a broker", "no unit"],
)
def test_the_unit_that_runs_it(tmp_path: Path, more: dict[str, str], unit: list[str]) -> None:
    found = look(tmp_path, {MAIN + "Streams.java": STREAMS, MAIN + "Desk.java": CONTROLLER, **more})
    assert [item.service for item in found if item.fact.kind == "state.in_memory"] == unit


@pytest.mark.parametrize(("relay", "adapter"), [("", ""), ("registry.enableStompBrokerRelay(\"/queue\");", "shared")])
def test_the_simple_broker_of_spring(tmp_path: Path, relay: str, adapter: str) -> None:
    config = HEAD + f"class Sockets implements WebSocketMessageBrokerConfigurer {{\n  public void configureMessageBroker(MessageBrokerRegistry registry) {{\n    registry.enableSimpleBroker(\"/topic\");\n    {relay}\n  }}\n}}\n"
    (found,) = look(tmp_path, {MAIN + "Sockets.java": config})
    assert (str(found.where), found.fact.framework, found.fact.adapter, found.fact.polling) == (MAIN + "Sockets.java:5", "stomp", adapter, False)
