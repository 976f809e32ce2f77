"""A file that goes out to a browser, to be kept and not shown."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from bot.talk.turn import Download


def attached(file: Download) -> Response:
    """The file as a response that a browser saves under its name; the page stays where it is."""
    name = {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(file.body, media_type=file.media, headers=name)
