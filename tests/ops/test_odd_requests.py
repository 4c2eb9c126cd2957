"""What no browser sends: another charset, another host, a value as long as a book. Each is answered, none breaks."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from directory.models import ServiceArea
from guides.publishing.middleware import is_ours
from referral import shipped

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
CHARSETS = ["utf-7", "utf-16", "latin-1", "hex", "nonsense", "zlib", "9" * 400]
PATHS = ["/status/new-link/", "/referral/", "/accounts/login/", "/assessment/", "/programs/", "/status/reach/"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_another_charset_is_refused_with_one_line(charset: str, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    for path in PATHS:
        for kind in (FORM, "multipart/form-data; boundary=x", "text/plain"):
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                answer = client.generic("POST", path, b"a=1", content_type=f"{kind}; charset={charset}")
            assert answer.status_code == 400, (path, kind)
            assert len(caplog.records) == 1 and "\n" not in caplog.text.strip()


@pytest.mark.parametrize("charset", CHARSETS)
def test_another_charset_is_refused_where_a_token_is_looked_for(charset: str, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    assert "csrftoken" in client.cookies
    answer = client.generic("POST", "/accounts/login/", b"a=1", content_type=f"{FORM}; charset={charset}")
    assert answer.status_code == 400 and not [line for line in caplog.records if line.levelname == "ERROR"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_by_any_name_is_read(client: Client, charset: str) -> None:
    answer = client.post("/status/new-link/", b"address=a", content_type=f"{FORM}; charset={charset}")
    assert answer.status_code != 400


@pytest.mark.parametrize("field", ["zip_code", "email", "phone", "contact_name", "age", "relation"])
def test_a_value_as_long_as_a_book_is_a_wrong_one(client: Client, field: str) -> None:
    shipped.load()
    ServiceArea.objects.create(slug="sample", zips="91101")
    for value in ("9" * 60_000, "x" * 1_000_000):
        assert client.post("/referral/?all=1", {field: value}).status_code == 422


@pytest.mark.parametrize("host", ["evil.example", "", "testserver.evil.example", "a b"])
def test_a_published_page_answers_hosts_of_ours_alone(client: Client, host: str) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"host": host}).status_code == 400
    assert not is_ours({"HTTP_HOST": host}) and is_ours({"HTTP_HOST": "testserver:80"})
