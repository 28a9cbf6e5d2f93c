"""A webhook behind a CSRF check is seen, and one that is exempt is left alone."""

from __future__ import annotations

import pytest

from callcheck.probes.csrf import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

SETTINGS = {"site/settings.py": 'MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]\n'}
BODY = '    stripe.Webhook.construct_event(request.body, request.headers["Stripe-Signature"], KEY)\n'
VIEW = "class Hook(View):\n    def post(self, request):\n    " + BODY
look = look_with(PROBE)
look_known = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    "view",
    [
        "def hook(request):\n" + BODY,
        VIEW,
        "class Hook(View):\n    @method_decorator(csrf_exempt)\n    def post(self, request):\n    " + BODY,
    ],
    ids=["function", "class", "exempt by its method, which has no effect"],
)
def test_a_view_that_is_not_exempt_is_told(tmp_path, view) -> None:
    (found,) = look(tmp_path, {**SETTINGS, "pay/views.py": view})
    assert found.fact.guard == "csrf"


def test_a_check_in_a_method_of_its_own_points_at_the_view(tmp_path) -> None:
    view = "class Hook(View):\n    def signed(self, request):\n    " + BODY + "    def post(self, request):\n        self.signed(request)\n"
    (found,) = look(tmp_path, {**SETTINGS, "pay/views.py": view})
    assert (found.fact.route, found.where.line) == ("Hook.post", 4)


@pytest.mark.parametrize(
    "files",
    [
        {**SETTINGS, "pay/views.py": "@csrf_exempt\ndef hook(request):\n" + BODY},
        {**SETTINGS, "pay/views.py": '@method_decorator(csrf_exempt, name="dispatch")\n' + VIEW},
        {**SETTINGS, "pay/views.py": VIEW, "pay/urls.py": "urlpatterns = [path('hook', csrf_exempt(Hook.as_view()))]"},
        {**SETTINGS, "pay/views.py": VIEW.replace("(View)", "(APIView)")},
        {"pay/views.py": VIEW},
        {**SETTINGS, "pay/views.py": "def form(request):\n    return render(request)\n"},
    ],
    ids=["function", "dispatch", "urls", "rest framework", "no check", "no webhook"],
)
def test_silent_where_the_request_passes(tmp_path, files) -> None:
    assert not look(tmp_path, files)


LOGIN = {"site/settings.py": 'MIDDLEWARE = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]\n'}
URLS = {"site/urls.py": "from django.urls import path\nfrom views import hook\nurlpatterns = [path('hooks/postmark/', hook)]\n"}


@pytest.mark.parametrize(
    ("files", "guards"),
    [
        ({**LOGIN, "views.py": "@csrf_exempt\ndef hook(request):\n" + BODY}, ["session"]),
        ({**LOGIN, **URLS, "views.py": "def hook(request):\n    return json.loads(request.body)\n"}, ["session"]),
        ({**SETTINGS, **URLS, "views.py": "def hook(request):\n    return json.loads(request.body)\n"}, ["csrf"]),
        ({**LOGIN, **URLS, "views.py": "@login_not_required\ndef hook(request):\n    return json.loads(request.body)\n"}, []),
        ({**LOGIN, **URLS, "views.py": "def hook(request):\n    return render(request, 'page.html')\n"}, []),
    ],
    ids=["signed", "by its path", "csrf, by its path", "needs no login", "a page"],
)
def test_a_login_that_every_view_asks_for(tmp_path, files, guards) -> None:
    assert [item.fact.guard for item in look_known(tmp_path, files)] == guards


@pytest.mark.parametrize(("listed", "guards"), [("Mail.as_view()", ["csrf"]), ("csrf_exempt(Mail.as_view())", [])])
def test_a_class_that_a_providers_path_names(tmp_path, listed, guards) -> None:
    urls = f"from django.urls import path\nfrom django.views.decorators.csrf import csrf_exempt\nfrom views import Mail\nurlpatterns = [path('mailgun/webhook/', {listed})]\n"
    view = "from django.views import View\nclass Mail(View):\n    def post(self, request):\n        return json.loads(request.body)\n"
    assert [item.fact.guard for item in look_known(tmp_path, {**SETTINGS, "site/urls.py": urls, "views.py": view})] == guards


def test_the_digest_of_a_model_is_no_providers(tmp_path) -> None:
    model = "class Pass(models.Model):\n    def fits(self, given):\n        return hmac.compare_digest(given, self.hmac_digest)\n"
    assert list(look(tmp_path, {**SETTINGS, "gate/models.py": model})) == []
    view = "class Hook(View):\n    def post(self, request):\n        return hmac.compare_digest(mine(request.body), request.headers['X-Signature'])\n"
    assert len(list(look(tmp_path, {**SETTINGS, "gate/models.py": view}))) == 1
