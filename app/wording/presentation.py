"""A verdict as it is shown: the one form that the API sends and the pages draw.

Built for an audience: what that audience may not see is not in it.
"""

from typing import Any

from app.i18n import Translator
from app.wording.verdict import EVIDENCE_WORDS, RULE_WORDS, finding_text, level_word
from traceability.verification.findings import Evidence, Finding
from traceability.verification.verdict import Audience, Verdict


def verdict_view(translate: Translator, verdict: Verdict, audience: Audience) -> dict[str, Any]:
    """`level`, `findings` in order of precedence, `policy_version`, `at`."""
    seen = verdict.for_audience(audience)
    level = seen.level
    return {
        "level": level,
        "title": level_word(translate, level),
        "text": finding_text(translate, seen.findings[0]),
        "findings": [_finding(translate, finding) for finding in seen.findings],
        "policy_version": seen.policy_version,
        "at": seen.at,
    }


def _finding(translate: Translator, finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "level": finding.level,
        "text": finding_text(translate, finding),
        "evidence": [_evidence(translate, evidence) for evidence in finding.evidence],
    }


def _evidence(translate: Translator, evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "text": translate.text(EVIDENCE_WORDS[evidence.kind]),
        "reference": evidence.reference,
        "as_of": evidence.as_of,
        "rule": translate.text(RULE_WORDS[evidence.rule]) if evidence.rule else None,
    }


def record_view(verdict: Verdict) -> dict[str, Any]:
    """What is registered, in the words a consumer may read: product, producer, lot."""
    record, reading = verdict.record, verdict.reading
    view: dict[str, Any] = {"key": None, "product": None, "producer": None, "lot": None}
    if reading is not None:
        keys = reading.keys
        view["key"] = {
            "gtin": keys.gtin.value if keys.gtin else None,
            "lot": keys.lot,
            "serial": keys.serial,
            "expiry_date": keys.expiry,
            "element_string": reading.as_bracketed(),
        }
    if record is None:
        return view
    view["product"] = {
        "gtin": record.gtin,
        "name": record.name,
        "brand": record.brand,
        "model": record.model,
        "category": record.category,
        "origin_place": record.origin_place,
    }
    view["producer"] = {"name": record.producer.name, "address": record.producer.address}
    if record.lot is not None:
        view["lot"] = {
            "lot": record.lot.lot,
            "production_date": record.lot.production_date,
            "expiry_date": record.lot.expiry_date,
        }
    return view
