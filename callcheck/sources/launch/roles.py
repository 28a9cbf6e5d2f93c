"""Which part does a unit play: web, worker, scheduler, broker, proxy, database?"""

from __future__ import annotations

from callcheck.model.pattern import pattern

_IMAGES = {
    "broker": "redis valkey keydb dragonfly rabbitmq kafka redpanda zookeeper nats emqx mosquitto eclipse-mosquitto nanomq hivemq hivemq4 hivemq-ce activemq artemis pulsar nsqd nsqlookupd "
    "elasticmq localstack memcached cp-kafka cp-zookeeper kafka-native redis-stack redis-stack-server rabbitmq-server bitnami-redis "
    "soketi centrifugo pubsub-emulator eventstore sqs vernemq",
    "database": "postgres postgresql postgis timescaledb pgvector mysql mariadb mongo mongodb mssql-server cockroach cassandra scylla couchdb "
    "elasticsearch opensearch clickhouse-server clickhouse influxdb neo4j minio qdrant weaviate milvus chroma meilisearch typesense dynamodb-local "
    "pgbouncer pgvecto-rs etcd couchbase ollama vllm-openai litellm litellm-database litellm-non_root text-generation-inference text-embeddings-inference localai local-ai llama.cpp llama-swap sglang tritonserver",
    "proxy": "nginx traefik haproxy caddy envoy kong oauth2-proxy cloudflared ngrok nginx-proxy httpd openresty apisix squid varnish",
    "tool": "adminer pgadmin4 mailhog mailpit prometheus grafana loki jaeger zipkin otel-collector opentelemetry-collector "
    "opentelemetry-collector-contrib all-in-one redis-commander redisinsight kafka-ui bullboard flower promtail fluentd fluent-bit datadog-agent "
    "agent mc aws-cli watchtower sentry-relay cadvisor node-exporter alertmanager tempo vault consul busybox alpine portainer "
    "postfix docker-mailserver smtp maildev mailcatcher smtp4dev",
}
_BY_IMAGE = {image: role for role, images in _IMAGES.items() for image in images.split()}
_APART = pattern(r"[^a-z]+")
_NAMES = (
    ("scheduler", frozenset("scheduler beat cron clock schedule crontab".split())),
    (
        "worker",
        frozenset(
            "worker workers consumer consumers queue queues job jobs celery processor sidekiq listener subscriber rq arq".split()
        ),
    ),
    (
        "web",
        frozenset(
            "web api server app http gateway frontend backend site www asgi wsgi service rest graphql bff socket ws websocket".split()
        ),
    ),
)
INFRASTRUCTURE = frozenset({"broker", "database", "proxy", "tool"})
"""Roles of units that are not the app's own code."""


def role_of_image(image: str) -> str:
    """The role of a well-known image (`docker.io/library/redis:7-alpine`), or ""."""
    base = image.split("@")[0].rsplit("/", 1)[-1].split(":")[0].lower()
    return _BY_IMAGE.get(base, "")


def role_of_name(*names: str) -> str:
    """The role that a service's or a file's name hints at; the first name that says something decides; "unknown" if none does."""
    for name in names:
        words = _APART.split(name.lower())
        for role, known in _NAMES:
            if any(word in known for word in words):
                return role
    return "unknown"


BY_REQUESTS = frozenset({"http", "tcp"})
"""The kinds of Container Apps' scale rules that count requests or connections, which no message in a queue is."""


def role_of_app(name: str, *, ruled: bool) -> str:
    """The role of a container app that requests start: a worker that is scaled by a rule for requests, or connections, may well be asked for its work by them, whatever its name."""
    role = role_of_name(name)
    return "unknown" if ruled and role == "worker" else role
