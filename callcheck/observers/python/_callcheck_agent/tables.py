"""Which modules are patched, when they are imported? What is said of a library stands in a module of `libraries`, loaded when it is."""

from _callcheck_agent import faults

_LIBRARIES = {
    # name of a module of the app: our module, and its function that patches it
    "pyee.base": ("pyee", "base"),
    "pyee._base": ("pyee", "base"),
    "pyee.asyncio": ("pyee", "asyncio"),
    "pyee._asyncio": ("pyee", "asyncio"),
    "pyee.executor": ("pyee", "executor"),
    "pyee._executor": ("pyee", "executor"),
    "pyee.trio": ("pyee", "trio"),
    "pyee._trio": ("pyee", "trio"),
    "pyee.twisted": ("pyee", "twisted"),
    "blinker.base": ("blinker", "base"),
    "django.dispatch.dispatcher": ("signals", "django"),
    "celery.utils.dispatch.signal": ("signals", "celery"),
    "flask.app": ("web", "flask"),
    "quart.app": ("web", "quart"),
    "starlette.applications": ("web", "starlette"),
    "litestar.app": ("web", "litestar"),
    "django.core.handlers.wsgi": ("web", "django_wsgi"),
    "django.core.handlers.asgi": ("web", "django_asgi"),
    "django.core.handlers.exception": ("web", "django_errors"),
    "httpx._transports.default": ("clients", "httpx"),
    "httpx2._transports.default": ("clients", "httpx"),
    "requests.adapters": ("clients", "requests"),
    "urllib3.connectionpool": ("clients", "urllib3"),
    "aiohttp.client": ("clients", "aiohttp"),
    "urllib.request": ("clients", "urllib"),
    "autogen_core._single_threaded_agent_runtime": ("autogen", "runtime"),
    "autogen_core._base_agent": ("autogen", "agent"),
    "autogen_core._routed_agent": ("autogen", "routed"),
    "autogen_agentchat.teams._group_chat._base_group_chat": ("autogen_chat", "team"),
    "autogen_agentchat.agents._base_chat_agent": ("autogen_chat", "agent"),
    "langchain_core.callbacks.manager": ("langchain", "callbacks"),
    "celery.app.base": ("celery", "app"),
    "celery.signals": ("celery", "signals"),
    "redis.client": ("redis", "client"),
    "redis.asyncio.client": ("redis", "client"),
    "redis.commands.core": ("redis", "commands"),
    "paho.mqtt.client": ("paho", "client"),
    **dict.fromkeys(("socketio.base_manager", "socketio.manager", "socketio.async_manager", "socketio.asyncio_manager"), ("socketio", "managers")),
    **dict.fromkeys(("socketio.base_server", "socketio.server", "socketio.async_server", "socketio.asyncio_server"), ("socketio", "servers")),
    **dict.fromkeys(("pycurl", "grpc", "niquests.adapters", "tornado.httpclient", "httplib2", "geventhttpclient"), ("clients", "not_covered")),
}


def hooks(recorder):
    """Name of a module -> what to call with it."""
    return {
        "threading": faults.threads(recorder),
        "asyncio.base_events": faults.loops(recorder),
        "concurrent.futures._base": faults.futures(recorder),
        "warnings": faults.coroutines(recorder),
        **{name: _library(recorder, *where) for name, where in _LIBRARIES.items()},
    }


def _library(recorder, name, function):
    def hook(module):
        ours = __import__(f"_callcheck_agent.libraries.{name}", fromlist=[function])
        getattr(ours, function)(module, recorder)

    return hook
