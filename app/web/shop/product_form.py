"""Registering a product: first its GTIN, explained at once; then what the law asks of it."""

from typing import Annotated, Any

from fastapi import File, Form, Request, Response, UploadFile
from pydantic import BaseModel
from sqlmodel import Session

import gs1
from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_, Translator
from app.web.codes import printed_gtin
from app.web.forms import RefusedError, input_of, refusal
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.web.shop import gtin_check, words
from app.wording.errors import sentence
from scanner import Reading, ScannerError
from traceability.actor import Actor
from traceability.errors import Fault, InvalidError
from traceability.invoices import service as invoices
from traceability.registry import codes, products
from traceability.registry.columns import Cell
from traceability.registry.schemas import DocumentIn, ProductIn

router = page_router()


class ProductFields(BaseModel):
    """The form of a product as typed."""

    name: str = ""
    brand: str = ""
    model: str = ""
    description: str = ""
    category: str = ""
    risk_class: str = "low"
    shelf_life: str = ""
    standards: str = ""
    origin_place: str = ""
    market: str = ""
    certificates: str = ""
    safety_warnings: str = ""
    management_number: str = ""
    display_sample: str = ""

    def texts(self) -> dict[str, str]:
        """The text fields of a product, by the names of the registry."""
        return self.model_dump(include=set(ProductFields.model_fields) - {"display_sample"})


class NewProduct(ProductFields):
    gtin: str = ""
    document_number: str = ""
    document_date: str = ""
    valid_to: str = ""

    def as_input(self) -> ProductIn:
        """Raises InvalidError with every fault."""
        document = {name: getattr(self, name) for name in DocumentIn.model_fields}
        faults: list[Fault] = []
        given = None
        if any(text.strip() for text in document.values()):
            kinds = {"document_date": Cell.DATE, "valid_to": Cell.DATE}
            try:
                given = input_of(DocumentIn, document, kinds)
            except InvalidError as error:
                faults += error.faults
        try:
            found = input_of(
                ProductIn, {"gtin": self.gtin, **self.texts()},
                display_sample=bool(self.display_sample), authorisation=given,
            )  # fmt: skip
        except InvalidError as error:
            raise InvalidError([*error.faults, *faults]) from error
        if faults:
            raise InvalidError(faults)
        return found


@router.get("/shop/products/new")
def new_product(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    gtin: str | None = None,
) -> Response:
    """The question for the GTIN; with one that is free, the questions about the product."""
    if gtin is None:
        return _gtin_page(request, "", {})
    try:
        number = codes.gtin(gtin)
    except InvalidError as error:
        return _gtin_page(request, gtin[:64], field_errors(translate, error.faults))
    view = gtin_check.explain(session, translate, actor, number)
    typed = NewProduct(gtin=printed_gtin(number.value))
    return _form_page(request, view, typed, {})


def _gtin_page(request: Request, typed: str, errors: dict[str, str], **context: Any) -> Response:
    return render(
        request, "shop/product_gtin.html", status=422 if errors else 200, gtin=typed,
        errors=errors, proposals=gtin_check.proposals(typed), **{"found": [], **context},
    )  # fmt: skip


def _form_page(
    request: Request, view: gtin_check.GtinView, typed: NewProduct, errors: dict[str, str]
) -> Response:
    return render(
        request, "shop/product_new.html", status=422 if errors else 200,
        view=view, typed=typed, errors=errors,
        risks=words.options(current_translator(request), words.RISKS),
    )  # fmt: skip


@router.post("/shop/products/new")
def read_gtin(
    request: Request,
    parts: ServicesDep,
    translate: TranslatorDep,
    photo: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """A photograph of the barcode: on to the number in it, or a choice where there are several."""
    data = photo.file.read() if photo else b""
    if not data:
        error = sentence(translate, "web.nothing-sent", {})
        return _gtin_page(request, "", {"photo": error})
    try:
        found = _gtins(parts.scanner.decode(data))
    except ScannerError as error:
        text = sentence(translate, error.code, error.arguments)
        return _gtin_page(request, "", {"photo": text})
    if not found:
        text = translate.text(N_("No GTIN was read. Try a sharper photo, or type the digits."))
        return _gtin_page(request, "", {"photo": text})
    if len(found) == 1:
        return see_other(f"/shop/products/new?gtin={found[0]}")
    return _gtin_page(request, "", {}, found=found)


def _gtins(reading: Reading) -> list[str]:
    """The different GTINs of a picture as printed; doubtful ones are shown to be compared."""
    symbols = [*reading.symbols, *(doubtful.symbol for doubtful in reading.unconfirmed)]
    found = []
    for symbol in symbols:
        try:
            gtin = gs1.read(symbol.text, symbol.symbology_identifier).keys.gtin
        except gs1.Gs1Error:
            continue
        if gtin is not None:
            found.append(printed_gtin(gtin.value))
    return list(dict.fromkeys(found))


@router.post("/shop/products")
def create_product(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[NewProduct, Form()],
) -> Response:
    """Register it; invoice lines that named its GTIN before are linked."""
    try:
        product = products.create_product(session, actor, typed.as_input())
    except RefusedError as error:
        errors = refusal(session, translate, error, "gtin")
        return _refused(request, session, actor, translate, typed, errors)
    invoices.link_new_product(session, product)
    return see_other(f"/shop/products/{product.id}?done=created")


def _refused(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    typed: NewProduct,
    errors: dict[str, str],
) -> Response:
    shown = {name.removeprefix("authorisation."): text for name, text in errors.items()}
    try:
        number = codes.gtin(typed.gtin)
    except InvalidError:
        return _gtin_page(request, typed.gtin[:64], {"gtin": shown.get("gtin", "")})
    view = gtin_check.explain(session, translate, actor, number)
    return _form_page(request, view, typed, shown)
