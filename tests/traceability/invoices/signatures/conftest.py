import pytest

from tests.traceability.invoices.signatures.signed import Desk


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()
