"""Benches that are no pages: planning notices, sending mails, long jobs.

Each is a function of the servers and of the addresses of the loaded databases by size; it prints its own lines and returns
what goes into var/bench.json under its name. Enter it in EXTRAS.
"""

from collections.abc import Callable

from tests.bench import duplicates, intake, lists, name_search, reminders, sheets
from tests.bench.servers import Bench

Extra = Callable[[Bench, dict[int, str]], dict]
EXTRAS: dict[str, Extra] = {
    "planning": reminders.planning,
    "sending": reminders.sending,
    "duplicates": duplicates.duplicates,
    "lists": lists.lists,
    "intake": intake.intake,
    "name_search": name_search.name_search,
    "sheets": sheets.sheets,
}
