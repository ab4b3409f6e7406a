from veterans.models.campaign import Campaign, GiftSource
from veterans.models.consent import Consent, DataRequest, Erasure, RegistryRule
from veterans.models.duplicates import DuplicatePair, Merge
from veterans.models.gratitude import AreaReview, Condolence
from veterans.models.imports import ColumnMemory, ImportedRow, PersonImport
from veterans.models.keeping import Keeping
from veterans.models.offline import OfflineCopy, SentPhoto, SentVisit
from veterans.models.person import Person, PersonCategory
from veterans.models.planning import (
    Delegation,
    DelegationMember,
    GratitudePlan,
    PlanApproval,
    PlanEntry,
    PlanFunding,
    Wish,
)
from veterans.models.sensitive import PersonScan, SensitiveValue
from veterans.models.verifying import VerificationStep
from veterans.models.visiting import Gift, Visit, VisitPhoto

__all__ = [
    "AreaReview",
    "Campaign",
    "ColumnMemory",
    "Condolence",
    "Consent",
    "DataRequest",
    "Delegation",
    "DelegationMember",
    "DuplicatePair",
    "Erasure",
    "Gift",
    "GiftSource",
    "GratitudePlan",
    "ImportedRow",
    "Keeping",
    "Merge",
    "OfflineCopy",
    "Person",
    "PersonCategory",
    "PersonImport",
    "PersonScan",
    "PlanApproval",
    "PlanEntry",
    "PlanFunding",
    "RegistryRule",
    "SensitiveValue",
    "SentPhoto",
    "SentVisit",
    "VerificationStep",
    "Visit",
    "VisitPhoto",
    "Wish",
]
