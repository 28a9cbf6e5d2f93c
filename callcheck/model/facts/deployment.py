"""How many processes run, and what lies between them?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class InstancesFactor(Fact):
    """One number that multiplies an app: replicas of a unit, or processes within one unit."""

    kind: ClassVar[str] = "instances.factor"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    """The most that may run; 2 with `at_least` for "more than one, number unknown"."""
    at_least: Annotated[bool, Attr("callcheck.instance.at_least")]
    level: Annotated[str, Attr("callcheck.instance.level")]
    """"replicas" (pods, tasks, dynos, containers) or "processes" (workers within one)."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    """Who says so: pm2, kubernetes, compose, gunicorn, uvicorn, node-cluster ..."""
    service: Annotated[str, Attr("service.name")]
    """The unit it belongs to; "" if the file does not say."""
    text: Annotated[str, Attr("callcheck.instance.text")]
    """As the file says it, in a few words: `replicas: 4`, `--workers 4`."""

    def says(self) -> str:
        many = f"at least {self.count}" if self.at_least else str(self.count)
        return f"{many} {self.level} here" if self.count != 1 else f"one of its {self.level} here"


@dataclass(frozen=True, slots=True, repr=False)
class Instances(Fact):
    """How many processes that share no memory serve one unit: the product of its factors."""

    kind: ClassVar[str] = "instances"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    at_least: Annotated[bool, Attr("callcheck.instance.at_least")]
    service: Annotated[str, Attr("service.name")]
    role: Annotated[str, Attr("callcheck.service.role")] = "unknown"
    """As of the unit: web, worker, scheduler or unknown."""

    def says(self) -> str:
        many = f"at least {self.count}" if self.at_least else str(self.count)
        if self.count == 1 and not self.at_least:
            return f"one process serves {self.service or 'the app'}"
        return f"{many} processes serve {self.service or 'the app'}"


@dataclass(frozen=True, slots=True, repr=False)
class InstancesPossible(Fact):
    """More than one process may run, by a default or variable that no file settles: gunicorn without `-w` where the platform sets it."""

    kind: ClassVar[str] = "instances.possible"

    variable: Annotated[str, Attr("callcheck.instance.variable")]
    """The environment variable that would settle it (`WEB_CONCURRENCY`), or ""."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    service: Annotated[str, Attr("service.name")]
    text: Annotated[str, Attr("callcheck.instance.text")]

    def says(self) -> str:
        return f"{self.variable} decides how many processes run" if self.variable else "the number of processes is not said here"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceRun(Fact):
    """A process type that the deployment starts: a compose service, Procfile line, PM2 app, Deployment, package script."""

    kind: ClassVar[str] = "service.run"

    service: Annotated[str, Attr("service.name")]
    command: Annotated[str, Attr("process.command_args")]
    """The command as written, "" if the image decides."""
    entry: Annotated[str, Attr("callcheck.entry.file")]
    """The source file or dotted module it starts, as written (`src/server.js`, `app.main:app`), or ""."""
    role: Annotated[str, Attr("callcheck.service.role")]
    """web, worker, scheduler, broker (Redis, RabbitMQ, Kafka ...), proxy, database or unknown."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    image: Annotated[str, Attr("container.image.name")] = ""
    """The image or build folder as written; units that share it share their code."""
    server: Annotated[str, Attr("callcheck.server")] = ""
    """The program that serves or works: uvicorn, gunicorn, celery, rq, node ...; "" if the command says none that is known."""
    queues: Annotated[str, Attr("callcheck.queue.names")] = ""
    """The queues that a worker is told to take from, separated by commas."""

    def says(self) -> str:
        return f"{self.service or 'the app'} is started here"


@dataclass(frozen=True, slots=True, repr=False)
class StickySessions(Fact):
    """A balancer sends all requests of one client to the same instance."""

    kind: ClassVar[str] = "sticky.sessions"

    by: Annotated[str, Attr("callcheck.sticky.by")]
    """cookie, ip, header."""
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return f"sessions stick to an instance by {self.by}"


@dataclass(frozen=True, slots=True, repr=False)
class LoadBalanced(Fact):
    """Requests are spread over several instances without affinity, and a line says so."""

    kind: ClassVar[str] = "load.balanced"

    system: Annotated[str, Attr("callcheck.balancer.system")]
    """nginx, kubernetes-service, haproxy ..."""
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return "requests are spread over the instances here"


@dataclass(frozen=True, slots=True, repr=False)
class BalancerPool(Fact):
    """A balancer hands requests to several units, as if they were one."""

    kind: ClassVar[str] = "balancer.pool"

    members: Annotated[str, Attr("callcheck.balancer.members")]
    """The units by the names that the balancer knows them by, separated by commas."""
    system: Annotated[str, Attr("callcheck.balancer.system")]
    service: Annotated[str, Attr("service.name")]
    """The pool's own name."""

    def says(self) -> str:
        return f"requests are spread over {self.members}"


