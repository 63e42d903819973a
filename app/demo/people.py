"""Fictional organisations and log-ins of the demonstration."""

from dataclasses import dataclass

from app.demo.goods import gtin_13
from app.demo.invoice_maker import fictional_tax_code
from traceability.actor import Role
from traceability.registry.models import PartyKind


@dataclass(frozen=True, slots=True)
class Organisation:
    key: str
    name: str
    kind: PartyKind
    address: str
    tax_code: str | None = None
    prefix: str | None = None
    gln: str | None = None


def fictional_gln(serial: int) -> str:
    """The `serial`-th location number of a company prefix that no firm of the demonstration has.

    >>> fictional_gln(1)
    '9521199000011'
    """
    return gtin_13("9521199", serial)  # a GLN has the form of a GTIN-13


@dataclass(frozen=True, slots=True)
class LogIn:
    email: str
    password: str
    name: str
    role: Role
    organisation: str | None = None


_AREA = "tỉnh Quảng Ngãi (dữ liệu minh họa)"

ORGANISATIONS = (
    Organisation(
        "old-office", "Sở Khoa học và Công nghệ tỉnh Kon Tum (minh họa)", PartyKind.AGENCY,
        "Kon Tum",
    ),
    Organisation(
        "office", "Sở Khoa học và Công nghệ tỉnh Quảng Ngãi (minh họa)", PartyKind.AGENCY,
        "Quảng Ngãi",
    ),
    Organisation(
        "inspectors", "Đội Quản lý thị trường Ví Dụ", PartyKind.AGENCY, f"Phường Kon Tum, {_AREA}"
    ),
    Organisation("tax", "Thuế cơ sở Ví Dụ", PartyKind.TAX, f"Phường Kon Tum, {_AREA}"),
    Organisation(
        "ginseng", "Hợp tác xã Sâm Ví Dụ", PartyKind.PRODUCER, f"Xã Măng Ri, {_AREA}",
        fictional_tax_code(101), "9521101", gln=fictional_gln(1),
    ),
    Organisation(
        "coffee", "Công ty Cà phê Ví Dụ", PartyKind.PRODUCER, f"Xã Đăk Hà, {_AREA}",
        fictional_tax_code(102), "9521102", gln=fictional_gln(2),
    ),
    Organisation(
        "milk", "Công ty Sữa Ví Dụ", PartyKind.PRODUCER, f"Khu công nghiệp Ví Dụ, {_AREA}",
        fictional_tax_code(103), "9521103", gln=fictional_gln(3),
    ),
    Organisation(
        "medicine", "Công ty Dược Ví Dụ", PartyKind.IMPORTER, f"Phường Đăk Cấm, {_AREA}",
        fictional_tax_code(104), "9521104", gln=fictional_gln(4),
    ),
    Organisation(
        "distributor", "Công ty Phân phối Ví Dụ", PartyKind.DISTRIBUTOR,
        f"Phường Kon Tum, {_AREA}", fictional_tax_code(105), gln=fictional_gln(5),
    ),
    Organisation(
        "shop", "Cửa hàng Ví Dụ Một", PartyKind.SHOP, f"Phường Kon Tum, {_AREA}",
        fictional_tax_code(106), gln=fictional_gln(6),
    ),
    Organisation(
        "other-shop", "Cửa hàng Ví Dụ Hai", PartyKind.SHOP, f"Xã Bờ Y, {_AREA}",
        fictional_tax_code(107), gln=fictional_gln(7),
    ),
)  # fmt: skip

LOG_INS = (
    LogIn("admin@vidu.example", "quan-tri-minh-hoa", "Quản trị (minh họa)", Role.ADMIN),
    LogIn(
        "lanhdao@vidu.example", "lanh-dao-minh-hoa", "Lãnh đạo (minh họa)", Role.SUPERVISOR,
        "office",
    ),
    LogIn(
        "kiemsoat@vidu.example", "kiem-soat-minh-hoa", "Kiểm soát viên (minh họa)", Role.INSPECTOR,
        "inspectors",
    ),
    LogIn(
        "sam@vidu.example", "hop-tac-xa-minh-hoa", "Xã viên (minh họa)", Role.PRODUCER, "ginseng"
    ),
    LogIn(
        "cuahang@vidu.example", "cua-hang-minh-hoa", "Chủ cửa hàng (minh họa)", Role.SHOP, "shop"
    ),
    LogIn("thue@vidu.example", "co-quan-thue-minh-hoa", "Thuế (minh họa)", Role.TAX, "tax"),
    LogIn("kiemtoan@vidu.example", "kiem-toan-minh-hoa", "Kiểm toán (minh họa)", Role.AUDITOR),
)  # fmt: skip
"""Loaded only by the demonstration; no installation for real has them."""
