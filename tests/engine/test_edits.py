"""A cure is shown on the user's own line, where an edit fits it."""

from __future__ import annotations

import pytest

from callcheck import rulebooks
from callcheck.engine.edits import COUNT, in_own_files
from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence, Location
from callcheck.model.facts.deployment import LoadBalanced
from callcheck.model.holes import named
from callcheck.model.noun import replace
from callcheck.model.rule import Condition, Edit, Fix, Rule, Snippet
from callcheck.model.words import Basis

RULES = rulebooks.load_rules()
ONE = r"\g<1>1"


def edited(text: str, edit: Edit, line: int = 1) -> Snippet:
    rows = text.splitlines()
    item = Evidence(LoadBalanced("nginx", "web"), Basis.DECLARED, "test", Location("deploy/app.yaml", line))
    fix = Fix("Do it", (Snippet("yaml", "example", "better"),), edits=(edit,))
    found = in_own_files(Diagnosed(Rule("c", "transport", "t", ()), 0.8, "t", (item,), fixes=(fix,)), lambda path, first, last: rows[first - 1 : last])
    return found.fixes[0].snippets[0]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("  replicas: 3", "replicas: 1"),
        ("instances: 'max',", "instances: '1',"),
        ('CMD ["gunicorn", "-w", "4", "app:app"]', 'CMD ["gunicorn", "-w", "1", "app:app"]'),
        ("web: uvicorn app:app --workers 3 --port $PORT", "web: uvicorn app:app --workers 1 --port $PORT"),
        ("workers = multiprocessing.cpu_count() * 2 + 1", "workers = 1"),
        ('"worker": {"quantity": 2}', '"worker": {"quantity": 1}'),
        ("docker compose up -d --scale web=4", "docker compose up -d --scale web=1"),
        ("desired_count = 4", "desired_count = 1"),
        ('workers = int(os.getenv("WEB_CONCURRENCY", multiprocessing.cpu_count() * 2 + 1))', "workers = 1"),
    ],
)
def test_the_number_of_processes_is_found_in_every_format(line: str, after: str) -> None:
    shown = edited(line, Edit("load.balanced", COUNT, ONE))
    assert (shown.before, shown.after, shown.path, shown.line) == (line.strip(), after, "deploy/app.yaml", 1)


def test_lines_between_the_fact_and_its_change_are_shown_with_it() -> None:
    text = "kind: Service\nmetadata: {name: web}\nspec:\n  ports: []\n"
    shown = edited(text, Edit("load.balanced", r"^(\s*)spec:\s*$", "\\g<0>\n\\g<1>  sessionAffinity: ClientIP", 5))
    assert shown.before == "kind: Service\nmetadata: {name: web}\nspec:"
    assert shown.after == shown.before + "\n  sessionAffinity: ClientIP" and shown.line == 3


def test_a_line_that_is_as_it_should_be_is_no_cure() -> None:
    assert edited("replicas: 1\nworkers: 3", Edit("load.balanced", COUNT, ONE, 1)).after == "replicas: 1\nworkers: 1"
    assert edited("replicas: 1", Edit("load.balanced", COUNT, ONE)) == Snippet("yaml", "example", "better")


