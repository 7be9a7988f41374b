"""Short messages that float over the page, with an optional way back.

Two roads lead to the same toast: a redirect carries it as a Django message, an htmx answer
as the header ``HX-Trigger``. Both may name an address to POST to for an undo.
"""

import json

from django.contrib import messages

UNDO = "undo="


def add(request, text, *, kind="info", undo_url=""):
    """Show ``text`` on the next full page; ``kind`` is info or error."""
    level = messages.ERROR if kind == "error" else messages.INFO
    messages.add_message(request, level, text, extra_tags=UNDO + undo_url if undo_url else "", fail_silently=True)


def attach(response, text, *, kind="info", undo_url=""):
    """Let an htmx answer show ``text``; keeps triggers that are already set and returns the response."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers["toast"] = {"text": str(text), "kind": kind, "undo": undo_url}
    # json escapes everything beyond ASCII, which a header requires.
    response["HX-Trigger"] = json.dumps(triggers)
    return response


def find_undo_url(message):
    """The address that a Django message carries for undoing, or an empty string."""
    tags = (message.extra_tags or "").split()
    return next((tag[len(UNDO) :] for tag in tags if tag.startswith(UNDO)), "")
