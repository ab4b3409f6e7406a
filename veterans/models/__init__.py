from veterans.models.consent import Consent, DataRequest, Erasure, RegistryRule
from veterans.models.duplicates import DuplicatePair, Merge
from veterans.models.gratitude import AreaReview, Condolence, Visit
from veterans.models.imports import ColumnMemory, ImportedRow, PersonImport
from veterans.models.person import Person, PersonCategory
from veterans.models.sensitive import PersonScan, SensitiveValue
from veterans.models.verifying import VerificationStep

__all__ = [
    "AreaReview",
    "ColumnMemory",
    "Condolence",
    "Consent",
    "DataRequest",
    "DuplicatePair",
    "Erasure",
    "ImportedRow",
    "Merge",
    "Person",
    "PersonCategory",
    "PersonImport",
    "PersonScan",
    "RegistryRule",
    "SensitiveValue",
    "VerificationStep",
    "Visit",
]
