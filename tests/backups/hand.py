"""A process that does things in one place after the other – a database and folders of its own – as its commands would.

Reads one JSON line a step from its input and answers with one line. Django is started once, which takes longer than the steps.
"""

import contextlib
import io
import json
import os
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from directive_tracker import clock, env  # noqa: E402
from notifications import outbox, rounds  # noqa: E402
from records.audit import record  # noqa: E402
from records.models import StoredFile  # noqa: E402
from records.uploads import store_upload  # noqa: E402
from tests.factories import (  # noqa: E402
    at,
    make_area,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from units.models import AreaLevel, Role  # noqa: E402
from veterans import people, sensitive  # noqa: E402
from veterans.enums import Category, Living, SensitiveKind  # noqa: E402
from veterans.models import Person  # noqa: E402
from veterans.protection import erasing  # noqa: E402

NOW = at("2024-04-15", "09:00")


def prepare() -> None:
    """Tables and a little of everything: people, work, files plain and sealed, an entry of the registry, the log."""
    call_command("migrate", verbosity=0)
    office = make_office_user(password="mat-khau-van-phong")
    unit = make_unit("Huyện ủy Đắk Hà")
    make_reporter(unit, "dakha")
    make_assignment(make_task(make_directive(), "1a.3"), unit)
    store_text("bao-cao.txt", "Nội dung báo cáo.\n", sealed=False)
    store_text("danh-sach.txt", "Nội dung danh sách.\n", sealed=True)
    store_text("da-bo.txt", "Nội dung đã bỏ.\n", sealed=False)
    StoredFile.objects.get(original_name="da-bo.txt").empty()
    registrar = make_user("mttq")
    commune = make_area("Xã Đăk Hring", level=AreaLevel.COMMUNE)
    make_membership(registrar, role=Role.REGISTRAR, area=commune, may_read_sensitive=True)
    for name in ("A Thih", "Y Hloă"):
        person = people.add_person(
            fields={
                "full_name": name,
                "residence": commune,
                "birth_year": 1930,
                "birth_is_estimated": False,
                "living_state": Living.LIVING,
                "living_on": NOW.date(),
                "living_source": "Trưởng thôn",
            },
            categories={Category.OTHER: ("Giấy chứng nhận", "DC-01")},
            by=registrar,
            now=NOW,
        )
        with transaction.atomic():
            sensitive.write(person, {SensitiveKind.PHONE: "0260 3862 111"}, by=registrar, now=NOW)
    for number in range(3):
        record("audit.verified", by=office, at=NOW, data={"count": number})


def store_text(name: str, text: str, sealed: bool) -> str:
    """Store a text as an upload; its name in the store."""
    return store_upload(SimpleUploadedFile(name, text.encode()), by=None, now=NOW, sealed=sealed).file.name


def store_many(count: int, size: int) -> None:
    """So many files of so many bytes, no two alike."""
    for number in range(count):
        store_text(f"tep-{number}.txt", f"Tệp số {number}. ".ljust(size - 10, "x"), sealed=number % 4 == 0)


def command(arguments: list[str]) -> dict[str, Any]:
    """Run a command: its exit code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        # A logger's lines go to the real stderr; the command's own are asked for here.
        with contextlib.redirect_stdout(out):
            call_command(*arguments, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    except SystemExit as end:
        code = end.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def keep(name: str, content: str) -> None:
    """Put a file into the store past the program."""
    default_storage.save(name, ContentFile(content.encode()))


def drop(name: str) -> None:
    """Take a file out of the store past the program."""
    default_storage.delete(name)


def sign_in(username: str, password: str) -> str:
    """Sign in by the page and open the first page: where one is led."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "vi"})
    client.post("/accounts/login/", {"username": username, "password": password})
    answer = client.get("/", follow=True)
    return answer.request["PATH_INFO"] if answer.status_code == 200 else str(answer.status_code)


def readyz() -> int:
    """The code with which the readiness is answered."""
    return Client(SERVER_NAME="127.0.0.1").get("/readyz").status_code


def read_sealed() -> dict[str, Any]:
    """What can be read of what lies sealed: the words of files and of the registry."""
    texts = {}
    for stored in StoredFile.objects.exclude(sha256=""):
        with stored.open_plain() as content:
            texts[stored.original_name] = content.read().decode()
    phones = [sensitive.opened(value) for person in Person.objects.order_by("pk") for value in person.sensitive.all()]
    return {"files": texts, "phones": phones}


def erase(name: str) -> int:
    """Erase an entry of the registry as its page does; its number."""
    person = Person.objects.get(full_name=name)
    erasing.erase(person, kind="erase", basis="Theo yêu cầu", by=None, now=NOW)
    return person.pk


def tell(username: str, title: str, now: str) -> None:
    """Tell somebody something by a mail of its own, due at once."""
    user, moment = make_user(username), datetime.fromisoformat(now)
    outbox.tell(key=f"test:{title}:{user.pk}", kind="more", recipient=user, title=title, now=moment, mail="own")


def plan(now: str) -> int:
    """Write down every notice that is due, as a round does; how many are new."""
    return rounds.plan_whole(now=datetime.fromisoformat(now))


@contextlib.contextmanager
def stopped_clock(moment: str | None) -> Iterator[None]:
    """The pages' clock shows this moment; None leaves it alone."""
    real = clock.now
    if moment is not None:
        clock.now = lambda: datetime.fromisoformat(moment)
    try:
        yield
    finally:
        clock.now = real


STEPS: dict[str, Any] = {
    step.__name__: step
    for step in (prepare, store_text, store_many, command, keep, drop, sign_in, readyz, read_sealed, erase, tell, plan)
}


def main() -> None:
    """Answer {"value": …} or {"error": traceback} to each step, until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        connections.close_all()
        connections["default"].settings_dict.update(NAME=asked["database"], CONN_MAX_AGE=0)
        changes = {
            name: Path(value) if name.endswith(("_DIR", "_ROOT", "_FILE")) else value
            for name, value in asked["settings"].items()
        }
        for name in ("BACKUP_KEY", "FIELD_KEY"):
            if changes.get(name):
                changes[name] = bytes.fromhex(changes[name])
        moment = changes.pop("NOW", None)
        if store := changes.pop("STORAGE_URL", None):
            os.environ["STORAGE_URL"] = store
            changes["STORAGES"] = {**settings.STORAGES, "default": env.storage("STORAGE_URL")}
        try:
            with override_settings(**changes), stopped_clock(moment):
                answer = {"value": STEPS[asked["step"]](**asked["values"])}
        except Exception:  # noqa: BLE001 – the test shows it
            answer = {"error": traceback.format_exc()}
        connections.close_all()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
