"""docs/deployment.md word by word, on a Debian that has just been installed, with a real systemd (box.py): what an administrator
types there, and then what people do, from the first administrator to issued work, the reminder's mail and
a unit's report with a file.

Other than written are only the names of step 1 (NAMES), and that the packages of Debian and Python lie there already.
"""

import email
import email.message
import email.policy
import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import services
from tests.browser.test_first_run import accept, set_up_second_step, sign_in, step
from tests.deploying import HOST, ROOT
from tests.faults.box import Box
from tests.faults.instructions import DOCUMENT, Block, blocks, with_values
from tests.units.workbooks import lists

pytestmark = pytest.mark.faults

PASSWORD, HERS = "con duong xanh 1954", "bong lua chin vang 75"
FIRST, SECOND = "2026-11-29", "2026-12-06"
PORT_OF_MAIL = 2525
NAMES = {
    "TENMAY": HOST,
    "NGUON": "/srv/directive-tracker.git",
    "BAN": FIRST,
    "THU": f"smtp://127.0.0.1:{PORT_OF_MAIL}",
    "NGUOIGUI": "theodoi@example.vn",
    "QUANTRI_TEN": "lan",
    "QUANTRI_HOTEN": "Trần Thị Lan",
    "QUANTRI_THU": "lan@example.vn",
    "VANPHONG": "Văn phòng Tỉnh ủy Kon Tum",
}
PACKAGES = [
    "postgresql",
    "redis-server",
    "nginx",
    "python3-venv",
    "git",
    "curl",
    "openssl",
    "systemd-timesyncd",
    "systemd",
    "chromium",
]
# What a machine looks like on which the packages were installed a moment ago: none of its servers was used.
FRESH = """
pg_dropcluster --stop 15 main && pg_createcluster 15 main --start >/dev/null
systemctl stop redis-server nginx && rm -rf /var/lib/redis/* /var/log/nginx/*
rm -rf /var/lib/apt/lists/* ~/.config/pip /etc/xdg/pip /opt/theodoi
printf '[global]\\nno-index = true\\nfind-links = /opt/goi-python\\n' > /etc/pip.conf
"""


