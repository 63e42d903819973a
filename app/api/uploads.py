"""Files that come in with a request."""

from fastapi import Depends, Request
from starlette.datastructures import FormData

from traceability.errors import InvalidError


async def _one_file(request: Request) -> None:
    check_one_file(await request.form())


def check_one_file(form: FormData) -> None:
    """Refuse a second file, of which nothing would come.

    Raises:
        InvalidError: `web.one-file`.
    """
    files = [name for name, part in form.multi_items() if not isinstance(part, str)]
    if len(files) > 1:
        raise InvalidError.of(files[1], "web.one-file")


ONE_FILE = Depends(_one_file)
"""For endpoints that take a single file."""
