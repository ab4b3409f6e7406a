"""Where other systems may stand: refused at entry and at sending, whatever form an address has."""

import ipaddress
import socket
import threading
import time

import pytest

from notifications import targets


@pytest.fixture
def names(monkeypatch):
    """names[host] = addresses: what the resolver answers; asked counts how often."""
    known: dict[str, list[str]] = {}
    asked: list[str] = []

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    known["asked"] = asked
    return known


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://qlvb.example.vn/", "phải bắt đầu bằng https://"),
        ("ftp://qlvb.example.vn/", "phải bắt đầu bằng https://"),
        ("https://", "Tên máy viết sai"),
        ("https://qlvb.example.vn:99999/", "Địa chỉ viết sai"),
        ("https://qlvb.example.vn:8443/", "Cổng 8443 không được dùng; chỉ gửi đến cổng 443 (WEBHOOK_PORTS)."),
        ("https://an:mat-khau@qlvb.example.vn/", "không được chứa tên đăng nhập"),
        ("https://qlvb.example.vn/#x", "phần sau dấu #"),
        ("https://qlvb.example.vn/a b", "khoảng trắng"),
        ("https://qlvb.example.vn/\r\nHost: x", "khoảng trắng, dấu xuống dòng"),
        ("https://qlvb.exam\tple.vn/", "khoảng trắng"),
        ("https://qlvb.example.vn\\@10.0.0.1/", "tên đăng nhập"),
        ("https://qlvb.example.vn/nhận", "chữ có dấu phải viết ở dạng %"),
        ("https://-a.vn/", "Tên máy viết sai"),
        ("https://a..vn/", "Tên máy viết sai"),
        ("https://[::1/", "Địa chỉ viết sai"),
        ("https://localhost/", "của chính phần mềm"),
        ("https://x.localhost/", "của chính phần mềm"),
        ("https://2130706433/", "đủ bốn phần"),
        ("https://017700000001/", "đủ bốn phần"),
        ("https://0x7f000001/", "đủ bốn phần"),
        ("https://0x7f.1/", "đủ bốn phần"),
        ("https://127.1/", "đủ bốn phần"),
        ("https://0177.0.0.1/", "đủ bốn phần"),
        ("https://10.0.0.1./", "đủ bốn phần"),
        ("https://127.0.0.1/", "của chính phần mềm|nằm trong mạng nội bộ"),
        ("https://10.1.2.3/", "nằm trong mạng nội bộ"),
        ("https://172.16.0.1/", "nằm trong mạng nội bộ"),
        ("https://192.168.1.1/", "nằm trong mạng nội bộ"),
        ("https://169.254.169.254/", "nằm trong mạng nội bộ"),
        ("https://100.64.0.1/", "nằm trong mạng nội bộ"),
        ("https://192.0.2.1/", "nằm trong mạng nội bộ"),
        ("https://198.18.0.1/", "nằm trong mạng nội bộ"),
        ("https://240.0.0.1/", "nằm trong mạng nội bộ"),
        ("https://0.0.0.0/", "không phải của một máy"),
        ("https://255.255.255.255/", "không phải của một máy"),
        ("https://224.0.0.1/", "không phải của một máy"),
        ("https://[::]/", "không phải của một máy"),
        ("https://[ff02::1]/", "không phải của một máy"),
        ("https://[::1]/", "nằm trong mạng nội bộ"),
        ("https://[fe80::1]/", "nằm trong mạng nội bộ"),
        ("https://[fe80::1%25eth0]/", "nằm trong mạng nội bộ|viết sai|ký tự lạ"),
        ("https://[fd00::1]/", "nằm trong mạng nội bộ"),
        ("https://[::ffff:127.0.0.1]/", "nằm trong mạng nội bộ"),
        ("https://[::ffff:10.0.0.1]/", "nằm trong mạng nội bộ"),
        ("https://[::ffff:0.0.0.0]/", "không phải của một máy"),
        ("https://[::7f00:1]/", "nằm trong mạng nội bộ"),
        ("https://[64:ff9b::a00:1]/", "nằm trong mạng nội bộ"),
        ("https://[2002:a00:1::]/", "nằm trong mạng nội bộ"),
        ("https://[2001:0:a00:1::1]/", "nằm trong mạng nội bộ"),
        ("https://[2001:db8::1]/", "nằm trong mạng nội bộ"),
    ],
)
def test_what_may_not_be_asked_is_refused_in_words(url, words, names):
    with pytest.raises(targets.Refused) as refused:
        targets.check(url)

    assert any(part in str(refused.value) for part in words.split("|")), str(refused.value)
    assert names["asked"] == []


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://qlvb.example.vn/nhan?tu=1", targets.Target("qlvb.example.vn", 443, "/nhan?tu=1")),
        ("https://QLVB.example.vn", targets.Target("qlvb.example.vn", 443, "/")),
        ("https://münchen.example.vn/", targets.Target("xn--mnchen-3ya.example.vn", 443, "/")),
        ("https://1.1.1.1/", targets.Target("1.1.1.1", 443, "/")),
        ("https://[2606:4700::1111]/x", targets.Target("2606:4700::1111", 443, "/x")),
    ],
)
def test_a_public_address_is_taken_apart(url, target):
    assert targets.parse(url) == target


def test_the_programs_own_names_are_refused(settings):
    settings.ALLOWED_HOSTS = ["theodoi.example.vn"]
    settings.SITE_URL = "https://theodoi.tinh.example.vn"

    for name in ("theodoi.example.vn", "THEODOI.example.vn.", "theodoi.tinh.example.vn"):
        with pytest.raises(targets.Refused, match="của chính phần mềm"):
            targets.parse(f"https://{name}/")


@pytest.mark.parametrize(
    "answer", [["10.0.0.5"], ["203.0.114.5", "127.0.0.1"], ["::1"], ["::ffff:192.168.0.1"], ["0.0.0.0"]]
)
def test_a_name_that_leads_inside_is_refused_at_entry_and_at_sending(answer, names):
    names["qlvb.example.vn"] = answer

    with pytest.raises(targets.Refused):
        targets.check("https://qlvb.example.vn/nhan")
    with pytest.raises(targets.Refused):
        targets.resolve(targets.parse("https://qlvb.example.vn/nhan"), within=2)


def test_networks_of_the_setting_are_allowed_and_nothing_beside_them(settings, names):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("0.0.0.0/8")]
    names["qlvb.example.vn"] = ["10.1.9.9"]

    targets.check("https://qlvb.example.vn/nhan")
    targets.check("https://[::ffff:10.1.9.9]/")
    for url in ("https://10.2.0.1/", "https://0.0.0.0/", "https://127.0.0.1/"):
        with pytest.raises(targets.Refused):
            targets.check(url)


def test_a_name_nobody_knows_now_may_be_entered_and_is_asked_again_when_sending(names):
    targets.check("https://chua-co.example.vn/nhan")

    with pytest.raises(targets.Unresolved, match=r"Không tìm thấy máy chua-co\.example\.vn$"):
        targets.resolve(targets.parse("https://chua-co.example.vn/nhan"), within=2)


def test_a_name_server_that_does_not_answer_is_not_waited_for(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: released.wait(10))
    began = time.monotonic()

    with pytest.raises(targets.Unresolved, match="không trả lời kịp"):
        targets.resolve(targets.Target("qlvb.example.vn", 443, "/"), within=0.3)

    assert time.monotonic() - began < 2
    released.set()