@dataclass
class Server:
    """The machine on which the instructions were followed, and what each block said."""

    box: Box
    folder: Path
    names: str
    blocks: list[Block]
    said: dict[str, str]

    def follow(self, block: Block, *, typed: str = "", **values: str) -> str:
        """Type one block, after the names of step 1; what it printed."""
        names = with_values(self.names, {**NAMES, **values})
        done = self.box.run(f"{names}\ncd /root\n{block.commands}", typed=typed)
        return done.stdout + done.stderr

    def named(self, name: str) -> Block:
        """The block of that name."""
        (found,) = [block for block in self.blocks if block.name == name]
        return found

    def mails(self, address: str) -> list[email.message.EmailMessage]:
        """What has arrived for somebody, oldest first."""
        files = sorted((self.folder / "mail" / "new").iterdir(), key=lambda file: file.stat().st_mtime)
        found = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [mail for mail in found if address in str(mail["To"])]

    def wait_for_mail(self, address: str, words: str, *, seconds: float) -> email.message.EmailMessage:
        """The newest mail for somebody whose subject or text has the words."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in reversed(self.mails(address)):
                if words in str(mail["Subject"]) or words in mail.get_body(("plain",)).get_content():
                    return mail
            time.sleep(0.5)
        raise AssertionError(f"no mail with “{words}” for {address} in {seconds} s\n{self.box.journal()[-3000:]}")

    def ask(self, question: str) -> list[str]:
        """The rows of one question to the database, as lines."""
        script = f"runuser -u postgres -- psql -d theodoi -At <<'SQL'\n{question}\nSQL"
        return self.box.run(script).stdout.splitlines()


def release(target: Path, scratch: Path) -> None:
    """A repository with the sources as they lie here, under both names of versions."""
    known = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in known:
        if (ROOT / name).is_file():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, scratch / name)
    git = ["git", "-C", str(scratch), "-c", "user.name=tester", "-c", "user.email=tester@example.vn"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Sources"], ["tag", FIRST], ["tag", SECOND]):
        subprocess.run([*git, *command], check=True)
    # git itself cannot work in a folder that it reaches through /proc.
    shutil.copytree(scratch / ".git", target)


def packages(target: Path, scratch: Path) -> None:
    """The packages of Python that the machine in the box, which has no way out, finds on its disk.

    Fetched by Debian's own Python: what a version needs depends on its last number too.
    """
    subprocess.run(["/usr/bin/python3", "-m", "venv", str(scratch)], check=True)
    command = [str(scratch / "bin" / "python"), "-m", "pip", "download", "-q", "-r", "requirements.txt"]
    done = subprocess.run([*command, "-d", str(target)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        services.give_up(f"không tải được các gói Python: {done.stderr[-300:]}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    services.install([name for name in PACKAGES if not Path(f"/usr/share/doc/{name}").exists()])
    folder = tmp_path_factory.mktemp("bare-metal")
    try:
        box = Box()
    except services.Unavailable as reason:
        # What a machine allows is its own business, with CI=true too.
        pytest.skip(f"máy chủ trong hộp: {reason}")
    mail = None
    try:
        packages(box.root / "opt" / "goi-python", folder / "debian-python")
        release(box.root / "srv" / "directive-tracker.git", folder / "sources")
        box.run(FRESH)
        sink = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{PORT_OF_MAIL}"]
        mail = subprocess.Popen(
            box.in_its_network(*sink, "-c", "aiosmtpd.handlers.Mailbox", str(folder / "mail")),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        names, *rest = blocks(DOCUMENT.read_text("utf-8"))
        found = Server(box, folder, names.commands, rest, {})
        for block in rest:
            if not block.name:
                asked = f"{PASSWORD}\n" if "first_administrator" in block.commands else ""
                found.said[block.heading] = found.said.get(block.heading, "") + found.follow(block, typed=asked)
        yield found
    finally:
        if mail is not None:
            mail.kill()
            mail.wait(10)
        box.close()


def test_after_the_last_command_everything_runs(server: Server):
    states = server.box.run(
        "systemctl is-active theodoi-web.socket theodoi-web theodoi-worker theodoi-beat nginx"
    ).stdout

    assert states.split() == ["active"] * 5
    assert server.box.run("systemctl --failed --no-legend --plain").stdout == ""
    answer = json.loads(re.search(r"\{.*\}", server.said["9. Kiểm tra"])[0])
    assert answer["status"] in ("ok", "degraded")
    assert (answer["database"], answer["queue"], answer["migrations"]) == ("ok", "ok", "ok")
    assert "Đã tạo Văn phòng Tỉnh ủy Kon Tum và tài khoản quản trị lan." in server.said["10. Người quản trị đầu tiên"]
    assert str(server.mails("lan@example.vn")[0]["Subject"]).startswith("Test email from")


def test_the_first_backup_is_whole_and_can_be_read_by_the_program_alone(server: Server):
    (stored,) = server.box.run("find /var/backups/theodoi -name 'theodoi-*' -printf '%p %u %m\\n'").stdout.splitlines()
    path, owner, rights = stored.split()

    checked = server.box.run(f"theodoi backup --check {path}").stdout

    assert (owner, rights) == ("theodoi", "600")
    assert f"Bản sao lưu nguyên vẹn: {path}" in checked
    assert "theodoi-backup.timer" in server.said["12. Sao lưu mỗi đêm"]


# --- what a browser meets -----------------------------------------------------------------------------------------------


def heads(server: Server, path: str, *options: str) -> tuple[str, list[tuple[str, str]]]:
    """Status line and headers of a page, as nginx sends them over TLS."""
    curl = f"curl -sS -o /dev/null -D - --cacert /etc/theodoi/tls/fullchain.pem --resolve {HOST}:443:127.0.0.1"
    lines = server.box.run(f"{curl} {' '.join(options)} 'https://{HOST}{path}'").stdout.splitlines()
    pairs = [line.partition(": ") for line in lines[1:] if line]
    return lines[0], [(name.lower(), value) for name, _, value in pairs]


def test_every_page_carries_its_headers_once(server: Server):
    status, found = heads(server, "/accounts/login/")

    names = [name for name, _ in found]
    assert status.startswith("HTTP/2 200")
    for name in (
        "strict-transport-security",
        "content-security-policy",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "permissions-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "cache-control",
        "server",
    ):
        assert names.count(name) == 1, name
    assert dict(found)["server"] == "nginx"


def test_a_style_sheet_is_kept_for_ever_and_comes_from_the_disk(server: Server):
    page = server.box.run(
        f"curl -sS --cacert /etc/theodoi/tls/fullchain.pem --resolve {HOST}:443:127.0.0.1 https://{HOST}/accounts/login/"
    ).stdout
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    server.box.run("systemctl stop theodoi-web.socket theodoi-web.service")

    status, found = heads(server, sheet, "-H 'Accept-Encoding: gzip'")
    busy, busy_heads = heads(server, "/accounts/login/")
    server.box.run("systemctl start theodoi-web.socket theodoi-web.service")

    assert status.startswith("HTTP/2 200")
    assert dict(found)["cache-control"] == "public, max-age=315360000, immutable"
    assert dict(found)["content-encoding"] == "gzip"
    assert busy.startswith("HTTP/2 503")
    assert dict(busy_heads)["retry-after"] == "5"


def test_plain_http_leads_to_tls_and_figures_are_for_whoever_has_their_token(server: Server):
    plain = server.box.run(
        f"curl -sS -o /dev/null -w '%{{http_code}} %{{redirect_url}}' -H 'Host: {HOST}' http://127.0.0.1/"
    ).stdout

    assert plain == f"301 https://{HOST}/"
    assert heads(server, "/metrics")[0].startswith("HTTP/2 404")


def test_the_program_cannot_change_its_own_code_nor_read_what_is_not_its_own(server: Server):
    pid = server.box.run("systemctl show -p MainPID --value theodoi-worker").stdout.strip()
    # A shell with the rights, the files and the account of the worker itself.
    inside = (
        f"nsenter --target {pid} --mount setpriv --reuid theodoi --regid theodoi --clear-groups --no-new-privs sh -c"
    )

    tried = server.box.run(
        f"{inside} 'touch /opt/theodoi/current/x; touch /etc/x; ls /root; cat /etc/shadow; touch /var/lib/theodoi/x && echo own'",
        check=False,
    )

    assert tried.stdout == "own\n"
    assert tried.stderr.count("Read-only file system") == 2
    assert "ls: cannot open directory '/root': Permission denied" in tried.stderr
    assert "cat: /etc/shadow: Permission denied" in tried.stderr
    server.box.run("rm /var/lib/theodoi/x")


# --- what people do -----------------------------------------------------------------------------------------------------


def document(day: date, due: date) -> bytes:
    """A letter of the office that nobody has seen before: two tasks for one unit."""
    return f"""TỈNH ỦY KON TUM
