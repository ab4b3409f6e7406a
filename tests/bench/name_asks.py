"""Run under the servers' settings: ask for people by name and say as JSON how long it took.

python -m tests.bench.name_asks areas | ASKS
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from directive_tracker import vietnamese  # noqa: E402
from tests.factories import make_membership, make_user  # noqa: E402
from units.models import Area, AreaLevel, Role  # noqa: E402
from units.reference import LONG_AGO, load_reference  # noqa: E402
from veterans import searching, sensitive  # noqa: E402
from veterans.enums import SensitiveKind  # noqa: E402
from veterans.models import Person  # noqa: E402

# The classes of the goal, then what else people type. Several of a kind, in turns.
CLASSES: dict[str, tuple[str, ...]] = {
    "from the start": ("nguyễn v", "tran thi h", "Lê Văn D", "y bl", "a kr", "phạm thị th", "hoang van m"),
    "anywhere": ("ung", "anh", "uong", "oan", "inh", "krâ", "ong", "rang"),
    "common pair": ("nguyễn văn", "nguyen thi", "trần thị", "lê văn", "van nguyen", "thi tran", "pham van"),
    "given name": ("Hùng", "hoa", "Lan", "bình", "Dũng", "thu", "minh", "Tuấn", "yến"),
    "never together": ("a krang thi", "y văn hùng", "thị hùng kông", "a nguyen", "blâm văn lan"),
    "one letter": ("h", "k", "y", "z", "m", "đ", "w"),
    "two letters": ("kr", "ng", "zz", "bl", "th", "ho", "qv"),
    "name and year": ("Hùng 1931", "hoa 1925", "nguyen van 1930", "1938 lan", "krang 1922"),
    "year": ("1931", "1920", "1899", "1938", "1941"),
    "last four digits": ("4711", "0382", "9120", "5555", "3003", "8001"),
    "name and commune": ("hoa hà mòn", "nguyen van dak hring", "Lan, xã Rờ Kơi", "hung quang trung"),
    "not there": ("xyzzy", "hoàng đế quang", "nguyễn văn abcd", "%%%", "lò văn ơn 🎖"),
}
GOAL = ("from the start", "anywhere", "common pair")
ALIKE = 7


def rare_names() -> tuple[str, ...]:
    """Whole names of single people, from all over the table."""
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    picked = [last * part // 12 for part in range(1, 12)]
    return tuple(Person.objects.filter(pk__in=picked).order_by("pk").values_list("full_name", flat=True))


def registrars() -> dict[str, object]:
    """One of the province, one of a district of some ten communes, one of a commune."""
    old = Area.objects.filter(valid_from=LONG_AGO)
    province = old.get(level=AreaLevel.PROVINCE)
    districts = old.filter(level=AreaLevel.DISTRICT).annotate(size=Count("children"))
    district = districts.filter(size__gte=10).order_by("size", "pk")[0]
    commune = old.filter(level=AreaLevel.COMMUNE, parent=district).order_by("pk")[0]
    found = {}
    for name, area in (("tỉnh", province), ("huyện", district), ("xã", commune)):
        user = make_user(f"bench-{area.pk}")
        make_membership(user, role=Role.REGISTRAR, area=area)
        found[name] = user
    return found


def floor(typed: str) -> list[tuple]:
    """The least that answers: the first 500 of the one table by its index, whoever asks, sorted."""
    wheres, params = [], []
    for word in vietnamese.fold(typed).replace(",", " ").split():
        if word.isdigit() and 1850 <= int(word) <= 2100:
            wheres, params = [*wheres, "birth_year = %s"], [*params, int(word)]
        elif word.isdigit():
            tail = sensitive.blind(word, f"{SensitiveKind.ID_NUMBER}.tail")
            wheres.append("id IN (SELECT person_id FROM veterans_sensitivevalue WHERE blind_tail = %s)")
            params.append(tail)
        else:
            wheres, params = [*wheres, "search_key LIKE %s"], [*params, f"%{word}%"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, sort_key, full_name FROM veterans_person WHERE {' AND '.join(wheres)} LIMIT 500", params
        )
        return sorted(cursor.fetchall(), key=lambda row: row[1])


def cpu() -> float:
    """Seconds of CPU so far, of this process and of the one that serves it in the database: others' work does not count."""
    seconds = time.process_time()
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        backend = connection.connection.get_backend_pid()
        seconds += int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9
    return seconds


def times(ask: Callable[[str], object], words: Sequence[str], count: int) -> dict[str, float]:
    """p50 and p95 of so many questions in milliseconds of CPU, and p95 by the clock, the words in turns."""
    taken, waited = [], []
    turns: Iterator[str] = itertools.cycle(words)
    for typed in (next(turns) for _ in range(count)):
        begun, clock = cpu(), time.perf_counter()
        ask(typed)
        taken.append((cpu() - begun) * 1000)
        waited.append((time.perf_counter() - clock) * 1000)
    p95 = quantiles(taken, n=20)[-1]
    return {"p50": round(median(taken), 1), "p95": round(p95, 1), "clock_p95": round(quantiles(waited, n=20)[-1], 1)}


def measure(count: int) -> dict:
    """Every class as every registrar, the floor beside it."""
    users = registrars()
    classes: dict[str, dict] = {}
    for name, words in {**CLASSES, "rare name": rare_names()}.items():
        classes[name] = {"floor": times(floor, words, count if name in GOAL else ALIKE)}
        for role, user in users.items():
            people = Person.objects.visible_to(user)
            classes[name][role] = times(lambda typed, among=people: searching.found(among, typed), words, count)
    return {
        "classes": classes,
        "floor_p95_ms": max(classes[name]["floor"]["p95"] for name in GOAL),
        "worst": {role: max(one[role]["p95"] for one in classes.values()) for role in users},
    }


if __name__ == "__main__":
    if sys.argv[1] == "areas":
        load_reference()
    else:
        json.dump(measure(int(sys.argv[1])), sys.stdout, ensure_ascii=False)
