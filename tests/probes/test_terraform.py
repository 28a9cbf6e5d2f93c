"""Does Terraform say how many, through variables and autoscalers?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.deployment import ServiceStops
from callcheck.probes.terraform import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)

ECS = """\
variable "tasks" { default = 1 }
resource "aws_ecs_service" "web" {
  name          = "web"
  desired_count = var.tasks
}
"""


def factors(folder: Path, files: dict[str, str]) -> list[str]:
    return [line for line in told(look(folder, files)) if line.startswith("instances.")]


def test_a_variable_is_its_default(tmp_path: Path) -> None:
    assert factors(tmp_path, {"main.tf": ECS}) == ["instances.factor web 1 @main.tf:1"]


def test_production_values_win(tmp_path: Path) -> None:
    files = {"main.tf": ECS, "environments/dev.tfvars": "tasks = 1\n", "environments/prod.tfvars": "# more\ntasks = 4\n"}
    assert factors(tmp_path, files) == ["instances.factor web 4 @environments/prod.tfvars:2"]


def test_an_autoscaler_scales_the_service_that_it_names(tmp_path: Path) -> None:
    more = """\
resource "aws_appautoscaling_target" "web" {
  max_capacity = 6
  resource_id  = "service/c/${aws_ecs_service.web.name}"
}
"""
    assert "instances.factor web 6 @scale.tf:2" in factors(tmp_path, {"main.tf": ECS, "scale.tf": more})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('resource "google_cloud_run_v2_service" "w" {\n name = "w"\n template {\n  scaling {\n   max_instance_count = 1\n  }\n }\n}', "w 1"),
        ('resource "google_cloud_run_v2_service" "w" {\n name = "w"\n template {\n }\n}', "w 100"),
        ('resource "azurerm_container_app" "w" {\n template {\n  max_replicas = 3\n }\n}', "w 3"),
        ('resource "kubernetes_deployment" "w" {\n metadata {\n  name = "w"\n }\n spec {\n  replicas = "2"\n }\n}', "w 2"),
        ('resource "heroku_formation" "web" {\n type = "web"\n quantity = 2\n}', "web 2"),
    ],
)
def test_each_platform_has_its_key(tmp_path: Path, text: str, said: str) -> None:
    assert factors(tmp_path, {"main.tf": text + "\n"})[0].startswith(f"instances.factor {said} @")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("  desired_count = var.tasks\n", ["instances.factor feed 3 @v.tf:1"]),
        ("  desired_count = 1\n  autoscaling_max_capacity = 4\n", ["instances.factor feed 4 @main.tf:4"]),
        ("  desired_count = 1\n  enable_autoscaling = false\n  autoscaling_max_capacity = 4\n", ["instances.factor feed 1 @main.tf:3"]),
        ("  cluster = 1\n", []),
    ],
)
def test_a_module_from_elsewhere_is_told_how_many(tmp_path: Path, arguments: str, said: list[str]) -> None:
    text = f'module "feed" {{\n  source = "terraform-aws-modules/ecs/aws//modules/service"\n{arguments}}}\n'
    assert factors(tmp_path, {"main.tf": text, "v.tf": 'variable "tasks" { default = 3 }\n'}) == said


def test_what_is_computed_is_possible(tmp_path: Path) -> None:
    text = ECS.replace("var.tasks", "local.tasks * 2")
    assert factors(tmp_path, {"main.tf": text}) == ["instances.possible web @main.tf:4"]


def test_a_function_ends_with_its_response(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"main.tf": 'resource "aws_lambda_function" "hook" {\n  function_name = "hook"\n}\n'}))
    assert found == ["serverless.function hook aws-lambda @main.tf:1"]


CONTAINER_APP = """\
resource "azurerm_container_app" "dispatcher" {
  name = "dispatcher"
  %s
  template {
    max_replicas = 2
    %s
  }
}
"""
INGRESS, RULE = "ingress {\n    target_port = 80\n  }", 'custom_scale_rule {\n      name = "queue"\n    }'


@pytest.mark.parametrize(
    ("beside", "inside", "wakes_on"),
    [("", "", "nothing"), ("", "min_replicas = 0", "nothing"), (INGRESS, "", "http"), ("", RULE, ""), ("", "min_replicas = 1", ""), ("", "min_replicas = var.least", ""), ('dynamic "ingress" {\n  }', "", "http"),
     (INGRESS, 'http_scale_rule {\n      name = "h"\n    }', "http"), ("", 'http_scale_rule {\n      name = "h"\n    }', ""), (INGRESS, RULE + '\n    http_scale_rule {\n      name = "h"\n    }', "")],
)
def test_a_container_app_that_nothing_starts_again(tmp_path: Path, beside: str, inside: str, wakes_on: str) -> None:
    found = [item.fact for item in look(tmp_path, {"main.tf": CONTAINER_APP % (beside, inside)}) if isinstance(item, Evidence)]
    assert [fact.wakes_on for fact in found if isinstance(fact, ServiceStops)] == ([wakes_on] if wakes_on else [])


RUN = """\
resource "google_cloud_run_v2_service" "essays" {
  template {
    containers {
      image = "x"
%s
    }
  }
}
"""


@pytest.mark.parametrize(
    ("inner", "at"),
    [("", 1), ("resources {\ncpu_idle = true\n}", 6), ("resources {\ncpu_idle = false\n}", 0), ('resources {\nlimits = { cpu = "2" }\n}', 0)],
    ids=["default", "told", "kept", "the provider keeps it with resources"],
)
def test_cloud_run_takes_the_cpu_away_between_requests(tmp_path: Path, inner: str, at: int) -> None:
    found = [line for line in told(look(tmp_path, {"main.tf": RUN % inner})) if line.startswith("serverless")]
    assert found == ([f"serverless.function essays cloud-run @main.tf:{at}"] if at else [])


def test_the_first_version_says_it_by_an_annotation(tmp_path: Path) -> None:
    first = 'resource "google_cloud_run_service" "essays" {\n  template {\n    metadata {\n      annotations = {\n%s      }\n    }\n  }\n}\n'
    silent, kept = (told(look(tmp_path, {"main.tf": first % line})) for line in ("", '        "run.googleapis.com/cpu-throttling" = "false"\n'))
    assert any(line.startswith("serverless.function") for line in silent)
    assert not any(line.startswith("serverless.function") for line in kept)


@pytest.mark.parametrize(
    ("locals_", "value"),
    [
        ("tasks = 3", "local.tasks"),
        ("tasks = var.tasks", "local.tasks"),
        ('tasks = var.env == "prod" ? 3 : 1', "local.tasks"),
        ("sizes = { dev = 1, prod = 3 }", "local.sizes[terraform.workspace]"),
        ("sizes = { dev = 1, prod = 3 }", "lookup(local.sizes, var.env, 1)"),
        ("sizes = { dev = 1, prod = 3 }", "local.sizes.prod"),
    ],
)
def test_locals_are_followed(tmp_path: Path, locals_: str, value: str) -> None:
    text = ECS.replace("default = 1", "default = 3").replace("var.tasks\n}", f"{value}\n}}") + f"locals {{\n  {locals_}\n}}\n"
    assert [line.split(" @")[0] for line in factors(tmp_path, {"main.tf": text})] == ["instances.factor web 3"]


def test_a_web_app_that_is_not_always_on_stops(tmp_path: Path) -> None:
    app = 'resource "azurerm_linux_web_app" "feeds" {\n  name = "feeds"\n  site_config {\n    always_on = %s\n  }\n}\n'
    assert "service.stops feeds @main.tf:4" in told(look(tmp_path, {"main.tf": app % "false"}))
    assert not [line for line in told(look(tmp_path, {"main.tf": app % "true"})) if line.startswith("service.stops")]
