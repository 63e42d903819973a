"""Ask an outside invoice registry about an invoice, for the authorities."""

from app.api.answers import problems
from app.api.routing import api_router
from app.deps import ApiActor, ServicesDep, TranslatorDep
from app.wording.outside_view import outside_view
from traceability.invoices.outside.asking import ask_now
from traceability.invoices.outside.schemas import OutsideOut

router = api_router("invoices")


@router.post(
    "/invoices/{invoice_id}/outside",
    responses=problems(404),
    summary="Ask the outside invoice registry about an invoice",
)
def ask_outside(
    parts: ServicesDep, actor: ApiActor, translate: TranslatorDep, invoice_id: int
) -> OutsideOut:
    """Waits for the deadline of the settings at most; when it is down, the answer says so.

    The registry is told the number of the invoice (seller's tax code, form, symbol, number) and
    nothing else.
    """
    told = ask_now(parts.database, parts.outside, actor, invoice_id)
    return OutsideOut.model_validate(outside_view(translate, told))
