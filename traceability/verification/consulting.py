"""Ask the outside registry about the invoices behind goods, before a verdict on them begins.

A verdict on a scan is one transaction that writes; it must not wait for somebody else's machine.
So the path is looked up in a reading session of its own, the registry is asked with none open,
and what came of it goes into the `Context` of the verdict.
"""

from sqlmodel import Session

import gs1
from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.db import Database
from traceability.invoices import chain
from traceability.invoices.models import Invoice
from traceability.invoices.outside import repository as outside_repository
from traceability.invoices.outside.service import Consultation, OutsideRegistry
from traceability.registry import repository as registry
from traceability.registry.models import Party
from traceability.verification.service import MAX_SCAN_DATA, Symbol


def ask_outside(
    database: Database,
    outside: OutsideRegistry | None,
    actor: Actor,
    symbol: Symbol,
    shop_id: int | None,
) -> tuple[Consultation, ...]:
    """What the registry says of the invoices from this shop up to the producer.

    Empty for anybody but the authorities, without a shop, and where no registry is set up: such a
    verdict neither asks nor says anything of it.
    """
    if outside is None or shop_id is None or not actor.sees_everything:
        return ()
    with database.reading() as session:
        invoices = _on_the_path(session, symbol, shop_id)
    return tuple(outside.consult(actor, invoices)) if invoices else ()


def _on_the_path(session: Session, symbol: Symbol, shop_id: int) -> list[Invoice]:
    if symbol.scan_data is None or len(symbol.scan_data) > MAX_SCAN_DATA:
        return []
    try:
        gtin = gs1.read(symbol.scan_data, symbol.symbology_identifier).keys.gtin
    except Gs1Error:
        return []  # the verdict will say that nothing could be read
    shop = session.get(Party, shop_id)
    product = gtin and registry.products_with_gtins(session, [gtin.value]).get(gtin.value)
    if not product or shop is None or not shop.tax_code:
        return []
    path = chain.path_to_producer(session, shop.tax_code, product)
    return outside_repository.invoices_of(session, [hop.invoice_id for hop in path.hops])
