"""Findings: what a verification says, one statement each, with its evidence.

A finding is a code with arguments; the sentence is made in `app.wording`. The order of
`FindingCode` is the order of precedence, and the level of a verdict is the highest level present.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """From the most to the least urgent."""

    STOP = "stop"
    CARE = "care"
    INSPECTOR = "inspector"
    """For the authorities to look at; the public never sees it."""
    INFO = "info"
    OK = "ok"


class FindingCode(StrEnum):
    RECALLED = "RECALLED"
    WITHDRAWN_RECORD = "WITHDRAWN_RECORD"
    EXPIRED = "EXPIRED"
    DATA_MISMATCH = "DATA_MISMATCH"
    LOOKALIKE_LINK = "LOOKALIKE_LINK"
    UNKNOWN_SERIAL = "UNKNOWN_SERIAL"
    UNUSUAL_REPEAT = "UNUSUAL_REPEAT"
    ALREADY_SUPPLIED = "ALREADY_SUPPLIED"
    PRODUCER_INACTIVE = "PRODUCER_INACTIVE"
    UNALLOCATED_PREFIX = "UNALLOCATED_PREFIX"
    RESTRICTED_NUMBER = "RESTRICTED_NUMBER"
    PREFIX_CONFLICT = "PREFIX_CONFLICT"
    FOREIGN_PREFIX_DOMESTIC_CLAIM = "FOREIGN_PREFIX_DOMESTIC_CLAIM"
    INVOICE_OVERSOLD = "INVOICE_OVERSOLD"
    INVOICE_UNEXPLAINED = "INVOICE_UNEXPLAINED"
    INVOICE_CHAIN_BROKEN = "INVOICE_CHAIN_BROKEN"
    INVOICE_CONFLICT = "INVOICE_CONFLICT"
    INVOICE_OUTSIDE_DIFFERS = "INVOICE_OUTSIDE_DIFFERS"
    INVOICE_OUTSIDE_UNKNOWN = "INVOICE_OUTSIDE_UNKNOWN"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    TRACE_GAP = "TRACE_GAP"
    STALE = "STALE"
    NOT_REGISTERED = "NOT_REGISTERED"
    INVALID_CODE = "INVALID_CODE"
    INVOICE_OUTSIDE_UNAVAILABLE = "INVOICE_OUTSIDE_UNAVAILABLE"
    INVOICE_EXPLAINED = "INVOICE_EXPLAINED"
    INVOICE_OUTSIDE_AGREES = "INVOICE_OUTSIDE_AGREES"
    MATCH_PRODUCT = "MATCH_PRODUCT"
    MATCH_LOT = "MATCH_LOT"
    MATCH_FIRST = "MATCH_FIRST"
    MATCH_REPEAT = "MATCH_REPEAT"


_C = FindingCode
LEVELS: Mapping[FindingCode, Level] = {
    _C.RECALLED: Level.STOP,
    _C.WITHDRAWN_RECORD: Level.STOP,
    _C.EXPIRED: Level.STOP,
    _C.DATA_MISMATCH: Level.CARE,
    _C.LOOKALIKE_LINK: Level.CARE,
    _C.UNKNOWN_SERIAL: Level.CARE,
    _C.UNUSUAL_REPEAT: Level.CARE,
    _C.ALREADY_SUPPLIED: Level.CARE,
    _C.PRODUCER_INACTIVE: Level.CARE,
    _C.UNALLOCATED_PREFIX: Level.CARE,
    _C.RESTRICTED_NUMBER: Level.INFO,
    _C.PREFIX_CONFLICT: Level.INSPECTOR,
    _C.FOREIGN_PREFIX_DOMESTIC_CLAIM: Level.INSPECTOR,
    _C.INVOICE_OVERSOLD: Level.INSPECTOR,
    _C.INVOICE_UNEXPLAINED: Level.INSPECTOR,
    _C.INVOICE_CHAIN_BROKEN: Level.INSPECTOR,
    _C.INVOICE_CONFLICT: Level.INSPECTOR,
    _C.INVOICE_OUTSIDE_DIFFERS: Level.INSPECTOR,
    _C.INVOICE_OUTSIDE_UNKNOWN: Level.INSPECTOR,
    _C.QUOTA_EXCEEDED: Level.INSPECTOR,
    _C.TRACE_GAP: Level.INFO,
    _C.STALE: Level.INFO,
    _C.NOT_REGISTERED: Level.INFO,
    _C.INVALID_CODE: Level.INFO,
    _C.INVOICE_OUTSIDE_UNAVAILABLE: Level.INFO,
    _C.INVOICE_EXPLAINED: Level.OK,
    _C.INVOICE_OUTSIDE_AGREES: Level.OK,
    _C.MATCH_PRODUCT: Level.OK,
    _C.MATCH_LOT: Level.OK,
    _C.MATCH_FIRST: Level.OK,
    _C.MATCH_REPEAT: Level.OK,
}

_PRECEDENCE = {code: place for place, code in enumerate(FindingCode)}
_URGENCY = {level: place for place, level in enumerate(Level)}

INVOICE_CODES = frozenset(code for code in FindingCode if code.startswith("INVOICE_"))
"""Rest on tax data: for the authorities."""

BALANCE_CODES = frozenset(
    {FindingCode.INVOICE_OVERSOLD, FindingCode.INVOICE_UNEXPLAINED, FindingCode.INVOICE_EXPLAINED}
)
"""Rest on the invoices of one shop alone: that shop is told them too. The others rest on the
path beyond it, which is the trade of other firms."""

RESERVED_CODES = INVOICE_CODES | {
    code for code, level in LEVELS.items() if level is Level.INSPECTOR
}
"""Never shown to the public."""


class EvidenceKind(StrEnum):
    CODE = "code"
    """The symbol or text itself."""
    PRODUCT = "product"
    PARTY = "party"
    LOT = "lot"
    SERIAL = "serial"
    CERTIFICATE = "certificate"
    RECALL = "recall"
    SCANS = "scans"
    PREFIX_LIST = "prefix-list"
    INVOICE = "invoice"
    LEDGER = "ledger"
    OUTSIDE_REGISTRY = "outside-registry"
    EVENT = "event"


class Rule(StrEnum):
    """A rule that a finding applies, where it is not told by the finding itself."""

    EXPIRY_ON_CODE = "gs1.ai-17"
    PREFIX_LIST = "gs1.prefix-list"
    REPEATS = "policy.repeats"
    CODE_USE = "decree-37-2026.28"
    BALANCE = "ledger.balance"
    TRACE = "policy.trace"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding rests on."""

    kind: EvidenceKind
    reference: str
    """What to look up: an id, a notice number, the key of an invoice."""
    as_of: datetime | None = None
    """Date of the data."""
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    code: FindingCode
    arguments: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def level(self) -> Level:
        return LEVELS[self.code]


def in_order(findings: "list[Finding]") -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _PRECEDENCE[finding.code]))


def highest(findings: "tuple[Finding, ...]") -> Level:
    """The level of a verdict.

    >>> highest((Finding(FindingCode.MATCH_LOT), Finding(FindingCode.EXPIRED)))
    <Level.STOP: 'stop'>
    """
    return min((finding.level for finding in findings), key=_URGENCY.__getitem__)
