"""Another system for tests: a real https server with a certificate of its own authority, which checks what it gets as the
documents say (docs/webhooks.md), counts, and can be told to behave badly.

What it checks with is written here, never the program's own.
"""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

NAME = "qlvb.example.test"
TOLERANCE = 300


@dataclass(frozen=True)
class Got:
    """One request that came in whole."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


def is_signed(got: Got, key: bytes, *, now: float | None = None) -> bool:
    """Whether one of the signatures is made with this key over exactly this, not more than five minutes ago."""
    stamp = got.headers["webhook-timestamp"]
    if abs((time.time() if now is None else now) - int(stamp)) > TOLERANCE:
        return False
    signed = got.event.encode() + b"." + stamp.encode() + b"." + got.body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, given) for given in got.headers["webhook-signature"].split(" "))


@dataclass
class Receiver:
    """The server. `answers` holds the next ones: a code, or one of the words below; afterwards `always`.

    "hang": takes the request and says nothing. "drip": a byte of the answer every 0.3 s, its head never ends.
    "close": hangs up without an answer. "long": 200 with an endless text.
    """

    folder: Path
    answers: list[int | str] = field(default_factory=list)
    always: int | str = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    host: str = "127.0.0.1"
    certificate_for: str = NAME
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        authority = trustme.CA()
        self.authority = self.folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(self.certificate_for, self.host).configure_cert(context)
        self.server = _Server((self.host, 0), _handler(self))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}/nhan"

    @property
    def counts(self) -> Counter[str]:
        """How often each event came."""
        return Counter(got.event for got in self.got)

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, address: Any) -> None:
        """Whoever hangs up on us is no news."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = receiver.answers.pop(0) if receiver.answers else receiver.always
            receiver.got.append(Got(self.path, dict(self.headers), body))
            if isinstance(answer, str):
                _BAD[answer](receiver, self)
                return
            self.send_response(answer)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


def _hang(receiver: Receiver, handler: BaseHTTPRequestHandler) -> None:
    receiver.over.wait(60)


def _drip(receiver: Receiver, handler: BaseHTTPRequestHandler, text: bytes = b"HTTP/1.1 200 OK\r\nX-Long: ") -> None:
    for number in range(60):
        handler.wfile.write(text[number : number + 1] or b"x")
        handler.wfile.flush()
        if receiver.over.wait(0.3):
            return


def _close(receiver: Receiver, handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def _long(receiver: Receiver, handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not receiver.over.wait(0.001):
        handler.wfile.write(b"x" * 8192)


_BAD: dict[str, Callable[[Receiver, BaseHTTPRequestHandler], None]] = {
    "hang": _hang,
    "drip": _drip,
    "close": _close,
    "long": _long,
}
