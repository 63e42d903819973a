"""One example for each body of the registry, as the description of the API shows it.

The schemas themselves are the domain's, which knows nothing of a description.
"""

from typing import Annotated, Any

from fastapi import Body

from traceability.enforcement.schemas import ReportDecision
from traceability.events.recall_schemas import RecallClosingIn, RecalledIn, RecallIn
from traceability.events.recalling.schemas import RecallAnswerIn, WebhookIn
from traceability.registry.certificate_schemas import CertificateDecisionIn, CertificateIn
from traceability.registry.schemas import (
    AuthorisationIn,
    DecisionIn,
    LotIn,
    LotPatch,
    PartyIn,
    PartyPatch,
    ProductIn,
    ProductPatch,
    SampleIn,
    SerialPatch,
    SerialsIn,
    SerialsIssueIn,
)
from traceability.resolver.schemas import LinkIn

_GTIN = "9521101000016"


def _example(**fields: Any) -> Any:
    return Body(examples=[fields])


PartyBody = Annotated[
    PartyIn,
    _example(
        name="Hợp tác xã Ví Dụ", kind="producer", tax_code="9999100017", gln="9524000059109",
        address="Xã Măng Ri, tỉnh Quảng Ngãi", area_code="51", company_prefixes=["9521101"],
    ),
]  # fmt: skip
AuthorisationBody = Annotated[
    AuthorisationIn,
    _example(party_id=9, document_number="07/UQ-VD", document_date="2026-01-15"),
]
PartyPatchBody = Annotated[PartyPatch, _example(phone="0260 000 000")]
DecisionBody = Annotated[DecisionIn, _example(status="active", decision_number="12/QĐ-VD")]
ProductBody = Annotated[
    ProductIn,
    _example(
        gtin=_GTIN, name="Sâm củ tươi Ví Dụ 50 g", brand="Sâm Ví Dụ", category="ginseng",
        shelf_life="30 ngày ở 4 °C", origin_place="Xã Măng Ri, tỉnh Quảng Ngãi",
    ),
]  # fmt: skip
ProductPatchBody = Annotated[ProductPatch, _example(standards="TCCS 01:2026/VD")]
LotBody = Annotated[
    LotIn,
    _example(
        gtin=_GTIN, lot="SAM2610", production_date="2026-10-12", expiry_date="2027-10-12",
        quantity="500", unit="Củ",
    ),
]  # fmt: skip
CertificateBody = Annotated[
    CertificateIn,
    _example(
        number="01/GCN-VD", issuer="Sở Nông nghiệp và Môi trường tỉnh Ví Dụ", party_id=9,
        gtins=[_GTIN], quantity="10000", unit="củ", valid_from="2026-01-01", valid_to="2026-12-31",
    ),
]  # fmt: skip
CertificateDecisionBody = Annotated[
    CertificateDecisionIn, _example(status="active", decision_number="12/QĐ-VD")
]
LotPatchBody = Annotated[LotPatch, _example(quantity="480")]
SerialsBody = Annotated[
    SerialsIn | SerialsIssueIn,
    Body(
        examples=[
            {"gtin": _GTIN, "lot": "SAM2610", "serials": ["VD000001", "VD000002"]},
            {"gtin": _GTIN, "lot": "SAM2610", "count": 100},
        ]
    ),
]
SerialPatchBody = Annotated[SerialPatch, _example(status="supplied", status_on="2026-11-01")]
SampleBody = Annotated[SampleIn, _example(display_sample=True)]
RecallBody = Annotated[
    RecallIn,
    _example(
        gtin=_GTIN, lot="SAM2610", notice_number="15/TB-VD", notice_date="2026-11-02",
        reason="Chỉ tiêu vi sinh không đạt (ví dụ).", advice="Ngừng dùng và mang trả nơi đã mua.",
    ),
]  # fmt: skip
RecalledBody = Annotated[RecalledIn, _example(inputs=[f"01/0{_GTIN}/10/SAM2610"])]
RecallAnswerBody = Annotated[
    RecallAnswerIn, _example(found="12", returned="10", destroyed="2", note="Ở kho (ví dụ)")
]
RecallWebhookBody = Annotated[WebhookIn, _example(dest="https://maker.example/recalls")]
RecallClosingBody = Annotated[RecallClosingIn, _example(closing_decision="16/QĐ-VD")]
LinkBody = Annotated[
    LinkIn,
    _example(
        gtin=_GTIN, link_type="certificationInfo", href="https://maker.example/cert/{lot}",
        title="Giấy chứng nhận (ví dụ)", language="vi",
    ),
]  # fmt: skip
ReportDecisionBody = Annotated[
    ReportDecision, _example(status="closed", answer="Đã kiểm tra tại cửa hàng (ví dụ).")
]
