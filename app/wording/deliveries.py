"""Why a message was not taken by its receiver, in plain words."""

from collections.abc import Mapping

from app.i18n import N_, Translator
from app.wording.errors import sentence
from traceability.events.recalling.models import NoticeKind
from traceability.events.recalling.schemas import DeliveryState

KIND_WORDS: Mapping[str, str] = {
    NoticeKind.OPENED: N_("Recall opened"),
    NoticeKind.EXTENDED: N_("Recall reaches more goods"),
    NoticeKind.CLOSED: N_("Recall closed"),
    NoticeKind.TEST: N_("Test"),
}
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    DeliveryState.WAITING: (N_("waits to be sent"), "info"),
    DeliveryState.DELIVERED: (N_("delivered"), "ok"),
    DeliveryState.GIVEN_UP: (N_("given up"), "care"),
}
"""Word and level of each state."""

_SENTENCES: Mapping[str, str] = {
    "name": N_("No server is known under this name. Check the address for a typing error."),
    "private": N_(
        "The name leads into a private network. Nothing is sent there: give an address of the web."
    ),
    "ConnectError": N_(
        "No connection could be made: nothing listens there, or its certificate is not valid."
    ),
    "ConnectTimeout": N_("The server could not be reached within 10 seconds."),
    "ReadTimeout": N_("The server took the message and did not answer within 10 seconds."),
}
_STATUSES: Mapping[int, str] = {
    3: N_(
        "The server sent it on to another address (status {status}), which is not followed. Give the address that it leads to."
    ),
    4: N_("The server refused the message (status {status})."),
    5: N_("The server had a fault of its own (status {status})."),
}


def why_not_taken(translate: Translator, error: str) -> str:
    """A sentence for the error that was written down with an attempt."""
    word, _, number = error.partition(" ")
    if word == "status" and number.isdecimal():
        text = _STATUSES.get(int(number) // 100, N_("The server answered with status {status}."))
        return translate.text(text, status=number)
    if "." in error:
        return sentence(translate, error, {})
    return translate.text(_SENTENCES.get(error, N_("The connection broke off.")))
