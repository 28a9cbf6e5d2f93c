"""Is what runs of a workload stated as kubectl prints it, and the cluster only read?"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from callcheck import pipeline
from callcheck.links.instances import LINK
from callcheck.model.errors import NotFound
from callcheck.model.evidence import Evidence, Ledger, Lost
from callcheck.model.facts.deployment import Instances, InstancesFactor, LoadBalanced
from callcheck.model.facts.live import ProcessesRun
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.probes.cluster import PROBE
from callcheck.sources import Eyes
from tests.tools import kube_api
from tests.tools.stand_in import StandIn

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures" / "kubectl-1.32"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a stand-in is a script with a first line of its own")
WEB = [("replicas", 2, Basis.OBSERVED), ("processes", 2, Basis.DECLARED), ("replicas", 3, Basis.DECLARED), ("replicas", 6, Basis.OBSERVED)]
"""Pods that are ready, workers by WEB_CONCURRENCY, what the spec asks for, and what the autoscaler may run."""


def look(folder: Path, *workloads: str) -> tuple[list[Evidence], list[Lost]]:
    target = Target(folder, managers=tuple(("k8s", what) for what in workloads))
    found = list(PROBE.look(target, Eyes(target, Knowledge())))
    return [item for item in found if isinstance(item, Evidence)], [item for item in found if isinstance(item, Lost)]


def factors(found: list[Evidence]) -> list[tuple[str, int, Basis]]:
    return [(item.fact.level, item.fact.count, item.basis) for item in found if isinstance(item.fact, InstancesFactor)]


def test_pods_services_and_autoscalers_are_stated_and_only_get_and_logs_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    answers = [("logs", "file", "/dev/null"), *((part, "file", str(CAPTURES / name)) for part, name in (("deployments,", "workload.json"), ("pods", "pods.json"), ("services,", "beside.json")))]
    kubectl = StandIn(tmp_path / "bin", "kubectl", *answers)
    found, lost = look(tmp_path, "shop/web")
    (run,) = (item.fact for item in found if isinstance(item.fact, ProcessesRun))
    assert (run.count, run.restarts, run.down, run.role) == (2, 9, "1 CrashLoopBackOff, last ended by OOMKilled", "web")
    assert factors(found) == WEB
    assert [item.fact for item in found if isinstance(item.fact, LoadBalanced)] == [LoadBalanced("kubernetes-service", "web")]
    (counted,) = (item.fact for item in LINK.join(Ledger(evidence=found)) if isinstance(item.fact, Instances))
    assert (counted.service, counted.count) == ("web", 12)
    assert lost == []
    assert [words[0] for words in kubectl.calls] == ["get", "get", "get", "logs"]
    assert all(words[words.index("--namespace") + 1] == "shop" for words in kubectl.calls)
    assert "hunter2" not in repr(found)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_the_logs_of_all_pods_are_read_with_the_pod_that_said_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided', 'code': 'invalid_api_key'}}"
    target = Target(tmp_path, managers=(("k8s", "shop/web"),))
    with kube_api.kube_api(kube_api.shop(), tmp_path) as (api, config):
        api.logs = {"web-7d4b9c6f5-2xkqp": ["INFO up", refused], "web-7d4b9c6f5-9hzvl": ["INFO up", refused]}
        monkeypatch.setenv("KUBECONFIG", str(config))
        monkeypatch.setenv("HOME", str(tmp_path))
        done = pipeline.diagnose(target).report
        api.forbidden.add("logs")
        kept_out = pipeline.diagnose(target).report
    assert {method for method, _ in api.requests} == {"GET"}
    (first, *_) = done.diagnoses
    assert first.rule.cause == "upstream-auth"
    assert {item.where.path for item in first.evidence if item.where} == {"kubectl logs shop/web"}
    assert [item.fact.attributes()["callcheck.instance.count"] for item in done.ledger.evidence if item.probe == "log_failures"] == [2]
    (look,) = (look for look in kept_out.ledger.looks if look.probe == "cluster")
    assert [lost.what for lost in look.lost] == ["logs of shop/web"]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_the_real_kubectl_sends_nothing_but_reads_and_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kube_api.kube_api(kube_api.shop(), tmp_path) as (api, config):
        monkeypatch.setenv("KUBECONFIG", str(config))
        monkeypatch.setenv("HOME", str(tmp_path))
        found, _ = look(tmp_path, "shop/web")
        redis, lost = look(tmp_path, "shop/statefulset/redis", "shop/nothing")
        with pytest.raises(NotFound, match="no workload nothing in the namespace shop"):
            look(tmp_path, "shop/nothing")
        api.forbidden.add("services")
        part, kept_out = look(tmp_path, "shop/web")
    assert {method for method, _ in api.requests} == {"GET"}
    assert factors(found) == WEB
    assert factors(redis) == [("replicas", 1, Basis.OBSERVED)]
    assert [item.what for item in lost] == ["k8s:shop/nothing"]
    assert factors(part) == WEB[:3]
    assert "forbidden" in kept_out[0].why
