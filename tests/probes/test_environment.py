"""What each platform's files give to each unit is known by name, and only addresses by value."""

from __future__ import annotations

import pytest

from callcheck.probes.environment import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
KUBE = """apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
        - name: api
          image: r/api
          env:
            - {name: PUBLIC_URL, value: "http://user:word@localhost:3000/x"}
            - {name: KEY, valueFrom: {secretKeyRef: {name: keys, key: openai}}}
            - {name: FROM_MAP, valueFrom: {configMapKeyRef: {name: common, key: hook}}}
          envFrom: [{configMapRef: {name: common}}, {secretRef: {name: elsewhere}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: common}
data: {hook: "http://api/hook"}
"""
TASK = """\
locals {
  common = [{ name = "BASE", value = "http://api" }]
}
resource "aws_ecs_task_definition" "mails" {
  family                = "mails"
  container_definitions = jsonencode([{
    name        = "mails"
    secrets     = [{ name = "KEY", valueFrom = aws_ssm_parameter.key.arn }]
    environment = concat(local.common, [{ name = "GROUP", value = "mails" }])
  }])
}
"""
BLOCKS = """\
locals {
  env = { B = "2", C = "3" }
}
resource "google_cloud_run_v2_service" "web" {
  name = "web"
  template {
    containers {
      env {
        name  = "A"
        value = "http://x"
      }
      dynamic "env" {
        for_each = local.env
        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }
}
"""
CALL = "".join(f'module "{name}" {{\n  source = "./m"\n  name   = "{name}"\n  env    = {{ X = "http://{name}" }}\n}}\n' for name in "ab")
MODULE = """\
resource "aws_ecs_task_definition" "this" {
  family                = var.name
  container_definitions = jsonencode([{ name = var.name, environment = [for name, value in var.env : { name = name, value = value }] }])
}
"""
FILES = {
    "compose": (
        {"docker-compose.yml": "services:\n  api:\n    image: a\n    env_file: [x.env, gone.env]\n    environment:\n      - URL=http://db:1/${PATH_PART:-p}\n      - SECRET=${S}\n", "x.env": "export A=1\n# B=2\n"},
        ["api A", "api *", "api URL http://db:1/p", "api SECRET"],
    ),
    "kubernetes": ({"k.yaml": KUBE}, ["api hook http://api/hook", "api *", "api PUBLIC_URL http://localhost:3000/x", "api KEY", "api FROM_MAP http://api/hook"]),
    "render": (
        {"render.yaml": "services:\n  - {type: web, name: w, envVars: [{key: A, sync: false}, {fromGroup: g}, {fromGroup: h}]}\nenvVarGroups:\n  - {name: g, envVars: [{key: B, value: x}]}\n"},
        ["w B", "w *", "w A"],
    ),
    "serverless": ({"serverless.yml": "provider: {name: aws, environment: {A: 1}}\nfunctions:\n  f: {handler: a.b, environment: {B: 2}}\n"}, ["f A", "f B"]),
    "fly": ({"fly.toml": '[env]\nA = "http://x.internal:3000"\n'}, [" A http://x.internal:3000", " *"]),
    "systemd": ({"jobs.service": '[Service]\nExecStart=/a\nEnvironment="A=1" B=2\nEnvironmentFile=-/etc/jobs.env\n'}, ["jobs A", "jobs B", "jobs *"]),
    "ecs": ({"task.json": '{"family": "t", "containerDefinitions": [{"name": "c", "environment": [{"name": "A", "value": "1"}], "secrets": [{"name": "B", "valueFrom": "arn"}]}]}'}, ["t A", "t B"]),
    "ecs, whatever the file is called": ({"jobs.json": '{"family": "t", "containerDefinitions": [{"name": "c", "environment": [{"name": "A", "value": "1"}]}]}'}, ["t A"]),
    "ecs in terraform": ({"main.tf": TASK}, ["mails BASE http://api", "mails GROUP", "mails KEY"]),
    "a table in terraform": ({"main.tf": 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  environment {\n    variables = merge(var.more, { A = "http://x" })\n  }\n}\n'}, ["f *", "f A http://x"]),
    "blocks in terraform": ({"main.tf": BLOCKS}, ["web A http://x", "web B", "web C"]),
    "a module in terraform": ({"main.tf": CALL, "m/main.tf": MODULE}, ["a X http://a", "b X http://b"]),
    "pm2": ({"ecosystem.config.js": "module.exports = {apps: [{name: 'a', script: 'a.js', env: {A: 'http://x', B: 1}, env_production: {B: process.env.B}}]}\n"}, ["a A http://x", "a B"]),
    "supervisor": ({"supervisord.conf": '[program:a]\ncommand=a\nenvironment=A="http://x",B=2\n'}, ["a A http://x", "a B"]),
    "procfile": ({"Procfile": "a: A=http://x B=2 node a.js\nb: node b.js\n"}, ["a A http://x", "a B"]),
    "docker run": ({"up.sh": "docker run -d --name a -e A=http://x --env B=2 r/a\ndocker run --rm -e C=1 r/a npm test\n"}, ["a A http://x", "a B"]),
    "an image": ({"Dockerfile": "FROM x\nENV A=http://x B=2\n"}, [" A http://x", " B"]),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_unit_is_given(tmp_path, case) -> None:
    files, expected = FILES[case]
    assert [f"{e.fact.service} {e.fact.name} {e.fact.url}".rstrip() for e in look(tmp_path, files)] == expected


def test_a_development_variant_is_left_out_beside_another_file(tmp_path) -> None:
    files = {"compose.yml": "services: {a: {image: x, environment: {A: 1}}}", "compose.dev.yml": "services: {a: {image: x, environment: {B: 1}}}"}
    assert [e.fact.name for e in look(tmp_path, files)] == ["A"]


def test_a_kustomization_generates_what_containers_are_given_and_production_wins(tmp_path) -> None:
    unit = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {template: {spec: {containers: [{name: a, image: a, envFrom: [{configMapRef: {name: c}}]}]}}}\n"
    text = "configMapGenerator:\n  - name: c\n    behavior: merge\n    literals:\n      - A=1\n      - HOOK=http://{}/x\n"
    files = {"base/api.yaml": unit, "base/kustomization.yaml": text.format("base")}
    files |= {f"overlays/{name}/kustomization.yaml": text.format(name) for name in ("prod", "staging")}
    found = look(tmp_path, files)
    assert [f"{e.fact.name} {e.fact.url} {e.where}" for e in found if e.fact.url] == ["HOOK http://prod/x overlays/prod/kustomization.yaml:6"]
    assert [e.fact.name for e in found] == ["A", "HOOK"]


JOB = """job "voice" {
  group "api" {
    task "api" {
      env {
        SELF = "http://${NOMAD_ADDR_http}/x"
      }
      template {
        env  = true
        data = <<-EOT
          KEY={{ with nomadVar "keys" }}{{ .key }}{{ end }}
          BASE=http://{{ env "NOMAD_ADDR_http" }}
          PUBLIC=https://voice.io
        EOT
      }
    }
  }
}
"""


def test_a_nomad_task_is_given_what_stands_in_its_env_and_its_templates(tmp_path) -> None:
    facts = [item.fact for item in look(tmp_path, {"voice.nomad.hcl": JOB})]
    assert {(fact.service, fact.name, fact.url) for fact in facts} == {
        ("voice", "SELF", "http://NOMAD_ADDR_http/x"),
        ("voice", "KEY", ""),
        ("voice", "*", ""),
        ("voice", "BASE", "http://NOMAD_ADDR_http"),
        ("voice", "PUBLIC", "https://voice.io"),
    }


def test_of_two_values_for_a_unit_the_one_with_the_last_word_counts(tmp_path) -> None:
    compose = "services:\n  base: {image: x, environment: {A: http://base, B: http://base}}\n  a:\n    extends: base\n    env_file: a.env\n    environment: {A: http://own}\n"
    found = look(tmp_path, {"compose.yml": compose, "a.env": "A=http://file\nC=http://file\n"})
    assert {(e.fact.name, e.fact.url) for e in found if e.fact.service == "a"} == {("A", "http://own"), ("B", "http://base"), ("C", "http://file")}


def test_the_files_of_two_stages_are_not_laid_over_one_another(tmp_path) -> None:
    text = "services: {a: {image: x, environment: {A: http://%s}}}"
    found = look(tmp_path, {f"compose.{stage}.yml": text % stage for stage in ("production", "staging")})
    assert [e.fact.url for e in found] == ["http://staging", "http://production"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ops/prod.env": "BASE=http://${{RAILWAY_PRIVATE_DOMAIN}}:80\nMILL=http://${{the mill.RAILWAY_PRIVATE_DOMAIN}}/x\n"}, ["BASE=http://this-service.railway.internal:80", "MILL=http://the-mill.railway.internal/x"]),
        ({"ops/prod.env": "BASE=https://${{RAILWAY_PUBLIC_DOMAIN}}\n"}, ["BASE="]),
        ({"ops/prod.env": "BASE=http://localhost\n"}, []),
        ({"up.sh": "railway variables --service cut \\\n  --set 'BASE=http://${{RAILWAY_PRIVATE_DOMAIN}}' --set \"KIND=a\"\n"}, ["BASE=http://this-service.railway.internal", "KIND="]),
        ({"up.sh": "railway up --service cut\n"}, []),
    ],
    ids=["references to private domains", "to the public one", "an env file that no platform is known to take", "a command", "another command"],
)
def test_what_railway_is_told(tmp_path, files, said) -> None:
    found = [item.fact for item in look(tmp_path, files)]
    assert [f"{fact.name}={fact.url}" for fact in found if fact.system == "railway" and fact.name != "*"] == said
