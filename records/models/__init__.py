from records.models.audit import AuditEvent
from records.models.files import StoredFile
from records.models.jobs import Job

__all__ = ["AuditEvent", "Job", "StoredFile"]
