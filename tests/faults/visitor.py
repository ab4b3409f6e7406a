"""Somebody at a browser, without a browser: cookies, forms as the pages have them, and a choice of the machine that answers."""

import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

SITE = "theodoi.example.vn"
SIGN_IN = "/accounts/login/"
# What the table counts: an answer that was worth it; a plain "thử lại"; anything else.
OK, RETRY, ERROR = "ok", "retry", "error"
AGAIN = "thử lại"


@dataclass
class Answer:
    """What came back; status 0 is a connection that broke, with the reason as its text."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str
    seconds: float
    # time.monotonic() when it was there.
    at: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def target(self) -> str:
        """Path of the redirect, "" without one."""
        return urlsplit(self.headers.get("location", "")).path

    @property
    def kind(self) -> str:
        """How the table counts it. A redirect to the sign-in page of somebody who is signed in is an error."""
        if self.status == 0 or (self.status == 503 and AGAIN in self.text.lower()):
            return RETRY
        if self.status < 400 and self.target != SIGN_IN:
            return OK
        return ERROR

    def form(self, *, having: str) -> "Form":
        """The form of the page that has a field or button of that name, or whose address contains it. Errors: AssertionError."""
        page = html.document_fromstring(self.text)
        for form in page.forms:
            names = {element.get("name") for element in form.iter("input", "select", "textarea", "button")}
            if having in names or having in (form.get("action") or ""):
                fields = [(name, value) for name, value in form.form_values()]
                return Form(urljoin(self.url, form.get("action") or self.url), fields)
        title = re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)
        raise AssertionError(f"{self.url} ({self.status}, {title and title[1].strip()}) has no form with {having}")


@dataclass
class Form:
    """Where it is sent to and what stands in it."""

    url: str
    fields: list[tuple[str, str]]

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The fields with other values; a name ending in __ is the end of the field's name (results__ → muc12-results)."""
        found = dict(self.fields)
        for name, value in values.items():
            ends = [known for known in found if name.endswith("__") and known.endswith(f"-{name[:-2]}")]
            found[ends[0] if ends else name] = value
        return list(found.items())


@dataclass
class Visitor:
    """One person; `machine` is who is asked (an address and a port) unless a request names another."""

    machine: tuple[str, int]
    patience: float = 90
    # As the browser knows the site.
    scheme: str = "https"
    # How TLS is spoken with `machine`; another machine that a request names is asked without.
    context: ssl.SSLContext | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    last: Answer | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        content_type: str = "",
        machine: tuple[str, int] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request; a broken connection is an answer too."""
        parts = urlsplit(path)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        said = {
            "Host": SITE,
            "X-Forwarded-Proto": self.scheme,
            "X-Forwarded-For": "203.0.113.9",
            "Origin": f"{self.scheme}://{SITE}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": content_type} if content_type else {}),
            **(headers or {}),
        }
        began = time.monotonic()
        connection = HTTPConnection(SITE, timeout=self.patience)
        try:
            connection.sock = socket.create_connection(machine or self.machine, self.patience)
            if machine is None and self.context is not None:
                connection.sock = self.context.wrap_socket(connection.sock, server_hostname=SITE)
            connection.request(method, path, body, said)
            came = connection.getresponse()
            answer = Answer(came.status, {}, came.read(), path, 0, 0)
            for name, value in came.getheaders():
                if name.lower() == "set-cookie":
                    self._keep(value)
                answer.headers[name.lower()] = value
        except (OSError, HTTPException) as error:
            answer = Answer(0, {}, repr(error).encode(), path, 0, 0)
        finally:
            connection.close()
        answer.at = time.monotonic()
        answer.seconds = answer.at - began
        self.last = answer
        return answer

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel.value and morsel["max-age"] != 0 and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)

    def get(self, path: str, *, on: tuple[str, int] | None = None, **headers: str) -> Answer:
        """GET a page."""
        return self.ask("GET", path, machine=on, headers=headers)

    def post(self, path: str, fields: list[tuple[str, str]] | dict, *, on: tuple[str, int] | None = None) -> Answer:
        """POST a form."""
        body = urlencode(fields).encode()
        return self.ask("POST", path, body, content_type="application/x-www-form-urlencoded", machine=on)

    def send(self, form: Form, *, on: tuple[str, int] | None = None, **values: str) -> Answer:
        """POST a form of the page with these values."""
        return self.post(form.url, form.filled(**values), on=on)

    def upload(
        self,
        path: str,
        fields: list[tuple[str, str]],
        name: str,
        file: tuple[str, bytes],
        *,
        on: tuple[str, int] | None = None,
    ) -> Answer:
        """POST a form with one file."""
        edge = "----ranh-gioi-cua-bieu-mau"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file[0]}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", file[1], b"\r\n"]
        body = b"".join([*parts, f"--{edge}--\r\n".encode()])
        return self.ask("POST", path, body, content_type=f"multipart/form-data; boundary={edge}", machine=on)

    @property
    def token(self) -> str:
        """The CSRF cookie, which a form may repeat."""
        return next((value for name, value in self.cookies.items() if name.endswith("csrftoken")), "")

    def sign_in(self, username: str, password: str, *, on: tuple[tuple[str, int], tuple[str, int]]) -> Answer:
        """Fetch the sign-in page from one machine and send it to another."""
        page = self.get(SIGN_IN, on=on[0])
        return self.send(page.form(having="username"), on=on[1], username=username, password=password)
