"""Django permissions that follow from roles, so that no group has to be kept in step."""

from django.contrib.auth.backends import ModelBackend

from accounts.sessions import person_of_session
from directive_tracker import clock
from units.access import access_of

ADMINISTERED_APPS = {"units", "accounts", "notifications"}
READ_BY_ADMINISTRATOR = {"records"}
READ_BY_OFFICE = {"tasks", "units", "records"}


class RoleBackend(ModelBackend):
    """Administrators keep units, people, rules and calendar; the office reads; nobody sees
    the registry through the admin (design.md, section 5)."""

    def get_user(self, user_id):
        """The person of a session, read together with it; else as Django's backend."""
        person = person_of_session(user_id)
        if person is None:
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        """Say whether the roles of today grant "app.action_model"."""
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        app, _, codename = perm.partition(".")
        access = access_of(user_obj, today=clock.today())
        reads = codename.startswith("view_")
        if access.is_administrator and app in ADMINISTERED_APPS:
            return True
        if access.is_administrator and reads and app in READ_BY_ADMINISTRATOR:
            return True
        return access.is_office and reads and app in READ_BY_OFFICE

    def has_module_perms(self, user_obj, app_label) -> bool:
        """Say whether the roles of today open any part of the app."""
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        access = access_of(user_obj, today=clock.today())
        return (access.is_administrator and app_label in ADMINISTERED_APPS | READ_BY_ADMINISTRATOR) or (
            access.is_office and app_label in READ_BY_OFFICE
        )
