"""Words of certificates with a quantity, for the pages of their holders and of the authorities."""

from collections.abc import Mapping

from app.i18n import N_
from traceability.registry.certificate_models import CertificateStatus

STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    CertificateStatus.PENDING: (N_("Waits for the authority"), "info"),
    CertificateStatus.ACTIVE: (N_("Confirmed"), "ok"),
    CertificateStatus.REFUSED: (N_("Not accepted"), "care"),
    CertificateStatus.REVOKED: (N_("Revoked"), "stop"),
}
"""Word and level of each status."""

SENTENCES: Mapping[str, str] = {
    "registry.certificate-id-unknown": N_("There is no such certificate."),
    "registry.certificate-unknown": N_(
        "There is no certificate {number} of this organisation on record."
    ),
    "registry.certificate-taken": N_("Certificate {number} of this organisation is on record."),
    "registry.certificate-of-another": N_(
        "A certificate is handed in by the organisation that it was issued to."
    ),
    "registry.certificate-of-lot": N_("The lot is counted against certificate {number}."),
    "registry.certificate-other-product": N_("Certificate {number} is not about product {gtin}."),
    "registry.certificate-not-in-force": N_(
        "Nothing can be counted against certificate {number}: it is not confirmed, or today is not between {first} and {last}."
    ),
    "registry.certificate-needed": N_(
        "Product {gtin} is on certificates with a quantity. Name the one that counts. In force: {numbers}."
    ),
    "registry.certificate-decided": N_(
        "Certificate {number} was decided on before: this decision does not follow."
    ),
    "registry.certificate-unit": N_("The certificate counts in {expected}, not in {unit}."),
    "registry.quota-exceeded": N_(
        "{asked} {unit} asked for, {left} of {quantity} left on certificate {number}."
    ),
    "labels.beyond-certificate": N_("At most {limit} labels: certificate {number} is for no more."),
}
