"""One POST to another system, with an end: whatever the other side does, it is over when its time is up.

The time-out of a socket is for one reading; a server that sends a byte a second never meets it. Here every reading and
writing gets what is left of the whole. There are no redirects and no proxies, and of the answer only its code counts.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from notifications import targets
from notifications.letters import in_words

# Of the answer's text; a system that says more has been heard enough.
LONGEST_ANSWER = 64 * 1024
# Seconds for the text of an answer whose code is known already.
TEXT_SECONDS = 1.0
LONGEST_RETRY_AFTER = 3600


@dataclass(frozen=True)
class Answer:
    """What became of one POST.

    code: the answer's, or None without one. trouble: in words why there is none. for_good: asking again is pointless;
    in_doubt: the other side may have taken what it did not answer. retry_after: seconds that it asks to wait.
    milliseconds: how long it took.
    """

    code: int | None = None
    trouble: str = ""
    for_good: bool = False
    in_doubt: bool = False
    retry_after: int = 0
    milliseconds: int = 0


class _Deadline:
    """A socket that ends at a moment of time.monotonic(), `until`, however often it is read."""

    until = float("inf")

    def _left(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("quá thời gian chờ")
        self.settimeout(left)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._left()
        return super().recv_into(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> int:
        self._left()
        return super().send(*args, **kwargs)

    def sendall(self, data: Any, *args: Any) -> None:
        # socket.sendall has one time-out for all of it; ssl's goes by send().
        self._left()
        super().sendall(data, *args)


class _Plain(_Deadline, socket.socket):
    """http://"""


class _Sealed(_Deadline, ssl.SSLSocket):
    """https://"""


class _Line(HTTPConnection):
    """A connection that was opened already; it is never opened anew."""

    auto_open = 0

    def __init__(self, host: str, sock: socket.socket) -> None:
        super().__init__(host)
        self.sock = sock


def post(target: targets.Target, body: bytes, headers: dict[str, str], *, within: float) -> Answer:
    """POST to another system at an address that is judged now (targets.py), by https with its certificate verified.

    Args:
        within: seconds for all of it, resolving the name included.
    """
    began = time.monotonic()
    try:
        addresses = targets.resolve(target, within=within)
    except (targets.Refused, targets.Unresolved) as trouble:
        # Not for good: the name or WEBHOOK_NETWORKS can be put right while the message waits.
        return Answer(trouble=str(trouble), milliseconds=_since(began))
    host = f"[{target.host}]" if ":" in target.host else target.host
    named = host if target.port == 443 else f"{host}:{target.port}"
    places = [(str(address), target.port) for address in addresses]
    return _post(places, target.host, target.path, body, {**headers, "Host": named}, began=began, within=within)


def post_to_gateway(url: str, body: bytes, headers: dict[str, str], *, within: float) -> Answer:
    """POST to an address of the machine's own settings, which may stand anywhere, by http too.

    Args:
        within: seconds for all of it but resolving the name.
    """
    began = time.monotonic()
    try:
        parts = urlsplit(url)
        sealed = {"https": True, "http": False}[parts.scheme]
        host, port = parts.hostname or "", parts.port or (443 if sealed else 80)
    except (ValueError, KeyError):
        return Answer(trouble="Địa chỉ không hợp lệ", for_good=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {**headers, "Host": parts.netloc.rpartition("@")[2]}
    return _post([(host, port)], host if sealed else None, path, body, headers, began=began, within=within)


def _post(
    places: Sequence[tuple[str, int]],
    sealed_for: str | None,
    path: str,
    body: bytes,
    headers: dict[str, str],
    *,
    began: float,
    within: float,
) -> Answer:
    """Connect, write, read the code. `sealed_for`: the name that the certificate must carry; None: plain http."""
    until = began + within
    try:
        sock = _connect(places, sealed_for, until=until)
    except ssl.SSLCertVerificationError as error:
        return Answer(trouble=f"Chứng chỉ của bên nhận không đúng: {error.verify_message}", milliseconds=_since(began))
    except (OSError, UnicodeError) as error:
        return Answer(trouble=f"Không nối được bên nhận: {in_words(error)}", milliseconds=_since(began))
    line = _Line(headers["Host"], sock)
    in_doubt = False
    try:
        line.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
            line.putheader(name, value)
        line.endheaders(body)
        # All of it has left: from here on nobody knows until there is an answer.
        in_doubt = True
        response = line.getresponse()
        _hear_out(response, sock, until=until)
        return Answer(
            code=response.status,
            retry_after=_seconds(response.getheader("Retry-After", "")),
            milliseconds=_since(began),
        )
    except (OSError, HTTPException) as error:
        words = f"Đứt nối với bên nhận: {in_words(error)}"
        return Answer(trouble=words, in_doubt=in_doubt, milliseconds=_since(began))
    except ValueError as error:
        # http.client refuses line breaks in headers and paths.
        return Answer(trouble=f"Địa chỉ không hợp lệ: {in_words(error)}", for_good=True, milliseconds=_since(began))
    finally:
        line.close()


def _hear_out(response: Any, sock: Any, *, until: float) -> None:
    """Read the text of the answer, so that the other side can finish; what it says does not matter, nor that it ends."""
    sock.until = min(until, time.monotonic() + TEXT_SECONDS)
    with suppress(OSError, HTTPException):
        response.read(LONGEST_ANSWER)


def _connect(places: Sequence[tuple[str, int]], sealed_for: str | None, *, until: float) -> Any:
    """A connection to the first place that answers, each with its share of the time. Raises OSError."""
    trouble: OSError = OSError("không có địa chỉ")
    for number, (host, port) in enumerate(places):
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("quá thời gian chờ")
        sock = None
        try:
            sock = _open(host, port, timeout=left / (len(places) - number))
            if sealed_for is None:
                sock.until = until
                return sock
            sock.settimeout(max(until - time.monotonic(), 0.01))
            # The handshake has one time-out for all of it.
            sealed = context(settings.WEBHOOK_CA_FILE).wrap_socket(sock, server_hostname=sealed_for)
            sealed.until = until
            return sealed
        except ssl.SSLCertVerificationError:
            sock.close()
            raise
        except OSError as error:
            if sock is not None:
                sock.close()
            trouble = error
    raise trouble


def _open(host: str, port: int, *, timeout: float) -> _Plain:
    """A TCP connection. Raises OSError."""
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        # A gateway of the settings, named.
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    else:
        family, place = (socket.AF_INET6, (host, port, 0, 0)) if version == 6 else (socket.AF_INET, (host, port))
    sock = _Plain(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(place)
    except OSError:
        sock.close()
        raise
    return sock


@lru_cache(maxsize=4)
def context(ca_file: str) -> ssl.SSLContext:
    """What is believed of certificates: the machine's authorities, and those of one more file ("" for none)."""
    found = ssl.create_default_context()
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        found.load_verify_locations(ca_file)
    found.sslsocket_class = _Sealed
    return found


def _seconds(words: str) -> int:
    """Retry-After in whole seconds, at most an hour; a date or nonsense is 0."""
    return min(int(words), LONGEST_RETRY_AFTER) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
