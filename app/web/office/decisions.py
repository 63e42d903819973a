"""The form of a decision on registrations, and what is said after one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Form
from sqlmodel import Session

from app.i18n import N_, Translator
from app.web.forms import Text, input_of, refusal
from app.web.office import words
from app.web.office.base import choices, ids_of, may
from app.wording.parties import KIND_WORDS, STATE_WORDS
from traceability.actor import Actor
from traceability.errors import InvalidError
from traceability.registry import registrations, repository, undoing
from traceability.registry.columns import Cell
from traceability.registry.models import RegistrationStatus
from traceability.registry.schemas import DecisionIn


@dataclass(frozen=True, slots=True)
class Decision:
    """The form as it was typed."""

    ids: Sequence[int] = ()
    """The parties that it is about."""
    decision: str = ""
    """The status that it leads to."""
    decision_number: str = ""
    valid_to: str = ""
    reason: str = ""

    def as_input(self) -> DecisionIn:
        texts = {
            "status": self.decision,
            "decision_number": self.decision_number,
            "valid_to": self.valid_to,
            "reason": self.reason,
        }
        return input_of(DecisionIn, texts, {"valid_to": Cell.DATE})


def _of_form(
    ids: Annotated[list[str] | None, Form()] = None,
    decision: Text = "",
    decision_number: Text = "",
    valid_to: Text = "",
    reason: Text = "",
) -> Decision:
    return Decision(ids_of(ids or ()), decision, decision_number, valid_to, reason)


DecisionDep = Annotated[Decision, Depends(_of_form)]


def decide_all(
    session: Session, actor: Actor, translate: Translator, typed: Decision
) -> tuple[list[int], dict[str, str]]:
    """Decide on every chosen party, or on none.

    Returns:
        The ids of the new registration rows, and the errors of the form by field.

    Raises:
        NotFoundError: `registry.party-unknown` (party_id).
    """
    nobody = {"ids": translate.text(N_("Choose at least one organisation."))}
    unchosen = {} if typed.ids else nobody
    try:
        decision = typed.as_input()
        rows = [
            registrations.decide_registration(session, actor, party_id, decision)
            for party_id in typed.ids
        ]
    except InvalidError as error:
        found = refusal(session, translate, error)
        if "status" in found:
            del found["status"]
            found = {"decision": translate.text(N_("Choose what is decided.")), **found}
        return [], {**unchosen, **found}
    return [row.id or 0 for row in rows], unchosen


def form_context(actor: Actor, translate: Translator) -> dict[str, Any]:
    """What the form and the states of registrations need in a template."""
    return {
        "may_decide": may(actor, "POST /office/registrations"),
        "decisions": choices(translate, words.DECISIONS),
        "kind_words": KIND_WORDS,
        "state_words": STATE_WORDS,
    }


def done_context(session: Session, translate: Translator, done: str) -> dict[str, Any]:
    """What was just decided, and the ids to take it back by.

    `done` is what stands in the address: ids of registration rows, or `kept` where nothing could
    be taken back.
    """
    rows = undoing.decisions(session, ids_of(done.split(",")))
    named = repository.parties_by_id(session, {row.party_id for row in rows})
    became = dict.fromkeys(translate.text(STATE_WORDS[row.status][0]) for row in rows)
    return {
        "done_ids": ",".join(str(row.id) for row in rows),
        "done_names": [named[row.party_id].name for row in rows],
        "done_word": ", ".join(became),
        "done_refused": any(row.status == RegistrationStatus.REFUSED for row in rows),
        "kept": done == "kept",
    }
