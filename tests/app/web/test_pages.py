"""What every page keeps to."""

import re

import pytest

from app.i18n import translator
from app.security.access import WEB
from app.web.assets import STATIC_FOLDER
from app.web.navigation import home_of, navigation
from tests.app.web.conftest import GTIN, Goods, People, Visitor
from traceability.actor import Role

PUBLIC_PAGES = [
    "/", "/check?code=8938505974194", "/check?code=1", f"/01/{GTIN}/10/L1/21/SN1", "/report",
    "/login", "/problems/web.csrf", "/nothing/here",
]  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_page_is_small_says_its_language_and_needs_nothing_inline(
    visitor: Visitor, goods: Goods, path: str, language: str
) -> None:
    answer = visitor.get(path, accept_language=language)
    assert f'<html lang="{language}">' in answer.text
    assert len(answer.content) < 40_000
    # The content policy would refuse them.
    assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son\w+=", answer.text)
    assert answer.text.count("<h1") == 1
    assert "accept-language" in answer.headers["vary"].lower()


def test_the_style_sheet_and_the_script_stay_light() -> None:
    sizes = {path.name: path.stat().st_size for path in STATIC_FOLDER.iterdir()}
    of_one_page = {name: sizes.pop(name) for name in ("log.js", "progress.js", "trace.css")}
    assert sizes["style.css"] <= 30_000
    assert sum(sizes.values()) <= 35_000
    assert max(of_one_page.values()) <= 8_000


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_what_one_page_needs_alone_is_not_loaded_by_the_others(visitor: Visitor, path: str) -> None:
    assert not re.search(r"/static/(log|progress|trace)\.", visitor.get(path).text)


def test_a_static_file_is_kept_for_a_year_under_its_version(visitor: Visitor) -> None:
    found = re.search(r'href="(/static/style\.css\?v=\w{12})"', visitor.get("/").text)
    assert found
    assert "immutable" in visitor.get(found[1]).headers["cache-control"]
    assert visitor.get("/static/style.css").headers["cache-control"] == "no-cache"


def test_the_token_cookie_is_set_once_and_stays_with_the_site(visitor: Visitor) -> None:
    cookie = visitor.get("/").headers["set-cookie"]
    assert "nguon_csrf=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "set-cookie" not in visitor.get("/").headers


def test_a_page_seen_while_logged_in_is_not_stored(visitor: Visitor, people: People) -> None:
    assert visitor.get("/").headers["cache-control"] == "private, no-cache"
    visitor.log_in(people[Role.ADMIN])
    assert visitor.get("/account").headers["cache-control"] == "no-store"


def test_an_address_without_a_page_says_what_to_do(visitor: Visitor) -> None:
    answer = visitor.get("/nothing/here")
    assert answer.status_code == 404
    assert "/problems/web.not-found" in answer.text


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_leads_nobody_to_a_refusal(role: Role) -> None:
    for path in ("/", home_of(role)):
        for link in navigation(role, path, translator("en")):
            assert role in WEB[f"GET {link.address}"].roles


def test_the_navigation_marks_the_list_that_a_page_belongs_to() -> None:
    links = navigation(Role.SHOP, "/shop/products/7/edit", translator("en"))
    assert [link.text for link in links if link.current] == ["Products"]


def test_the_public_has_no_navigation() -> None:
    assert navigation(Role.ANONYMOUS, "/", translator("en")) == []
