"""Where the stylesheet and the scripts of the pages are."""

from chalice.app import Blueprint

from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC
from chalicelib.web.rendering import proposer, script, stylesheet

static_files = Blueprint(__name__)

route(static_files, "/static/style.css", policy=PUBLIC)(stylesheet)
route(static_files, "/static/challenge.js", policy=PUBLIC)(script)
route(static_files, "/static/propose.js", policy=PUBLIC)(proposer)
