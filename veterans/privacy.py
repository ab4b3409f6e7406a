"""What every field that the registry keeps is: the one list that pages, logs, exports, erasure and the processing record go by.

`allowed`: says nothing of a person beyond the work on the entry. `personal`: shown to the registrars of the area.
`sensitive`: sealed or a sealed file; opened one person at a time with a purpose, which is logged. A test fails for a field
that stands nowhere here.
"""

ALLOWED = "allowed"
PERSONAL = "personal"
SENSITIVE = "sensitive"

# Model → kind → its fields. History models have the fields of theirs, and what simple_history adds.
_DECLARED: dict[str, dict[str, str]] = {
    "veterans.person": {
        PERSONAL: "full_name other_name sex birth_year birth_month birth_day birth_is_estimated residence hamlet"
        " living_state living_on living_source moved_to death_on death_source finding finding_reason review_asked"
        " needs_interpreter needs_vehicle removal_reason removal_contested search_key sort_key",
        ALLOWED: "id death_reported_by death_reported_at death_confirmed_by death_confirmed_at verification verified_on"
        " verified_by waits_for legal_basis removed_on removed_by merged_into erased_at created_by created_at version",
    },
    "veterans.personcategory": {
        PERSONAL: "category paper number issuer issued_on witness",
        ALLOWED: "id person",
    },
    "veterans.sensitivevalue": {
        SENSITIVE: "sealed blind blind_tail",
        ALLOWED: "id person kind key_id updated_by updated_at",
    },
    "veterans.personscan": {SENSITIVE: "file", ALLOWED: "id person kind category added_by added_at"},
    "veterans.verificationstep": {PERSONAL: "finding reason", ALLOWED: "id person kind level by at"},
    "veterans.visit": {
        PERSONAL: "on to_family received_by note",
        ALLOWED: "id person campaign unit form entry delegation recorded_by recorded_at",
    },
    "veterans.gift": {
        PERSONAL: "money goods why",
        ALLOWED: "id person source kind state unit entry visit promised_by promised_at settled_by settled_at",
    },
    "veterans.visitphoto": {SENSITIVE: "file", ALLOWED: "id visit kind consent added_by added_at"},
    "veterans.wish": {PERSONAL: "form", ALLOWED: "id person noted_by noted_at"},
    "veterans.campaign": {
        ALLOWED: "id name starts_on honour_day ends_on basis review_task plan_task visit_task state opened_by opened_at"
        " closed_by closed_at closing_words version"
    },
    "veterans.giftsource": {ALLOWED: "id campaign level name name_key order added_by added_at"},
    "veterans.gratitudeplan": {
        ALLOWED: "id campaign area unit title intent state version made_by made_at submitted_by submitted_at"
        " returned_because"
    },
    "veterans.planapproval": {
        ALLOWED: "id plan number symbol approved_on signer file people money recorded_by recorded_at"
    },
    "veterans.planfunding": {ALLOWED: "id plan source each goods budget"},
    "veterans.planentry": {
        PERSONAL: "form dropped_because",
        ALLOWED: "id plan person state dropped_by dropped_at added_by added_at delegation position",
    },
    "veterans.delegation": {
        PERSONAL: "leader leader_title",
        ALLOWED: "id plan unit name on starts_at starts_from vehicle note state cancelled_because version made_by made_at",
    },
    "veterans.delegationmember": {PERSONAL: "name title", ALLOWED: "id delegation order"},
    "veterans.offlinecopy": {SENSITIVE: "ticket", ALLOWED: "id delegation user taken_at expires_at ended ended_at"},
    "veterans.sentvisit": {
        SENSITIVE: "sealed",
        PERSONAL: "why_words decision",
        ALLOWED: "id key copy person noted_at received_at key_id outcome why visit decided_by decided_at",
    },
    "veterans.sentphoto": {SENSITIVE: "file sha", ALLOWED: "id sent kind"},
    "veterans.condolence": {PERSONAL: "note", ALLOWED: "id person state proposed_at decided_by decided_at"},
    "veterans.consent": {
        PERSONAL: "given said_by way witness on",
        ALLOWED: "id person purpose recorded_by recorded_at",
    },
    "veterans.datarequest": {
        PERSONAL: "asked_by words outcome extended_because",
        ALLOWED: "id person kind state received_on answer_due done_due recorded_by recorded_at answered_by answered_at"
        " closed_by closed_at",
    },
    "veterans.erasure": {ALLOWED: "id person_number kind basis by at"},
    "veterans.registryrule": {ALLOWED: "id campaign purpose_ends_on keep_months living_days set_by set_at"},
    "veterans.keeping": {ALLOWED: "id campaign kind basis months set_by set_at"},
    "veterans.areareview": {
        PERSONAL: "signed_by note",
        ALLOWED: "id area campaign source state people reviewed_on by at",
    },
    "veterans.duplicatepair": {
        PERSONAL: "decided_because",
        ALLOWED: "id first second score reasons state found_at decided_by decided_at",
    },
    "veterans.merge": {SENSITIVE: "sealed", ALLOWED: "id kept absorbed key_id by at undone_by undone_at"},
    "veterans.personimport": {
        SENSITIVE: "file converted",
        ALLOWED: "id sender sender_key area state columns corrections summary refusal job uploaded_by uploaded_at"
        " applied_by applied_at reverted_by reverted_at emptied_at key_id",
    },
    "veterans.importedrow": {
        SENSITIVE: "sealed before line_key",
        ALLOWED: "id person_import sheet number outcome codes warnings key_id person version_after",
    },
    "veterans.columnmemory": {ALLOWED: "id sender_key heading_key role by at"},
    "records.storedfile": {
        # Of a sealed file: its bytes, and a checksum by which somebody who has the paper could find it.
        SENSITIVE: "file sha256",
        PERSONAL: "original_name",
        ALLOWED: "id extension content_type size uploaded_by uploaded_at is_sealed",
    },
    "records.job": {
        SENSITIVE: "result_file",
        ALLOWED: "id kind title arguments state done total message cancel_requested started_by created_at started_at"
        " finished_at request_id attempts alive_at",
    },
}
HISTORY = ("history_id", "history_date", "history_change_reason", "history_type", "history_user")
# What stands outside, and only carries numbers of entries: the log, notices, mails.
FIELDS = {
    model: {name: kind for kind, names in kinds.items() for name in names.split()} for model, kinds in _DECLARED.items()
}


def kind_of(model: type, field: str) -> str:
    """What a field of a model is. Errors: KeyError for one that nobody declared."""
    label = model._meta.label_lower.replace(".historical", ".")
    return ALLOWED if field in HISTORY else FIELDS[label][field]


def fields_of(model: type, kind: str) -> list[str]:
    """The fields of that kind which the model has (history models have fewer)."""
    return [field.name for field in model._meta.concrete_fields if kind_of(model, field.name) == kind]
