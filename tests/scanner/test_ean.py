"""The bars of EAN and UPC, against an implementation that is not ours."""

import barcode
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from gs1 import check_digit
from scanner.ean import as_ean13, as_upc_e, modules


def completed(payload: str) -> str:
    return payload + check_digit.compute(payload)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_ean_13_has_the_modules_that_python_barcode_draws(payload):
    assert [modules("EAN-13", completed(payload))] == barcode.get("ean13", payload).build()


@given(st.text("0123456789", min_size=7, max_size=7))
def test_ean_8_has_the_modules_that_python_barcode_draws(payload):
    assert [modules("EAN-8", completed(payload))] == barcode.get("ean8", payload).build()


@pytest.mark.parametrize(
    "upc_e",
    [
        "01234505",
        "01234514",
        "01234523",
        "01234531",
        "01234540",
        "01234558",
        "01234565",
        "01234572",
        "01234589",
        "01234596",
    ],
)
def test_upc_e_is_expanded_and_compressed_again(upc_e):
    upc_e = upc_e[:7] + check_digit.compute(as_ean13(upc_e)[:12])
    assert as_upc_e(as_ean13(upc_e)) == upc_e


@pytest.mark.parametrize("upc_e", ["01234565", "01278907", "04252614"])
def test_upc_e_has_the_modules_that_zxing_reads(upc_e):

    row = np.array(
        [255] * 9 + [0 if m == "1" else 255 for m in modules("UPC-E", upc_e)] + [255] * 9
    )
    grey = np.tile(np.repeat(row.astype(np.uint8), 3), (60, 1))
    (found,) = zxingcpp.read_barcodes(grey, formats=[zxingcpp.BarcodeFormat.UPCE])
    assert found.text == as_ean13(upc_e)


def test_a_number_without_enough_zeros_has_no_upc_e():
    with pytest.raises(ValueError, match="0012345678905"):
        as_upc_e("0012345678905")
