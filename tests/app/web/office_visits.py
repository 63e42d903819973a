"""What the tests of the authorities' pages share: visitors of a role, and records to work on."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from sqlmodel import col, select

from app.demo.invoice_maker import fictional_tax_code
from tests.app.client import Client
from tests.app.web.conftest import Visitor
from traceability.actor import Actor, Role
from traceability.audit import AuditEntry
from traceability.db import Database
from traceability.registry import parties, registrations, repository
from traceability.registry.schemas import CompanyPrefixIn, PartyIn

ADMIN = Actor(Role.ADMIN, name="test")


@contextmanager
def visiting(pages: FastAPI, email: str) -> Iterator[Visitor]:
    """Somebody who has logged in, with a browser of their own."""
    with Client.serving(pages) as client:
        visitor = Visitor(client)
        assert visitor.log_in(email).status_code == 303
        yield visitor


def waiting_party(database: Database, name: str, number: int = 0, prefix: str | None = None) -> int:
    """A party that a producer has entered: its registration waits."""
    given = PartyIn(
        name=name, kind="producer", tax_code=fictional_tax_code(500 + number), address="Xã Ví Dụ",
        company_prefixes=[CompanyPrefixIn(prefix=prefix)] if prefix else [],
    )  # fmt: skip
    with database.writing() as session:
        member = Actor(Role.PRODUCER, None, None)
        return parties.create_party(session, member, given).id or 0


def state_of(database: Database, party_id: int) -> str:
    """Where the registration of a party stands today."""
    with database.reading() as session:
        party = repository.parties_by_id(session, [party_id])[party_id]
        return registrations.registration_state(session, party).value


def actions(database: Database, subject: str) -> list[str]:
    """What the audit log says about a subject, in order."""
    with database.reading() as session:
        rows = session.exec(
            select(AuditEntry.action)
            .where(AuditEntry.subject == subject)
            .order_by(col(AuditEntry.id))
        )
        return list(rows)
