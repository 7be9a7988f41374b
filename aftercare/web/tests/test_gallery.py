"""Every layout renders: with sample data in the gallery, and with almost nothing."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from aftercare.web.gallery import views

LAYOUTS = ["register", "document", "form", "desk", "board", "field", "dashboard", "print", "login", "portal", "entry"]


@pytest.fixture
def request_of(rf, db):
    def build(path="/gallery/x/", **extra):
        request = rf.get(path, **extra)
        request.htmx = "HX-Request" in request.headers
        return request

    return build


@pytest.mark.parametrize("page", views.PAGES)
def test_gallery_page_is_whole(request_of, page, settings):
    settings.ROOT_URLCONF = "aftercare.web.tests.gallery_urls"
    response = views.show(request_of(), page)
    html = response.content.decode()
    assert response.status_code == (404 if page == "error" else 200)
    assert html.count("<main") == 1 and html.count("</html>") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert [name for name in ids if ids.count(name) > 1] == []


def test_htmx_gets_the_list_alone(request_of, settings):
    settings.ROOT_URLCONF = "aftercare.web.tests.gallery_urls"
    html = views.show(request_of(headers={"HX-Request": "true"}), "register").content.decode()
    assert "<html" not in html and "<table" in html


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_needs_no_context(layout):
    html = render_to_string(f"layouts/{layout}.html", {}, request=RequestFactory().get("/"))
    assert "</html>" in html


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_error_page_needs_no_request(code):
    assert str(code) in render_to_string(f"{code}.html")
