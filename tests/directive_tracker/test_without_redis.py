"""Redis that is killed, refuses, or swallows everything: pages work, wait once, and no door opens."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from celery import current_app
from django.core.cache.backends.locmem import LocMemCache
from redis import Redis

from directive_tracker import ringing
from directive_tracker.breaker import REDIS_PATIENCE, redis_breaker
from directive_tracker.shared_cache import PatientRedisCache
from tests import services
from tests.faults.harness import OwnRedis

# A page that meets the dead link first; those after it do not wait.
MOST_SECONDS = 2.0


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    redis = OwnRedis()
    yield redis
    redis.close()


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port of this machine whose queue of callers is full: the kernel drops who knocks, as a firewall does."""
    with ExitStack() as open_sockets:
        server = open_sockets.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(8):
            caller = open_sockets.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(server.getsockname())
        yield server.getsockname()[1]


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes calls and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def _own_memory() -> Iterator[None]:
    yield
    LocMemCache("while Redis does not answer", {}).clear()


def cache_at(port: int) -> PatientRedisCache:
    return PatientRedisCache(f"redis://127.0.0.1:{port}/0", {"KEY_PREFIX": "thu"})


def seconds_of(work) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_counters_go_on_in_the_process_when_redis_is_killed_and_in_redis_when_it_is_back(own_redis):
    cache = cache_at(own_redis.port)
    cache.set("sai", 3)
    own_redis.kill()
    cache.add("sai", 0, 60)
    counted = [cache.incr("sai") for _ in range(3)]
    own_redis.start()
    redis_breaker._until = 0.0
    cache.add("sai", 10, 60)

    assert counted == [1, 2, 3]
    assert cache.incr("sai") == 11


def test_a_restart_of_redis_between_two_pages_is_not_noticed(own_redis):
    cache = cache_at(own_redis.port)
    cache.set("a", 1)
    own_redis.kill()
    own_redis.start()
    cache.set("a", 2)

    assert (cache.get("a"), redis_breaker.is_open) == (2, False)


@pytest.mark.parametrize("trouble", ["black_hole", "silent"])
def test_a_dead_link_costs_one_page_less_than_two_seconds_and_the_next_ones_nothing(trouble, request):
    cache = cache_at(request.getfixturevalue(trouble))
    first = seconds_of(lambda: cache.get("a"))
    others = seconds_of(lambda: [cache.add(f"b{n}", 1) for n in range(50)])

    assert REDIS_PATIENCE * 0.9 < first < MOST_SECONDS
    assert others < 0.2


@pytest.mark.parametrize("trouble", ["black_hole", "silent", "refused"])
def test_the_bell_of_a_dead_queue_gives_up_within_two_seconds_and_is_not_rung_again_at_once(
    trouble, request, monkeypatch
):
    port = services.free_port() if trouble == "refused" else request.getfixturevalue(trouble)
    ringing.ring("notifications.tick")  # what is imported at the first bell of a process
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
    first = seconds_of(lambda: ringing.ring("notifications.tick", expires=55))
    is_open = redis_breaker.is_open
    others = seconds_of(lambda: [ringing.ring("notifications.tick", expires=55) for _ in range(50)])

    assert is_open is True
    assert first < MOST_SECONDS
    assert others < 0.2


def test_the_bell_is_heard_by_the_queue_and_again_after_a_restart(own_redis, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", own_redis.url)
    first = ringing.ring("notifications.tick")
    own_redis.kill()
    own_redis.start()
    second = ringing.ring("notifications.tick")

    assert (first, second) == (True, True)
    assert Redis(port=own_redis.port).llen("celery") == 1


def test_an_open_breaker_rings_nowhere_and_says_so():
    redis_breaker.failed(OSError("gone"))

    assert ringing.ring("notifications.tick") is False
