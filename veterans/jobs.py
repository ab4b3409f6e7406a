"""Jobs of the registry."""

from veterans.protection import jobs as protection_jobs

__all__ = ["protection_jobs"]
