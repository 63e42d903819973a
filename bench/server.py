"""The application with endpoints more that do nothing: what every figure is relative to."""

import sys

import uvicorn
from fastapi import FastAPI, Response

from app.cli.serving import calm_collector
from app.main import create_app


def application() -> FastAPI:
    app = create_app()

    async def empty() -> Response:
        return Response(b"{}", media_type="application/json")

    # As anybody would add an endpoint: it is searched for behind all others.
    app.add_api_route("/bench/empty", empty)
    # And matched before all others: no endpoint of the application can cost less.
    app.add_api_route("/bench/first", empty)
    app.router.routes.insert(0, app.router.routes.pop())
    return app


if __name__ == "__main__":
    app = application()
    calm_collector()
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
