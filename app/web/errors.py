"""An error as a page: what was wrong, and what to do next."""

from starlette.requests import Request
from starlette.responses import Response

from app.deps import current_translator
from app.i18n import N_
from app.problems import Problem
from app.security.access import UnauthorisedError
from app.web.pages import field_errors, render, see_other
from app.wording.errors import STATUS_TITLES, sentence

_NEXT_STEPS = {
    401: N_("Log in and try again."),
    403: N_("If you need this page, ask the administrator of your organisation."),
    404: N_("Check the address, or start again from the home page."),
    413: N_("Choose a smaller file, or take the photo at a lower resolution."),
    422: N_("Go back, correct it and send it again."),
    429: N_("Wait a moment, then load this page again."),
    503: N_("Wait a moment, then load this page again."),
    504: N_("Try again with a closer, sharper photo."),
}
_TRY_AGAIN = N_("Try again in a moment. If it happens again, tell the administrator.")
_BROKEN = N_("Go back and try again.")


def error_page(request: Request, problem: Problem, error: Exception) -> Response:
    """The page of a problem; who has to log in is sent there, and comes back afterwards."""
    if isinstance(error, UnauthorisedError) and error.log_in_at:
        return see_other(error.log_in_at)
    translate = current_translator(request)
    status = problem.status
    next_step = _NEXT_STEPS.get(status, _TRY_AGAIN if status >= 500 else _BROKEN)
    if problem.code == "web.csrf":
        next_step = _BROKEN
    return render(
        request,
        "error.html",
        status=status,
        headers={k: v for k, v in problem.headers.items() if k.lower() != "www-authenticate"},
        title=translate.text(STATUS_TITLES.get(status, STATUS_TITLES[400])),
        text=sentence(translate, problem.code, problem.arguments),
        faults=list(field_errors(translate, problem.faults).values()),
        next_step=translate.text(next_step),
        code=problem.code,
    )
