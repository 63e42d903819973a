from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from tests.traceability.verification import goods
from traceability.actor import PUBLIC
from traceability.db import Database
from traceability.verification import service
from traceability.verification.case import Context
from traceability.verification.models import SerialActivity

UNIT = service.Symbol(f"(01){goods.GTIN}(10)LOT1(21)SN1")


def test_of_scans_at_the_same_moment_one_is_the_first_and_all_are_counted(
    database: Database,
) -> None:
    goods.stocked(database)

    def scan(device: int) -> str:
        with database.writing() as session:
            verdict = service.scan(session, UNIT, Context(PUBLIC, f"device:{device}"))[1]
            return str(verdict.findings[0].code)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(scan, range(4)))
    assert answers == ["MATCH_FIRST", "MATCH_REPEAT", "MATCH_REPEAT", "MATCH_REPEAT"]
    with database.reading() as session:
        assert session.exec(select(SerialActivity.scans)).one() == 4