VĂN PHÒNG
*
Số 15-CV/VPTU
Kon Tum, ngày {day.day} tháng {day.month} năm {day.year}

CÔNG VĂN
về việc tổng kết công tác dân vận

Kính gửi: Huyện ủy Đắk Hà.

Thực hiện ý kiến của Thường trực Tỉnh ủy, Văn phòng Tỉnh ủy đề nghị:

1. Huyện ủy Đắk Hà tổ chức hội nghị tổng kết công tác dân vận trên địa bàn huyện, báo cáo kết quả trước ngày {due:%d/%m/%Y}.

2. Huyện ủy Đắk Hà lập danh sách các công trình cần sửa chữa, gửi Văn phòng Tỉnh ủy trước ngày {due:%d/%m/%Y}.
""".encode()


@pytest.fixture
def new_page(server: Server, playwright, tmp_path: Path) -> Iterator[Callable[[], Page]]:
    """A browser in the machine's network: its pages know the server by its name."""
    program = services.chromium_path()
    if program is None:
        services.give_up("không có Chromium trên máy (gói Debian: chromium)")
    wrapper = tmp_path / "chromium"
    wrapper.write_text(f'#!/bin/sh\nexec {" ".join(server.box.in_its_network(program))} "$@"\n')
    wrapper.chmod(0o755)
    options = ["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    browser = playwright.chromium.launch(executable_path=str(wrapper), args=options)

    def open_page() -> Page:
        context = browser.new_context(ignore_https_errors=True, locale="vi-VN")
        context.set_default_timeout(90_000)
        return context.new_page()

    yield open_page
    browser.close()


def press(page: Page, name: str | re.Pattern) -> None:
    """Press a button; where the page asks back, answer "Đồng ý"."""
    page.get_by_role("button", name=name).first.click()
    question = page.locator("#dt-confirm[open]")
    if question.count():
        question.get_by_role("button", name="Đồng ý").click()


def set_up(page: Page, site: str) -> None:
    """The first administrator's way through the page "Bắt đầu", with one unit and its reporter."""
    page.goto(f"{site}/")
    sign_in(page, "lan", PASSWORD)
    set_up_second_step(page)
    page.goto(f"{site}/bat-dau/")
    page.get_by_label("Ký hiệu văn bản").fill("CV/VPTU")
    page.get_by_label("Điện thoại").fill("0260 3862 524")
    page.get_by_label("Thư công vụ").fill("vp@example.vn")
    step(page, 2).get_by_role("button", name="Lưu").click()
    step(page, 3).get_by_role("link", name="Nhập từ tệp Excel").click()
    workbook = lists(
        units=[
            ["hu-dak-ha", "Huyện ủy Đắk Hà", "Đắk Hà", "Huyện ủy, thành ủy, đảng ủy", "", "", "0260 3822 111", "", ""]
        ],
        people=[
            ["ylan", "Y Lan", "", "ylan@example.vn", "Cán bộ đầu mối", "hu-dak-ha", "", "Có", "01/01/2024", ""],
        ],
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Tệp Excel").set_input_files({"name": "danh-sach.xlsx", "mimeType": kind, "buffer": workbook})
    page.get_by_role("button", name="Kiểm tra tệp").click()
    press(page, re.compile("^Nhập"))
    page.wait_for_load_state("networkidle")
    page.goto(f"{site}/bat-dau/")
    page.get_by_role("button", name="Gửi lời mời cho 1 người").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi 1 lời mời.")


def issue(page: Page, site: str, today: date, due: date) -> None:
    """The office records the letter, looks it through and issues it."""
    page.goto(f"{site}/van-ban/moi/")
    letter = {"name": "cong-van-15.txt", "mimeType": "text/plain", "buffer": document(today, due)}
    page.get_by_label("Tệp văn bản").set_input_files(letter)
    page.get_by_label("Văn bản này không có độ mật").check()
    page.get_by_role("button", name="Ghi văn bản").click()
    expect(page.get_by_role("heading", name="Soát văn bản")).to_be_visible()
    press(page, re.compile("Các câu còn lại"))
    expect(page.locator(".ck-progress")).to_contain_text("không còn câu nào")
    press(page, re.compile("Đánh dấu đã soát tất cả"))
    expect(page.locator(".ck-progress")).to_contain_text("2/2")
    page.get_by_role("link", name=re.compile("Tiếp: phân công")).click()
    page.get_by_role("link", name=re.compile("Xem trước và giao")).click()
    press(page, re.compile("^Giao 2 phần việc"))
    expect(page.get_by_text("Đã giao 2 phần việc cho 1 đơn vị.")).to_be_visible()


def a_scan() -> bytes:
    """A sheet as it comes from a scanner, about 200 KB."""
    sheet = io.BytesIO()
    Image.effect_noise((600, 600), 80).save(sheet, "PDF")
    return sheet.getvalue()


def report(page: Page, site: str, scan: bytes) -> None:
    """The unit takes note of its work and sends one report with a file."""
    page.goto(f"{site}/don-vi/")
    press(page, "Tiếp nhận tất cả (2)")
    press(page, "Báo cáo của đơn vị")
    for section in page.locator("details.dt-section").all():
        if section.get_attribute("open") is None:
            section.locator("summary").first.click()
        section.get_by_label("Kết quả", exact=False).first.fill("Đã tổ chức hội nghị ngày hôm qua.")
    paper = {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": scan}
    section = page.locator("details.dt-section").first
    section.locator("input[type=file][multiple]").set_input_files(paper)
    expect(section.locator(".dt-files li")).to_have_count(1, timeout=60_000)
    page.locator(".dt-form-foot").get_by_role("button", name=re.compile("Trình|Gửi")).click()
    page.locator("#dt-confirm").get_by_role("button", name="Đồng ý").click()
    page.wait_for_url(re.compile(r"/don-vi/bao-cao/\d+/$"))


def test_from_the_first_administrator_to_a_reminder_and_a_report_with_a_file(server: Server, new_page):
    site = f"https://{HOST}"
    today = date.today()
    due = today + timedelta(days=21 + (4 - today.weekday()) % 7)
    office, unit = new_page(), new_page()

    set_up(office, site)
    invitation = server.wait_for_mail("ylan@example.vn", "/accounts/loi-moi/", seconds=150)
    link = re.search(rf"{site}/accounts/loi-moi/\S+/", invitation.get_body(("plain",)).get_content())[0]
    accept(unit, link, "ylan", HERS)
    sign_in(unit, "ylan", HERS)
    unit.wait_for_url(f"{site}/don-vi/")
    issue(office, site, today, due)

    # The reminder three working days before, whatever holidays lie between: one round each morning until it is there.
    told = ""
    for days in range(14, 0, -1):
        morning = datetime.combine(due - timedelta(days=days), datetime.min.time().replace(hour=9))
        server.box.run(f"theodoi run_reminders --now {morning:%Y-%m-%dT%H:%M}")
        texts = [mail.get_body(("plain",)).get_content() for mail in server.mails("ylan@example.vn")]
        told = next(
            (
                text
                for text in texts
                if "/accounts/loi-moi/" not in text and f"{due:%d/%m/%Y}" in text and "còn 3" in text.lower()
            ),
            "",
        )
        if told:
            break
    assert told, [str(mail["Subject"]) for mail in server.mails("ylan@example.vn")]
    # A minute's beat, not only the bell: the tick is known.
    assert (
        json.loads(
            server.box.run(f"curl -sS -H 'Host: {HOST}' --unix-socket /run/theodoi/web.sock http://x/readyz").stdout
        )["status"]
        == "ok"
    )

    scan = a_scan()
    report(unit, site, scan)
    stored = server.ask("SELECT original_name, size FROM records_storedfile WHERE original_name LIKE 'bien-ban%'")
    assert stored == [f"bien-ban.pdf|{len(scan)}"]
    # On the disk it is the program's alone.
    files = server.box.run("find /var/lib/theodoi/media -type f -printf '%u %m\\n' | sort -u").stdout
    assert files == "theodoi 600\n"


def test_nothing_that_opens_an_account_is_in_any_log(server: Server):
    told = server.box.journal() + server.box.run("cat /var/log/nginx/*.log").stdout
    link = re.search(
        r"/accounts/loi-moi/([^/\s]+)/", server.mails("ylan@example.vn")[0].get_body(("plain",)).get_content()
    )[1]

    assert link not in told
    assert [word for word in (PASSWORD, HERS, "ylan@example.vn", "Y Lan") if word in told] == []


# --- upgrading ----------------------------------------------------------------------------------------------------------


def test_an_upgrade_and_the_way_back_fail_nobody(server: Server, tmp_path: Path):
    certificate = tmp_path / "fullchain.pem"
    shutil.copy(server.box.root / "etc" / "theodoi" / "tls" / "fullchain.pem", certificate)
    script = [sys.executable, "-m", "tests.faults.https_visitors", str(certificate), "127.0.0.1", "443", HOST]
    visitors = subprocess.Popen(
        server.box.in_its_network(*script), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    running = []

    try:
        for name in ("nang-cap", "quay-lai"):
            server.follow(server.named(name), BAN=SECOND)
            time.sleep(5)
            pid = server.box.run("systemctl show -p MainPID --value theodoi-web").stdout.strip()
            running.append(server.box.run(f"readlink /proc/{pid}/cwd").stdout.strip())
    finally:
        said, _ = visitors.communicate("", timeout=60)

    seen = json.loads(said)
    assert running == [f"/opt/theodoi/releases/{SECOND}", f"/opt/theodoi/releases/{FIRST}"]
    assert seen["failed"] == []
    assert set(seen["answers"]) == {"200", "404"}
    assert sum(seen["answers"].values()) > 100
    print(f"upgrade and back: {seen}")
