"""The page as a phone keeps it: which files belong to it, and the service worker that serves them without network."""

import hashlib
import json

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.urls import reverse

SCRIPTS = ("js/village/store.js", "js/photos.js", "js/village/send.js", "js/village/page.js")
FILES = (
    *SCRIPTS,
    "js/village/leave.js",
    "bootstrap/css/bootstrap.min.css",
    "css/theme.css",
    "css/village.css",
    "css/print-demo.css",
    "img/favicon.svg",
    "css/print.css",
    "img/mark.svg",
)
TEMPLATES = ("shell.html", "veterans/village/shell.html", "veterans/village/_app.html", "veterans/village/worker.js")


def addresses() -> dict[str, object]:
    """Where the phone's page asks what, for its scripts."""
    return {
        "send": reverse("veterans:village_send"),
        "state": reverse("veterans:village_state"),
        "worker": reverse("veterans:village_worker"),
        "scope": reverse("veterans:village_list"),
        "most": settings.UPLOAD_MAX_BYTES,
        "scripts": SCRIPTS,
    }


def worker_source() -> str:
    """The worker's script: a new name for the store whenever one of its files, or the shell, has changed."""
    # The sources, not the page: in the demo the page tells the time.
    sources = "".join(get_template(name).template.source for name in TEMPLATES)
    mark = hashlib.sha256(f"{sources}\n{addresses()}".encode())
    for name in FILES:
        path = finders.find(name)
        mark.update(f"{static(name)}\n".encode())
        if isinstance(path, str):
            with open(path, "rb") as file:
                mark.update(file.read())
    kept = {
        "name": f"dt-village-{mark.hexdigest()[:16]}",
        "shell": reverse("veterans:village_shell"),
        "scope": reverse("veterans:village_list"),
        "files": [static(name) for name in FILES],
        "store": static("js/village/store.js"),
    }
    return render_to_string("veterans/village/worker.js", {"kept": json.dumps(kept)})
