"""The verdict on one code, its three projections, and its form for keeping.

One verdict is computed; what of it is shown depends on who asks. The public never sees a finding
that rests on invoices or is reserved for the authorities, whatever was computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson

from gs1 import Reading
from traceability.verification.findings import (
    BALANCE_CODES,
    RESERVED_CODES,
    Evidence,
    EvidenceKind,
    Finding,
    FindingCode,
    Level,
    Rule,
    highest,
    in_order,
)
from traceability.verification.lookup import Record


class Audience(StrEnum):
    CONSUMER = "consumer"
    SHOP = "shop"
    INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[Finding, ...]
    """In order of precedence; never empty."""
    policy_version: str
    at: datetime
    """When it was computed, and the date of the data it rests on."""
    reading: Reading | None = None
    """None when nothing could be read."""
    record: Record | None = None

    @property
    def level(self) -> Level:
        return highest(self.findings)

    def for_audience(self, audience: Audience) -> "Verdict":
        """What of it this audience may see."""
        if audience is Audience.INSPECTOR:
            return self
        hidden = RESERVED_CODES if audience is Audience.CONSUMER else RESERVED_CODES - BALANCE_CODES
        kept = tuple(finding for finding in self.findings if finding.code not in hidden)
        if any(finding.code is FindingCode.TRACE_GAP for finding in kept):
            kept = tuple(map(_without_event_ids, kept))
        elif len(kept) == len(self.findings):
            return self
        return replace(self, findings=kept)

    def as_bytes(self) -> bytes:
        """The findings as JSON, for the scan's row."""
        return orjson.dumps(
            {
                "at": self.at,
                "policy_version": self.policy_version,
                "findings": [
                    {"code": f.code, "arguments": dict(f.arguments), "evidence": f.evidence}
                    for f in self.findings
                ],
            },
            default=_plain,
        )


def _without_event_ids(finding: Finding) -> Finding:
    """Who recorded an event chose its id, which may name trade partners."""
    return replace(
        finding,
        evidence=tuple(
            replace(each, reference="") if each.kind is EvidenceKind.EVENT else each
            for each in finding.evidence
        ),
    )


def make_verdict(
    findings: list[Finding],
    policy_version: str,
    at: datetime,
    reading: Reading | None = None,
    record: Record | None = None,
) -> Verdict:
    return Verdict(in_order(findings), policy_version, at, reading, record)


def verdict_of_bytes(data: bytes) -> Verdict:
    """A kept verdict, as it was given."""
    kept = orjson.loads(data)
    findings = tuple(
        Finding(
            FindingCode(f["code"]), _typed(f["arguments"]), tuple(map(_evidence, f["evidence"]))
        )
        for f in kept["findings"]
    )
    return Verdict(findings, kept["policy_version"], datetime.fromisoformat(kept["at"]))


def _evidence(kept: Mapping[str, Any]) -> Evidence:
    as_of = kept["as_of"]
    return Evidence(
        EvidenceKind(kept["kind"]),
        kept["reference"],
        datetime.fromisoformat(as_of) if as_of else None,
        Rule(kept["rule"]) if kept["rule"] else None,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    raise TypeError(type(value).__name__)


def _typed(value: Any) -> Any:
    """Dates, times and decimals of kept arguments back from JSON, so that sentences read alike."""
    match value:
        case {"decimal": str(text)}:
            return Decimal(text)
        case dict():
            return {name: _typed(inner) for name, inner in value.items()}
        case list():
            return [_typed(inner) for inner in value]
        case str() if len(value) >= 10 and value[4:5] == "-" and value[7:8] == "-":
            return _date_or_text(value)
        case _:
            return value


def _date_or_text(text: str) -> Any:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return text
