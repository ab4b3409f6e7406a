"""Whoever did not answer is left alone for a while, so that not every page waits for the same dead machine."""

import logging
import time

logger = logging.getLogger(__name__)


class Breaker:
    """Shared by the threads of one process; after a failure nobody asks for so many seconds, then the next one tries.

    Args:
        name: what is asked, for the log.
        seconds: how long it is left alone.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self.name, self.seconds = name, seconds
        self._until = 0.0
        self._is_away = False

    @property
    def is_open(self) -> bool:
        """Whether it failed just now and should not be asked."""
        return time.monotonic() < self._until

    def failed(self, error: BaseException) -> None:
        """Note a failure; the log says so when it is the first one."""
        self._until = time.monotonic() + self.seconds
        if not self._is_away:
            logger.warning("%s does not answer: %s", self.name, error.__class__.__name__)
        self._is_away = True

    def works(self) -> None:
        """Note an answer."""
        self._until = 0.0
        if self._is_away:
            logger.warning("%s answers again", self.name)
        self._is_away = False


# The queue's and the cache's; one server in every setup of ours (CELERY_BROKER_URL).
redis_breaker = Breaker("queue and shared cache", seconds=5)
# Seconds that a page waits for Redis at most, to connect and for an answer.
REDIS_PATIENCE = 0.7
