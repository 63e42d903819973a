import pytest

from gs1.coupon import couponcode, couponposoffer
from gs1.fault import Fault

BASE = "012345612345611110123"


@pytest.mark.parametrize(
    "text",
    [
        BASE,
        BASE + "10110123" + "0123456",  # second purchase with its own company prefix
        BASE + "101101239",  # … with that of the first
        BASE + "21101239",
        BASE + "3260228" + "4260101",
        BASE + "50123456",
        BASE + "61" + "1234567",
        BASE + "90000",
    ],
)
def test_optional_fields_may_follow_in_their_order(text):
    assert couponcode(text) is None


@pytest.mark.parametrize(
    ("text", "test", "start", "end"),
    [
        ("A", "NON_DIGIT_CHARACTER", 0, 1),
        ("", "COUPON_MISSING_GCP_VLI", 0, 0),
        ("7", "COUPON_INVALID_GCP_LENGTH", 0, 1),
        ("0123", "COUPON_TRUNCATED_GCP", 1, 4),
        ("0123456", "COUPON_TRUNCATED_OFFER_CODE", 0, 7),
        (BASE + "14", "COUPON_INVALID_ADDITIONAL_PURCHASE_RULES_CODE", 22, 23),
        (BASE + "3261301", "COUPON_INVALID_EXIPIRATION_DATE", 22, 28),
        (BASE + "3", "COUPON_TOO_SHORT_FOR_EXPIRATION_DATE", 0, 22),
        (BASE + "4261301", "COUPON_INVALID_START_DATE", 22, 28),
        (BASE + "3260101" + "4260102", "COUPON_EXPIRATION_BEFORE_START", 21, 35),
        (BASE + "9", "COUPON_MISSING_SAVE_VALUE_CODE", 0, 22),
        (BASE + "90002", "COUPON_INVALID_DONT_MULTIPLY_FLAG", 25, 26),
        (BASE + "7", "COUPON_EXCESS_DATA", 21, 22),
    ],
)
def test_the_first_wrong_field_is_named(text, test, start, end):
    assert couponcode(text) == Fault(test, start, end)


def test_a_positive_offer_has_a_format_code_a_funder_an_offer_and_a_serial():
    assert couponposoffer("001234561234560123456") is None
    assert couponposoffer("2") == Fault("COUPON_INVALID_FORMAT_CODE", 0, 1)
    assert couponposoffer("x") == Fault("NON_DIGIT_CHARACTER", 0, 1)
