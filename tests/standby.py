"""A real streaming replica of a PostgreSQL server, for tests."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests import services

HOST = "127.0.0.1"


class Standby:
    """Follows the server of the address by streaming; may be paused, killed and started again.

    Errors: services.Unavailable without PostgreSQL's programs, or where the server lets nobody copy it.
    """

    def __init__(self, primary: str) -> None:
        programs = services.postgres_bin()
        if programs is None:
            raise services.Unavailable("không có PostgreSQL trên máy (gói Debian: postgresql)")
        self._programs, self.port = programs, services.free_port()
        self._become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self._folder = Path(tempfile.mkdtemp(prefix="tracker-standby-", dir=memory))
        if self._become:
            shutil.chown(self._folder, "postgres")
        self.primary = urlsplit(primary)
        copy = [str(programs / "pg_basebackup"), "-d", primary, "-D", str(self._folder / "data")]
        try:
            services._quietly([*self._become, *copy, "-R", "-X", "stream", "-c", "fast", "--no-sync"])
            self.start()
        except RuntimeError as error:
            self.close()
            raise services.Unavailable(f"không sao chép được máy chủ PostgreSQL: {error}") from error

    def start(self) -> None:
        """Start it, or start it again."""
        options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses={HOST} -c fsync=off -c max_connections=200"
            " -c hot_standby=on -c wal_receiver_status_interval=1"
        )
        self._control("-l", str(self._folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._control("-m", "immediate", "stop")

    def pause(self) -> None:
        """From here on it receives what is written and shows none of it."""
        self._do("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """Show what came meanwhile."""
        self._do("SELECT pg_wal_replay_resume()")

    def wait_until_in_step(self, database: str, seconds: float = 20) -> None:
        """Return when it has replayed all that the primary has written by now."""
        address = self.primary._replace(path=f"/{database}").geturl()
        with psycopg2.connect(address) as asking, asking.cursor() as cursor:
            # A commit that waits: whatever others wrote before it is on its way now.
            cursor.execute("SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'tests', 'here')")
        with asking, asking.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
            (written,) = cursor.fetchone()
        asking.close()
        until = time.monotonic() + seconds
        while not self._do(f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"):
            assert time.monotonic() < until, f"the replica has not come to {written}"
            time.sleep(0.05)

    def close(self) -> None:
        """Stop it and take its folder away."""
        control = [*self._become, str(self._programs / "pg_ctl"), "-D", str(self._folder / "data")]
        subprocess.run([*control, "-m", "immediate", "stop"], cwd="/", check=False, capture_output=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        control = [*self._become, str(self._programs / "pg_ctl"), "-D", str(self._folder / "data"), "-w"]
        services._quietly([*control, *arguments])

    def _do(self, statement: str) -> object:
        asking = psycopg2.connect(host=HOST, port=self.port, user=self.primary.username, dbname="postgres")
        asking.autocommit = True
        try:
            with asking.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0]
        finally:
            asking.close()
