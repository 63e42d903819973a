"""The pages on a database of their own, and a visitor with a browser's cookies."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

import scanner
from app.deps import Services
from app.head import HeadAsGet
from app.problems import ERROR_KINDS, problem_of
from app.security.rate_limit import RateLimit
from app.security.users import create_user
from app.settings import Settings
from app.web import STATIC_FOLDER, error_page, router
from app.web.assets import VersionedStaticFiles
from tests.app.client import OPERATOR, Client
from traceability.actor import MEMBERS, Role
from traceability.clock import today
from traceability.db import Database
from traceability.registry.models import Lot, Party, Product, Registration, Serial

PASSWORD = "a long enough password"
AGENT = "Mozilla/5.0 (Linux; Android 15) test"
GTIN = "09521234500018"
UNKNOWN_GTIN = "8938505974194"


class InProcess:
    """Reads pictures here and now: these tests are about pages, not about workers."""

    def decode(self, data: bytes) -> scanner.Reading:
        return scanner.decode(data)


class Visitor:
    """Somebody with a browser: cookies, and the token of the page that a form stands on."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.ask(method, path, headers={"user-agent": AGENT, **named})

    def send(self, page: str, path: str, files: Any = None, **form: str) -> httpx.Response:
        """Open a page, and send a form that stands on it."""
        token = re.search(r'name="csrf_token" value="(\w+)"', self.get(page).text)
        assert token
        data = {"csrf_token": token[1], **form}
        headers = {"User-Agent": AGENT, "Referer": f"https://nguon.example{page}"}
        return self._client.post(path, data=data, files=files, headers=headers)

    def log_in(self, email: str, password: str = PASSWORD, next_page: str = "") -> httpx.Response:
        return self.send("/login", "/login", email=email, password=password, next=next_page)


def text_of(answer: httpx.Response) -> str:
    """What a reader sees of a page, roughly: its text without mark-up."""
    body = re.sub(r"<(script|style|head).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def settings(sqlite_database: Database, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        database_url=sqlite_database.url.render_as_string(hide_password=False),
        public_url="https://nguon.example",
        background_worker=False,
        trust_proxy=True,
    )


@pytest.fixture
def pages(sqlite_database: Database, settings: Settings) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.state.services = Services(
        settings=settings,
        database=sqlite_database,
        scanner=InProcess(),  # type: ignore[arg-type]
        public_limit=RateLimit(1000),
        log_in_limit=RateLimit(3, minutes=15),
        account_limit=RateLimit(60, minutes=15),
    )
    app.include_router(router)
    app.mount("/static", VersionedStaticFiles(directory=STATIC_FOLDER))

    async def answer_error(request: Request, error: Exception) -> Response:
        return error_page(request, problem_of(error), error)

    for kind in ERROR_KINDS:
        app.add_exception_handler(kind, answer_error)
    app.add_middleware(HeadAsGet)
    return app


@pytest.fixture
def visitor(pages: FastAPI) -> Iterator[Visitor]:
    with Client.serving(pages) as client:
        yield Visitor(client)


@pytest.fixture
def other_visitor(pages: FastAPI) -> Iterator[Visitor]:
    """A second browser, with cookies of its own."""
    with Client.serving(pages) as client:
        yield Visitor(client)


@dataclass(frozen=True)
class Goods:
    product_id: int
    party_id: int
    lot_id: int


@pytest.fixture
def goods(sqlite_database: Database) -> Goods:
    """A registered tea with one lot and one serial."""
    with sqlite_database.writing() as session:
        party = Party(
            name="VÍ DỤ Trà Minh Họa", kind="producer", tax_code="9999100017",
            address="Thôn Ví Dụ, tỉnh Quảng Ngãi", area_code="51",
        )  # fmt: skip
        session.add(party)
        session.flush()
        party_id = party.id or 0
        session.add(Registration(party_id=party_id, status="active", valid_from=date(2020, 1, 1)))
        product = Product(
            gtin=GTIN, gtin_format="GTIN-13", name="Trà minh họa, hộp 20 gói", brand="Minh Họa",
            producer_id=party_id, serialised=True,
        )  # fmt: skip
        session.add(product)
        session.flush()
        lot = Lot(
            product_id=product.id or 0, lot="L1", production_date=today() - timedelta(days=30),
            expiry_date=today() + timedelta(days=300),
        )  # fmt: skip
        session.add(lot)
        session.flush()
        session.add(Serial(product_id=product.id or 0, serial="SN1", lot_id=lot.id))
        return Goods(product.id or 0, party_id, lot.id or 0)


class People(dict[Role, str]):
    """An account of each role, made when its e-mail address is first asked for."""

    def __init__(self, database: Database, party_id: int) -> None:
        super().__init__()
        self._database, self._party_id = database, party_id

    def __missing__(self, role: Role) -> str:
        self[role] = f"{role}@nguon.example"
        with self._database.writing() as session:
            create_user(
                session, OPERATOR, email=self[role], name=f"VÍ DỤ {role}", password=PASSWORD,
                role=role, party_id=self._party_id if role in MEMBERS else None,
            )  # fmt: skip
        return self[role]


@pytest.fixture
def people(sqlite_database: Database, goods: Goods) -> People:
    return People(sqlite_database, goods.party_id)
