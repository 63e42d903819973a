"""What the HTTP API answers about an outside registry."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from traceability.invoices.outside.answers import InvoiceStatus, Reason
from traceability.invoices.outside.comparing import DifferenceCode
from traceability.invoices.outside.service import Standing


class DifferenceOut(BaseModel):
    code: DifferenceCode
    here: Decimal | None
    """The total on record, where the totals differ."""
    there: Decimal | None


class OutsideOut(BaseModel):
    """What an outside invoice registry said of an invoice, with the dates of both sides."""

    standing: Standing
    """agrees, differs, unknown, unavailable, not-asked."""
    text: str
    source: str
    """Host of the registry."""
    status: InvoiceStatus | None
    total: Decimal | None
    currency: str | None
    seller_name: str | None
    as_of: datetime | None
    """Date of its data, as it says."""
    answered_at: datetime | None
    unavailable: Reason | None
    """Why the last question brought no answer; what stands above is then older."""
    tried_at: datetime | None
    differences: list[DifferenceOut]
