"""Do manifests say which units run, how often, behind what?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.kubernetes import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: example.com/api:1
          args: ["uvicorn", "a:b", "--workers", "2"]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: api-svc}
spec:
  selector: {app: api}
"""


def test_replicas_workers_and_the_plain_service_are_read(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"k8s.yaml": DEPLOYMENT + "---\n" + SERVICE})) == [
        "service.run api a:b @k8s.yaml:10",
        "server.bound api @k8s.yaml:12",
        "instances.factor api 2 @k8s.yaml:12",
        "instances.factor api 3 @k8s.yaml:5",
        "load.balanced api @k8s.yaml:15",
    ]


def test_no_replicas_key_is_one(tmp_path: Path) -> None:
    assert "instances.factor api 1 @k8s.yaml:2" in told(
        look(tmp_path, {"k8s.yaml": DEPLOYMENT.replace("  replicas: 3\n", "")})
    )


def test_an_autoscaler_has_the_last_word(tmp_path: Path) -> None:
    hpa = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: x}\nspec:\n  scaleTargetRef: {name: api}\n  minReplicas: 2\n  maxReplicas: 6\n"
    assert "instances.factor api 6 @hpa.yaml:6" in told(look(tmp_path, {"d.yaml": DEPLOYMENT, "hpa.yaml": hpa}))


def test_the_production_overlay_wins_over_base_and_staging(tmp_path: Path) -> None:
    files = {
        "base/d.yaml": DEPLOYMENT,
        "overlays/prod/kustomization.yaml": "resources: [../../base]\nreplicas:\n  - name: api\n    count: 1\n",
        "overlays/staging/kustomization.yaml": "resources: [../../base]\nreplicas:\n  - name: api\n    count: 9\n",
    }
    found = [
        line
        for line in told(look(tmp_path, files))
        if "factor api 1" in line or "factor api 9" in line or "factor api 3" in line
    ]
    assert found == ["instances.factor api 1 @overlays/prod/kustomization.yaml:4"]


def test_a_patch_file_is_no_unit_of_its_own(tmp_path: Path) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 5\n"
    files = {"base/d.yaml": DEPLOYMENT, "prod/p.yaml": patch, "prod/kustomization.yaml": "patches:\n  - path: p.yaml\n"}
    found = told(look(tmp_path, files))
    assert "instances.factor api 5 @prod/p.yaml:5" in found
    assert sum("service.run" in line for line in found) == 1


def test_a_plain_helm_template_is_filled_from_its_values(tmp_path: Path) -> None:
    template = DEPLOYMENT.replace("replicas: 3", "replicas: {{ .Values.api.replicas }}").replace(
        "name: api}", "name: {{ .Release.Name }}-api}", 1
    )
    files = {
        "chart/templates/d.yaml": template,
        "chart/values.yaml": "api:\n  replicas: 1\n",
        "chart/values-prod.yaml": "api:\n  replicas: 4\n",
    }
    assert "instances.factor chart-api 4 @chart/values-prod.yaml:2" in told(look(tmp_path, files))


def test_client_ip_and_cookies_stick(tmp_path: Path) -> None:
    assert "sticky.sessions api ip @s.yaml:6" in told(
        look(tmp_path, {"d.yaml": DEPLOYMENT, "s.yaml": SERVICE + "  sessionAffinity: ClientIP\n"})
    )
    ingress = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: i
  annotations:
    nginx.ingress.kubernetes.io/affinity: cookie
spec:
  rules:
    - http: {paths: [{path: /, backend: {service: {name: api-svc}}}]}
"""
    found = told(look(tmp_path, {"s.yaml": SERVICE, "i.yaml": ingress}))
    assert "sticky.sessions api cookie @i.yaml:6" in found
    assert not any("load.balanced" in line for line in found)


def test_keda_lets_a_unit_stop(tmp_path: Path) -> None:
    keda = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: x}
spec:
  scaleTargetRef: {name: api}
  maxReplicaCount: 8
  triggers:
    - type: redis
      metadata: {listName: "bull:a:wait"}
"""
    found = told(look(tmp_path, {"d.yaml": DEPLOYMENT, "k.yaml": keda}))
    assert "service.stops api @k.yaml:9" in found
    assert "instances.factor api 8 @k.yaml:6" in found


def test_a_broker_has_a_run_and_no_count(tmp_path: Path) -> None:
    redis = DEPLOYMENT.replace("example.com/api:1", "redis:7").replace(
        '          args: ["uvicorn", "a:b", "--workers", "2"]\n', ""
    )
    assert told(look(tmp_path, {"d.yaml": redis})) == ["service.run api @d.yaml:10"]


def test_other_yaml_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"config.yaml": "replicas: 4\nkind: x\n", ".github/workflows/ci.yml": "on: push\n"}) == []


def test_annotations_that_come_whole_from_the_values_are_read(tmp_path: Path) -> None:
    ingress = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  {{- with .Values.ingress.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: shop}}}]}}]}
"""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {selector: {app: shop}}\n"
    unit = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {metadata: {labels: {app: shop}}, spec: {containers: [{name: a, image: a}]}}}\n"
    files = {"chart/templates/ingress.yaml": ingress, "chart/templates/service.yaml": service, "chart/templates/unit.yaml": unit}
    sticky = "ingress:\n  annotations:\n    nginx.ingress.kubernetes.io/affinity: cookie\n"
    found = told(look(tmp_path, files | {"chart/values.yaml": sticky}))
    assert any("sticky" in each for each in found)
    found = told(look(tmp_path / "b", files | {"chart/values.yaml": "ingress:\n  annotations: {}\n"}))
    assert not any("sticky" in each for each in found)


def test_a_program_that_runs_at_its_time_is_stopped_else(tmp_path: Path) -> None:
    job = DEPLOYMENT.replace("apps/v1", "batch/v1").replace("kind: Deployment", "kind: CronJob").replace("  replicas: 3\n", "  schedule: 0 7 * * *\n").replace("  template:\n", "  jobTemplate:\n    spec:\n      template:\n")
    assert [line for line in told(look(tmp_path, {"k8s.yaml": job})) if line.startswith("service.stops")] == ["service.stops api @k8s.yaml:2"]
