"""What every field of a person is: the one list that pages, logs and exports go by.

`allowed`: says nothing of the person beyond the work on the entry. `personal`: shown to the
registrars of the area. `sensitive`: hidden on the card as well, opened one person at a time with
a purpose, which is logged. A test fails for a field that stands nowhere here.
"""

ALLOWED = "allowed"
PERSONAL = "personal"
SENSITIVE = "sensitive"

PERSON_FIELDS = {
    "id": ALLOWED,
    "full_name": PERSONAL,
    "other_name": PERSONAL,
    "sex": PERSONAL,
    "birth_year": PERSONAL,
    "birth_month": PERSONAL,
    "birth_day": PERSONAL,
    "birth_is_estimated": PERSONAL,
    "residence": PERSONAL,
    "hamlet": PERSONAL,
    "living_state": PERSONAL,
    "living_on": PERSONAL,
    "living_source": PERSONAL,
    "moved_to": PERSONAL,
    "death_on": PERSONAL,
    "death_source": PERSONAL,
    "death_reported_by": ALLOWED,
    "death_reported_at": ALLOWED,
    "death_confirmed_by": ALLOWED,
    "death_confirmed_at": ALLOWED,
    "verification": ALLOWED,
    "verified_on": ALLOWED,
    "verified_by": ALLOWED,
    "finding": PERSONAL,
    "finding_reason": PERSONAL,
    "review_asked": PERSONAL,
    "legal_basis": ALLOWED,
    "needs_interpreter": PERSONAL,
    "needs_vehicle": PERSONAL,
    "removed_on": ALLOWED,
    "removed_by": ALLOWED,
    "removal_reason": PERSONAL,
    "removal_contested": PERSONAL,
    "merged_into": ALLOWED,
    "erased_at": ALLOWED,
    "created_by": ALLOWED,
    "created_at": ALLOWED,
    "version": ALLOWED,
    "search_key": PERSONAL,
    "sort_key": PERSONAL,
}
