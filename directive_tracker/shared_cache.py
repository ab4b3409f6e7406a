"""The cache in Redis that all processes share; while Redis does not answer, each process has a small one of its own.

What stands in it is counters of wrong tries and what spares a question; nothing that was accepted. With counters of its own
a process still stops whoever guesses, only each process anew, and locks nobody out. The throttle of signing in does not
stand here but in the database (accounts/throttle.py).
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from directive_tracker.breaker import REDIS_PATIENCE, redis_breaker

_OWN = {"OPTIONS": {"MAX_ENTRIES": 10_000}}


def _patient(name: str) -> Callable[..., Any]:
    """The method of that name, asked of Redis or, while that does not answer, of the process's own memory."""

    def method(self: "PatientRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not redis_breaker.is_open:
            try:
                found = getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                redis_breaker.failed(error)
            else:
                redis_breaker.works()
                return found
        return getattr(self.own, name)(*args, **kwargs)

    return method


class PatientRedisCache(RedisCache):
    """Django's Redis cache with short time-outs and a memory of the process's own behind it."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": REDIS_PATIENCE,
            "socket_timeout": REDIS_PATIENCE,
            # A kept connection that a restart has closed is replaced at once; who is silent is not asked twice.
            "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        }
        super().__init__(server, {**params, "OPTIONS": {**options, **params.get("OPTIONS", {})}})
        self.own = LocMemCache("while Redis does not answer", {**params, **_OWN})

    add = _patient("add")
    get = _patient("get")
    set = _patient("set")
    touch = _patient("touch")
    delete = _patient("delete")
    get_many = _patient("get_many")
    has_key = _patient("has_key")
    incr = _patient("incr")
    set_many = _patient("set_many")
    delete_many = _patient("delete_many")
    clear = _patient("clear")
