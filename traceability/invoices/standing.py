"""What the seller's signature decides: which document speaks, and whether its lines count.

Two documents under one number say different things; the invoice is read from one of them and the
other is kept as a conflict. The first to arrive speaks, unless it is not intact and a later one
is: then that one takes over. Never the other way round, so nobody displaces a true invoice by a
spoilt one. Of two equals the first stays.

Lines of an invoice whose signature is refuted explain no goods, and what it says it replaces
stands. A signature that is missing is another matter: nothing contradicts the content, and look-up
pages hand out copies without one, so the lines count and the check of authenticity says what is
missing. On invoices of cash registers it is lawful.

| state | intact | its lines count |
|---|---|---|
| intact_trusted, intact_untrusted, reformatted | yes | yes |
| unsigned, from a cash register | yes | yes |
| unsigned | no | yes |
| wrong_signer, ambiguous, broken | no | no |

>>> is_intact("unsigned", "C26MYY"), is_intact("unsigned", "C26TAA")
(True, False)
>>> POLICY.counts("unsigned"), POLICY.counts("broken")
(True, False)
"""

from collections.abc import Iterable
from dataclasses import dataclass

from traceability.invoices.signatures.states import BEST_FIRST, SignatureState

UNCHECKED = ""
"""State of an invoice taken in before signatures were checked; `nguon trust recheck` fills it."""
_RANK = {state.value: rank for rank, state in enumerate(BEST_FIRST)}


@dataclass(frozen=True, slots=True)
class StandingPolicy:
    """What each state is worth.

    Change a row, and the version changes with it; then make the ledger anew
    (`nguon ledger rebuild`).
    """

    version: str = "2026.1"
    intact: frozenset[str] = frozenset(
        {
            SignatureState.INTACT_TRUSTED,
            SignatureState.INTACT_UNTRUSTED,
            SignatureState.REFORMATTED,
        }
    )
    refuted: frozenset[str] = frozenset(
        {SignatureState.BROKEN, SignatureState.AMBIGUOUS, SignatureState.WRONG_SIGNER}
    )
    """States whose invoices explain no goods and replace nothing."""

    def counts(self, state: str) -> bool:
        return state not in self.refuted


POLICY = StandingPolicy()


def is_intact(state: str, symbol: str) -> bool:
    """Whether a document with this state of the seller's signature can lose its number to no other.

    Args:
        state: of the seller's signature; one that was never checked is given the benefit.
        symbol: KHHDon; M in the fourth place is a cash register, which may leave it unsigned.
    """
    lawfully_unsigned = state == SignatureState.UNSIGNED and symbol[3:4] == "M"
    return state in POLICY.intact or state == UNCHECKED or lawfully_unsigned


def best(states: Iterable[str]) -> str:
    """The state that speaks for several copies of one content.

    >>> best(["broken", "intact_untrusted", ""])
    'intact_untrusted'
    """
    return min(states, key=lambda state: _RANK.get(state, len(_RANK)), default=UNCHECKED)
