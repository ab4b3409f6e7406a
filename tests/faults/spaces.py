"""Machines of a network on one machine: each host has its own network, processes, memory and temporary files.

No namespace has a name. It lives as long as the processes inside, and those end with the test – when it is killed, too:
the kernel signals the host's first process (PR_SET_PDEATHSIG), and with it ends everything that runs there. The folder on
the disk is removed by a process that only waits for the test's end.

Hosts are joined by a bridge that stands in a namespace of its own. A host whose port leaves the bridge is a black hole:
what is sent there is lost without an answer. Neighbours are entered for good, so that not even ARP notices.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import Unavailable

ROOT = Path(__file__).resolve().parents[2]
NETWORK = "10.99.0"
CLONE_NEWNET = 0x40000000
PARTS_OF_A_HOST = ("--net", "--mount", "--pid", "--ipc", "--uts", "--mount-proc", "--propagation", "private")
INTO_A_HOST = ("-n", "-m", "-p", "-i", "-u")
# What the code needs wherever a host hides the machine's own temporary files.
CODE = (ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
# Its own /tmp, /var/tmp and /dev/shm; of the machine's disk it writes only where it was told to. Then it waits, and buries
# the dead.
BOOT = """set -e
mount -t tmpfs none /mnt
n=0; for path in $CODE $SHARED; do mkdir -p /mnt/$n; mount --rbind "$path" /mnt/$n; n=$((n+1)); done
mount -t tmpfs -o mode=1777,size=512m none /tmp
mount -t tmpfs -o mode=1777,size=64m none /var/tmp
mount -t tmpfs -o mode=1777,size=64m none /dev/shm
n=0; for path in $CODE $SHARED; do mkdir -p "$path"; mount --rbind /mnt/$n "$path"; n=$((n+1)); done
umount -l -R /mnt
for path in / $CODE; do mount -o remount,bind,ro "$path"; done
mkdir -p /tmp/var /tmp/home
hostname "$NAME"
ip link set lo up
echo ready
sleep infinity &
while kill -0 $! 2>/dev/null; do wait || true; done
"""
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _killed_with_us() -> None:
    """Ask the kernel to kill this process when the test ends; unshare waits for its child and hears no SIGTERM."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def why_not() -> str:
    """Why there can be no namespaces on this machine; "" where they can."""
    if sys.platform != "linux":
        return "chỉ có trên Linux"
    missing = [name for name in ("unshare", "nsenter", "ip", "mount") if shutil.which(name) is None]
    if missing:
        return f"máy không có lệnh {', '.join(missing)}"
    for command in (
        ["unshare", *PARTS_OF_A_HOST, "--fork", "mount", "-t", "tmpfs", "none", "/mnt"],
        ["unshare", "--net", "sh", "-c", "ip link add v0 type veth peer name v1 && ip link add br0 type bridge"],
    ):
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        if tried.returncode:
            return f"không tạo được không gian mạng riêng: {tried.stderr.strip()[-200:]}"
    return ""


def _first_child(pid: int) -> int:
    """The only child of a process, once it has one."""
    for _ in range(500):
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])
        time.sleep(0.01)
    raise Unavailable("không gian mạng không khởi động được")


def _words(paths: tuple[Path, ...]) -> str:
    """Paths for the shell, without those that lie within another one."""
    kept = [one for one in paths if not any(one != other and one.is_relative_to(other) for other in paths)]
    return " ".join(dict.fromkeys(map(str, kept)))


