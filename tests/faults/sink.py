"""A mail server that counts what it accepts, and misbehaves when told to.

Every worker gets a port (a door) of its own, so that the server knows whose connection is open at the moment of a kill.
A send is open from DATA until the client's next command on the same connection: our worker writes down what became of
a mail before it says anything else to the server.
"""

import asyncio
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"


@dataclass
class Send:
    """One attempt to hand a mail over, as the server saw it; moments are those of time.monotonic()."""

    door: int
    begun: float
    key: str = ""
    recipient: str = ""
    subject: str = ""
    message_id: str = ""
    accepted: float | None = None
    # The server's 250 has left; a client that hears nothing cannot know that the mail was accepted.
    answered: float | None = None
    ended: float | None = None
    lost: bool = False


@dataclass
class Behaviour:
    """How the server treats its clients; all off."""

    # Seconds from the end of the text to the answer; the mail is accepted at a random moment in between.
    slow: float = 0.0
    # Seconds before each other answer.
    slow_answers: float = 0.0
    # Until this moment everybody is turned away with 421.
    closed_until: float = 0.0
    # Share of the mails that is answered 451 after their text.
    refused_for_now: float = 0.0
    # Seconds for which a recipient not seen before is answered 451.
    greylist: float = 0.0
    # Share of the mails that is accepted and not answered for so many seconds.
    hang: float = 0.0
    hang_seconds: float = 8.0
    # Share of the mails that is accepted, after which the connection is dropped.
    drop_after: float = 0.0
    # Share of the mails within whose text the connection is dropped.
    drop_inside: float = 0.0
    # Recipient → answer at RCPT, always or so many times.
    refused: dict[str, str] = field(default_factory=dict)
    refused_times: dict[str, int] = field(default_factory=dict)


class Sink:
    """The server; `behaviour` may be replaced at any moment."""

    def __init__(self, behaviour: Behaviour | None = None, *, seed: int = 7, address: str = HOST) -> None:
        self.behaviour, self.address = behaviour or Behaviour(), address
        self.sends: list[Send] = []
        self.injected: Counter[str] = Counter()
        self.errors: list[str] = []
        self.chance = random.Random(seed)
        # Door → connections at this moment.
        self.connected: Counter[int] = Counter()
        self.first_seen: dict[str, float] = {}
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # dropped connections are what this is for
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def door(self) -> int:
        """Open one more port and return it."""
        return asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)

    async def _open(self) -> int:
        server = await self._loop.create_server(lambda: _Connection(self), self.address, 0, backlog=128)
        self._servers.append(server)
        return server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Stop answering and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in waiting:
            task.cancel()

    # --- counting --------------------------------------------------------------------------------

    @property
    def accepted(self) -> list[Send]:
        """Every copy of every mail that was accepted."""
        return [send for send in list(self.sends) if send.accepted is not None]

    def copies(self) -> Counter[str]:
        """Key → how many copies were accepted."""
        return Counter(send.key for send in self.accepted)

    def of_door(self, door: int) -> list[Send]:
        """The sends of one worker, in order."""
        return [send for send in list(self.sends) if send.door == door]

    def unanswered(self) -> Counter[str]:
        """Key → copies whose acceptance no client heard of, or after which the client was gone without a word."""
        return Counter(send.key for send in self.accepted if send.answered is None or send.lost)

    def cut_off(self, door: int, since: float) -> str | None:
        """The key of the send that a worker had open at that moment, or began next, if it was accepted."""
        for send in self.of_door(door):
            if send.ended is None or send.ended >= since:
                return send.key if send.accepted is not None else None
        return None