@pytest.mark.parametrize(
    ("cause", "cure", "line", "after"),
    [
        ("missing-sticky-sessions", "Run one process behind", "web: gunicorn -k gevent app:app", "web: gunicorn --workers 1 -k gevent app:app"),
        ("cross-process-delivery", "Until then", "web: gunicorn -k gevent app:app", "web: gunicorn --workers 1 -k gevent app:app"),
        ("cross-process-delivery", "Until then", "web: gunicorn --workers 1 app:app", ""),
        ("missing-adapter", "Until then", "web: gunicorn -k gevent app:app", "web: gunicorn --workers 1 -k gevent app:app"),
        ("runtime-not-started", "Let the scaler watch", "listName: NAME", "listName: NEW"),
        ("runtime-not-started", "Keep one machine", 'processes = ["app", "NAME"]', 'processes = ["app"]'),
        ("runtime-not-started", "Keep one machine", "processes = ['NAME', 'app']", "processes = ['app']"),
        ("unreachable-callback-url", "Call ", "HOOK_URL: http://localhost:3000/x", "HOOK_URL: http://NEW:3000/x"),
        ("unreachable-callback-url", "Call ", "HOOK_URL: http://localhost.example.com/x", ""),
        ("serverless-lifetime", "Hand the promise to the platform", "void build(job).catch(log);", '// import { waitUntil } from "@vercel/functions";\nwaitUntil(build(job).catch(log));'),
        ("serverless-lifetime", "Hand the promise to the platform", "build(job, () => {", ""),
        ("serverless-lifetime", "Hand the promise to the platform", "work.catch(log);", "// ctx: the third parameter of fetch(request, env, ctx); Hono: c.executionCtx\nctx.waitUntil(work.catch(log));"),
        ("missing-sticky-sessions", "Let the front end of App Service", "clientAffinityEnabled: false", "clientAffinityEnabled: true"),
        ("unreachable-callback-url", "Give away the public address", "BASE=http://web:3000", "BASE=https://api.example.com"),
        ("unreachable-callback-url", "Give away the proxy", "URL: http://shop.example:5050", "URL: https://shop.example"),
        ("unreachable-callback-url", "Give away the path", '{ "path": "NAME", "schedule": "0 1 * * *" }', '{ "path": "NEW", "schedule": "0 1 * * *" }'),
        ("missing-adapter", "Give every process the message queue", "socketio = SocketIO()", 'socketio = SocketIO(message_queue=os.environ["REDIS_URL"])'),
        ("missing-adapter", "Give every process the message queue", "socketio = SocketIO(app, path='/s')", "socketio = SocketIO(app, path='/s', message_queue=os.environ[\"REDIS_URL\"])"),
        ("missing-adapter", "Give every process the message queue", "socketio = SocketIO(", ""),
        ("missing-adapter", "Use the Redis channel layer", '"BACKEND": "channels.layers.InMemoryChannelLayer",', '"BACKEND": "channels_redis.core.RedisChannelLayer",\n"CONFIG": {"hosts": [os.environ["REDIS_URL"]]},'),
        ("runtime-not-started", "Let uWSGI run threads", "module = app:app", "module = app:app\nenable-threads = true"),
        ("duplicate-delivery", "Run the app in one process", "replicaCount: 3", "replicaCount: 1"),
        ("missing-subscription", "Take ", "worker: celery -A shop worker -Q mail,images", "worker: celery -A shop worker -Q NEW,mail,images"),
        ("missing-subscription", "Take ", 'args: ["celery", "worker", "-Q", "mail"]', 'args: ["celery", "worker", "-Q", "NEW,mail"]'),
        ("missing-subscription", "Tell a worker", "worker: ./manage.py runworker mail", "worker: ./manage.py runworker NEW mail"),
        ("runtime-not-started", "Start celery beat", "worker: celery -A shop worker -c 2", "worker: celery -A shop worker -c 2\nbeat: celery -A shop beat"),
        ("serverless-lifetime", "Hand the promise to the platform", "  work.catch(log);", '// import { waitUntil } from "@vercel/functions";\nwaitUntil(work.catch(log));'),
    ],
)
def test_the_edits_of_the_rules_change_what_they_are_for(cause: str, cure: str, line: str, after: str) -> None:
    fixes = [fix for rule in RULES if rule.cause == cause for fix in rule.fix if fix.title.startswith(cure) and fix.edits]
    filled = [Edit("load.balanced", named(edit.find, lambda hole: "NAME"), named(edit.put, lambda hole: "NEW")) for fix in fixes for edit in fix.edits]
    found = [shown.after for edit in filled if (shown := edited(line, edit)).before != "example"]
    assert after in (found or [""])


def test_what_is_shown_on_a_line_of_ones_own_comes_before_other_cures_for_what_was_found() -> None:
    grounds = (Condition("load.balanced"),)
    general, other = Fix("general"), Fix("other", grounds=grounds)
    own = Fix("own", grounds=grounds, edits=(Edit("load.balanced", "3", "1"),))
    stopgap = replace(own, title="stopgap", stopgap=True)
    item = Evidence(LoadBalanced("nginx", "web"), Basis.DECLARED, "test", Location("a.yaml", 1))
    found = in_own_files(Diagnosed(Rule("c", "transport", "t", ()), 0.8, "t", (item,), fixes=(other, stopgap, own, general)), lambda path, first, last: ["replicas: 3"])
    assert [fix.title for fix in found.fixes] == ["own", "other", "stopgap", "general"]


@pytest.mark.parametrize("edit", [Edit("instances.factor", COUNT, ONE), Edit("load.balanced", "nowhere", "x")])
def test_the_example_stays_where_nothing_fits(edit: Edit) -> None:
    assert edited("replicas: 3", edit) == Snippet("yaml", "example", "better")
