"""Guards that are not missed alone (test_removals.py), and why that is right. Without the whole scope of the page all are."""

ALL = "whoever gets past the guard of the page sees all of these rows anyway"
SAME = (
    "another guard on the way refuses the same people: the row was found through its own door, or the page asks first"
)
UNSEEN = "what it keeps apart changes rows or counts that no answer shows; the tests of the room hold it"
STATE = "it asks whether the row is there or in the right state, not who asks"

SURVIVORS: dict[str, str] = {
    **dict.fromkeys(
        (
            "notifications.views.ledger · door Message.objects.visible_to(request.user)",
            "notifications.views.resend · door Message.objects.visible_to(request.user)",
            "tasks.brief.build_brief · door Assignment.objects.visible_to(user)",
            "tasks.jobs.make_matrix_file · door Assignment.objects.visible_to(person)",
            "tasks.jobs.make_matrix_file · door Directive.objects.visible_to(person)",
            "tasks.matrix.build_matrix · door Assignment.objects.visible_to(user)",
            "tasks.today.build_today · door Assignment.objects.visible_to(user)",
            "tasks.today.build_today · door DirectiveTask.objects.visible_to(user)",
            "tasks.today.build_today · door ExtensionRequest.objects.visible_to(user)",
            "tasks.today.build_today · door UnitReport.objects.visible_to(user)",
            "tasks.views.decisions.extension_decide · door ExtensionRequest.objects.visible_to(request.user)",
            "tasks.views.decisions.report_review · call allowed(request.access.sees_all_assignments or request.access.works_for_a_unit)",
            "tasks.views.figures._issued · door Directive.objects.visible_to(request.user)",
            "tasks.views.office.assignment_context · door assignment.progress_reports.visible_to(request.user)",
            "tasks.views.office.assignment_context · door assignment.progress_reports.visible_to(request.user)",
            "units.admin_deputations.DeputationAdmin.get_queryset · door super().get_queryset(request).visible_to(request.user)",
            "units.importing.access.may_see · door ListImport.objects.visible_to(user)",
            "units.views_import._import_of · door ListImport.objects.visible_to(request.user)",
            "units.views_import.upload · door ListImport.objects.visible_to(request.user)",
        ),
        ALL,
    ),
    **dict.fromkeys(
        (
            "accounts.admin_people.PersonDeedsMixin._person · raise not self.has_change_permission(request)",
            "directive_tracker.admin_mixins.AuditedMixin.history_view · raise not self.has_view_permission(request, obj)",
            "tasks.panel._coordinating · door Assignment.objects.visible_to(user)",
            "tasks.unit_work.parts_of · door ProgressReport.objects.visible_to(user)",
            "tasks.unit_work.parts_of · door ProgressReport.objects.visible_to(user)",
            "tasks.views.decisions.report_review · door report.sections.visible_to(request.user)",
            "tasks.views.reports.report_open · return not can_report(request.user, unit.pk, directive)",
            "tasks.views.reports.unit_reports · door UnitReport.objects.visible_to(request.user)",
            "tasks.views.reports.unit_reports · owner UnitReport.objects.visible_to(request.user).filter(unit__in=request.access.visible_unit_ids)",
            "tasks.views.unit.give_back · return not can_give_back(request.user, assignment)",
            "tasks.views.unit.unit_home · owner Unit.objects.filter(parent=unit, pk__in=request.access.visible_unit_ids)",
            "veterans.views.actions._may_change · raise not can_change(request.user, person)",
            "veterans.views.actions.death_report · call _may_change(request, person)",
            "veterans.views.actions.death_withdraw · call _may_change(request, person)",
            "veterans.views.actions.person_put_back · call _may_change(request, person)",
            "veterans.views.actions.person_take_off · call _may_change(request, person)",
            "veterans.views.editing.person_edit · raise not can_change(request.user, person)",
            "veterans.views.editing.visit_add · raise not can_change(request.user, person)",
            "veterans.views.reviews._mark · raise not can_review(request.user, area.pk)",
            "veterans:death_confirm · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:death_report · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:death_withdraw · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:person_contact · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:person_detail · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:person_edit · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:person_put_back · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:person_take_off · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:person_verify · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
            "veterans:visit_add · veterans.views.base.registrar_page.<locals>.guarded · raise 'pk' not in kwargs and (not can_keep_registry(request.user))",
        ),
        SAME,
    ),
    **dict.fromkeys(
        (
            "accounts.views_sessions._own · owner get_object_or_404(HeldForm, pk=pk, user=request.user)",
            "directive_tracker.admin_site.TrackerAdminSite.index · owner AuditEvent.objects.filter(actor=request.user, verb__startswith='admin.')",
            "directive_tracker.doors.ThroughQuerySet.visible_to · model",
            "notifications.views._unit_inbox · door Notice.objects.of_units_of(request.user)",
            "notifications.views._unit_inbox · owner Unit.objects.filter(pk__in=request.access.desk_unit_ids)",
            "notifications.views.inbox · door Notice.objects.addressed_to(request.user) #2",
            "notifications.views.mark_all_read · door Notice.objects.addressed_to(request.user)",
            "notifications.views.mark_all_read · owner Notice.objects.addressed_to(request.user).filter(recipient=request.user)",
            "notifications.views.open_notice · owner Notice.objects.filter(unit_id=notice.unit_id, obligation=notice.obligation, recipient=request.user)",
            "tasks.admin.OfficeReads.get_queryset · door self.model._default_manager.visible_to(request.user)",
            "tasks.querysets.BeingTypedQuerySet.visible_to · model",
            "veterans.views.editing._duplicates · door Person.objects.visible_to(request.user)",
            "veterans.views.reviews.area_review · door AreaReview.objects.visible_to(request.user)",
        ),
        UNSEEN,
    ),
    **dict.fromkeys(
        (
            "accounts.admin_people.PersonDeedsMixin._person · raise user is None",
            "accounts.admin_people.PersonDeedsMixin.deed_view · raise deed is None",
            "accounts.views_second_factor.off · raise second_factor.needs(user, request.access.roles)",
            "units.admin.UnitAdmin.history_view · raise self.get_object(request, unquote(object_id)) is None",
            "veterans.permissions.step_allowed · return step is None or person.is_removed or (not can_change(user, person))",
            "veterans.views.actions.death_confirm · raise person.death_waits and (not can_confirm_death(request.user, person))",
            "veterans.views.actions.person_verify · raise step is None and people.next_step(person) == wanted",
        ),
        STATE,
    ),
}
