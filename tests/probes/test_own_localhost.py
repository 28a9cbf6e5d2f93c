"""Containers that are told to call localhost look for the app in themselves, unless it is there, or their network is another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.own_localhost import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

COMPOSE = 'services:\n  app:\n    build: .\n    ports: ["3000:3000"]\n  other:\n    image: {image}\n    command: {command}\n'
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: hooks}}\nspec:\n  template:\n    spec:\n      {more}containers:\n        - name: hooks\n          image: inngest/inngest\n          command: [inngest, start, --sdk-url, 'http://{host}:3000/x']\n{beside}"


def places(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [str(item.where) for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("image", "command"),
    [
        ("inngest/inngest", "inngest dev -u http://localhost:3000/api/inngest"),
        ("inngest/inngest:v1", '["inngest", "start", "--sdk-url=http://127.0.0.1:3000/api/inngest"]'),
        ("stripe/stripe-cli", "listen --api-key k --forward-to localhost:3000/webhook"),
        ("svix/svix-cli", "listen http://localhost:3000/webhook"),
        ("node:20", "npx smee -u https://smee.io/a --target http://localhost:3000/hook"),
        ("node:20", "npx smee -u https://smee.io/a -p 3000"),
        ("ghcr.io/chmouel/gosmee", "gosmee client https://smee.io/a http://localhost:3000"),
        ("hookdeck/hookdeck-cli", "listen 3000"),
        ("node:20", "npx localtunnel --port 3000"),
        ("ekzhang/bore", "bore local 3000 --to bore.pub"),
        ("alpine", "ssh -R 80:localhost:3000 serveo.net"),
    ],
)
def test_what_hands_on_to_its_own_localhost(tmp_path: Path, image: str, command: str) -> None:
    assert places(tmp_path, {"compose.yaml": COMPOSE.format(image=image, command=command)}) == ["compose.yaml:7"]


@pytest.mark.parametrize(
    ("image", "command"),
    [
        ("inngest/inngest", "inngest dev -u http://app:3000/api/inngest"),
        ("inngest/inngest", "inngest dev -u http://host.docker.internal:3000/api/inngest"),
        ("inngest/inngest", "inngest dev -u http://localhost:3000/api\n    network_mode: host"),
        ("inngest/inngest", "inngest dev -u http://localhost:3000/api\n    network_mode: 'service:app'"),
        ("stripe/stripe-cli", "listen --forward-to localhost:3000\n    ports: ['8080:3000']"),
        ("a/app", "sh -c 'node app.js & stripe listen --forward-to localhost:3000'"),
        ("ekzhang/bore", "bore local 3000 --to bore.pub --local-host app"),
        ("node:20", "npx smee -u https://smee.io/a -t http://app:3000/hook"),
        ("redis:7", "redis-server --replicaof localhost 6379"),
    ],
)
def test_what_finds_the_app_or_has_it(tmp_path: Path, image: str, command: str) -> None:
    assert places(tmp_path, {"compose.yaml": COMPOSE.format(image=image, command=command)}) == []


@pytest.mark.parametrize(
    ("variable", "found"),
    [
        ("MINIO_NOTIFY_WEBHOOK_ENDPOINT_shop: 'http://localhost:3000/hooks'", ["compose.yaml:8"]),
        ("INNGEST_SDK_URL: http://localhost:3000/api/inngest", ["compose.yaml:8"]),
        ("MINIO_NOTIFY_WEBHOOK_ENDPOINT_shop: 'http://app:3000/hooks'", []),
        ("WEBHOOK_URL: http://localhost:9000/", []),
        ("SITE_URL: http://localhost:3000", []),
        ("OAUTH_CALLBACK_URL: http://localhost:3000/back", []),
    ],
)
def test_variables_that_say_where_to_call(tmp_path: Path, variable: str, found: list[str]) -> None:
    text = f'services:\n  app:\n    build: .\n    ports: ["3000:3000"]\n  other:\n    image: minio/minio\n    environment:\n      {variable}\n    ports: ["9000:9000"]\n'
    assert places(tmp_path, {"compose.yaml": text}) == found


@pytest.mark.parametrize(
    ("host", "more", "beside", "found"),
    [
        ("localhost", "", "", ["k8s.yaml:10"]),
        ("app", "", "", []),
        ("localhost", "hostNetwork: true\n      ", "", []),
        ("localhost", "", "        - name: app\n          image: a/app\n", []),
    ],
    ids=["alone", "by the Service's name", "the host's network", "beside the app"],
)
def test_pods(tmp_path: Path, host: str, more: str, beside: str, found: list[str]) -> None:
    assert places(tmp_path, {"k8s.yaml": POD.format(host=host, more=more, beside=beside)}) == found


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("docker run --rm -it stripe/stripe-cli listen \\\n  --forward-to localhost:4242/webhook", ["dev.sh:1"]),
        ("docker run --net=host stripe/stripe-cli listen --forward-to localhost:4242", []),
        ("stripe listen --forward-to localhost:4242", []),
        ("docker run -p 3000:3000 app && stripe listen --forward-to localhost:3000", []),
    ],
)
def test_scripts_that_run_containers(tmp_path: Path, command: str, found: list[str]) -> None:
    assert places(tmp_path, {"dev.sh": f"{command}\n"}) == found


BROKERED = "services:\n  web:\n    build: .\n    environment:\n      {setting}\n{more}  bus:\n    image: {image}\n"


@pytest.mark.parametrize(
    ("setting", "image"),
    [
        ("REDIS_URL: redis://localhost:6379/0", "redis:7-alpine"),
        ("QUEUE: redis://:pw@127.0.0.1:6379", "docker.io/bitnami/redis:7"),
        ("REDIS_HOST: localhost", "valkey/valkey:8"),
        ("BUS: amqp://guest:guest@localhost", "rabbitmq:3-management"),
        ("KAFKA_BROKERS: localhost:9092", "confluentinc/cp-kafka:7.6.0"),
        ("MONGO_URL: mongodb://localhost:27017/shop?replicaSet=rs0", "mongo:7"),
    ],
)
def test_a_broker_that_is_looked_for_in_the_own_container(tmp_path: Path, setting: str, image: str) -> None:
    (found,) = look(tmp_path, {"compose.yaml": BROKERED.format(setting=setting, image=image, more="")})
    assert (found.fact.effect, str(found.where), [str(each.where) for each in found.because]) == ("upstream-unavailable", "compose.yaml:5", ["compose.yaml:6"])


@pytest.mark.parametrize(
    ("setting", "image", "more"),
    [
        ("REDIS_URL: redis://bus:6379/0", "redis:7", ""),
        ("REDIS_URL: redis://localhost:6379/0", "postgres:16", ""),
        ("REDIS_URL: redis://localhost:6379/0", "redis:7", "    network_mode: host\n"),
        ("REDIS_URL: redis://localhost.internal:6379", "redis:7", ""),
        ("PUBLIC_HOST: localhost", "redis:7", ""),
    ],
)
def test_a_broker_that_is_found(tmp_path: Path, setting: str, image: str, more: str) -> None:
    assert places(tmp_path, {"compose.yaml": BROKERED.format(setting=setting, image=image, more=more)}) == []
