"""The resolver: what GS1's conformance statements say that it shall and should do, one by one."""

from typing import Any

import httpx
import pytest

from app.demo import goods
from app.demo.loading import load_once
from gs1.compression import compress
from tests.app.client import BASE, OPERATOR, Client
from tests.app.problem import problem
from tests.traceability.events.recalling.chains import a_recall
from tests.traceability.events.tracing.test_trace import made, on, told
from traceability.db import Database
from traceability.events.recall_schemas import RecallClosingIn
from traceability.events.recalls import close_recall
from traceability.resolver.links import add_link
from traceability.resolver.linkset import linkset
from traceability.resolver.repository import Linked
from traceability.resolver.schemas import LinkIn

GTIN = f"0{goods.GINSENG}"
ITEM = f"/01/{GTIN}/10/SAM2610/21/VD000001"
VOC = "https://ref.gs1.org/voc/"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "User-Agent": "Mozilla/5.0"}
MACHINE = {"Accept": "application/linkset+json"}


@pytest.fixture(scope="module", autouse=True)
def demo(sqlite_database: Database) -> None:
    load_once(sqlite_database)


@pytest.fixture(scope="module")
def links(demo: None, sqlite_database: Database) -> None:
    """A product with a certificate, pages in two languages, and a lot with a report of its own."""
    a = "https://maker.example"
    given: list[dict[str, Any]] = [
        {"link_type": "pip", "href": f"{a}/tra/{{gtin}}", "title": "Trang sản phẩm",
         "is_default": True},
        {"link_type": "instructions", "href": f"{a}/vi", "title": "Hướng dẫn", "language": "vi"},
        {"link_type": "instructions", "href": f"{a}/en", "title": "Instructions",
         "language": "en-GB", "media_type": "text/html"},
        {"link_type": "instructions", "href": f"{a}/en.pdf", "title": "Instructions (PDF)",
         "language": "en-GB", "media_type": "application/pdf"},
        {"link_type": "gs1:certificationInfo", "href": f"{a}/cert", "title": "VietGAP"},
        {"link_type": f"{VOC}certificationInfo", "lot": "L1", "href": f"{a}/cert/{{lot}}",
         "title": "VietGAP, L1"},
        {"link_type": "masterData", "href": f"{a}/unit/{{serial}}", "title": "Từng hộp"},
        {"link_type": "safetyInfo", "href": f"{a}/safe?x=1#top", "title": "An toàn"},
        {"link_type": "support", "href": f"{a}/1", "title": "Một"},
        {"link_type": "support", "href": f"{a}/2", "title": "Hai"},
        {"link_type": "support", "href": f"{a}/staff", "title": "Nội bộ", "context": "staff"},
    ]  # fmt: skip
    with sqlite_database.writing() as session:
        for each in given:
            add_link(session, OPERATOR, LinkIn(gtin=goods.COFFEE, **each))


COFFEE = f"/01/0{goods.COFFEE}"


def ask(client: Client, path: str, **headers: str) -> httpx.Response:
    return client.get(path, headers={**BROWSER, **headers})


def relations(answer: httpx.Response) -> dict[str, str]:
    """The address of each relation of the Link header."""
    found = {}
    for part in answer.headers["link"].split(", <"):
        address, _, rest = part.lstrip("<").partition(">")
        found[rest.partition('rel="')[2].partition('"')[0]] = address
    return found


# SHALL


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_get_head_and_options_are_answered(client: Client, links: None, method: str) -> None:
    answer = client.ask(method, COFFEE)
    assert answer.status_code == (204 if method == "OPTIONS" else 307)
    assert answer.content == b"" or method == "GET"
    if method == "OPTIONS":
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_page_of_any_origin_may_read_the_answers(client: Client, links: None) -> None:
    for path in (COFFEE, f"{COFFEE}?linkType=linkset", f"{COFFEE}?linkType=gs1:nothing", ITEM):
        headers = ask(client, path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert "Link" in headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "path", ["/01/09521101000017", "/01/09521101000016/99", "/01/abc", f"/01/{GTIN}/21/a/10/b"]
)
def test_a_syntax_error_is_400(client: Client, path: str) -> None:
    assert ask(client, path).status_code == 400
    machine = client.get(path, headers=MACHINE)
    assert machine.status_code == 400
    assert machine.headers["content-type"] == "application/problem+json"


