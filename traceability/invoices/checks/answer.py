"""What an origin check answers: agree, not enough evidence, contradict; never "fake".

A check looks at the records of one shop and gives observations: each with what it is about, the
arguments of its sentence, and the evidence. The answer of a check is the gravest of its
observations; without anything to look at it is "not enough evidence", and says so. Where there is
more than a check can read, it looks at a part, and says that too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    CONSISTENT = "consistent"
    """Khớp: the records agree with each other."""
    INSUFFICIENT = "insufficient"
    """Chưa đủ chứng cứ: something is not explained, and may have an innocent reason."""
    CONTRADICTORY = "contradictory"
    """Mâu thuẫn: two records cannot both be right."""


class CheckCode(StrEnum):
    """The rows of the table of origin checks."""

    AUTHENTIC = "authentic"
    FORMAT = "format"
    QR = "qr"
    DUPLICATE = "duplicate"
    REPLACED = "replaced"
    MASS_BALANCE = "mass-balance"
    TIME_ORDER = "time-order"
    AFTER_THE_FACT = "after-the-fact"
    UPSTREAM = "upstream"
    OWNER = "owner"
    SELLER_STATUS = "seller-status"
    PRICE = "price"
    CIRCULAR = "circular"
    LAUNDERING = "laundering"
    NUMBER_ORDER = "number-order"
    PETROL = "petrol"


class Risk(StrEnum):
    """Of a false alarm: how often an honest shop may look like this."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


RISKS: Mapping[CheckCode, Risk] = {
    CheckCode.AUTHENTIC: Risk.LOW,
    CheckCode.FORMAT: Risk.MEDIUM,
    CheckCode.QR: Risk.MEDIUM,
    CheckCode.DUPLICATE: Risk.LOW,
    CheckCode.REPLACED: Risk.LOW,
    CheckCode.MASS_BALANCE: Risk.HIGH,
    CheckCode.TIME_ORDER: Risk.MEDIUM,
    CheckCode.AFTER_THE_FACT: Risk.MEDIUM,
    CheckCode.UPSTREAM: Risk.MEDIUM,
    CheckCode.OWNER: Risk.MEDIUM,
    CheckCode.SELLER_STATUS: Risk.MEDIUM,
    CheckCode.PRICE: Risk.MEDIUM,
    CheckCode.CIRCULAR: Risk.MEDIUM,
    CheckCode.LAUNDERING: Risk.LOW,
    CheckCode.NUMBER_ORDER: Risk.MEDIUM,
    CheckCode.PETROL: Risk.HIGH,
}
"""Why an honest shop may look like this is told beside each answer: the sentence is the app's."""


class EvidenceKind(StrEnum):
    INVOICE = "invoice"
    LEDGER = "ledger"
    STOCK = "stock"
    CLAIM = "claim"
    LIST = "list"
    PUMP = "pump"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that an observation rests on."""

    kind: EvidenceKind
    reference: str
    """As people write it: `1C26TAA 12`, the number of minutes, the source of a list."""
    id: int | None = None
    """Of the record, where it has one."""
    on: date | None = None
    """The day it speaks of."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was seen."""

    answer: Answer
    reason: str
    """A stable code; the sentence is made of it and the arguments."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    product_id: int | None = None
    """The goods it is about; None where it is about a document or a seller."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: CheckCode
    observations: tuple[Observation, ...]
    examined: int
    """How many records the check could look at; nothing seen of none is no agreement."""
    partial: bool = False
    """There was more than could be looked at: nothing seen in a part is no agreement either."""

    @classmethod
    def of(
        cls,
        check: CheckCode,
        observations: Iterable[Observation],
        examined: int,
        *,
        partial: bool = False,
    ) -> "CheckResult":
        """The gravest first; of equal ones in the order in which they were seen."""
        found = sorted(observations, key=lambda seen: -_GRAVITY[seen.answer])
        return cls(check, tuple(found), examined, partial)

    @property
    def answer(self) -> Answer:
        if self.observations:
            return self.observations[0].answer
        whole = self.examined and not self.partial
        return Answer.CONSISTENT if whole else Answer.INSUFFICIENT

    @property
    def risk(self) -> Risk:
        return RISKS[self.check]


_GRAVITY = {Answer.CONSISTENT: 0, Answer.INSUFFICIENT: 1, Answer.CONTRADICTORY: 2}


def insufficient(
    reason: str, *evidence: Evidence, product_id: int | None = None, **arguments: Any
) -> Observation:
    return Observation(Answer.INSUFFICIENT, reason, arguments, evidence, product_id)


def contradictory(
    reason: str, *evidence: Evidence, product_id: int | None = None, **arguments: Any
) -> Observation:
    return Observation(Answer.CONTRADICTORY, reason, arguments, evidence, product_id)
