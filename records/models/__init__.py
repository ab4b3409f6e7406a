from records.models.audit import AuditEvent
from records.models.files import StoredFile
from records.models.jobs import Job, JobTally
from records.models.uploads import PartialUpload, UploadPart

__all__ = ["AuditEvent", "Job", "JobTally", "PartialUpload", "StoredFile", "UploadPart"]