@dataclass(frozen=True, slots=True, repr=False)
class ServerlessFunction(Fact):
    """The code runs in a function that may freeze or end after its response."""

    kind: ClassVar[str] = "serverless.function"

    platform: Annotated[str, Attr("faas.platform")]
    """aws-lambda, vercel, cloudflare-workers, netlify, azure-functions; cloud-run and app-runner, which give CPU only during requests."""
    service: Annotated[str, Attr("faas.name")]

    def says(self) -> str:
        return f"runs on {self.platform}, which stops the process after the response"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceStops(Fact):
    """The platform stops the unit when no request or trigger comes, so that what it listens to is not heard: scale to zero, autostop."""

    kind: ClassVar[str] = "service.stops"

    service: Annotated[str, Attr("service.name")]
    role: Annotated[str, Attr("callcheck.service.role")]
    """web, worker, scheduler or unknown: a worker has no requests that would wake it."""
    wakes_on: Annotated[str, Attr("callcheck.service.wakes_on")]
    """http, or the trigger's kind and what it watches (`redis bull:mail:wait`)."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        return f"{self.service or 'the app'} may be stopped until {self.wakes_on} wakes it"


@dataclass(frozen=True, slots=True, repr=False)
class ServerTrait(Fact):
    """A setting of the server that changes what runs in its processes."""

    kind: ClassVar[str] = "server.trait"

    trait: Annotated[str, Attr("callcheck.server.trait")]
    """threads-disabled (uWSGI up to 2.0.26 without enable-threads), threads-unstated (the same from 2.0.27 on, where the default changed),
    preloaded (the app is imported before the workers are forked), sync-workers (each serves one request at a time)."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        if self.trait == "sync-workers":
            return f"each worker of {self.system} serves one request at a time"
        if self.trait == "preloaded":
            return f"{self.system} imports the app once, before it forks its workers"
        return f"{self.system} runs here without Python threads" if self.trait == "threads-disabled" else f"{self.system} is not told here to run threads"


