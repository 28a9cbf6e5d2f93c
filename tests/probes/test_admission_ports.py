"""Can the control plane of a private cluster call a webhook?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.admission_ports import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

CLUSTER = 'resource "google_container_cluster" "c" {\n  private_cluster_config {\n    enable_private_nodes = %s\n    master_ipv4_cidr_block = "172.16.0.0/28"\n  }\n}\n'
RULE = 'resource "google_compute_firewall" "f" {\n  source_ranges = ["%s"]\n  allow {\n    protocol = "tcp"\n    ports = ["%s"]\n  }\n}\n'
HOOK = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: quota}
webhooks:
  - name: quota.example.com
    failurePolicy: Ignore
    clientConfig:
      service: {name: quota, namespace: ops}
---
apiVersion: v1
kind: Service
metadata: {name: quota, namespace: ops}
spec:
  selector: {app: quota}
  ports: [{port: 443, targetPort: 9876}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: quota, namespace: ops}
spec:
  template:
    metadata: {labels: {app: quota}}
    spec:
      containers: [{name: a, image: a, ports: [{containerPort: 9876}]}]
"""


@pytest.mark.parametrize(
    ("terraform", "hook", "told"),
    [
        (CLUSTER % "true", HOOK, ["main.tf:3"]),
        (CLUSTER % "true" + RULE % ("172.16.0.0/28", "8443"), HOOK, ["main.tf:11"]),
        (CLUSTER % "true" + RULE % ("172.16.0.0/28", "9876"), HOOK, []),
        (CLUSTER % "true" + RULE % ("172.16.0.0/28", "9000-9999"), HOOK, []),
        (CLUSTER % "true" + RULE % ("172.16.0.0/12", "9876"), HOOK, []),
        (CLUSTER % "true" + RULE % ("10.0.0.0/8", "9876"), HOOK, ["main.tf:3"]),
        (CLUSTER % "true" + RULE % ("${var.elsewhere}", "9876"), HOOK, []),
        (CLUSTER % "false", HOOK, []),
        (CLUSTER % "true", HOOK.replace("9876", "443"), []),
        (CLUSTER % "true" + 'module "net" {\n  source = "./net"\n  firewall_inbound_ports = ["9876"]\n}\n', HOOK, []),
        (CLUSTER % "true", HOOK.split("---")[1], []),
    ],
    ids=["no rule", "another port", "the port", "a range", "a wider network", "another network", "not known from where", "not private", "at 443", "by a module", "no webhook"],
)  # fmt: skip
def test_who_is_let_in(tmp_path: Path, terraform: str, hook: str, told: list[str]) -> None:
    assert [str(item.where) for item in look(tmp_path, {"main.tf": terraform, "k8s/hook.yaml": hook})] == told
