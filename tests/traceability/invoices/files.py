"""Small e-invoice files for tests, each part of which can be made wrong."""

import io
import zipfile
from datetime import date
from decimal import Decimal

PRODUCER, DISTRIBUTOR, SHOP, RIVAL = "9999100017", "9999100024", "062099000001", "9999000037"
GTIN = "09520123456788"


SPOILT = "<NBan><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/></NBan>"
"""A signature of the seller that can agree with nothing."""


def line(
    quantity: object = 10,
    *,
    code: str = GTIN[1:],
    name: str = "Sữa bột mẫu 400g",
    unit: str = "Hộp",
    nature: str = "1",
    extra: str = "",
) -> str:
    return (
        f"<HHDVu><TChat>{nature}</TChat><STT>1</STT><MHHDVu>{code}</MHHDVu><THHDVu>{name}</THHDVu>"
        f"<DVTinh>{unit}</DVTinh><SLuong>{quantity}</SLuong><DGia>1000</DGia>"
        f"<ThTien>10000</ThTien><TSuat>8%</TSuat>{extra}</HHDVu>"
    )


def related(nature: int, number: int, symbol: str = "C26TAA") -> str:
    return (
        f"<TTHDLQuan><TCHDon>{nature}</TCHDon><LHDCLQuan>1</LHDCLQuan>"
        f"<KHMSHDCLQuan>1</KHMSHDCLQuan><KHHDCLQuan>{symbol}</KHHDCLQuan>"
        f"<SHDCLQuan>{number}</SHDCLQuan></TTHDLQuan>"
    )


def invoice(
    number: object = 12,
    *,
    seller: str = PRODUCER,
    buyer: str = SHOP,
    on: object = date(2026, 8, 3),
    form: str = "1",
    symbol: str = "C26TAA",
    version: str = "2.1.0",
    lines: str | None = None,
    total: object = Decimal(10800),
    general: str = "",
    declaration: str = "",
    seal: str = "",
) -> bytes:
    text = (
        f"{declaration}<HDon><DLHDon Id='HD'><TTChung><PBan>{version}</PBan>"
        f"<KHMSHDon>{form}</KHMSHDon><KHHDon>{symbol}</KHHDon><SHDon>{number}</SHDon>"
        f"<NLap>{on}</NLap><DVTTe>VND</DVTTe>{general}</TTChung><NDHDon>"
        f"<NBan><Ten>Bên bán {seller}</Ten><MST>{seller}</MST><DChi>Địa chỉ mẫu</DChi></NBan>"
        f"<NMua><Ten>Bên mua {buyer}</Ten><MST>{buyer}</MST></NMua>"
        f"<DSHHDVu>{line() if lines is None else lines}</DSHHDVu>"
        f"<TToan><TgTCThue>10000</TgTCThue><TgTThue>800</TgTThue><TgTTTBSo>{total}</TgTTTBSo>"
        "</TToan></NDHDon></DLHDon><MCCQT>00AB</MCCQT><DLQRCode>0002 01</DLQRCode>"
        f"<DSCKS>{seal}</DSCKS></HDon>"
    )
    return text.encode()


def zipped(**files: bytes) -> bytes:
    return zipped_as({f"{name}.xml": content for name, content in files.items()})


def zipped_as(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
