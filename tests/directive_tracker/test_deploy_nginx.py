"""The site of nginx as it is shipped, run for real in front of a server that says what it was asked."""

import json
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.conf import settings

from directive_tracker.middleware_protection import PERMISSIONS_POLICY
from tests.deploying import DEPLOY, HOST, Site, program, serving

# What the echo answers with: a page of the program, whose headers nginx must leave alone.
OWN = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
MB = 1024 * 1024


class Echo(BaseHTTPRequestHandler):
    """Answers every request with what it was, as JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        told = {"path": self.path, "headers": [[name.lower(), value] for name, value in self.headers.items()]}
        body = json.dumps({**told, "length": length}).encode()
        self.send_response(200)
        for name, value in {**OWN, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def address_string(self) -> str:
        return "socket"

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("nginx")) as running:
        yield running


@pytest.fixture
def echo(site: Site) -> Iterator[None]:
    """The program's place is taken by the echo for one test."""
    socket_file = site.folder / "run" / "web.sock"
    socket_file.unlink(missing_ok=True)
    server = Server(str(socket_file), Echo)
    socket_file.chmod(0o666)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield
    server.shutdown()
    server.server_close()
    socket_file.unlink()


def test_nginx_itself_finds_nothing_to_complain_about(tmp_path):
    site = Site(tmp_path, 18443, 18080)

    done = subprocess.run(
        [program("nginx", "nginx"), "-t", "-p", str(tmp_path), "-c", str(site.write())],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
    assert "test is successful" in done.stderr


def test_what_a_caller_claims_of_itself_is_overwritten(site, echo):
    claims = {
        "X-Forwarded-For": "10.9.9.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "khac.example",
        "X-Forwarded-Port": "80",
        "X-Real-IP": "10.9.9.9",
        "Forwarded": "for=10.9.9.9",
        "X-Request-ID": "claimed",
        "Proxy": "http://10.9.9.9",
    }

    told = json.loads(site.ask("/viec/?q=x", headers=claims).body)

    heard = dict(told["headers"])
    assert told["path"] == "/viec/?q=x"
    assert (heard["x-forwarded-for"], heard["x-forwarded-proto"], heard["host"]) == ("127.0.0.1", "https", HOST)
    assert len(heard["x-request-id"]) == 32
    assert {"x-forwarded-host", "x-forwarded-port", "x-real-ip", "forwarded", "proxy"} & set(heard) == set()
    assert len(told["headers"]) == len(heard)


def test_the_headers_of_a_page_come_through_once_and_nothing_is_added(site, echo):
    answer = site.ask("/viec/")

    said = {name: answer.all(name) for name in (*OWN, "Strict-Transport-Security", "Server")}
    assert said == {
        **{name: [value] for name, value in OWN.items()},
        "Strict-Transport-Security": [],
        "Server": ["nginx"],
    }


def test_a_file_comes_from_the_disk_compressed_and_kept_for_ever_when_its_name_has_a_hash(site):
    folder = site.folder / "opt" / "current" / "staticfiles" / "css"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.0123456789ab.css").write_text("body{}")
    (folder / "app.0123456789ab.css.gz").write_bytes(b"\x1f\x8bcompressed")
    (folder / "app.css").write_text("body{}")

    hashed = site.ask("/static/css/app.0123456789ab.css", headers={"Accept-Encoding": "gzip"})
    plain = site.ask("/static/css/app.css")

    assert (hashed.status, hashed.body) == (200, b"\x1f\x8bcompressed")
    assert hashed.all("Content-Encoding") == ["gzip"]
    assert hashed.all("Cache-Control") == ["public, max-age=315360000, immutable"]
    assert plain.all("Cache-Control") == ["public, max-age=60"]
    assert hashed.all("X-Content-Type-Options") == ["nosniff"]
    assert hashed.all("Content-Type") == ["text/css"]
    assert plain.all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains; preload"]


def test_a_file_of_the_release_before_is_still_there_and_what_is_nowhere_is_asked_of_the_program(site, echo):
    folder = site.folder / "opt" / "previous" / "staticfiles"
    (folder / "old.ba9876543210.js").write_text("old")

    old, unknown = site.ask("/static/old.ba9876543210.js"), site.ask("/static/no.js")

    assert (old.status, old.body) == (200, b"old")
    assert json.loads(unknown.body)["path"] == "/static/no.js"


@pytest.mark.parametrize(
    "path", ["/static/../../tls/privkey.pem", "/static/%2e%2e/%2e%2e/tls/privkey.pem", "/503.html"]
)
def test_nothing_outside_the_folder_is_handed_out(site, echo, path):
    answer = site.ask(path)

    assert b"PRIVATE KEY" not in answer.body
    assert "Hệ thống đang bận" not in answer.body.decode()
    assert answer.status in (400, 404)


def test_the_figures_are_for_the_named_networks_only_and_nobody_else_learns_that_there_are_any(site, echo):
    inside = site.ask("/metrics")
    conf = site.folder / "theodoi.conf"
    shipped = conf.read_text("utf-8")
    assert shipped.count("allow 127.0.0.1;") == 1

    assert json.loads(inside.body)["path"] == "/metrics"
    conf.write_text(shipped.replace("allow 127.0.0.1;", "allow 192.0.2.1;"), "utf-8")
    subprocess.run([program("nginx", "nginx"), "-s", "reload", "-c", str(site.folder / "nginx.conf")], check=True)
    for _ in range(100):
        outside = site.ask("/metrics")
        if outside.status != 200:
            break
    assert outside.status == 404
    assert json.loads(outside.body)["path"] == "/khong-co-trang-nay/"


def test_an_upload_as_large_as_the_program_takes_comes_through_and_a_larger_one_is_refused_in_words(site, echo):
    largest = settings.UPLOAD_MAX_BYTES

    taken = site.ask("/bao-cao/", method="POST", body=b"x" * (3 * largest + MB))
    refused = site.ask("/bao-cao/", method="POST", body=b"", headers={"Content-Length": str(3 * largest + 6 * MB)})

    assert json.loads(taken.body)["length"] == 3 * largest + MB
    assert refused.status == 413
    assert "Tệp quá lớn, máy chủ không nhận" in refused.body.decode()


def test_while_the_program_is_away_the_page_says_so_and_no_log_holds_what_opens_a_report(site):
    words = ["bc/bi-mat-cua-duong-dan", "accounts/loi-moi/bi-mat-cua-duong-dan", "lich/ics/bi-mat-cua-duong-dan"]

    answers = [site.ask(f"/{word}/?q=Nguyen+Van+A") for word in words]

    assert [answer.status for answer in answers] == [503, 503, 503]
    assert answers[0].all("Retry-After") == ["5"]
    assert answers[0].all("Cache-Control") == ["private, no-store"]
    assert "Hệ thống đang bận, xin thử lại" in answers[0].body.decode()
    told = site.logs()
    assert '"place":"/bc","status":503' in told
    assert "bi-mat" not in told
    assert "Nguyen" not in told
    assert "127.0.0.1" not in (site.folder / "log" / "theodoi.log").read_text()


def test_every_line_of_the_log_is_json(site, echo):
    site.ask('/viec/"%22\\/')
    site.ask("/")

    lines = (site.folder / "log" / "theodoi.log").read_text().splitlines()

    assert {json.loads(line)["logger"] for line in lines} == {"nginx"}
    assert json.loads(lines[-1])["place"] == "/"


def test_without_tls_everything_leads_to_the_first_page_over_tls(site):
    answer = site.ask_plainly("/bc/bi-mat/")

    assert (answer.status, answer.all("Location")) == (301, [f"https://{HOST}/"])


def test_nobody_is_answered_under_another_name(site):
    with pytest.raises(OSError, match=r"unrecognized name|handshake|UNRECOGNIZED_NAME"):
        site.ask("/", host="khac.example")
    with pytest.raises(ConnectionError):
        site.ask_plainly("/", host="khac.example")


def test_old_protocols_are_refused(site):
    done = subprocess.run(
        [
            program("openssl", "openssl"),
            "s_client",
            "-connect",
            f"127.0.0.1:{site.https}",
            "-tls1_1",
            "-servername",
            HOST,
        ],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Cipher is (NONE)" in done.stdout


def test_what_nginx_says_with_files_is_what_the_program_says():
    text = (DEPLOY / "nginx" / "theodoi.conf").read_text("utf-8")

    # The long list of features is for pages; a style sheet asks for no camera.
    assert PERMISSIONS_POLICY not in text
    assert text.count(f"add_header X-Frame-Options {settings.X_FRAME_OPTIONS} always;") == 2
    assert text.count(f"add_header Referrer-Policy {settings.SECURE_REFERRER_POLICY} always;") == 2


def test_the_pages_of_nginx_need_nothing_from_anywhere():
    for page in sorted((DEPLOY / "nginx" / "errors").iterdir()):
        text = Path(page).read_text("utf-8")
        assert "http" not in text.replace("http-equiv", "")
        assert "src=" not in text and "href=" not in text
