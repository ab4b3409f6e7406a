"""Reports sent without a pause, each known by a key, while something is taken away; what became of every one of them."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.faults.visitor import ERROR, OK, RETRY, Answer, Visitor

# Seconds between two tries of the same request, and until a person gives up.
PAUSE, PATIENCE = 1.0, 120.0
# Seconds without a bad answer after which it is over.
QUIET = 5.0


@dataclass(frozen=True)
class Asked:
    """One request of the load."""

    at: float
    seconds: float
    kind: str
    status: int
    what: str
    words: str


@dataclass
class Ledger:
    """What was sent, accepted, and answered."""

    asked: list[Asked] = field(default_factory=list)
    # Key → when "đã gửi" was seen.
    accepted: dict[str, float] = field(default_factory=dict)
    # Keys of reports that were sent at least once.
    sent: set[str] = field(default_factory=set)
    given_up: list[str] = field(default_factory=list)

    def note(self, answer: Answer, what: str) -> None:
        words = "" if answer.kind == OK else answer.text[-300:] if answer.status == 0 else answer.text[:300]
        self.asked.append(Asked(answer.at, answer.seconds, answer.kind, answer.status, what, words))

    def between(self, start: float, end: float) -> list[Asked]:
        """The requests that were answered then."""
        return [one for one in list(self.asked) if start <= one.at < end]

    @property
    def errors(self) -> list[Asked]:
        """Answers that were neither right nor a plain "thử lại"."""
        return [one for one in list(self.asked) if one.kind == ERROR]

    def last_bad(self, start: float, end: float) -> float:
        """When the last answer of a stretch came that was not right; 0 if there is none."""
        return max((one.at for one in self.between(start, end) if one.kind != OK), default=0)


class Sender(threading.Thread):
    """One focal point: opens a report, writes the key, sends it, and so on; tries again as told."""

    def __init__(self, visitor: Visitor, place: dict[str, Any], ledger: Ledger, pause: float) -> None:
        super().__init__(daemon=True)
        self.visitor, self.place, self.ledger, self.pause = visitor, place, ledger, pause
        self.over = threading.Event()
        self.trouble: BaseException | None = None

    def run(self) -> None:
        number = 0
        try:
            while not self.over.is_set():
                number += 1
                self._send_one(f"khóa {self.place['username']}-{number:05}")
                self.over.wait(self.pause)
        except AssertionError as trouble:
            self.trouble = trouble

    def _until_right(self, what: str, ask: Any) -> Answer | None:
        """The answer to a request that is made again while the answer is to try again; None once given up."""
        until = time.monotonic() + PATIENCE
        while True:
            answer = ask()
            self.ledger.note(answer, what)
            if answer.kind != RETRY:
                return answer if answer.kind == OK else None
            if time.monotonic() > until:
                return None
            time.sleep(PAUSE)

    def _send_one(self, key: str) -> None:
        place, visitor = self.place, self.visitor
        path = f"/don-vi/bao-cao/mo/{place['directive']}/{place['unit']}/"
        opened = self._until_right("open", lambda: visitor.post(path, {"csrfmiddlewaretoken": visitor.token}))
        page = self._until_right("form", lambda: visitor.get(opened.target)) if opened else None
        if page is None:
            self.ledger.given_up.append(key)
            return
        form = page.form(having="chung-version")
        fields = [*form.filled(results__=key, do="submit")]
        self.ledger.sent.add(key)
        sent = self._until_right("send", lambda: visitor.post(form.url, fields))
        # What was sent leads away from the form.
        if sent is not None and sent.status == 302 and sent.target != form.url:
            self.ledger.accepted[key] = sent.at
        else:
            self.ledger.given_up.append(key)


@dataclass
class Phase:
    """A stretch of the load in which something was away, from `cut` to `healed`; it ends with `end`."""

    name: str
    what: str
    begun: float
    cut: float = 0
    healed: float = 0
    end: float = 0
    limit: float = 0
    # What else was measured: name → seconds.
    notes: dict[str, float] = field(default_factory=dict)

    def recovered_after(self, ledger: Ledger) -> float:
        """Seconds from the mending to the last answer that was not right."""
        return max(0.0, ledger.last_bad(self.cut, self.end) - self.healed)


class Load:
    """So many senders at once, and the phases of the story."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.senders: list[Sender] = []
        self.phases: list[Phase] = []
        self.began = time.monotonic()

    def begin(self, visitors: list[tuple[Visitor, dict[str, Any]]], *, pause: float) -> None:
        """Start sending, in the network of the calling thread."""
        self.began = time.monotonic()
        for visitor, place in visitors:
            sender = Sender(visitor, place, self.ledger, pause)
            self.senders.append(sender)
            sender.start()

    def phase(self, name: str, what: str, *, limit: float = 0) -> Phase:
        """A new stretch; the one before ends here. `limit`: seconds from the mending within which all is well again."""
        now = time.monotonic()
        if self.phases:
            self.phases[-1].end = now
        self.phases.append(Phase(name, what, now, limit=limit))
        return self.phases[-1]

    def settle(self, *, seconds: float) -> None:
        """Wait until right answers have come, and nothing else, for some seconds. Errors: AssertionError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.5)
            now = time.monotonic()
            lately = self.ledger.between(now - QUIET, now)
            if len(lately) >= len(self.senders) and all(one.kind == OK for one in lately):
                return
        raise AssertionError(f"{self.phases[-1].name}: not well again within {seconds} s\n" + "\n".join(self.table()))

    def finish(self) -> None:
        """Let everybody finish what they are at."""
        for sender in self.senders:
            sender.over.set()
        for sender in self.senders:
            sender.join(PATIENCE * 3)
        if self.phases:
            self.phases[-1].end = time.monotonic()

    def table(self) -> list[str]:
        """The log of the run, as lines of Markdown."""
        lines = [
            "| from s | what was cut | away s | requests | right | try again | other | longest s | well again after s |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for phase in self.phases:
            asked = self.ledger.between(phase.begun, phase.end or time.monotonic())
            count = {kind: sum(one.kind == kind for one in asked) for kind in (OK, RETRY, ERROR)}
            notes = "".join(f"; {name} after {seconds:.0f} s" for name, seconds in phase.notes.items())
            longest = max((one.seconds for one in asked), default=0)
            away = f"{phase.healed - phase.cut:.1f}" if phase.healed > phase.cut else "–"
            again = f"{phase.recovered_after(self.ledger):.1f}" if phase.cut else "–"
            lines.append(
                f"| {phase.begun - self.began:.0f} | {phase.what}{notes} | {away} | {len(asked)} | {count[OK]} | {count[RETRY]} "
                f"| {count[ERROR]} | {longest:.1f} | {again} |"
            )
        return lines
