"""Sheets of labels as queued work: up to 100,000 labels, file by file.

Each file is a part of the job, kept in the transaction that says how far the job is. A worker that
is killed loses the file in hand; the next one goes on after the last part. Cancelling works
between two files. A job holds the labels of one file in memory, and its process of typesetting
ends with the file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from app.labels.choices import MOST_LABELS, SheetOrder
from app.labels.items import Labelling, check_serial, labelled_product, registered_lot
from app.settings import Settings
from scanner.item import Item
from scanner.layout import lay_out
from scanner.papers import PAPERS
from scanner.press import press
from traceability import jobs
from traceability.actor import Actor
from traceability.errors import ConflictError, InvalidError
from traceability.jobs import Job, Task
from traceability.registry import label_repository
from traceability.registry.models import Lot, Product
from traceability.registry.quotas import Goods, Quotas

KIND = "labels.sheets"
MOST_WAITING = 5
"""Orders of one organisation that are not finished: nobody fills the queue of all."""


def enqueue_sheets(
    session: Session, settings: Settings, actor: Actor, product: Product, order: SheetOrder
) -> Job:
    """Queue sheets of labels, after laying out the longest of them to see that it fits.

    Raises:
        NotFoundError: `registry.lot-unknown` or `registry.serial-unknown`.
        ConflictError: `labels.too-many-jobs` (limit).
        InvalidError: `labels.no-serials` (gtin), `labels.too-many` (count, limit),
            `labels.beyond-certificate` (number, limit).
        ScannerError: the labels cannot be made as asked.
    """
    waiting = jobs.unfinished(session, KIND, actor.party_id)
    if waiting >= MOST_WAITING:
        raise ConflictError("labels.too-many-jobs", limit=MOST_WAITING)
    lot = registered_lot(session, product, order.lot)
    check_serial(session, product, order.serial)
    _check_certificate(session, actor, product, lot, order)
    payload: dict[str, Any] = {
        "product_id": product.id, "file_name": f"{product.gtin}-{order.paper}",
        "order": order.model_dump(mode="json"), "public_url": settings.public_url,
        "actor": asdict(actor),
        "labels_page": f"/shop/products/{product.id}/labels",
    }  # fmt: skip
    longest, total = order.serial, order.count or 1
    if order.serials:
        found = label_repository.serials_to_label(session, product.id or 0, lot.id if lot else None)
        total = min(found.total, order.count or found.total)
        longest, payload["up_to_id"] = found.longest, found.up_to_id
        if not total:
            raise InvalidError.of("serials", "labels.no-serials", gtin=product.gtin)
    if total > MOST_LABELS:
        raise InvalidError.of("count", "labels.too-many", count=total, limit=MOST_LABELS)
    labelling = Labelling(settings.public_url, product, order.language)
    item = labelling.item(order.lot, longest, lot.expiry_date if lot else None)
    lay_out(item, order.plan(item, PAPERS[order.paper.value]))
    job = jobs.enqueue(session, KIND, payload | {"total": total}, party_id=actor.party_id)
    job.total = total
    session.flush()
    return job


def _check_certificate(
    session: Session, actor: Actor, product: Product, lot: Lot | None, order: SheetOrder
) -> None:
    """Copies of a label without serials: no more than the certificate of the goods is for."""
    if order.serials or order.serial:
        return  # each was counted when it was issued
    goods = Goods.of(product)
    quotas = Quotas(session, actor, [goods], [lot.certificate_id if lot else None], lock=False)
    most = quotas.most_labels(goods, lot)
    if most is not None and (order.count or 1) > most[1]:
        raise InvalidError.of("count", "labels.beyond-certificate", number=most[0], limit=most[1])


def handle(task: Task, tell: Callable[[int], None] | None = None) -> Mapping[str, Any]:
    """Make the files that are not made yet; the handler of `labels.sheets`.

    Args:
        task: the job.
        tell: called with the number of labels made, after each file.

    Raises:
        NotFoundError: `registry.product-unknown` when the actor may no longer use the code.
        ScannerError: a label cannot be made.
        JobLostError: the job was cancelled.
    """
    order = SheetOrder.model_validate(task.payload["order"])
    paper, total = PAPERS[order.paper.value], int(task.payload["total"])
    with task.database.reading() as session:
        actor = Actor.of_dict(task.payload["actor"])
        labelled_product(session, actor, task.payload["product_id"])
    title = str(task.payload["file_name"])
    number, done, mark = task.last_part()
    while done < total:
        items, mark = _items(task, order, mark, min(paper.labels_a_file, total - done))
        if not items:
            break  # serials were withdrawn since they were counted
        number, done = number + 1, done + len(items)
        plan = order.plan(items[0], paper)
        pdf = press(items, paper, plan, f"{title}-{number:03d}", order.language)
        task.keep(number, pdf, done=done, total=total, mark=mark)
        if tell is not None:
            tell(done)
    return {"labels": done, "files": number, "pages": -(-done // paper.labels_a_page)}


def _items(task: Task, order: SheetOrder, after_id: int, some: int) -> tuple[Sequence[Item], int]:
    """The next labels, and where those after them begin."""
    with task.database.reading() as session:
        product = session.get_one(Product, task.payload["product_id"])
        labelling = Labelling(task.payload["public_url"], product, order.language)
        if not order.serials:
            lot = registered_lot(session, product, order.lot)
            item = labelling.item(order.lot, order.serial, lot.expiry_date if lot else None)
            return [item] * some, 0
        rows = label_repository.next_to_label(
            session, product.id or 0, order.lot, after_id=after_id,
            up_to_id=int(task.payload["up_to_id"]), limit=some,
        )  # fmt: skip
        items = [labelling.item(row.lot, row.serial, row.expiry) for row in rows]
        return items, rows[-1].id if rows else after_id
