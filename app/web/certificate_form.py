"""The form of a certificate with a quantity: of its holder, and of an authority for a holder."""

import hashlib
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from app.i18n import Translator
from app.web.forms import input_of, refusal
from traceability.errors import ConflictError, InvalidError
from traceability.registry.certificate_schemas import CertificateIn
from traceability.registry.columns import Cell

_KINDS = {
    "quantity": Cell.QUANTITY,
    "per_serial": Cell.QUANTITY,
    "valid_from": Cell.DATE,
    "valid_to": Cell.DATE,
}


class NewCertificate(BaseModel):
    """The form as typed; GTINs one a line."""

    holder: str = ""
    """Whom it was issued to, as an authority types it; empty for one's own."""
    number: str = ""
    issuer: str = ""
    gtins: str = ""
    quantity: str = ""
    unit: str = ""
    per_serial: str = ""
    area: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def as_input(self, document: bytes, **values: Any) -> CertificateIn:
        """The document is not kept: its digest says later whether a file is the same.

        Raises:
            InvalidError: every fault of every field.
        """
        values["gtins"] = self.gtins.split()
        if document:
            values["document_digest"] = hashlib.sha256(document).hexdigest()
        texts = self.model_dump(exclude={"gtins", "holder"})
        return input_of(CertificateIn, texts, _KINDS, **values)


def faults_of_form(
    session: Session, translate: Translator, error: InvalidError | ConflictError
) -> dict[str, str]:
    """Field -> sentence; what is wrong with a line of the GTINs stands at their field."""
    errors = refusal(session, translate, error, "number")
    of_lines = [name for name in errors if name.startswith("gtins.")]
    texts = [errors.pop(name) for name in of_lines]
    if texts:
        errors["gtins"] = texts[0]
    return errors
