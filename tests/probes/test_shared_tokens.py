"""Stages that ask for the updates of one bot are told apart from those that each have a token of their own."""

from __future__ import annotations

import pytest

from callcheck.probes.shared_tokens import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
BOT = "const { Telegraf } = require('telegraf');\nconst bot = new Telegraf(process.env.TOKEN);\nbot.launch();\n"


def _app(staging: str, production: str, code: str = BOT, base: str = "bot.env") -> dict[str, str]:
    services = "services:\n  bot: {{command: node bot.js, env_file: {0}}}\n"
    return {"bot.js": code, "compose.staging.yml": services.format(staging), "compose.production.yml": services.format(production), base: "TOKEN=81234:AAF1\n"}


def test_two_stages_that_take_one_file_share_its_token(tmp_path) -> None:
    (found,) = look(tmp_path, _app("bot.env", "bot.env"))
    assert (found.fact.method, found.where.path, found.where.line) == ("TOKEN", "bot.env", 1)
    assert "staging and production" in found.fact.why


@pytest.mark.parametrize(("token", "shared"), [("81234:AAF1", True), ("99999:AAZ9", False)])
def test_two_files_may_say_the_same(tmp_path, token, shared) -> None:
    assert bool(look(tmp_path, _app("bot.env", "other.env") | {"other.env": f"TOKEN={token}\n"})) is shared


@pytest.mark.parametrize(
    "files",
    [
        _app("your.env", "mine.env") | {"your.env": "TOKEN=your-bot-token\n", "mine.env": "TOKEN=your-bot-token\n"},
        _app("bot.env", "bot.env", BOT.replace("bot.launch();", "if (process.env.POLL) bot.launch();")),
        _app("bot.env", "bot.env", BOT + "app.use(bot.webhookCallback('/tg'));\n"),
        {"compose.dev.yml": "services:\n  bot: {env_file: .env}\n", "compose.production.yml": "services:\n  bot: {env_file: .env}\n", ".env": "TOKEN=8:A\n", "bot.js": BOT},
    ],
    ids=["placeholder", "asked for on a condition", "called by webhook elsewhere", "each machine has a .env of its own"],
)
def test_silent(tmp_path, files) -> None:
    assert not look(tmp_path, files)


def test_what_a_file_says_when_it_is_the_program_is_no_condition(tmp_path) -> None:
    code = "import os, telebot\nbot = telebot.TeleBot(os.environ['TOKEN'])\nif __name__ == '__main__':\n    bot.infinity_polling()\n"
    files = _app("bot.env", "bot.env") | {"bot.py": code}
    files.pop("bot.js")
    assert len(look(tmp_path, files)) == 1


SLACK = "import { App } from '@slack/bolt';\nconst app = new App({ token: process.env.BOT, appToken: process.env.APP_TOKEN, socketMode: true });\napp.command('/x', f);\napp.start();\n"
UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: desk}\nspec:\n  replicas: REPLICAS\n  template: {spec: {containers: [{name: desk, image: desk, envFrom: [{secretRef: {name: desk}}]}]}}\n"
NAMED = UNIT.replace("envFrom: [{secretRef: {name: desk}}]", "env: [{name: APP_TOKEN, valueFrom: {secretKeyRef: {name: desk, key: app}}}]")
WHOLE = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: desk}\nspec:\n  secretStoreRef: {name: STORE, kind: ClusterSecretStore}\n  dataFrom:\n    - extract:\n        key: KEY\n"
ONE = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: desk-es}\nspec:\n  target: {name: desk}\n  secretStoreRef: {name: STORE, kind: ClusterSecretStore}\n  data:\n    - secretKey: app\n      remoteRef: {key: KEY, property: app_token}\n"
VAULT = "apiVersion: secrets.hashicorp.com/v1beta1\nkind: VaultStaticSecret\nmetadata: {name: desk}\nspec:\n  vaultAuthRef: STORE\n  mount: kv\n  path: KEY\n  destination: {name: desk, create: true}\n"
ITEM = "apiVersion: onepassword.com/v1\nkind: OnePasswordItem\nmetadata: {name: desk}\nspec:\n  itemPath: vaults/bots/items/KEY\n"


def _chart(secret: str = WHOLE, plain: str = "", staging: str = "", key: str = "{{ .Values.key }}", unit: str = UNIT, store: str = "vault") -> dict[str, str]:
    return {
        "src/app.ts": SLACK,
        "package.json": '{"dependencies": {"@slack/bolt": "4.1.0"}}',
        "chart/Chart.yaml": "apiVersion: v2\nname: desk\nversion: 1.0.0\n",
        "chart/values.yaml": f"replicas: 1\nhost: http://shop.live.svc\n{plain}key: bots/desk\n",
        "chart/values-staging.yaml": f"host: http://shop.staging.svc\n{staging}",
        "chart/templates/deployment.yaml": unit.replace("REPLICAS", "{{ .Values.replicas }}"),
        "chart/templates/secret.yaml": secret.replace("KEY", key).replace("STORE", store),
    }


@pytest.mark.parametrize(("secret", "unit"), [(WHOLE, UNIT), (ONE, NAMED), (VAULT, UNIT), (ITEM, UNIT)], ids=["a whole entry", "one key of it", "Vault's operator", "1Password"])
def test_a_stage_takes_the_token_by_the_key_of_the_other(tmp_path, secret: str, unit: str) -> None:
    (found,) = look(tmp_path, _chart(secret, unit=unit))
    assert (found.fact.effect, found.where.path, found.where.line) == ("competing-consumers", "chart/values.yaml", 3)
    assert "staging and production take APP_TOKEN" in found.fact.why


