"""What kustomizations and charts come to, built by the real tools, and on which lines of whose files each value stands."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.manifests import Manifest, Manifests, collect

kustomize = pytest.mark.skipif(not (shutil.which("kustomize") or shutil.which("kubectl")), reason="neither kustomize nor kubectl is installed")
helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")

BASE = {
    "base/kustomization.yaml": "resources: [api.yaml]\n",
    "base/api.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: api:1
          env: [{name: QUEUE, value: local}]
""",
}
PROD = {
    **BASE,
    "prod/kustomization.yaml": """\
resources: [../base]
components: [../loud]
namePrefix: shop-
replicas: [{name: api, count: 4}]
configMapGenerator: [{name: settings, envs: [settings.env]}]
patches:
  - path: queue.yaml
  - target: {kind: Deployment, name: api}
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/envFrom
        value: [{configMapRef: {name: settings}}]
""",
    "prod/settings.env": "# of production\nCALLBACK=http://localhost:3000/done\nHOME\n",
    "prod/queue.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
        - name: api
          env:
            - name: QUEUE
              value: mails
""",
    "loud/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: level.yaml}]\n",
    "loud/level.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {template: {spec: {containers: [{name: api, args: [--debug]}]}}}\n",
}
CHART = {
    "web/Chart.yaml": "apiVersion: v2\nname: site\nversion: 0.1.0\ndependencies: [{name: redis, version: 1.0.0, repository: 'https://charts.example'}]\n",
    "web/values.yaml": "workers:\n  mails: {count: 1}\n  calls: {count: 5}\nenv:\n  - name: TOPIC\n    value: orders\n",
    "web/templates/_helpers.tpl": '{{- define "site.labels" -}}\napp: {{ .name }}\nchart: site\n{{- end }}\n',
    "web/templates/workers.yaml": """\
{{- range $name, $worker := .Values.workers }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ printf "%s-%s" $.Release.Name $name }}
spec:
  replicas: {{ $worker.count }}
  template:
    metadata:
      labels:
        {{- include "site.labels" (dict "name" $name) | nindent 8 }}
    spec:
      containers:
        - name: worker
          image: site:1
          env: {{- toYaml $.Values.env | nindent 12 }}
          args:
            - |
              run: it
{{- end }}
""",
}


def built(folder: Path, files: dict[str, str]) -> Manifests:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return collect(Eyes(Target(base=folder, folders=(folder,)), Knowledge()))


def said(item: Manifest, *path: str | int) -> tuple[object, str]:
    file, line = item.at(*path)
    return item.get(*path), f"{file.name}:{line}"


@kustomize
def test_each_value_of_an_overlay_stands_where_it_was_written(tmp_path: Path) -> None:
    found = built(tmp_path, PROD)
    (api,) = found.of("Deployment")
    (settings,) = found.of("ConfigMap")
    container = ("spec", "template", "spec", "containers", 0)
    assert not found.lost
    assert api.name == "shop-api"
    assert said(api, "kind") == ("Deployment", "base/api.yaml:2")
    assert said(api, "spec", "replicas") == (4, "prod/kustomization.yaml:4")
    assert said(api, *container, "env", 0, "value") == ("mails", "prod/queue.yaml:11")
    assert said(api, *container, "args", 0) == ("--debug", "loud/level.yaml:4")
    assert said(api, *container, "envFrom", 0, "configMapRef", "name") == (settings.name, "prod/kustomization.yaml:12")
    assert said(settings, "data", "CALLBACK") == ("http://localhost:3000/done", "prod/settings.env:2")


@kustomize
def test_nothing_of_the_users_surroundings_gets_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    (settings,) = built(tmp_path, PROD).of("ConfigMap")
    assert "somebody" not in str(settings.get("data"))


def test_what_lies_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    remote = {**PROD, "prod/kustomization.yaml": PROD["prod/kustomization.yaml"].replace("../base]", "../base, 'https://example.com/more?ref=v1']")}
    found = built(tmp_path, remote)
    assert [lost.what for lost in found.lost] == ["prod/kustomization.yaml"]
    assert "https://example.com/more?ref=v1 is not among the files, and nothing is fetched" in found.lost[0].why
    assert found.of("Deployment")[0].get("spec", "replicas") == 1
    assert found.overlay("api").count == 4  # type: ignore[union-attr]


@kustomize
def test_an_overlay_that_does_not_build_is_read_by_ourselves(tmp_path: Path) -> None:
    found = built(tmp_path, {**PROD, "prod/queue.yaml": PROD["prod/queue.yaml"].replace("{name: api}", "{name: absent}")})
    assert len(found.lost) == 1
    assert "read by ourselves" in found.lost[0].why
    assert [item.file.name for item in found.of("Deployment")] == ["base/api.yaml"]


def test_without_the_tools_the_gap_is_said_only_where_we_would_miss_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    counts = built(tmp_path / "counts", {**BASE, "prod/kustomization.yaml": "resources: [../base]\nreplicas: [{name: api, count: 4}]\n"})
    more = built(tmp_path / "more", PROD)
    assert not counts.lost
    assert "neither kustomize nor kubectl is installed" in more.lost[0].why


@kustomize
def test_a_tool_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "kustomize"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec /bin/sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("callcheck.sources.manifests.builds.LIMIT_S", 0.2)
    found = built(tmp_path / "app", PROD)
    assert "did not answer" in found.lost[0].why


@helm
def test_a_chart_is_rendered_with_the_lines_of_templates_and_values(tmp_path: Path) -> None:
    found = built(tmp_path, CHART)
    units = {item.name: item for item in found.of("Deployment")}
    container = ("spec", "template", "spec", "containers", 0)
    assert not found.lost
    assert set(units) == {"web-mails", "web-calls"}
    assert said(units["web-calls"], "spec", "replicas") == (5, "web/templates/workers.yaml:8")
    assert said(units["web-calls"], "spec", "template", "metadata", "labels", "app") == ("calls", "web/templates/_helpers.tpl:2")
    assert said(units["web-calls"], *container, "env", 0, "value") == ("orders", "web/values.yaml:6")
    assert said(units["web-calls"], *container, "args", 0) == ("run: it", "web/templates/workers.yaml:18")


@helm
def test_production_values_and_those_of_scripts_have_the_last_word(tmp_path: Path) -> None:
    plain = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: {{ .Values.count }}\n  paused: {{ .Values.stop }}\n"
    files = {
        "web/Chart.yaml": CHART["web/Chart.yaml"],
        "web/templates/a.yaml": plain,
        "web/values.yaml": "count: 1\nstop: false\n",
        "web/values-prod.yaml": "count: 3\n",
        "deploy.sh": "helm upgrade --install web ./web --set stop=true\n",
    }
    (unit,) = built(tmp_path, files).of("Deployment")
    assert said(unit, "spec", "replicas") == (3, "web/values-prod.yaml:1")
    assert said(unit, "spec", "paused") == (True, "deploy.sh:1")


@helm
def test_a_chart_that_helm_refuses_is_read_by_ourselves(tmp_path: Path) -> None:
    found = built(tmp_path, {**CHART, "web/templates/extra.yaml": '{{ required "who?" .Values.owner }}\n'})
    assert "who?" in found.lost[0].why
    assert [lost.what for lost in found.lost] == ["web", "web/templates/workers.yaml"]