def _quiet(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


def enter_network(pid: int) -> None:
    """Move the calling thread into the network of a process; its new threads and processes follow. Errors: OSError."""
    with open(f"/proc/{pid}/ns/net", "rb") as place:
        if _libc.setns(place.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


@dataclass
class Program:
    """One program on a host, in a process group of its own; what it says stands in `log`."""

    host: str
    name: str
    log: Path
    process: subprocess.Popen
    # Why it may end otherwise than by itself.
    fate: str = ""

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """kill -9, all of its group."""
        self.fate = "killed"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def end(self, seconds: float) -> bool:
        """SIGTERM to the program itself; False where it had to be killed."""
        self.fate = self.fate or "asked to end"
        # nsenter hands no signals on; the program is its child.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
                os.kill(int(child), signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def said(self) -> str:
        """Everything it wrote."""
        return self.log.read_text(errors="replace")


@dataclass
class Host:
    """One machine: `pid` is its first process, with which everything on it ends."""

    name: str
    number: int
    holder: subprocess.Popen
    pid: int
    folder: Path
    programs: list[Program] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{NETWORK}.{self.number}"

    @property
    def card(self) -> str:
        """The hardware address of its network card."""
        return f"02:00:00:00:00:{self.number:02x}"

    def command(self, *command: str) -> list[str]:
        """The command as run on this host, in the folder of the code."""
        return ["nsenter", "-t", str(self.pid), *INTO_A_HOST, "--", "env", "-C", str(ROOT), *command]

    def run(self, *command: str, environment: dict[str, str] | None = None, seconds: float = 300) -> str:
        """Run a command to its end; what it printed. Errors: AssertionError with what it said."""
        # Not a pipe: a server that the command leaves behind would keep it open.
        with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
            done = subprocess.run(
                self.command(*command),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=wrong,
                timeout=seconds,
                check=False,
            )
            said.seek(0)
            wrong.seek(0)
            assert done.returncode == 0, f"{self.name}: {' '.join(command)}: {wrong.read()[-3000:]}"
            return said.read()

    def start(self, name: str, *command: str, environment: dict[str, str]) -> Program:
        """Start a program and leave it running."""
        log = self.folder / f"{self.name}-{name}-{len(self.programs)}.log"
        with log.open("ab") as said:
            process = subprocess.Popen(
                self.command(*command),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=_killed_with_us,
            )
        program = Program(self.name, name, log, process)
        self.programs.append(program)
        return program

    @property
    def lives(self) -> bool:
        return self.holder.poll() is None

    def lose(self) -> None:
        """The machine is gone: every process killed, its card with its network."""
        for program in self.programs:
            program.fate = program.fate or "its machine was lost"
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.holder.wait(10)


class Spaces:
    """The network with its hosts, on one folder of the disk."""

    def __init__(self) -> None:
        """An empty network. Errors: services.Unavailable where the machine does not let us."""
        if reason := why_not():
            raise Unavailable(reason)
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-spaces-"))
        self.folder.chmod(0o755)
        # Ends when our end of its pipe closes, however that comes about.
        self._sweeper = subprocess.Popen(
            ["sh", "-c", 'cat >/dev/null; rm -rf "$0"', str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.hosts: dict[str, Host] = {}
        self._own_network = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._switch = subprocess.Popen(
            [
                *("unshare", "--net", "--fork", "--kill-child=SIGKILL"),
                *("sh", "-c", "ip link add br0 type bridge && ip link set br0 up && exec sleep infinity"),
            ],
            stderr=(self.folder / "switch.log").open("ab"),
            preexec_fn=_killed_with_us,
        )
        self._switch_pid = _first_child(self._switch.pid)
        self._wait_for_bridge()

    def _at_switch(self, *command: str) -> None:
        _quiet("nsenter", "-t", str(self._switch_pid), "-n", "--", *command)

    def _wait_for_bridge(self) -> None:
        for _ in range(200):
            with contextlib.suppress(RuntimeError):
                return self._at_switch("ip", "link", "show", "dev", "br0")
            time.sleep(0.02)
        raise Unavailable("không tạo được cầu mạng")

    def host(self, name: str, number: int, *shared: Path) -> Host:
        """A machine with the address 10.99.0.number; of the disk's temporary folders it sees only `shared` and the code."""
        environment = {**os.environ, "NAME": name, "CODE": _words(CODE), "SHARED": _words(shared)}
        holder = subprocess.Popen(
            ["unshare", *PARTS_OF_A_HOST, "--fork", "--kill-child=SIGKILL", "sh", "-c", BOOT],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=(self.folder / f"{name}.log").open("ab"),
            text=True,
            preexec_fn=_killed_with_us,
        )
        if holder.stdout.readline() != "ready\n":
            holder.kill()
            raise Unavailable(f"máy “{name}” không khởi động được")
        host = Host(name, number, holder, _first_child(holder.pid), self.folder)
        self._plug_in(host)
        self.hosts[name] = host
        return host

    def _plug_in(self, host: Host) -> None:
        card = ("peer", "name", "eth0", "address", host.card, "netns", str(host.pid))
        self._at_switch("ip", "link", "add", f"p-{host.name}", "type", "veth", *card)
        self._at_switch("ip", "link", "set", f"p-{host.name}", "master", "br0", "up")
        host.run("ip", "addr", "add", f"{host.address}/24", "dev", "eth0")
        host.run("ip", "link", "set", "eth0", "up")
        for other in self.hosts.values():
            if other.lives:
                for here, there in ((host, other), (other, host)):
                    known = ("lladdr", there.card, "nud", "permanent", "dev", "eth0")
                    here.run("ip", "neigh", "replace", there.address, *known)

    def lose(self, host: Host) -> None:
        """The host is gone with everything on it; another one may take its place."""
        host.lose()
        # The kernel takes its time with the card of a network that is gone.
        with contextlib.suppress(RuntimeError):
            self._at_switch("ip", "link", "del", f"p-{host.name}")

    def drop(self, host: Host) -> None:
        """From now on everything to and from the host is lost on the way."""
        self._at_switch("ip", "link", "set", f"p-{host.name}", "nomaster")

    def join(self, host: Host) -> None:
        """The way is open again."""
        self._at_switch("ip", "link", "set", f"p-{host.name}", "master", "br0")

    def unplug(self, host: Host) -> None:
        """The cable is out: the host itself sees that it has no network."""
        self._at_switch("ip", "link", "set", f"p-{host.name}", "down")

    def plug(self, host: Host) -> None:
        """The cable is in again."""
        self._at_switch("ip", "link", "set", f"p-{host.name}", "up")

    @contextlib.contextmanager
    def inside(self, host: Host) -> Iterator[None]:
        """The calling thread, and the threads it starts, stand in the network of a host; files stay those of the machine."""
        enter_network(host.pid)
        try:
            yield
        finally:
            if _libc.setns(self._own_network, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def close(self) -> None:
        """Nothing stays behind."""
        for host in self.hosts.values():
            for program in host.programs:
                program.fate = program.fate or "closed"
            host.lose()
        self._switch.kill()
        self._switch.wait(10)
        os.close(self._own_network)
        self._sweeper.stdin.close()
        self._sweeper.wait(60)


def wait_for_port(address: str, port: int, seconds: float = 30) -> None:
    """Return when somebody listens there; to be called inside the network. Errors: AssertionError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"{address}:{port} does not answer")