def test_the_default_link_is_redirected_to_by_307(client: Client, links: None) -> None:
    answer = ask(client, COFFEE)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"https://maker.example/tra/0{goods.COFFEE}"


def test_a_link_type_leads_to_its_link(client: Client, links: None) -> None:
    for name in ("certificationInfo", "gs1:certificationInfo", f"{VOC}certificationInfo"):
        answer = client.get(COFFEE, params={"linkType": name})
        assert answer.headers["location"] == "https://maker.example/cert"


def test_a_link_type_that_is_not_there_is_404(client: Client, links: None) -> None:
    problem(
        client.get(f"{COFFEE}?linkType=gs1:recipeInfo", headers={"Accept": "*/*"}),
        404,
        "resolver.no-such-link",
    )


@pytest.mark.parametrize(
    ("query", "headers"),
    [("?linkType=linkset", {}), ("?linkType=all", {}), ("", MACHINE),
     ("", {"Accept": "application/json"})],
)  # fmt: skip
def test_the_linkset_is_given_without_a_redirect(
    client: Client, links: None, query: str, headers: dict[str, str]
) -> None:
    answer = client.get(f"{COFFEE}/10/L1{query}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/linkset+json"


@pytest.fixture
def whole(client: Client, links: None) -> list[dict[str, Any]]:
    found = client.get(f"{COFFEE}/10/L1", headers=MACHINE).json()
    assert list(found) == ["linkset"]
    contexts: list[dict[str, Any]] = found["linkset"]
    return contexts


def test_the_linkset_holds_every_level_up_to_the_primary_key(whole: list[dict[str, Any]]) -> None:
    assert [each["anchor"] for each in whole] == [f"{BASE}{COFFEE}/10/L1", f"{BASE}{COFFEE}"]
    lot, product = whole
    assert lot[f"{VOC}certificationInfo"][0]["href"] == "https://maker.example/cert/L1"
    assert product[f"{VOC}certificationInfo"][0]["href"] == "https://maker.example/cert"


def test_the_linkset_is_valid_by_rfc_9264(whole: list[dict[str, Any]]) -> None:
    for context in whole:
        assert context["anchor"].startswith("https://")
        for relation, targets in context.items():
            if relation == "anchor":
                continue
            assert relation.startswith(VOC)  # an extension relation is an address (RFC 8288 2.1.2)
            assert isinstance(targets, list)
            for each in targets:
                assert each["href"].startswith("https://")
                assert each["title"]
                assert set(each) <= {"href", "title", "hreflang", "type", "context"}
                assert isinstance(each.get("hreflang", []), list)
                assert "/" in each.get("type", "text/html")


def test_an_item_has_exactly_one_default_link(whole: list[dict[str, Any]]) -> None:
    assert [len(each[f"{VOC}defaultLink"]) for each in whole] == [1, 1]


def test_the_query_is_passed_on_without_what_was_for_the_resolver(
    client: Client, links: None
) -> None:
    answer = client.get(f"{COFFEE}?17=271231&linkType=safetyInfo&context=x&mine=%26")
    assert answer.headers["location"] == "https://maker.example/safe?x=1&17=271231&mine=%26#top"


def test_the_resolver_describes_itself(client: Client) -> None:
    answer = client.get("/.well-known/gs1resolver")
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["resolverRoot"] == BASE
    assert body["supportedPrimaryKeys"] == ["01"]
    assert body["jsonLdContextLocation"].endswith("/resolver/linkset-context")
    # All that the schema of the standard's release 1.2.0 knows of.
    assert set(body) <= {
        "name", "resolverRoot", "supportedPrimaryKeys", "supportedLinkType", "contact",
        "linkTypeDefaultCanBeLinkset", "supportedContextValuesEnumerated", "extensionProfile",
        "supportedContextValuesExternal", "jsonLdContextLocation", "termsOfUse",
    }  # fmt: skip
    assert body["supportedLinkType"] == [{"namespace": VOC, "prefix": "gs1:"}]


def test_a_compressed_address_is_resolved_and_its_plain_form_told(
    client: Client, links: None
) -> None:
    plain = f"{BASE}{COFFEE}/10/L1?17=271231"
    short = compress(plain)
    answer = client.get(short.removeprefix(BASE), headers=MACHINE)
    assert answer.json()["linkset"][0]["anchor"] == f"{BASE}{COFFEE}/10/L1"
    assert relations(answer)["owl:sameAs"] == plain
    own = client.get(compress(f"{BASE}{ITEM}").removeprefix(BASE), headers=BROWSER)
    assert (own.status_code, own.headers["location"]) == (307, f"{BASE}{ITEM}")


@pytest.mark.parametrize("path", ["/nothing-here", "/AAAA", "/robots.txt"])
def test_a_word_that_is_no_compressed_link_is_not_found(client: Client, path: str) -> None:
    assert ask(client, path).status_code == 404


def test_an_address_that_is_its_own_plain_form_says_nothing_of_another(
    client: Client, links: None
) -> None:
    assert "owl:sameAs" not in relations(ask(client, COFFEE))
    assert relations(ask(client, f"/01/{goods.COFFEE}"))["owl:sameAs"] == f"{BASE}{COFFEE}"


def test_another_resolver_may_handle_what_the_owner_gave_to_it(
    client: Client, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        add_link(session, OPERATOR, LinkIn(
            gtin=goods.MILK, link_type="handledBy", href="https://other.example/r/", title="Khác",
        ))  # fmt: skip
    path = f"/01/0{goods.MILK}/10/A%2FB"
    answer = client.get(f"{path}?linkType=gs1:epil")
    assert (answer.status_code, answer.headers["location"]) == (
        307,
        f"https://other.example/r{path}",
    )


def test_every_address_it_gives_out_is_https(
    client: Client, links: None, whole: list[dict[str, Any]]
) -> None:
    assert {each["anchor"].partition(":")[0] for each in whole} == {"https"}
    assert relations(ask(client, COFFEE))["linkset"].startswith("https://")


@pytest.mark.parametrize(
    "path",
    [f"{COFFEE}?linkType=gs1:nothing", f"{COFFEE}?linkType=%00", "/01/abc", "/01/", "/01//10/",
     f"{COFFEE}/21/{'x' * 21}", f"{COFFEE}?05=1", f"{COFFEE}/10/%ff", "/AAAA"],
)  # fmt: skip
def test_an_error_is_never_answered_with_200(client: Client, links: None, path: str) -> None:
    for headers in (BROWSER, MACHINE):
        if headers is MACHINE and "linkType" in path:
            continue  # there the media type asks for the linkset, which there is
        assert client.get(path, headers=headers).status_code in (400, 404)


@pytest.mark.parametrize("item", ["", "/10/L1", "/21/1"])
def test_a_product_nobody_registered_is_not_found_and_a_browser_gets_our_page_all_the_same(
    client: Client, item: str
) -> None:
    answer = ask(client, f"/01/0{goods.NOT_REGISTERED}{item}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "reason=code_not_found" in answer.text
    assert "link" not in answer.headers


@pytest.mark.parametrize("query", ["", "?linkType=linkset", "?linkType=all", "?linkType=gs1:pip"])
@pytest.mark.parametrize("accept", ["application/linkset+json", "application/ld+json", "*/*"])
def test_a_machine_that_asks_for_what_nobody_registered_gets_a_problem(
    client: Client, query: str, accept: str
) -> None:
    answer = client.get(f"/01/0{goods.NOT_REGISTERED}{query}", headers={"Accept": accept})
    problem(answer, 404, "resolver.not-registered")


def test_a_request_that_fits_a_variant_of_the_default_better_gets_that(
    client: Client, sqlite_database: Database
) -> None:
    given: list[dict[str, Any]] = [
        {"href": "https://maker.example/all"},
        {"href": "https://maker.example/en", "language": "en"},
    ]  # fmt: skip
    with sqlite_database.writing() as session:
        for each in given:
            add_link(session, OPERATOR, LinkIn(
                gtin=goods.MEDICINE, link_type="pip", title="Thuốc", is_default=True, **each,
            ))  # fmt: skip
    path = f"/01/0{goods.MEDICINE}"
    for language, page in (("en", "en"), ("vi", "all"), ("", "all")):
        answer = ask(client, path, **{"Accept-Language": language})
        assert answer.headers["location"] == f"https://maker.example/{page}"
    (found,) = client.get(path, headers=MACHINE).json()["linkset"]
    assert len(found[f"{VOC}defaultLink"]) == 1
    assert len(found[f"{VOC}defaultLinkMulti"]) == 2


@pytest.mark.parametrize(
    ("language", "shown"),
    [("vi", "vi"), ("en-GB", "en-GB"), ("zh-Hant-TW", "zh"), ("es-419", "es"), ("fil", None)],
)
def test_languages_are_told_as_the_linkset_schema_has_them(
    language: str, shown: str | None
) -> None:
    link = Linked(1, "/01/1", "pip", "https://a.example/", "t", language, None, None, False)
    target = linkset("https://b.example", ["/01/1"], [link], "own", {})["linkset"][0][f"{VOC}pip"]
    assert target[0].get("hreflang") == ([shown] if shown else None)


# SHOULD


def test_json_ld_is_given_with_its_context_inside(client: Client, links: None) -> None:
    answer = client.get(COFFEE, headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"].endswith("linkset-context")
    assert answer.json()["linkset"][0]["anchor"] == f"{BASE}{COFFEE}"


def test_a_redirect_names_the_linkset(client: Client, links: None) -> None:
    linkset = relations(ask(client, COFFEE))["linkset"]
    assert linkset == f"{BASE}{COFFEE}?linkType=linkset"
    assert client.get(linkset.removeprefix(BASE)).status_code == 200


def test_the_linkset_names_its_json_ld_context(client: Client, links: None) -> None:
    found = relations(client.get(COFFEE, headers=MACHINE))
    assert found["http://www.w3.org/ns/json-ld#context"].startswith("https://")


@pytest.mark.parametrize(
    ("accept_language", "accept", "path"),
    [("vi", "*/*", "/vi"), ("en", "text/html", "/en"), ("en-GB", "application/pdf", "/en.pdf"),
     ("fr, en;q=0.5", "text/html, */*;q=0.1", "/en"), ("en;q=0.4, vi;q=0.6", "*/*", "/vi")],
)  # fmt: skip
def test_language_and_media_type_decide(
    client: Client, links: None, accept_language: str, accept: str, path: str
) -> None:
    headers = {"Accept-Language": accept_language, "Accept": accept}
    answer = client.get(f"{COFFEE}?linkType=gs1:instructions", headers=headers)
    assert answer.headers["location"] == f"https://maker.example{path}"


def test_several_that_fit_are_shown_with_300(client: Client, links: None) -> None:
    answer = ask(client, f"{COFFEE}?linkType=gs1:support")
    assert answer.status_code == 300
    support = answer.json()["linkset"][0][f"{VOC}support"]
    assert [each["title"] for each in support] == ["Một", "Hai"]


def test_a_context_decides_where_it_is_asked_for(client: Client, links: None) -> None:
    answer = ask(client, f"{COFFEE}?linkType=gs1:support&context=staff")
    assert answer.headers["location"] == "https://maker.example/staff"


def test_a_slash_at_the_end_is_tolerated(client: Client, links: None) -> None:
    assert ask(client, f"{COFFEE}/").headers["location"].startswith("https://maker.example/tra")


@pytest.mark.parametrize("item", ["/10/unknown", "/10/L9/21/none", "/21/none"])
def test_an_unknown_lot_or_serial_leads_up_to_the_product(
    client: Client, links: None, item: str
) -> None:
    answer = ask(client, f"{COFFEE}{item}?linkType=gs1:certificationInfo")
    assert answer.headers["location"] == "https://maker.example/cert"


def test_the_nearest_level_goes_first(client: Client, links: None) -> None:
    answer = ask(client, f"{COFFEE}/10/L1/21/none?linkType=gs1:certificationInfo")
    assert answer.headers["location"] == "https://maker.example/cert/L1"


def test_answers_vary_by_what_decides_and_a_linkset_has_an_etag(
    client: Client, links: None
) -> None:
    answer = client.get(COFFEE, headers=MACHINE)
    assert {"Accept", "Accept-Language"} <= {v.strip() for v in answer.headers["vary"].split(",")}
    etag = answer.headers["etag"]
    for held in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = client.get(COFFEE, headers={**MACHINE, "If-None-Match": held})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(COFFEE, headers={**MACHINE, "If-None-Match": '"x"'}).status_code == 200


def test_the_description_can_be_asked_what_it_allows(client: Client) -> None:
    answer = client.ask("OPTIONS", "/.well-known/gs1resolver")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.headers["access-control-allow-origin"] == "*"


# Our own


def test_a_product_without_links_has_our_own_page(client: Client) -> None:
    answer = ask(client, ITEM)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert relations(answer)["linkset"] == f"{BASE}{ITEM}?linkType=linkset"


def test_goods_that_are_recalled_are_gone_whatever_link_is_asked_for(
    client: Client,
) -> None:
    path = f"/01/0{goods.MILK}/10/{goods.RECALLED[1]}"
    page = ask(client, path)
    assert page.status_code == 410
    assert relations(page)[f"{VOC}recallStatus"] == f"{BASE}{path}"
    assert page.headers["content-type"].startswith("text/html")
    assert ask(client, f"{path}?linkType=gs1:pip").status_code == 410
    assert client.get(path, headers=MACHINE).status_code == 200


def test_our_page_is_the_recall_status_of_goods_whose_owner_names_none(client: Client) -> None:
    path = f"/01/0{goods.MILK}/10/{goods.RECALLED[1]}"
    assert ask(client, f"{path}?linkType=gs1:recallStatus").status_code == 410
    recalled, product = client.get(path, headers=MACHINE).json()["linkset"]
    assert [each["href"] for each in recalled[f"{VOC}recallStatus"]] == [f"{BASE}{path}"]
    assert f"{VOC}recallStatus" not in product


def test_a_template_is_no_link_of_what_has_no_value_for_it(client: Client, links: None) -> None:
    of_serial = f"{COFFEE}/21/S1?linkType=gs1:masterData"
    assert ask(client, of_serial).headers["location"] == "https://maker.example/unit/S1"
    assert ask(client, f"{COFFEE}?linkType=gs1:masterData").status_code == 404
    assert "/unit/" not in client.get(COFFEE, headers=MACHINE).text


def test_a_browser_gets_our_page_where_there_is_no_such_link(client: Client) -> None:
    answer = ask(client, f"{ITEM}?linkType=gs1:recipeInfo")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    machine = client.get(f"{ITEM}?linkType=gs1:recipeInfo", headers={"Accept": "*/*"})
    assert machine.headers["content-type"] == "application/problem+json"


def test_goods_that_the_trace_of_a_recall_has_reached_are_gone(
    client: Client, sqlite_database: Database
) -> None:
    lot, jar = f"{COFFEE}/10/TRACE1", f"{COFFEE}/21/TRACE1"
    leaf = "https://id.gs1.org/01/09521000999992/10/LEAF1"
    with sqlite_database.writing() as session:
        told(
            session,
            made(2, inputQuantityList=[{"epcClass": leaf}],
                 outputQuantityList=[{"epcClass": f"https://id.gs1.org{lot}"}]),
            on(3, action="ADD", epcList=[f"https://id.gs1.org{jar}"],
               ilmd={"cbvmda:lotNumber": "TRACE1"}),
        )  # fmt: skip
        number = a_recall(session, inputs=[leaf]).id or 0
    for path in (lot, jar):
        page = ask(client, path)
        assert page.status_code == 410
        assert relations(page)[f"{VOC}recallStatus"] == f"{BASE}{path}"
        assert ask(client, f"{path}?linkType=gs1:pip").status_code == 410
    assert ask(client, f"{COFFEE}/10/TRACE2").status_code != 410
    with sqlite_database.writing() as session:
        close_recall(session, OPERATOR, number, RecallClosingIn(closing_decision="2/QĐ-VD"))
    assert ask(client, lot).status_code != 410
