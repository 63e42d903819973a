"""Numbers for boxes and pallets (SSCC) from the company prefix of whoever packs them.

An SSCC is an extension digit, the company prefix, a serial reference and a check digit (GS1 General
Specifications 2.2.1). The numbers of a prefix are counted through with extension digit 9 first:
label printers of one's own mostly begin with 0. A number that events name already is passed over.

>>> nth_number("9521101", 0), nth_number("9521101", 1)
('995211010000000002', '995211010000000019')
>>> nth_number("9521101", 10**9)[0]
'8'
>>> nth_number("9521101", 10**10) is None
True
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from gs1 import check_digit
from gs1.sscc import Sscc
from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import today
from traceability.errors import ConflictError, NotFoundError
from traceability.events.models import EventEpc
from traceability.events.sscc_models import IssuedSscc, SsccRange
from traceability.registry import repository as registry

_MOST_PASSED = 1000
"""Numbers that are passed over in search of a free one, before the search is given up."""
_BEGUN = sa.text(
    "INSERT INTO sscc_range (prefix, taken) VALUES (:prefix, 0) ON CONFLICT DO NOTHING"
)
_STEM = "https://id.gs1.org/00/"


def nth_number(prefix: str, place: int) -> str | None:
    """The SSCC at a place of a company prefix, from 0; None behind the last."""
    width = 16 - len(prefix)
    passed, serial = divmod(place, 10**width)
    if passed > 9:
        return None
    body = f"{9 - passed}{prefix}{serial:0{width}d}"
    return body + str(check_digit.compute(body))


def prefixes_of(session: Session, actor: Actor) -> list[str]:
    """Company prefixes under which the actor's organisation may make numbers today."""
    if actor.party_id is None:
        return []
    own = [row.prefix for row in registry.prefixes_of(session, [actor.party_id])]
    holders = registry.prefix_holders(session, today(), own)
    return [prefix for prefix in own if holders.get(prefix) == actor.party_id]


def issue(session: Session, actor: Actor) -> IssuedSscc:
    """Give out a number that nobody has had.

    Raises:
        ConflictError: `events.sscc-no-prefix`, `events.sscc-used-up`.
    """
    prefixes = prefixes_of(session, actor)
    if actor.party_id is None or not prefixes:
        raise ConflictError("events.sscc-no-prefix")
    for prefix in prefixes:
        number = _next(session, prefix)
        if number is not None:
            row = IssuedSscc(sscc=number, party_id=actor.party_id)
            session.add(row)
            audit.record(session, actor, AuditAction.SSCC_ISSUED, f"sscc:{number}")
            session.flush()
            return row
    raise ConflictError("events.sscc-used-up")


def _next(session: Session, prefix: str) -> str | None:
    """The next free number of a prefix, whose count stays locked until the transaction ends."""
    connection = session.connection()
    connection.execute(_BEGUN, {"prefix": prefix})
    passing = (
        sa.update(SsccRange)
        .where(col(SsccRange.prefix) == prefix)
        .values(taken=SsccRange.taken + 1)
        .returning(col(SsccRange.taken))
    )
    for _ in range(_MOST_PASSED):
        number = nth_number(prefix, connection.execute(passing).scalar_one() - 1)
        if number is None or not _is_used(session, number):
            return number
    return None


def _is_used(session: Session, number: str) -> bool:
    named = sa.select(sa.literal(1)).where(col(EventEpc.key) == _STEM + number).limit(1)
    issued = sa.select(sa.literal(1)).where(col(IssuedSscc.sscc) == number)
    return session.execute(sa.union_all(named.subquery().select(), issued)).first() is not None


def get(session: Session, actor: Actor, text: str) -> IssuedSscc:
    """A number that was given out to the actor's organisation.

    Raises:
        Gs1Error: `gs1.…`, it is no SSCC.
        NotFoundError: `events.sscc-unknown` (sscc).
    """
    number = Sscc.parse(text).value
    found = session.get(IssuedSscc, number)
    if found is None or not actor.owns(found.party_id):
        raise NotFoundError("events.sscc-unknown", sscc=number)
    return found


def newest(
    session: Session, actor: Actor, limit: int, *, unused: bool = False
) -> Sequence[IssuedSscc]:
    """Numbers given out to the actor's organisation; `unused`: those that no event names."""
    rows = select(IssuedSscc).where(col(IssuedSscc.party_id) == (actor.party_id or 0))
    if unused:
        named = sa.exists().where(col(EventEpc.key) == sa.literal(_STEM) + col(IssuedSscc.sscc))
        rows = rows.where(~named)
    newest_first = rows.order_by(col(IssuedSscc.issued_at).desc(), col(IssuedSscc.sscc).desc())
    return session.exec(newest_first.limit(limit)).all()
