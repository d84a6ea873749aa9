"""Where the stylesheet and the scripts of the pages are."""

from chalice.app import Blueprint

from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC
from chalicelib.web.static_files import STYLE, static_file

static_files = Blueprint(__name__)

route(static_files, f"/static/{STYLE}", policy=PUBLIC)(static_file("text/css", STYLE))
for script in (
    "challenge.js", "files.js", "keeping.js", "known.js", "propose.js", "recorder.js", "sending.js",
    "signature.js", "touch.js", "typed.js", "work.js",
):  # fmt: skip
    route(static_files, f"/static/{script}", policy=PUBLIC)(static_file("text/javascript", script))
