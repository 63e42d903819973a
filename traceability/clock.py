"""The one source of the time: UTC, with zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Vietnam, by which expiry dates and validity are judged."""
    return now().astimezone(VIETNAM).date()