def test_a_key_of_production_is_told_without_namespaces(tmp_path) -> None:
    files = _chart(key="prod/desk") | {"chart/values-staging.yaml": "host: x\n"}
    assert [str(item.where) for item in look(tmp_path, files)] == ["chart/templates/secret.yaml:8"]


@pytest.mark.parametrize(
    "files",
    [
        _chart(staging="key: bots/desk-staging\n"),
        _chart(store="{{ .Values.store }}", plain="store: vault\n", staging="store: vault-staging\n"),
        _chart(WHOLE.replace("ClusterSecretStore", "SecretStore")),
        _chart(key="{{ .Release.Namespace }}/desk"),
        _chart(key='{{ include "desk.fullname" . }}/desk'),
        _chart(staging="replicas: 0\n"),
        _chart(unit=UNIT.replace("name: desk}}]", "name: desk}}, {secretRef: {name: other}}]")),
        _chart() | {"chart/values-staging.yaml": "host: http://shop.live.svc\n"},
        _chart() | {"chart/values-staging.yaml": "tag: x\n", "chart/values-production.yaml": "tag: y\n"},
    ],
    ids=["a key of its own", "another store", "a store of the namespace", "by its namespace", "by its release", "staging does not run", "several secrets", "one namespace name: another cluster", "nothing tells that it is one cluster"],
)
def test_stages_that_may_have_a_token_each(tmp_path, files) -> None:
    assert not look(tmp_path, files)


@pytest.mark.parametrize("patched", ["", "patches: [{patch: 'kind: ExternalSecret'}]\n"], ids=["as it is", "patched"])
def test_overlays_take_the_secret_of_their_base(tmp_path, patched: str) -> None:
    files = {key: text for key, text in _chart().items() if not key.startswith("chart/")}
    files["k8s/base/kustomization.yaml"] = "resources: [desk.yaml, secret.yaml]\n"
    files["k8s/base/desk.yaml"], files["k8s/base/secret.yaml"] = UNIT.replace("REPLICAS", "1"), WHOLE.replace("KEY", "bots/desk").replace("STORE", "vault")
    for stage in ("staging", "production"):
        files[f"k8s/overlays/{stage}/kustomization.yaml"] = f"namespace: {stage}\nresources: [../../base]\n{patched if stage == 'staging' else ''}"
    assert [str(item.where) for item in look(tmp_path, files)] == ([] if patched else ["k8s/base/secret.yaml:8"])


@pytest.mark.parametrize(("entry", "shared"), [("bots/live", True), ("bots/staging", False)])
def test_task_definitions_of_two_stages_name_one_entry(tmp_path, entry: str, shared: bool) -> None:
    task = '{"family": "desk", "containerDefinitions": [{"name": "desk", "image": "desk", "secrets": [{"name": "APP_TOKEN", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:%s"}]}]}\n'
    files = {key: text for key, text in _chart().items() if not key.startswith("chart/")}
    files |= {"ecs/taskdef-staging.json": task % entry, "ecs/taskdef-production.json": task % "bots/live"}
    assert bool(look(tmp_path, files)) is shared


BLUEPRINT = "envVarGroups:\n  - name: bot\n    envVars: [{key: TOKEN, sync: false}]\n  - name: other\n    envVars: [{key: TOKEN, sync: false}]\nservices:\n"
SERVICE = "  - {{type: worker, name: {}, startCommand: node bot.js, envVars: [{}]}}\n"


@pytest.mark.parametrize(
    ("names", "groups", "shared"),
    [
        (("bot", "bot-staging"), ("{fromGroup: bot}", "{fromGroup: bot}"), True),
        (("uat-bot", "bot"), ("{fromGroup: bot}", "{fromGroup: bot}"), True),
        (("bot", "bot-staging"), ("{fromGroup: bot}", "{fromGroup: other}"), False),
        (("bot", "bot-staging"), ("{key: TOKEN, sync: false}", "{key: TOKEN, sync: false}"), False),
        (("bot", "bot-dev"), ("{fromGroup: bot}", "{fromGroup: bot}"), False),
        (("bot", "site-staging"), ("{fromGroup: bot}", "{fromGroup: bot}"), False),
    ],
    ids=["one group", "the stage comes first", "a group each", "asked for each", "for development", "another program"],
)
def test_units_of_one_blueprint_are_stages_by_their_names(tmp_path, names: tuple[str, str], groups: tuple[str, str], shared: bool) -> None:
    services = "".join(SERVICE.format(name, group) for name, group in zip(names, groups, strict=True))
    assert bool(look(tmp_path, {"bot.js": BOT, "render.yaml": BLUEPRINT + services})) is shared


@pytest.mark.parametrize(
    ("staging", "shared"),
    [("environment: {TOKEN: '${TOKEN:?}'}", True), ("environment: {TOKEN: '${STAGING_TOKEN}'}", False), ("environment: {TOKEN: '${TOKEN:?}'}, profiles: [staging]", False)],
    ids=["one hole", "a hole each", "left out unless asked for"],
)
def test_services_of_one_compose_file(tmp_path, staging: str, shared: bool) -> None:
    services = f"services:\n  bot: {{command: node bot.js, environment: {{TOKEN: '${{TOKEN}}'}}}}\n  bot-staging: {{command: node bot.js, {staging}}}\n"
    assert bool(look(tmp_path, {"bot.js": BOT, "compose.yaml": services})) is shared
