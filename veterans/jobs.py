"""Jobs of the registry."""

from veterans.duplicates import jobs as duplicate_jobs
from veterans.importing import jobs as importing_jobs
from veterans.papers import jobs as paper_jobs
from veterans.planning import jobs as planning_jobs
from veterans.protection import jobs as protection_jobs
from veterans.village import jobs as village_jobs

__all__ = ["duplicate_jobs", "importing_jobs", "paper_jobs", "planning_jobs", "protection_jobs", "village_jobs"]
