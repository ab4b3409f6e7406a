"""One POST to a real https server: it is over in time whatever that does, and goes to exactly what was checked."""

import ipaddress
import socket
import threading
import time

import pytest

from notifications import posting, targets
from tests.receiver import NAME, Receiver

BODY = b'{"a": 1}'


@pytest.fixture
def receiver(tmp_path, settings):
    other = Receiver(tmp_path)
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.WEBHOOK_PORTS = [443, other.port]
    settings.WEBHOOK_CA_FILE = str(other.authority)
    yield other
    other.close()


def post(receiver, path="/nhan", *, within=15.0, host="127.0.0.1"):
    target = targets.Target(host, receiver.port, path)
    return posting.post(target, BODY, {"Content-Type": "application/json"}, within=within)


def test_a_post_is_taken(receiver):
    answer = post(receiver, "/nhan?tu=1")

    (got,) = receiver.got
    assert (answer.code, answer.trouble, answer.in_doubt) == (200, "", False)
    assert (got.path, got.body, got.headers["Content-Length"]) == ("/nhan?tu=1", BODY, "8")
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("code", [204, 301, 302, 307, 400, 410, 429, 500, 503])
def test_the_code_counts_and_no_redirect_is_followed(receiver, code):
    receiver.answers = [code]
    receiver.headers = {"Location": receiver.url + "/khac", "Retry-After": "90"}

    answer = post(receiver)

    assert (answer.code, answer.retry_after, len(receiver.got)) == (code, 90, 1)


@pytest.mark.parametrize(
    ("behaviour", "code", "trouble", "in_doubt", "longest"),
    [
        ("hang", None, "Đứt nối với bên nhận", True, 5.0),
        ("drip", None, "Đứt nối với bên nhận", True, 5.0),
        ("close", None, "Đứt nối với bên nhận", True, 5.0),
        ("long", 200, "", False, 5.0),
    ],
)
def test_it_is_over_in_time_whatever_the_other_side_does(receiver, behaviour, code, trouble, in_doubt, longest):
    receiver.answers = [behaviour]
    began = time.monotonic()

    answer = post(receiver, within=3.0)

    assert time.monotonic() - began < longest
    assert (answer.code, answer.in_doubt, len(receiver.got)) == (code, in_doubt, 1)
    assert answer.trouble.startswith(trouble)


@pytest.mark.parametrize("shakes_hands", [False, True])
def test_a_server_that_never_says_a_word_is_left(settings, shakes_hands):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        if shakes_hands:
            # A byte of nonsense at a time, as if it were about to begin.
            def drip():
                caller, _ = deaf.accept()
                with caller:
                    for _ in range(100):
                        try:
                            caller.sendall(b"\x16")
                        except OSError:
                            return
                        time.sleep(0.1)

            threading.Thread(target=drip, daemon=True).start()
        target = targets.Target("127.0.0.1", deaf.getsockname()[1], "/")
        began = time.monotonic()

        answer = posting.post(target, BODY, {}, within=0.8)

        assert time.monotonic() - began < 3
        assert (answer.code, answer.in_doubt) == (None, False)
        assert answer.trouble.startswith("Không nối được bên nhận:")


def test_nobody_listens(settings):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]

    answer = posting.post(targets.Target("127.0.0.1", 9, "/"), BODY, {}, within=1)

    assert (answer.code, answer.in_doubt, answer.for_good) == (None, False, False)
    assert answer.trouble == "Không nối được bên nhận: [Errno 111] Connection refused"


def test_a_certificate_of_an_unknown_authority_is_not_believed(receiver, settings):
    settings.WEBHOOK_CA_FILE = ""

    answer = post(receiver)

    assert answer.trouble.startswith("Chứng chỉ của bên nhận không đúng:")
    assert receiver.got == []


def test_a_certificate_must_carry_the_name(receiver, monkeypatch):
    resolver(monkeypatch, [["127.0.0.1"]])

    assert post(receiver, host=NAME).code == 200
    answer = post(receiver, host="khac.example.test")

    assert answer.trouble.startswith("Chứng chỉ của bên nhận không đúng: Hostname mismatch")
    assert len(receiver.got) == 1


def resolver(monkeypatch, answers):
    """The name server: one list of addresses after the other, the last for ever; returns who was asked for."""
    asked = []

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_server_that_answers_differently_the_second_time_changes_nothing(receiver, monkeypatch, settings):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.1/32")]
    asked = resolver(monkeypatch, [["127.0.0.1"], ["127.0.0.2"]])

    first = post(receiver, host=NAME)
    second = post(receiver, host=NAME)

    assert (first.code, len(receiver.got), asked) == (200, 1, [NAME, NAME])
    assert second.code is None
    assert "127.0.0.2 nằm trong mạng nội bộ" in second.trouble


def test_an_address_inside_is_refused_before_anything_is_sent(receiver, settings):
    settings.WEBHOOK_NETWORKS = []

    answer = post(receiver)

    assert "nằm trong mạng nội bộ" in answer.trouble
    assert (receiver.got, answer.for_good) == ([], False)


def test_the_next_address_of_a_name_is_tried(receiver, monkeypatch, settings):
    settings.WEBHOOK_NETWORKS = [*settings.WEBHOOK_NETWORKS, ipaddress.ip_network("::1/128")]
    resolver(monkeypatch, [["::1", "127.0.0.1"]])

    assert post(receiver, host=NAME).code == 200


def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert post(receiver).code == 200


def test_a_gateway_of_the_settings_may_stand_anywhere(receiver):
    assert posting.post_to_gateway(receiver.url, BODY, {}, within=2).code == 200
    assert posting.post_to_gateway("ftp://x/", BODY, {}, within=2).trouble == "Địa chỉ không hợp lệ"
