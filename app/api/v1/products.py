"""Products and their photo."""

from typing import Annotated

from fastapi import File, UploadFile

from app.api.answers import Cursor, Limit, Page, Words, id_of_cursor, page, problems
from app.api.examples import AuthorisationBody, ProductBody, ProductPatchBody
from app.api.routing import api_router
from app.api.uploads import ONE_FILE
from app.deps import ApiActor, SessionDep
from app.pictures import as_jpeg
from traceability.invoices import service as invoices
from traceability.registry import authorisations, photos, products, repository
from traceability.registry.schemas import AuthorisationOut, ProductOut

router = api_router("registry")


@router.post(
    "/products", status_code=201, responses=problems(409, 422), summary="Register a product"
)
def create_product(session: SessionDep, actor: ApiActor, product_in: ProductBody) -> ProductOut:
    """Invoice lines that named its GTIN before are linked to it."""
    product = products.create_product(session, actor, product_in)
    invoices.link_new_product(session, product)
    return products.describe(session, [product])[0]


@router.get("/products", responses=problems(422), summary="Products")
def list_products(
    session: SessionDep,
    actor: ApiActor,
    q: Words = None,
    gtin: str | None = None,
    producer_id: int | None = None,
    category: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ProductOut]:
    """`q` finds the beginnings of words with and without marks, and GTINs; `gtin` exactly one."""
    if gtin is not None:
        found = [products.product_of_gtin(session, actor, gtin)]
        return Page(items=products.describe(session, found))
    rows = repository.list_products(
        session, actor, query=q, producer_id=producer_id, category=category,
        after_id=id_of_cursor(cursor) or 0, limit=limit,
    )  # fmt: skip
    return page(products.describe(session, rows), limit, rows[-1].id if rows else None)


@router.get("/products/{product_id}", responses=problems(404), summary="A product")
def get_product(session: SessionDep, actor: ApiActor, product_id: int) -> ProductOut:
    """With its completeness: which of the elements asked for by law are there."""
    return products.describe(session, [products.get_product(session, actor, product_id)])[0]


@router.patch(
    "/products/{product_id}", responses=problems(403, 404, 422), summary="Change a product"
)
def change_product(
    session: SessionDep, actor: ApiActor, product_id: int, change: ProductPatchBody
) -> ProductOut:
    """A GTIN never changes: another number is another product."""
    product = products.change_product(session, actor, product_id, change)
    return products.describe(session, [product])[0]


@router.put(
    "/products/{product_id}/photo",
    responses=problems(403, 404, 413, 422),
    dependencies=[ONE_FILE],
    summary="Set the photo of a product",
)
def set_photo(
    session: SessionDep,
    actor: ApiActor,
    product_id: int,
    file: Annotated[UploadFile, File(description="JPEG, PNG, WebP or HEIC")],
) -> ProductOut:
    """It is made smaller and stripped of what the camera wrote into it, such as the place."""
    picture = as_jpeg(file.file.read())
    product = products.get_product(session, actor, product_id)
    photos.set_photo(session, actor, product, "image/jpeg", picture)
    return products.describe(session, [product])[0]


@router.get(
    "/products/{product_id}/authorisations",
    responses=problems(404),
    summary="Who may use the code, by which document",
)
def list_authorisations(
    session: SessionDep, actor: ApiActor, product_id: int
) -> Page[AuthorisationOut]:
    """All of them for the owner and the authorities; others see their own."""
    return Page(items=authorisations.list_authorisations(session, actor, product_id))


@router.post(
    "/products/{product_id}/authorisations",
    status_code=201,
    responses=problems(403, 404, 422),
    summary="Let a party use the code",
)
def authorise(
    session: SessionDep, actor: ApiActor, product_id: int, authorisation_in: AuthorisationBody
) -> Page[AuthorisationOut]:
    """By the owner of the code or an authority; a product that waited for it is confirmed."""
    authorisations.authorise(session, actor, product_id, authorisation_in)
    return Page(items=authorisations.list_authorisations(session, actor, product_id))


@router.delete(
    "/products/{product_id}/authorisations/{authorisation_id}",
    responses=problems(403, 404),
    summary="End a party's use of the code",
)
def end_authorisation(
    session: SessionDep, actor: ApiActor, product_id: int, authorisation_id: int
) -> Page[AuthorisationOut]:
    """From now on; the row stays, with yesterday as its last day."""
    authorisations.end_authorisation(session, actor, product_id, authorisation_id)
    return Page(items=authorisations.list_authorisations(session, actor, product_id))
