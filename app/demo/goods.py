"""Fictional products, lots and serials of the demonstration, under the demonstration prefix 952."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gs1 import check_digit


def gtin_13(prefix: str, item: int) -> str:
    """A GTIN-13 of a company prefix and an item number.

    >>> gtin_13("9521101", 1)
    '9521101000016'
    """
    body = f"{prefix}{item:0{12 - len(prefix)}d}"
    return body + check_digit.compute(body)


@dataclass(frozen=True, slots=True)
class DemoLot:
    lot: str
    production_date: date
    expiry_date: date
    quantity: int
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoProduct:
    producer: str
    gtin: str
    fields: dict[str, Any]
    lots: tuple[DemoLot, ...] = ()
    wholesale: int = 100_000
    """đồng a unit, before tax."""
    unit: str = field(default="Hộp")


GINSENG = gtin_13("9521101", 1)
COFFEE = gtin_13("9521102", 1)
MILK = gtin_13("9521103", 1)
MEDICINE = gtin_13("9521104", 1)
NOT_REGISTERED = gtin_13("9521105", 1)
FRESH_ROOTS = gtin_13("9521101", 500)
MILK_BASE = gtin_13("9521103", 500)
"""What the goods are made from."""

PRODUCTS = (
    DemoProduct(
        "ginseng",
        GINSENG,
        {
            "name": "Sâm Ngọc Linh Ví Dụ, củ tươi 50 g",
            "brand": "Sâm Ví Dụ",
            "category": "ginseng",
            "risk_class": "high",
            "description": "Củ sâm tươi trồng dưới tán rừng (sản phẩm minh họa, không có thật).",
            "shelf_life": "30 ngày ở 4 °C",
            "standards": "TCCS 01:2026/VIDU",
            "origin_place": "Xã Măng Ri, tỉnh Quảng Ngãi",
            "market": "Việt Nam",
            "certificates": "Giấy chứng nhận minh họa 01/2026",
        },
        (
            DemoLot(
                "SAM2610",
                date(2026, 10, 12),
                date(2027, 10, 12),
                500,
                tuple(f"VD{n:06d}" for n in range(1, 41)),
            ),
        ),
        wholesale=2_400_000,
        unit="Củ",
    ),
    DemoProduct(
        "coffee",
        COFFEE,
        {
            "name": "Cà phê rang xay Ví Dụ 500 g",
            "brand": "Cà phê Ví Dụ",
            "category": "coffee",
            "risk_class": "medium",
            "description": "Cà phê Arabica rang xay (sản phẩm minh họa).",
            "shelf_life": "12 tháng",
            "standards": "TCVN 5251",
            "origin_place": "Xã Đăk Hà, tỉnh Quảng Ngãi",
            "market": "Việt Nam",
        },
        (DemoLot("CF2609", date(2026, 9, 1), date(2027, 9, 1), 2000),),
        wholesale=90_000,
        unit="Gói",
    ),
    DemoProduct(
        "milk",
        MILK,
        {
            "name": "Sữa bột Ví Dụ 400 g",
            "brand": "Sữa Ví Dụ",
            "category": "milk",
            "risk_class": "high",
            "description": "Sữa bột cho trẻ từ 3 tuổi (sản phẩm minh họa).",
            "shelf_life": "24 tháng",
            "standards": "QCVN 5-2:2010/BYT",
            "origin_place": "Khu công nghiệp Ví Dụ",
            "market": "Việt Nam",
            "safety_warnings": "Không dùng cho trẻ dị ứng đạm sữa bò.",
        },
        (
            DemoLot("SB2607", date(2026, 7, 10), date(2028, 7, 10), 5000),
            DemoLot("SB2608", date(2026, 8, 10), date(2028, 8, 10), 5000),
            DemoLot("SB2608B", date(2026, 8, 10), date(2028, 8, 10), 1000),
        ),
        wholesale=120_000,
    ),
    DemoProduct(
        "medicine",
        MEDICINE,
        {
            "name": "Viên uống Ví Dụ, hộp 30 viên",
            "brand": "Dược Ví Dụ",
            "category": "medicine",
            "risk_class": "high",
            "description": "Viên uống minh họa, không phải thuốc thật.",
            "shelf_life": "24 tháng",
            "origin_place": "Nhập khẩu (minh họa)",
            "management_number": "VD-00000-26",
        },
        (
            DemoLot("TH2405", date(2024, 5, 1), date(2026, 5, 1), 800),
            DemoLot("TH2606", date(2026, 6, 1), date(2028, 6, 1), 800, ("TH0000001", "TH0000002")),
        ),
        wholesale=85_000,
    ),
    DemoProduct(
        "ginseng",
        FRESH_ROOTS,
        {
            "name": "Sâm tươi nguyên liệu Ví Dụ, chưa phân loại",
            "category": "raw-material",
            "description": "Củ sâm mới đào, trước khi rửa và phân loại (minh họa).",
            "origin_place": "Xã Măng Ri, tỉnh Quảng Ngãi",
        },
    ),
    DemoProduct(
        "milk",
        MILK_BASE,
        {
            "name": "Bột sữa nguyên liệu Ví Dụ",
            "category": "raw-material",
            "description": "Bột sữa để phối trộn, không bán lẻ (minh họa).",
        },
    ),
)

RECALLED = (MILK, "SB2607")
CLONED = (GINSENG, "SAM2610", "VD000007")
SOLD = (MEDICINE, "TH2606", "TH0000002")


@dataclass(frozen=True, slots=True)
class Sale:
    """One invoice of the demonstration."""

    seller: str
    buyer: str | None
    gtin: str
    quantity: int
    on: date
    item_code: str | None = None
    """The seller's own code of goods, where it does not write the GTIN."""


SALES = (
    # Everything of the first shop is explained, back to the producers.
    Sale("ginseng", "distributor", GINSENG, 100, date(2026, 10, 14)),
    Sale("distributor", "shop", GINSENG, 30, date(2026, 10, 16)),
    Sale("shop", None, GINSENG, 12, date(2026, 10, 25)),
    Sale("milk", "distributor", MILK, 600, date(2026, 8, 20)),
    Sale("distributor", "shop", MILK, 120, date(2026, 8, 25)),
    Sale("shop", None, MILK, 45, date(2026, 9, 30)),
    Sale("coffee", "distributor", COFFEE, 300, date(2026, 9, 5)),
    Sale("distributor", "shop", COFFEE, 50, date(2026, 9, 8)),
    # The second shop has sold more milk than it bought, and its coffee comes from nowhere known.
    Sale("distributor", "other-shop", MILK, 20, date(2026, 9, 1)),
    Sale("other-shop", None, MILK, 35, date(2026, 10, 10)),
    Sale("household", "other-shop", COFFEE, 40, date(2026, 9, 20)),
    Sale("other-shop", None, COFFEE, 15, date(2026, 10, 11)),
    # A seller's own code, which somebody in the office has yet to link to the product.
    Sale("distributor", "other-shop", COFFEE, 24, date(2026, 10, 20), item_code="CF-VD-500"),
)