class _Connection(SMTP):
    """One connection; aiosmtpd speaks the protocol."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(self, hostname="sink.invalid", ident="sink", loop=asyncio.get_running_loop(), timeout=120)
        self.sink = sink
        self.number = 0
        self.send: Send | None = None

    def connection_made(self, transport: Any) -> None:
        self.number = transport.get_extra_info("sockname")[1]
        self.sink.connected[self.number] += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.sink.connected[self.number] -= 1
        if self.send is not None:
            self.send.lost = True
        self._next_command()
        super().connection_lost(error)

    def _next_command(self) -> None:
        """The client goes on: what it did before is finished."""
        if self.send is not None:
            self.send.ended = time.monotonic()
            self.send = None

    async def _pause(self) -> None:
        if self.sink.behaviour.slow_answers:
            await asyncio.sleep(self.sink.behaviour.slow_answers)

    def _turned_away(self) -> bool:
        if time.monotonic() >= self.sink.behaviour.closed_until:
            return False
        self.sink.injected["421"] += 1
        # After the answer has left.
        self.loop.call_later(0.05, self._hang_up)
        return True

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()

    async def handle_exception(self, error: Exception) -> str:
        """A mistake of this server, which the verdict shows."""
        self.sink.errors.append(repr(error))
        return "451 this server is broken"

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list) -> list:
        await self._pause()
        session.host_name = hostname
        return ["421 closed"] if self._turned_away() else responses

    async def handle_HELO(self, server: Any, session: Any, envelope: Any, hostname: str) -> str:
        session.host_name = hostname
        return "421 closed" if self._turned_away() else "250 sink"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list) -> str:
        self._next_command()
        await self._pause()
        if self._turned_away():
            return "421 closed"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:
        self._next_command()
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        self._next_command()
        return "221 bye"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list) -> str:
        await self._pause()
        behaviour, sink = self.sink.behaviour, self.sink
        if address in behaviour.refused:
            left = behaviour.refused_times.get(address)
            if left is None or left > 0:
                if left is not None:
                    behaviour.refused_times[address] = left - 1
                sink.injected[behaviour.refused[address][:3]] += 1
                return behaviour.refused[address]
        if behaviour.greylist:
            first = sink.first_seen.setdefault(address, time.monotonic())
            if time.monotonic() < first + behaviour.greylist:
                sink.injected["greylisted"] += 1
                return "451 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def smtp_DATA(self, arg: str) -> None:
        self._next_command()
        await self._pause()
        if self.envelope is not None and self.envelope.rcpt_tos:
            self.send = Send(self.number, time.monotonic())
            self.sink.sends.append(self.send)
            if self.sink.chance.random() < self.sink.behaviour.drop_inside:
                self.sink.injected["dropped inside DATA"] += 1
                await self.push("354 go on")
                await self._reader.read(100)
                self.transport.abort()
                return
        await super().smtp_DATA(arg)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        behaviour, sink, send = self.sink.behaviour, self.sink, self.send
        mail = message_from_bytes(envelope.content, policy=policy.default)
        send.key, send.recipient = mail["X-Notification-Key"], envelope.rcpt_tos[0]
        send.subject, send.message_id = mail["Subject"], mail["Message-ID"]
        draw = sink.chance.random()
        for share, what in (
            (behaviour.refused_for_now, "451"),
            (behaviour.hang, "accepted, hung"),
            (behaviour.drop_after, "accepted, dropped"),
        ):
            if draw < share:
                sink.injected[what] += 1
                return await self._misbehave(what, send)
            draw -= share
        wait = behaviour.slow * sink.chance.uniform(0.5, 1.5)
        before = wait * sink.chance.random()
        if wait:
            await asyncio.sleep(before)
        send.accepted = time.monotonic()
        if wait:
            await asyncio.sleep(wait - before)
        send.answered = time.monotonic()
        return "250 accepted"

    async def _misbehave(self, what: str, send: Send) -> str:
        if what == "451":
            return "451 try again"
        send.accepted = time.monotonic()
        if what == "accepted, hung":
            await asyncio.sleep(self.sink.behaviour.hang_seconds)
        else:
            self.transport.abort()
        return "250 too late"
