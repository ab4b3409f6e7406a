"""The administration pages, by rule: for each model, who looks and who keeps it.

The deputy acts for the office and has its answers; the administration is never handed on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World
from units.calendar_changes import Change, Day, preview

# relation     office deputy reader reporter unit_head monitor registrar administrator former

NOBODY = "403    403    403    403      403       403     403       403           403"
BOTH = "200    200    403    403      403       403     403       200           403"
OFFICE = "200    200    403    403      403       403     403       403           403"
ADMINISTRATOR = "403    403    403    403      403       403     403       200           403"


@dataclass(frozen=True)
class Model:
    """Who sees the lists and rows, who adds, who changes; nobody deletes. `row` finds the row's id."""

    views: str
    adds: str
    changes: str
    row: Callable[[World], int]


def _first(kind: str, relation: str) -> Callable[[World], int]:
    return lambda world: world.objects[kind][relation].pk


MODELS = {
    "records_auditevent": Model(BOTH, NOBODY, NOBODY, _first("audit", "unit")),
    "accounts_user": Model(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, lambda world: world.people["stranger"].pk),
    "units_membership": Model(
        BOTH, ADMINISTRATOR, ADMINISTRATOR, lambda world: world.people["stranger"].memberships.get().pk
    ),
    "units_deputation": Model(BOTH, ADMINISTRATOR, ADMINISTRATOR, _first("deputation", "own")),
    "units_apitoken": Model(ADMINISTRATOR, NOBODY, NOBODY, _first("api token", "foreign")),
    "units_unit": Model(BOTH, ADMINISTRATOR, ADMINISTRATOR, lambda world: world.units["foreign"].pk),
    "units_unitgroup": Model(BOTH, ADMINISTRATOR, ADMINISTRATOR, _first("group", "own")),
    "units_area": Model(BOTH, ADMINISTRATOR, ADMINISTRATOR, lambda world: world.areas["foreign"].pk),
    "units_calendarday": Model(BOTH, NOBODY, NOBODY, _first("calendar day", "own")),
    "notifications_noticerule": Model(ADMINISTRATOR, NOBODY, ADMINISTRATOR, _first("rule", "own")),
    "notifications_message": Model(ADMINISTRATOR, NOBODY, NOBODY, _first("mail", "foreign")),
    "notifications_notice": Model(ADMINISTRATOR, NOBODY, NOBODY, _first("notice", "foreign")),
    "notifications_unitaddress": Model(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, _first("unit address", "own")),
    "tasks_directive": Model(OFFICE, NOBODY, NOBODY, _first("directive", "draft")),
    "tasks_directivetask": Model(OFFICE, NOBODY, NOBODY, _first("task", "draft")),
    "tasks_assignment": Model(OFFICE, NOBODY, NOBODY, _first("work", "foreign")),
}


def _rows(who: str, *, missing: str = "") -> str:
    """The row of what is there, and what those who see it are told of what is not."""
    return f"own {who}\nmissing {who.replace('200', missing or '200')}"


def _model(name: str, model: Model) -> None:
    def at(suffix: str) -> Callable[[World, str, str], str]:
        return lambda world, relation, person: reverse(
            f"admin:{name}_{suffix}", args=[MISSING if relation == "missing" else model.row(world)]
        )

    page(f"admin:{name}_changelist", get=f"plain {model.views}", post=f"plain {model.views}")
    # Posted empty: who may add or change gets the form back with its errors.
    page(f"admin:{name}_add", get=f"plain {model.adds}", post=f"plain {model.adds}")
    page(
        f"admin:{name}_change",
        url=at("change"),
        get=_rows(model.views, missing="302"),
        post=_rows(model.changes, missing="302"),
    )
    if name != "records_auditevent":
        rows = _rows(model.views, missing="404")
        page(f"admin:{name}_history", url=at("history"), get=rows, post=rows)
    page(f"admin:{name}_delete", url=at("delete"), get=_rows(NOBODY), post=_rows(NOBODY))
    app, _, model_name = name.partition("_")
    # Only an address that Django once had: it leads on to the row, which then answers for itself.
    page(
        f"/quan-tri/{app}/{model_name}/<path:object_id>/",
        url=lambda world, relation, person: f"/quan-tri/{app}/{model_name}/{model.row(world)}/",
        get=f"own {BOTH}".replace("200", "302"),
        post=f"own {BOTH}".replace("200", "302"),
    )


for _name, _values in MODELS.items():
    _model(_name, _values)

# An event has no history but itself.
page(
    "admin:records_auditevent_history",
    url=lambda world, relation, person: reverse(
        "admin:records_auditevent_history",
        args=[MISSING if relation == "missing" else world.objects["audit"]["unit"].pk],
    ),
    get=_rows(BOTH, missing="302"),
    post=_rows(NOBODY),
)
# What the log does not show to a person has no row in the administration either.
for _topic, _answers in {
    "tasks": BOTH.replace("200           403", "302           403"),
    "account": BOTH.replace("200    200", "302    302"),
    "person own": BOTH.replace("200", "302"),
    "person foreign": BOTH.replace("200", "302"),
}.items():
    page(
        f"admin:records_auditevent_change {_topic}",
        url=lambda world, relation, person, topic=_topic: reverse(
            "admin:records_auditevent_change", args=[world.objects["audit"][topic].pk]
        ),
        get=f"own {_answers}",
        post=f"own {NOBODY}",
    )

# --- the site -----------------------------------------------------------------------------------------------------------

