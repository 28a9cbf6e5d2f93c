"""Action Cable, SignalR and Phoenix: whether their messages leave the process is read off their settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.foreign_hubs import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)

HUB = "var builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddSignalR()%s;\n"
PUBSUB = "children = [\n  {Phoenix.PubSub, name: Shop.PubSub},\n]\n"
CABLE = "production:\n  adapter: %s\n"


def servers(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Place, what carries the messages, and whether its clients may use several requests for one session."""
    return [(str(item.where), item.fact.adapter, item.fact.polling) for item in look(tmp_path, files) if item.fact.kind == "realtime.server"]


@pytest.mark.parametrize(
    ("files", "server"),
    [
        ({"config/cable.yml": CABLE % "async"}, ("config/cable.yml:2", "", False)),
        ({"config/cable.yml": CABLE % "redis"}, ("config/cable.yml:2", "shared", False)),
        ({"Program.cs": HUB % ""}, ("Program.cs:2", "", True)),
        ({"Program.cs": HUB % ".AddStackExchangeRedis(url)"}, ("Program.cs:2", "shared", True)),
        ({"Program.cs": HUB % ".AddAzureSignalR()"}, ("Program.cs:2", "shared", False)),
        ({"Program.cs": HUB % "", "web/app.ts": "withUrl('/hub', { skipNegotiation: true, transport: HttpTransportType.WebSockets })"}, ("Program.cs:2", "", False)),
        ({"lib/shop/application.ex": PUBSUB}, ("lib/shop/application.ex:2", "", False)),
        ({"lib/shop/application.ex": PUBSUB + "{Cluster.Supervisor, [topologies()]}", "mix.exs": "{:libcluster, \"~> 3.4\"}"}, ("lib/shop/application.ex:2", "shared", False)),
    ],
    ids=["cable", "cable on Redis", "SignalR", "SignalR on Redis", "SignalR of Azure", "without negotiation", "Phoenix", "joined nodes"],
)
def test_what_carries_the_messages(tmp_path: Path, files: dict[str, str], server: tuple[str, str, bool]) -> None:
    assert servers(tmp_path, files) == [server]


def test_an_adapter_that_is_computed_is_not_guessed(tmp_path: Path) -> None:
    assert look(tmp_path, {"config/cable.yml": CABLE % '<%= ENV["CABLE"] %>'}) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("workers 3", "instances.factor 3 @config/puma.rb:1"),
        ('workers ENV.fetch("WEB_CONCURRENCY") { 2 }', "instances.factor 2 @config/puma.rb:1"),
        ('workers ENV["WEB_CONCURRENCY"]', "instances.possible @config/puma.rb:1"),
    ],
)
def test_pumas_workers_are_processes(tmp_path: Path, line: str, said: str) -> None:
    assert told(look(tmp_path, {"config/puma.rb": f"{line}\n"})) == [said]


def test_pumas_threads_are_none(tmp_path: Path) -> None:
    assert look(tmp_path, {"config/puma.rb": "threads 5, 5\n"}) == []


@pytest.mark.parametrize(("adapter", "across"), [("async", ["app/jobs/tell_job.rb:3"]), ("redis", [])])
def test_a_broadcast_of_a_job_crosses_processes_with_an_adapter_for_one(tmp_path: Path, adapter: str, across: list[str]) -> None:
    job = "class TellJob < ApplicationJob\n  def perform(order)\n    OrdersChannel.broadcast_to(order, order.state)\n  end\nend\n"
    found = look(tmp_path, {"config/cable.yml": CABLE % adapter, "app/jobs/tell_job.rb": job})
    assert [str(item.where) for item in found if item.fact.kind == "delivery.across"] == across


DNS = PUBSUB + "{DNSCluster, query: Application.get_env(:shop, :dns_cluster_query) || :ignore}\n"
RUNTIME = {"config/runtime.exs": 'config :shop, :dns_cluster_query, System.get_env("DNS_CLUSTER_QUERY")\n'}
NAMED = {"rel/env.sh.eex": "export RELEASE_DISTRIBUTION=name\n"}
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: web, env: [%s]%s}]}}}\n"
ASKED = "{name: DNS_CLUSTER_QUERY, value: nodes.default.svc}"
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: nodes}\nspec: {%sselector: {app: shop}}\n"
TOPOLOGY = "config :libcluster, topologies: [near: [strategy: %s]]\n"
SUPERVISED = PUBSUB + "{Cluster.Supervisor, [Application.get_env(:libcluster, :topologies)]}\n"


@pytest.mark.parametrize(
    ("files", "server"),
    [
        ({"lib/application.ex": DNS, **RUNTIME, **NAMED, "k8s.yaml": POD % ("{name: A, value: b}", "")}, ("lib/application.ex:4", "", False)),
        ({"lib/application.ex": DNS, **NAMED}, ("lib/application.ex:4", "", False)),
        ({"lib/application.ex": DNS, **RUNTIME, **NAMED, "k8s.yaml": POD % ("", ", envFrom: [{secretRef: {name: shop}}]")}, ("lib/application.ex:4", "unseen", False)),
        ({"lib/application.ex": DNS, **RUNTIME, **NAMED, "k8s.yaml": POD % ("", ", envFrom: [{configMapRef: {name: shop}}]")}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": DNS, **RUNTIME, **NAMED, "k8s.yaml": POD % (ASKED, "")}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": DNS, **RUNTIME, "k8s.yaml": POD % (ASKED, "")}, ("lib/application.ex:4", "unseen", False)),
        ({"lib/application.ex": DNS, **RUNTIME, **NAMED, "k8s.yaml": POD % (ASKED, "") + SERVICE % ""}, ("lib/application.ex:4", "", False)),
        ({"lib/application.ex": DNS, **RUNTIME, **NAMED, "k8s.yaml": POD % (ASKED, "") + SERVICE % "clusterIP: None, "}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": DNS, **RUNTIME, "rel/env.sh.eex": "export RELEASE_NODE=a\nexport DNS_CLUSTER_QUERY=$FLY_APP_NAME.internal\n"}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": PUBSUB, "mix.exs": '{:libcluster, "~> 3.4"}'}, ("mix.exs:1", "", False)),
        ({"lib/application.ex": SUPERVISED, "config/config.exs": "import Config\nconfig :shop, port: 4000\n"}, ("lib/application.ex:4", "", False)),
        ({"lib/application.ex": SUPERVISED}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": SUPERVISED, "config/prod.exs": TOPOLOGY % "Cluster.Strategy.LocalEpmd"}, ("config/prod.exs:1", "", False)),
        ({"lib/application.ex": SUPERVISED, "config/prod.exs": TOPOLOGY % "Cluster.Strategy.Gossip"}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": PUBSUB.replace("Shop.PubSub", "Shop.PubSub, adapter: Phoenix.PubSub.Redis")}, ("lib/application.ex:2", "shared", False)),
        ({"lib/application.ex": PUBSUB, "mix.exs": '{:phoenix_pubsub_redis, "~> 3.0"}'}, ("lib/application.ex:2", "", False)),
    ],
    ids=[
        "a variable that is not given", "a key that is not set", "a secret", "a map of settings", "a query", "short names", "a Service with an address", "a headless Service", "Fly's script",
        "libcluster that is not started", "no topology", "settings that are not here", "a strategy for one host", "gossip", "Redis", "Redis that is not used",
    ],
)  # fmt: skip
def test_what_joins_the_nodes_of_phoenix(tmp_path: Path, files: dict[str, str], server: tuple[str, str, bool]) -> None:
    assert servers(tmp_path, files) == [server]
