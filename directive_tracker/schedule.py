"""What beat rings for, and how often. Each of these may run twice or not at all: the rows say what there is to do.

`expires` lets a bell that nobody answered go before the next one rings.
"""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "notifications.tick": {"task": "notifications.tick", "schedule": 60.0, "options": {"expires": 55}},
    # What a killed process wrote into the log and did not seal.
    "records.seal": {"task": "records.seal", "schedule": 60.0, "options": {"expires": 55}},
    # Exports and other long work whose bell was lost.
    "records.run_waiting": {"task": "records.run_waiting", "schedule": 60.0, "options": {"expires": 55}},
    # Files that arrive in parts and that nobody went on with.
    "records.forget_parts": {"task": "records.forget_parts", "schedule": 3600.0, "options": {"expires": 3500}},
    # Files that people asked for and whose thirty days are over.
    "records.forget_own_files": {
        "task": "records.forget_own_files",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # Expired sessions, late forms nobody came back for.
    "accounts.tidy": {"task": "accounts.tidy", "schedule": 60.0, "options": {"expires": 55}},
    # Work that waits on nobody; every hour, so that a machine that is off at night misses nothing.
    "tasks.look_for_idle_work": {"task": "tasks.look_for_idle_work", "schedule": 3600.0, "options": {"expires": 3500}},
    # The figures of the day that is over. Often, so that a machine that was off at night notes them before the morning's
    # work changes them; once they stand it costs one question.
    "tasks.note_day": {"task": "tasks.note_day", "schedule": 600.0, "options": {"expires": 590}},
    # Documents that arrive in the watched folder.
    "tasks.watch_incoming": {"task": "tasks.watch_incoming", "schedule": 60.0, "options": {"expires": 55}},
    # Scans whose worker is gone.
    "tasks.go_on_reading": {"task": "tasks.go_on_reading", "schedule": 60.0, "options": {"expires": 55}},
    # Exports of the registry that have lain for a day.
    "veterans.forget_exports": {"task": "veterans.forget_exports", "schedule": 3600.0, "options": {"expires": 3500}},
    # What an occasion leaves behind and whose time is over: pictures, names of those who went along.
    "veterans.after_campaigns": {"task": "veterans.after_campaigns", "schedule": 3600.0, "options": {"expires": 3500}},
    # Rows of lists whose week is over, lists nobody imported.
    "veterans.empty_lists": {"task": "veterans.empty_lists", "schedule": 3600.0, "options": {"expires": 3500}},
    # Sheets of the registry taken along on phones whose seven days are over; what they sent, thirty days after.
    "veterans.end_old_sheets": {"task": "veterans.end_old_sheets", "schedule": 3600.0, "options": {"expires": 3500}},
    # Under which keys programs wrote, a week ago and longer (units/api_writes.py).
    "units.forget_api_writes": {"task": "units.forget_api_writes", "schedule": 3600.0, "options": {"expires": 3500}},
    "tracker.heartbeat": {"task": "tracker.heartbeat", "schedule": 60.0, "options": {"expires": 55}},
}
