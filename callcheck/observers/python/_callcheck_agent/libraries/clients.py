"""Calls that go out: httpx, httpx2, requests, urllib3, aiohttp and urllib, at the floor where one call is one try.

Looked at in httpx 0.28.1, httpx2 2.16.2 (which openai-python 3 uses), requests 2.34.2, urllib3 2.8.0 and aiohttp 3.14.5.
"""

from _callcheck_agent import upstreams
from _callcheck_agent.wrap import patch


def httpx(module, recorder):
    """`_transports.default` of httpx and of httpx2."""
    client = module.__name__.partition(".")[0]

    def begin(request):
        url = request.url
        return upstreams.begin(recorder, client, request.method, url.scheme, url.host, url.port, url.path)

    def make(theirs):
        def handle_request(self, request):
            return _watched(begin, (request,), theirs, self, request)

        return handle_request

    def make_async(theirs):
        async def handle_async_request(self, request):
            return await _watched_async(begin, (request,), theirs, self, request)

        return handle_async_request

    patch(module.HTTPTransport, "handle_request", make)
    patch(module.AsyncHTTPTransport, "handle_async_request", make_async)


def requests(module, recorder):
    """requests.adapters; urllib3 below it keeps quiet."""

    def begin(request):
        from urllib.parse import urlsplit

        url = urlsplit(request.url)
        return upstreams.begin(recorder, "requests", request.method, url.scheme, url.hostname, url.port, url.path)

    def make(theirs):
        def send(self, request, *args, **kwargs):
            return _watched(begin, (request,), theirs, self, request, *args, **kwargs)

        return send

    patch(module.HTTPAdapter, "send", make)


def urllib3(module, recorder):
    """urllib3.connectionpool."""

    def begin(pool, method, url):
        return upstreams.begin(recorder, "urllib3", method, pool.scheme, pool.host, pool.port, url)

    def make(theirs):
        def _make_request(self, conn, method, url, *args, **kwargs):
            return _watched(begin, (self, method, url), theirs, self, conn, method, url, *args, **kwargs)

        return _make_request

    patch(module.HTTPConnectionPool, "_make_request", make)


def aiohttp(module, recorder):
    """aiohttp.client."""

    def begin(session, method, url):
        url = session._build_url(url)
        return upstreams.begin(recorder, "aiohttp", method, url.scheme, url.host, url.port, url.path)

    def make(theirs):
        async def _request(self, method, str_or_url, **kwargs):
            return await _watched_async(begin, (self, method, str_or_url), theirs, self, method, str_or_url, **kwargs)

        return _request

    patch(module.ClientSession, "_request", make)


def urllib(module, recorder):
    """urllib.request."""

    def begin(http_class, request):
        scheme = "https" if "HTTPS" in http_class.__name__ else "http"
        host, colon, port = request.host.rpartition(":")
        known = bool(colon) and port.isdigit()
        return upstreams.begin(recorder, "urllib", request.get_method(), scheme, host if known else request.host, int(port) if known else None, request.selector)

    def make(theirs):
        def do_open(self, http_class, req, **http_conn_args):
            return _watched(begin, (http_class, req), theirs, self, http_class, req, **http_conn_args)

        return do_open

    patch(module.AbstractHTTPHandler, "do_open", make)


def not_covered(module, recorder):
    """A client whose calls are not seen: said, so that no silence is taken for an absence."""
    recorder.skip("library", name=module.__name__.partition(".")[0], why="its calls to other servers are not recorded")


def _begun(begin, about):
    try:
        return begin(*about)
    except Exception:  # noqa: BLE001
        return None


def _watched(begin, about, theirs, *args, **kwargs):
    call = _begun(begin, about)
    if call is None:
        return theirs(*args, **kwargs)
    token = upstreams.INSIDE.set(True)
    try:
        response = theirs(*args, **kwargs)
    except BaseException as error:
        call.failed(error)
        raise
    finally:
        upstreams.INSIDE.reset(token)
    call.answered(_status(response))
    return response


async def _watched_async(begin, about, theirs, *args, **kwargs):
    call = _begun(begin, about)
    if call is None:
        return await theirs(*args, **kwargs)
    token = upstreams.INSIDE.set(True)
    try:
        response = await theirs(*args, **kwargs)
    except BaseException as error:
        call.failed(error)
        raise
    finally:
        upstreams.INSIDE.reset(token)
    call.answered(_status(response))
    return response


def _status(response):
    for name in ("status_code", "status"):
        status = getattr(response, name, None)
        if isinstance(status, int):
            return status
    return 0
