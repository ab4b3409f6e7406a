"""All checks, in the order in which they are told."""

from django.db import connections

from directive_tracker.doctor import database, files, services, setup
from directive_tracker.doctor.findings import LIMIT, Check, Finding, Lane, run

OF_DATABASE = (
    Check("database", database.look_at_database),
    Check("clock", database.look_at_clock),
    Check("migrations", database.look_at_migrations),
    Check("restore", database.look_at_restore),
    Check("tick", database.look_at_tick),
    Check("sending", database.look_at_sending),
    Check("keys", database.look_at_keys),
    Check("log", database.look_at_log),
    Check("replica", database.look_at_replica),
)
# Each on its own.
OTHERS = (
    Check("queue", services.look_at_queue),
    Check("workers", services.look_at_workers),
    Check("mail", services.look_at_mail),
    Check("certificate", services.look_at_certificate),
    Check("storage", files.look_at_storage),
    Check("kept_files", files.look_at_kept_files),
    Check("backups", files.look_at_backups),
    Check("programs", setup.look_at_programs),
)
FIRST = (
    Check("settings", setup.look_at_settings),
    Check("time_zone", setup.look_at_time_zone),
    Check("static", setup.look_at_static),
)


def examine(*, limit: float = LIMIT) -> list[Finding]:
    """Ask everything; each question has at most `limit` seconds."""
    of_database = Lane(OF_DATABASE, last=connections.close_all, gate=True)
    return run(
        [Lane(FIRST), of_database, *(Lane([check], last=connections.close_all) for check in OTHERS)], limit=limit
    )