page("admin:index", get=f"plain {BOTH}", post=f"plain {BOTH}")
page("admin:login", get="plain 302", post="plain 302")
page(
    "admin:logout",
    get=f"plain {BOTH}".replace("200", "405"),
    post=f"plain {BOTH}".replace("200 ", "302+"),
)
page(
    "admin:password_change",
    get=f"plain {BOTH}".replace("200", "302"),
    post=f"plain {BOTH}".replace("200", "302"),
)
NO_POST = f"plain {BOTH}".replace("200", "405")
page("admin:password_change_done", get=f"plain {BOTH}", post=NO_POST)
page("admin:jsi18n", get=f"plain {BOTH}", post=NO_POST)
for _app, _answers in {
    "records": BOTH,
    "units": BOTH,
    "accounts": ADMINISTRATOR.replace("403    403", "404    404", 1),
    "notifications": ADMINISTRATOR.replace("403    403", "404    404", 1),
    "tasks": OFFICE.replace("403           403", "404           403"),
}.items():
    page(
        f"admin:app_list {_app}",
        url=lambda world, relation, person, app=_app: reverse("admin:app_list", args=[app]),
        get=f"plain {_answers}",
        post=f"plain {_answers}",
    )

# The choices of a field are shown to whoever may look at what is chosen from.
for _field, _answers in {
    "units.membership.user": ADMINISTRATOR,
    "units.membership.unit": BOTH,
    "units.membership.area": BOTH,
    "units.groupmember.unit": BOTH,
    "units.deputation.deputy": ADMINISTRATOR,
    "tasks.assignment.unit": BOTH,
    "tasks.assignment.task": OFFICE,
    "tasks.directive.recorded_by": ADMINISTRATOR,
    "records.auditevent.actor": ADMINISTRATOR,
    "veterans.person.residence": BOTH,
    "veterans.visit.person": NOBODY,
}.items():
    page(
        f"admin:autocomplete {_field}",
        url=lambda world, relation, person, field=_field: (
            reverse("admin:autocomplete")
            + "?app_label={}&model_name={}&field_name={}&term=zqxwkvjh".format(*field.split("."))
        ),
        get=f"plain {_answers}",
        post=NO_POST,
    )
page(
    "/quan-tri/(?P<url>.*)$",
    url=lambda world, relation, person: "/quan-tri/khong-co-trang-nay/",
    get=f"plain {BOTH}".replace("200", "404"),
    post=f"plain {BOTH}".replace("200", "404"),
)

# --- a person: password, second factor, invitations, leaving -----------------------------------------------------------------

# Nothing to take off; an invitation is printed at once; the others want a reason or a password first.
for _suffix, _shown, _done in (
    ("accounts_user_second_factor", "302", "302"),
    ("accounts_user_sheet", "200", "200+"),
    ("units_leave", "200", "422"),
    ("auth_user_password_change", "200", "200"),
):
    page(
        f"admin:{_suffix}",
        url=lambda world, relation, person, suffix=_suffix: reverse(
            f"admin:{suffix}", args=[MISSING if relation == "missing" else world.people["stranger"].pk]
        ),
        get=_rows(ADMINISTRATOR, missing="404").replace("200", _shown),
        post=_rows(ADMINISTRATOR, missing="404").replace("200", _done),
        data=lambda *cell: {"reason": ""},
    )
for _deed, _done in {"moi": "200", "dat-lai": "302+", "ket-thuc-phien": "302+", "khong-co": "404"}.items():
    page(
        f"admin:accounts_user_deed {_deed}",
        url=lambda world, relation, person, deed=_deed: reverse(
            "admin:accounts_user_deed", args=[MISSING if relation == "missing" else world.people["stranger"].pk, deed]
        ),
        get=_rows(ADMINISTRATOR, missing="404").replace("200", "404" if _deed == "khong-co" else "200"),
        post=_rows(ADMINISTRATOR, missing="404").replace("200 ", f"{_done} "),
    )

# --- the working calendar: every change goes by its preview --------------------------------------------------------------

page(
    "admin:units_calendar_entry",
    get=f"plain {ADMINISTRATOR}",
    post=f"plain {ADMINISTRATOR}".replace("200", "422"),
)
page(
    "admin:units_calendar_import",
    get=f"plain {ADMINISTRATOR}",
    post=f"plain {ADMINISTRATOR}".replace("200", "422"),
)
page(
    "admin:units_calendar_remove",
    url=lambda world, relation, person: reverse(
        "admin:units_calendar_remove",
        args=[MISSING if relation == "missing" else world.objects["calendar day"]["own"].pk],
    ),
    # Looking at what it would do changes nothing, whichever way.
    get=_rows(ADMINISTRATOR, missing="404"),
    post=_rows(ADMINISTRATOR, missing="404"),
)


def _year(name: str):
    return lambda world, relation, person: reverse(name, args=[1800 if relation == "missing" else 2024])


page(
    "admin:units_calendar_year",
    url=_year("admin:units_calendar_year"),
    get=_rows(ADMINISTRATOR, missing="404").replace("200", "302"),
    post=_rows(ADMINISTRATOR, missing="404"),
)
page(
    "admin:units_calendar_file",
    url=_year("admin:units_calendar_file"),
    get=_rows(ADMINISTRATOR, missing="404"),
    post=_rows(ADMINISTRATOR, missing="404"),
)


def _calendar_change(world: World, relation: str, person: str) -> dict:
    change = Change((Day(date(2024, 6, 3), False, "Nghỉ thử"),))
    return {"change": change.sealed(), "digest": preview(change).digest}


page(
    "admin:units_calendar_apply",
    get=f"plain {ADMINISTRATOR}".replace("200", "405"),
    post=f"plain {ADMINISTRATOR}".replace("200 ", "302+"),
    data=_calendar_change,
)
