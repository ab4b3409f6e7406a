"""Where what goes to another system may go: never to this machine or into its own network, unless WEBHOOK_NETWORKS says so.

The name is resolved once, every address found is judged, and the connection goes to exactly those (posting.py): a name
server that answers differently a second time changes nothing.
"""

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Addresses of these carry one of IPv4 in their last 32 bits, to which a gateway would hand the connection on.
TRANSLATED = tuple(ipaddress.ip_network(words) for words in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
# A host whose last part is a number is taken for an address by the system, in whatever form: 127.1, 0x7f000001, 017700000001.
NUMERIC = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?$")
LABEL = re.compile(r"^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$")


class Refused(Exception):
    """The address may not be asked; the message says in words why, and what would be right."""


class Unresolved(Exception):
    """The name could not be resolved now; another time it may be."""


@dataclass(frozen=True)
class Target:
    """A checked address of another system: how it is called, and by which port and path."""

    host: str
    port: int
    path: str


def parse(url: str) -> Target:
    """Take an https address apart and judge what can be judged without asking a name server.

    Raises Refused.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError as error:
        raise Refused("Địa chỉ viết sai; ví dụ đúng: https://qlvb.example.vn/nhan.") from error
    if parts.scheme != "https":
        raise Refused("Địa chỉ của hệ thống khác phải bắt đầu bằng https://, ví dụ https://qlvb.example.vn/nhan.")
    if parts.username is not None or parts.password is not None:
        raise Refused("Địa chỉ không được chứa tên đăng nhập hay mật khẩu; bên nhận kiểm tra bằng khóa ký.")
    # urlsplit drops line breaks in silence: what is checked must be what was typed.
    if any(sign <= " " or sign in '\\^`{|}<>"\x7f' for sign in url):
        raise Refused("Địa chỉ không được chứa khoảng trắng, dấu xuống dòng hay ký tự lạ.")
    if parts.fragment:
        raise Refused("Địa chỉ không được chứa phần sau dấu #, vì phần ấy không được gửi đi.")
    if port not in settings.WEBHOOK_PORTS:
        allowed = ", ".join(str(number) for number in settings.WEBHOOK_PORTS)
        raise Refused(f"Cổng {port} không được dùng; chỉ gửi đến cổng {allowed} (WEBHOOK_PORTS).")
    return Target(_host(host), port, _path(parts))


def _host(host: str) -> str:
    """The host as it is asked for, in ASCII. Raises Refused."""
    if (address := _literal(host)) is not None:
        judge(address)
        return str(address)
    if NUMERIC.search(host):
        raise Refused("Địa chỉ máy viết bằng số phải ở dạng đủ bốn phần, ví dụ 203.0.113.7.")
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise Refused("Tên máy viết sai; ví dụ đúng: qlvb.example.vn.") from error
    if not name or len(name) > 253 or not all(LABEL.match(label) for label in name.split(".")):
        raise Refused("Tên máy viết sai; ví dụ đúng: qlvb.example.vn.")
    if name == "localhost" or name.endswith(".localhost") or name in own_names():
        raise Refused("Địa chỉ này là của chính phần mềm; hãy ghi địa chỉ hệ thống của bên nhận.")
    return name


def _literal(host: str) -> IPAddress | None:
    """An address written in full, or None."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _path(parts: SplitResult) -> str:
    """Path and query; letters beyond ASCII must be written in percent form."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Refused("Phần đường dẫn của địa chỉ chỉ gồm chữ không dấu và số; chữ có dấu phải viết ở dạng %.")
    return path


def own_names() -> set[str]:
    """The names under which this program itself answers."""
    names = {name.lstrip(".").lower() for name in settings.ALLOWED_HOSTS}
    return names | {(urlsplit(settings.SITE_URL).hostname or "").lower()}


def judge(address: IPAddress) -> None:
    """Raise Refused unless one may connect to this address: public ones, and those of WEBHOOK_NETWORKS."""
    for real in _real(address):
        if real.is_unspecified or real.is_multicast or str(real) == "255.255.255.255":
            raise Refused(f"Địa chỉ {address} không phải của một máy; hãy ghi địa chỉ hệ thống của bên nhận.")
        if any(real in network for network in settings.WEBHOOK_NETWORKS):
            continue
        if real.is_reserved or not real.is_global:
            raise Refused(
                f"Địa chỉ {address} nằm trong mạng nội bộ. Nếu hệ thống của bên nhận đứng ở đó, "
                "người quản trị máy chủ ghi mạng ấy vào WEBHOOK_NETWORKS."
            )


def _real(address: IPAddress) -> list[IPAddress]:
    """The address, or those of IPv4 in it which a connection would end at."""
    if not isinstance(address, ipaddress.IPv6Address):
        return [address]
    if address.is_unspecified or address == ipaddress.IPv6Address("::1"):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    if address.teredo is not None:
        return [address, *address.teredo]
    # A scope (fe80::1%eth0) is no part of the number.
    plain = ipaddress.IPv6Address(int(address))
    if any(plain in network for network in TRANSLATED):
        return [plain, ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF)]
    return [plain]


def resolve(target: Target, *, within: float) -> list[IPAddress]:
    """All addresses of the target, each of them judged.

    Args:
        within: seconds that the name servers may take.

    Raises Refused when one of them may not be asked, Unresolved when there is no answer.
    """
    if (address := _literal(target.host)) is not None:
        judge(address)
        return [address]
    found = [ipaddress.ip_address(words) for words in _look_up(target.host, target.port, within=within)]
    for address in found:
        judge(address)
    return found


def _look_up(host: str, port: int, *, within: float) -> Sequence[str]:
    """What the system's resolver answers. It knows no time limit, so that it is asked beside us and left behind."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(row[4][0] for row in rows)))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="resolver").start()
    try:
        answer = answers.get(timeout=max(within, 0.01))
    except queue.Empty as error:
        raise Unresolved(f"Máy chủ tên miền không trả lời kịp về {host}") from error
    if isinstance(answer, OSError):
        raise Unresolved(f"Không tìm thấy máy {host}") from answer
    if not answer:
        raise Unresolved(f"Không tìm thấy máy {host}")
    return answer


def check(url: str, *, within: float = 3.0) -> None:
    """Judge an address that somebody enters; a name that cannot be resolved now is let through and judged when sending.

    Raises Refused.
    """
    target = parse(url)
    try:
        resolve(target, within=within)
    except Unresolved:
        return