@dataclass(frozen=True, slots=True, repr=False)
class QueueUsed(Fact):
    """The code opens a queue whose waiting work stands under a known key of its broker."""

    kind: ClassVar[str] = "queue.used"

    key: Annotated[str, Attr("callcheck.queue.key")]
    """`bull:mail:wait`; `*` for what is computed."""
    system: Annotated[str, Attr("messaging.system")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"waiting work stands under {self.key}"


@dataclass(frozen=True, slots=True, repr=False)
class TriggerBlind(Fact):
    """A unit may be stopped until work waits under a key that no queue of the code uses."""

    kind: ClassVar[str] = "trigger.blind"

    service: Annotated[str, Attr("service.name")]
    watched: Annotated[str, Attr("callcheck.queue.watched")]
    key: Annotated[str, Attr("callcheck.queue.key")]
    """Where the work really waits."""
    system: Annotated[str, Attr("messaging.system")]

    def says(self) -> str:
        return f"{self.service or 'the worker'} starts when {self.watched} fills; the work waits under {self.key}"


@dataclass(frozen=True, slots=True, repr=False)
class VariableSet(Fact):
    """The deployment gives a unit an environment variable."""

    kind: ClassVar[str] = "variable.set"

    name: Annotated[str, Attr("callcheck.variable")]
    """`*` for variables that cannot be seen: a secret, a file that is not there, a dashboard."""
    url: Annotated[str, Attr("url.full")]
    """The value if it is an address, without credentials; else ""."""
    service: Annotated[str, Attr("service.name")]
    """"" for what every unit gets."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        whose = f" for {self.service}" if self.service else ""
        return f"{self.name} is {self.url}{whose}" if self.url else f"{self.name} is set{whose}"


@dataclass(frozen=True, slots=True, repr=False)
class VariableRead(Fact):
    """The code takes something from an environment variable, or a library does so by itself."""

    kind: ClassVar[str] = "variable.read"

    name: Annotated[str, Attr("callcheck.variable")]
    """Several are separated by `|`: any of them will do."""
    needed: Annotated[bool, Attr("callcheck.variable.needed")]
    """Whether nothing else stands in for it."""
    purpose: Annotated[str, Attr("callcheck.variable.purpose")]
    """file (`name` is `*`: the program reads a file of variables by itself), credential (it goes into a client of an API), callback (it goes into an address that is given away to be called back), callback outside (the
    same, beside a public address that is called), upstream (a client of an API calls it), or ""."""
    role: Annotated[str, Attr("callcheck.function.role")]
    """In what kind of function it is used."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    fallback: Annotated[str, Attr("callcheck.variable.fallback")] = ""
    """The address on this machine that stands in for it; "" for none."""

    def says(self) -> str:
        return f"{self.framework} takes its key from {self.name}" if self.framework else f"{self.name} is read here"


@dataclass(frozen=True, slots=True, repr=False)
class VariableMissing(Fact):
    """A unit runs code that needs a credential from a variable which it is not given, while another unit, or another name, is."""

    kind: ClassVar[str] = "variable.missing"

    name: Annotated[str, Attr("callcheck.variable")]
    service: Annotated[str, Attr("service.name")]
    instead: Annotated[str, Attr("callcheck.variable.instead")]
    """What is set instead: another name for this unit, or the same name for the unit given here."""
    how: Annotated[str, Attr("callcheck.variable.how")]
    """other-name, other-unit, other-file (`instead` is given a file that is not here, and this unit none), unused-name (the code insists on it and hands it to nobody), not-in-process-env (`instead`: the file by which its
    platform leaves `process.env` empty)."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.how == "other-name":
            return f"{self.name} is needed here; {self.instead} is what is set"
        if self.how == "other-file":
            return f"{self.name} is needed here; {self.instead} is given a file of variables, and this unit none"
        if self.how == "not-in-process-env":
            return f"{self.name} is looked for in process.env, which {self.instead} leaves empty"
        return f"{self.name} is needed here; only {self.instead} is given it"


@dataclass(frozen=True, slots=True, repr=False)
class WorkHandedOff(Fact):
    """The code puts work into a queue from which another process, a worker, is to take it."""

    kind: ClassVar[str] = "work.handed_off"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    """"*" if it is computed, "" for a worker whose default queue is not known."""
    worker: Annotated[str, Attr("callcheck.worker")]
    """What takes from it: celery, rq, dramatiq, arq, huey, taskiq, bullmq, bull; "celery beat" for what a schedule is to hand off."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"work for {self.worker} waits in the queue {self.queue}" if self.queue not in ("", "*") else f"work for {self.worker} is queued here"


@dataclass(frozen=True, slots=True, repr=False)
class WorkTaken(Fact):
    """The code itself takes work from a queue, in whatever process loads it."""

    kind: ClassVar[str] = "work.taken"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    worker: Annotated[str, Attr("callcheck.worker")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    guarded: Annotated[bool, Attr("callcheck.runtime.main_only")] = False
    """Whether it is reached only where its file is the main program."""

    def says(self) -> str:
        return f"takes work from {self.queue or 'a queue'}"


@dataclass(frozen=True, slots=True, repr=False)
class WorkUnserved(Fact):
    """Work is queued, and of all the units that the deployment starts none takes it."""

    kind: ClassVar[str] = "work.unserved"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    worker: Annotated[str, Attr("callcheck.worker")]
    takes: Annotated[str, Attr("callcheck.queue.names")]
    """The queues that workers of this kind do take from; "" if there is no such worker."""
    units: Annotated[str, Attr("callcheck.units")]
    """The units that are started."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.takes:
            return f"work is put into {self.queue}; the workers take from {self.takes}"
        return f"work is queued for {self.worker}; {self.units or 'the deployment'} starts none"


@dataclass(frozen=True, slots=True, repr=False)
class PortsOpen(Fact):
    """A unit, or the name that stands before it, answers on these ports."""

    kind: ClassVar[str] = "ports.open"

    service: Annotated[str, Attr("service.name")]
    inside: Annotated[str, Attr("callcheck.ports.inside")]
    """For the other units, separated by commas."""
    outside: Annotated[str, Attr("callcheck.ports.outside")]
    """On the host; in Kubernetes those of the pods behind a Service, which are not asked for by its name."""
    whole: Annotated[bool, Attr("callcheck.ports.whole")]
    """Whether no other port is let through."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    """compose, kubernetes, or host for a unit that has the host's own network."""

    def says(self) -> str:
        where = "in its pods" if self.system == "kubernetes" else "on the host"
        host = f", {self.outside} {where} alone" if self.outside and self.outside != self.inside else ""
        return f"{self.service} answers on {self.inside or 'no port that is told'}{host}"


@dataclass(frozen=True, slots=True, repr=False)
class ModelAddress(Fact):
    """The code looks for a model's server at an address of its own machine."""

    kind: ClassVar[str] = "model.address"

    url: Annotated[str, Attr("url.full")]
    name: Annotated[str, Attr("callcheck.variable")]
    """The variable that would replace the address; "" if none does."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.framework} looks for its model at {self.url}" + (f" unless {self.name} is set" if self.name else "")


@dataclass(frozen=True, slots=True, repr=False)
class AddressUnreachable(Fact):
    """An address that a unit is given, or gives away, on which nobody answers whoever is to call it."""

    kind: ClassVar[str] = "address.unreachable"

    name: Annotated[str, Attr("callcheck.variable")]
    """The variable that holds it; "" for one written in the code."""
    url: Annotated[str, Attr("url.full")]
    why: Annotated[str, Attr("callcheck.address.why")]
    """loopback, published-port, wrong-port, wrong-host, private, by-default (a stand-in in the code is, and nothing here sets its variable), wrong-path, upstream-loopback (an API is looked for in the own container), redirected (by a last slash), tunnel (a host that goes with its session), no-stage (API Gateway serves below the stage alone), stripped (a proxy changes the path to `instead`, which the app has not), own (what a product gives away as its own address is its own machine), policy and policy-call (the network policy `instead` of the unit lets others in, and not the caller; for a callback, and for a call)."""
    service: Annotated[str, Attr("service.name")]
    instead: Annotated[str, Attr("callcheck.address.instead")]
    """What would be right, as far as it can be told."""

    def says(self) -> str:
        whys = {
            "loopback": "is the caller's own container",
            "published-port": f"is the port on the host; {self.instead} is that of the container",
            "wrong-port": f"is no port of that service; {self.instead} is",
            "wrong-host": f"is no service here; {self.instead} is",
            "private": "is known inside this network alone",
            "by-default": "is this machine, and stands in where no variable is set",
            "wrong-path": f"is no route here; {self.instead} is",
            "upstream-loopback": "is the caller's own container, where no such API listens",
            "redirected": f"is answered with a redirect to {self.instead}",
            "no-stage": f"lacks the stage, {self.instead}, below which the API is served",
            "stripped": f"comes to the app as {self.instead}, which is no route here",
            "own": f"is what {self.service} gives away as its own address, and is its own machine",
            "policy": f"is shut to this caller by {self.instead}",
            "policy-call": f"is shut to this caller by {self.instead}",
            "tunnel": "is gone when the tunnel's session ends",
        }
        return f"{self.url} {whys.get(self.why, 'cannot be reached')}"
