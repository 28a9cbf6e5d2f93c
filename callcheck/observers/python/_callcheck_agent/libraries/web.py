"""Requests that come in: WSGI and ASGI applications of Flask, Quart, Starlette, FastAPI, Litestar and Django.

Looked at in Flask 3.1.3, Starlette 1.10.0, FastAPI 0.165.0 and Django 5.2.19. The application object is called for each request; errors that
the framework turns into an answer are seen where it does so.
"""

from _callcheck_agent import incoming
from _callcheck_agent.wrap import patch


def flask(module, recorder):
    """flask.app."""
    patch(module.Flask, "__call__", _wsgi(recorder))

    def make(theirs):
        def handle_exception(self, e):
            incoming.threw(recorder, e)
            return theirs(self, e)

        return handle_exception

    patch(module.Flask, "handle_exception", make)


def quart(module, recorder):
    """quart.app."""
    patch(module.Quart, "__call__", _asgi(recorder))

    def make(theirs):
        async def handle_exception(self, error):
            incoming.threw(recorder, error)
            return await theirs(self, error)

        return handle_exception

    patch(module.Quart, "handle_exception", make)


def starlette(module, recorder):
    """starlette.applications; FastAPI calls it."""
    patch(module.Starlette, "__call__", _asgi(recorder))


def litestar(module, recorder):
    """litestar.app."""
    patch(module.Litestar, "__call__", _asgi(recorder))


def django_wsgi(module, recorder):
    """django.core.handlers.wsgi."""
    patch(module.WSGIHandler, "__call__", _wsgi(recorder))


def django_asgi(module, recorder):
    """django.core.handlers.asgi."""
    patch(module.ASGIHandler, "__call__", _asgi(recorder))


def django_errors(module, recorder):
    """django.core.handlers.exception."""

    def make(theirs):
        def handle_uncaught_exception(request, resolver, exc_info):
            incoming.threw(recorder, exc_info[1])
            return theirs(request, resolver, exc_info)

        return handle_uncaught_exception

    patch(module, "handle_uncaught_exception", make)


def _wsgi(recorder):
    def make(theirs):
        def __call__(self, environ, start_response):
            if incoming.through(recorder):
                return theirs(self, environ, start_response)
            try:
                path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")) or "/"
                request = incoming.begin(recorder, environ["REQUEST_METHOD"], path, environ.get("SERVER_PORT"), environ.get("HTTP_TRACEPARENT"))
            except Exception:  # noqa: BLE001
                request = None
            if request is None:
                return theirs(self, environ, start_response)

            def start(status, *rest, **more):
                if status[:3].isdigit():
                    request.status = int(status[:3])
                return start_response(status, *rest, **more)

            try:
                return theirs(self, environ, start)
            except Exception as error:
                incoming.threw(recorder, error)
                raise
            finally:
                request.leave()

        return __call__

    return make


def _asgi(recorder):
    def make(theirs):
        async def __call__(self, scope, receive, send):
            if incoming.through(recorder):
                return await theirs(self, scope, receive, send)
            request = _asgi_request(recorder, scope)
            if request is None:
                return await theirs(self, scope, receive, send)

            async def tell(message):
                kind = message.get("type")
                if kind == "http.response.start":
                    request.status = message.get("status", 0)
                elif kind == "http.response.body":
                    request.whole = not message.get("more_body", False)
                return await send(message)

            try:
                return await theirs(self, scope, receive, tell)
            except Exception as error:
                incoming.threw(recorder, error)
                raise
            finally:
                request.leave(aborted=scope.get("type") == "http")

        return __call__

    return make


def _asgi_request(recorder, scope):
    try:
        if scope["type"] not in ("http", "websocket"):
            return None
        trace = next((value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"traceparent"), "")
        server = scope.get("server") or (None, None)
        return incoming.begin(recorder, scope.get("method", "GET"), scope["path"], server[1], trace)
    except Exception:  # noqa: BLE001
        return None
