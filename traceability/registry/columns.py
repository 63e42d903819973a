"""Columns of the tables that are imported and exported, with the headings people write.

A column's own name is that of the field in the API. A heading is recognised whatever its case,
diacritics and blanks, in Vietnamese and in English.

>>> find_column(Table.PRODUCTS, "Tên  SẢN PHẨM").name
'name'
>>> find_column(Table.LOTS, "Expiry date").name
'expiry_date'
>>> find_column(Table.LOTS, "colour") is None
True
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from traceability.folding import words


class Table(StrEnum):
    """What a table lists."""

    PRODUCTS = "products"
    LOTS = "lots"
    SERIALS = "serials"


class Cell(StrEnum):
    """How the cells of a column are read."""

    CODE = "code"
    """Digits or signs to be kept as they are: GTIN, lot, serial."""
    TEXT = "text"
    DATE = "date"
    QUANTITY = "quantity"
    NUMBER = "number"
    """A whole number: an id."""
    FLAG = "flag"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    """Name in the API and in exports."""
    cell: Cell
    vi: str
    """Heading in Vietnamese, as in the template."""
    en: str
    example: str | None = None
    """What the template shows; None leaves the cell empty."""
    required: bool = False
    also: tuple[str, ...] = ()
    """Further headings in use."""

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.name, self.vi, self.en, *self.also)


_GTIN = Column(
    "gtin", Cell.CODE, "Mã GTIN", "GTIN", "9520000000103", required=True,
    also=("mã vạch", "mã sản phẩm", "barcode", "ean"),
)  # fmt: skip
_LOT = Column(
    "lot", Cell.CODE, "Số lô", "Lot", "VD-2026-01",
    also=("lô", "mã lô", "lot number", "batch", "batch number"),
)  # fmt: skip
_CERTIFICATE = Column(
    "certificate", Cell.TEXT, "Số giấy xác nhận số lượng", "Quantity certificate",
    also=("giấy xác nhận", "certificate number"),
)  # fmt: skip

COLUMNS: dict[Table, tuple[Column, ...]] = {
    Table.PRODUCTS: (
        _GTIN,
        Column(
            "name", Cell.TEXT, "Tên sản phẩm", "Product name", "Cà phê bột ví dụ 500 g",
            required=True, also=("tên hàng", "tên hàng hóa"),
        ),
        Column("brand", Cell.TEXT, "Nhãn hiệu", "Brand", "Nhãn Ví Dụ", also=("thương hiệu",)),
        Column("model", Cell.TEXT, "Kiểu mẫu", "Model", also=("model sản phẩm",)),
        Column("description", Cell.TEXT, "Mô tả", "Description", "Rang mộc, xay vừa"),
        Column(
            "category", Cell.TEXT, "Nhóm hàng", "Category", "cà phê",
            also=("nhóm sản phẩm", "ngành hàng", "product group"),
        ),
        Column("risk_class", Cell.RISK, "Mức rủi ro", "Risk class", "low", also=("rủi ro",)),
        Column(
            "producer_id", Cell.NUMBER, "Số hiệu cơ sở", "Producer id",
            also=("mã cơ sở", "id cơ sở"),
        ),
        Column(
            "producer_tax_code", Cell.CODE, "Mã số thuế", "Producer tax code",
            also=("mst", "mã số thuế cơ sở", "tax code"),
        ),
        Column(
            "shelf_life", Cell.TEXT, "Thời hạn sử dụng", "Shelf life", "12 tháng",
            also=("hạn dùng",),
        ),
        Column(
            "standards", Cell.TEXT, "Tiêu chuẩn", "Standards", "TCCS 01:2026/VD",
            also=("tiêu chuẩn áp dụng",),
        ),
        Column(
            "origin_place", Cell.TEXT, "Nơi xuất xứ", "Origin place", "tỉnh Quảng Ngãi",
            also=("xuất xứ", "origin"),
        ),
        Column("market", Cell.TEXT, "Thị trường", "Market", "Việt Nam"),
        Column("certificates", Cell.TEXT, "Chứng nhận", "Certificates", also=("giấy chứng nhận",)),
        Column("safety_warnings", Cell.TEXT, "Cảnh báo an toàn", "Safety warnings"),
        Column(
            "management_number", Cell.TEXT, "Số đăng ký, công bố", "Management number",
            also=("số công bố", "số đăng ký"),
        ),
        Column("display_sample", Cell.FLAG, "Hàng trưng bày", "Display sample"),
        Column("authorisation_number", Cell.TEXT, "Số văn bản ủy quyền", "Authorisation number"),
        Column("authorisation_date", Cell.DATE, "Ngày văn bản ủy quyền", "Authorisation date"),
        Column(
            "authorisation_valid_to", Cell.DATE, "Hạn văn bản ủy quyền", "Authorisation valid to"
        ),
    ),
    Table.LOTS: (
        _GTIN,
        Column(_LOT.name, _LOT.cell, _LOT.vi, _LOT.en, _LOT.example, True, _LOT.also),
        Column(
            "production_date", Cell.DATE, "Ngày sản xuất", "Production date", "2026-10-01",
            also=("nsx", "ngày đóng gói", "packaging date"),
        ),
        Column(
            "expiry_date", Cell.DATE, "Hạn sử dụng", "Expiry date", "2027-10-01",
            also=("hsd", "ngày hết hạn", "hạn dùng", "best before"),
        ),
        Column("quantity", Cell.QUANTITY, "Số lượng", "Quantity", "1200", also=("qty",)),
        Column("unit", Cell.TEXT, "Đơn vị", "Unit", "gói", also=("đơn vị tính", "đvt")),
        Column(
            "place", Cell.TEXT, "Nơi sản xuất", "Place", "xã Măng Ri, tỉnh Quảng Ngãi",
            also=("nơi đóng gói", "mã số vùng trồng", "production place"),
        ),
        _CERTIFICATE,
    ),
    Table.SERIALS: (
        _GTIN,
        _LOT,
        Column(
            "serial", Cell.CODE, "Số sê-ri", "Serial", "VD0000000001", required=True,
            also=("sê-ri", "serial number", "số serial"),
        ),
        _CERTIFICATE,
    ),
}  # fmt: skip


def _key(heading: str) -> str:
    return " ".join(words(heading.replace("_", " ")))


@cache
def _by_heading(table: Table) -> dict[str, Column]:
    return {_key(heading): column for column in COLUMNS[table] for heading in column.headings}


def find_column(table: Table, heading: str) -> Column | None:
    """The column that a heading names, or None."""
    return _by_heading(table).get(_key(heading[:200]))
