"""What the tests of deploy/ share: nginx on a folder of its own, with the site as it is shipped but for places and ports."""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
HOST = "theodoi.example.vn"


def program(name: str, package: str) -> str:
    """A program's path; the running test is skipped (failed with CI=true) without it. sbin is not on everybody's PATH."""
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if found is None:
        services.give_up(f"không có {name} trên máy (gói Debian: {package})")
        raise services.Unavailable
    return found


@dataclass
class Answer:
    """What came back: status, headers as pairs (none is merged), body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


def certificate(folder: Path) -> None:
    """Make fullchain.pem and privkey.pem for HOST, signed by itself."""
    command = [program("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)


@dataclass
class Site:
    """The shipped site, moved below `folder` and to ports of its own."""

    folder: Path
    https: int
    http: int

    def write(self) -> Path:
        """Write the configuration; its path. Nothing but places, ports and the number of workers differs."""
        for name in ("tls", "log", "run", "tmp", "opt/current/staticfiles", "opt/previous/staticfiles", "acme"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        certificate(self.folder / "tls")
        shutil.copytree(DEPLOY / "nginx" / "errors", self.folder / "theodoi-errors", dirs_exist_ok=True)
        places = {
            "/etc/nginx/theodoi-errors": "theodoi-errors",
            "/etc/nginx/theodoi-proxy.conf": "theodoi-proxy.conf",
            "/etc/theodoi/tls": "tls",
            "/var/log/nginx": "log",
            "/run/theodoi": "run",
            "/opt/theodoi": "opt",
            "/var/www/theodoi-acme": "acme",
        }
        for name in ("theodoi.conf", "theodoi-proxy.conf"):
            text = (DEPLOY / "nginx" / name).read_text("utf-8")
            for place, own in places.items():
                text = text.replace(place, str(self.folder / own))
            text = text.replace("listen 443", f"listen 127.0.0.1:{self.https}")
            text = text.replace("listen 80", f"listen 127.0.0.1:{self.http}")
            lines = [line for line in text.splitlines() if "listen [::]" not in line]
            (self.folder / name).write_text("\n".join(lines), "utf-8")
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/tmp/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = self.folder / "nginx.conf"
        main.write_text(
            f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\nworker_processes 1;\n"
            f"pid {self.folder}/nginx.pid;\nerror_log {self.folder}/log/main.log;\nevents {{}}\n"
            f"http {{\ninclude /etc/nginx/mime.types;\n{temporary}include {self.folder}/theodoi.conf;\n}}\n",
            "utf-8",
        )
        return main

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        host: str = HOST,
    ) -> Answer:
        """Ask over TLS, as a browser that opens https://host/path."""
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        return ask(("127.0.0.1", self.https), path, method, body, headers or {}, host, context)

    def ask_plainly(self, path: str, *, host: str = HOST) -> Answer:
        """Ask without TLS."""
        return ask(("127.0.0.1", self.http), path, "GET", None, {}, host, None)

    def logs(self) -> str:
        """Everything that was written to a log."""
        return "\n".join(file.read_text("utf-8") for file in sorted((self.folder / "log").iterdir()))


def ask(
    address: tuple[str, int],
    path: str,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
    host: str,
    context: ssl.SSLContext | None,
    seconds: float = 30,
) -> Answer:
    """One request to an address, under a host's name. Errors: OSError, http.client.HTTPException."""
    connection = http.client.HTTPConnection(host, timeout=seconds)
    connection.sock = socket.create_connection(address, seconds)
    try:
        if context is not None:
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        connection.request(method, path, body, {"Connection": "close", **headers})
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """nginx with the shipped site; it ends with the block."""
    site = Site(folder, services.free_port(), services.free_port())
    command = [program("nginx", "nginx"), "-p", str(folder), "-c", str(site.write())]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        until = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", site.https), 1).close()
                break
            assert process.poll() is None and time.monotonic() < until, (folder / "said").read_text()
            time.sleep(0.05)
        yield site
    finally:
        process.terminate()
        process.wait(10)
