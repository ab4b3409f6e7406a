"""A registry that was kept before there were campaigns: its visits become calls with gifts, nothing is lost or doubled."""

from datetime import date

import pytest
from django.apps import apps as present
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.directive_tracker.migrated import by_old_files
from tests.factories import make_area, make_unit, make_user
from tests.veterans.conftest import NOW
from units.models import AreaLevel

# Half a minute for one way there and back: once, on the default database.
pytestmark = pytest.mark.embedded

BEFORE, AFTER = [("veterans", "0008_lean_indexes")], [("veterans", "0011_campaign_whole")]


def migrate(targets) -> object:
    """Bring the tables there; the models as they were then."""
    by_old_files().migrate(targets)
    return by_old_files().loader.project_state(targets).apps


@pytest.fixture
def whole_again(transactional_db):
    """Whatever happens, the tables are those of today afterwards."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_what_was_written_before_is_there_afterwards(whole_again):
    user, unit = make_user(), make_unit()
    commune = make_area("Xã Hà Mòn", level=AreaLevel.COMMUNE)
    old = migrate(BEFORE)
    person = old.get_model("veterans", "Person").objects.create(
        full_name="A Thút", residence_id=commune.pk, created_by_id=user.pk, created_at=NOW
    )
    review = old.get_model("veterans", "AreaReview").objects.create(
        area_id=commune.pk, reviewed_on=date(2024, 3, 4), by_id=user.pk, at=NOW
    )
    visits = old.get_model("veterans", "Visit")
    for day, source, money, goods, note in (
        (5, "province", 2_000_000, "Chăn", "Cụ khỏe"),
        (5, "company", 0, "Sữa", ""),
        (9, "province", 500_000, "", "Lần hai"),
        (9, "commune", 0, "", ""),
    ):
        visits.objects.create(
            person=person,
            on=date(2024, 4, day),
            unit_id=unit.pk,
            source=source,
            money=money,
            gift=goods,
            note=note,
            recorded_by_id=user.pk,
            recorded_at=NOW,
        )
    old.get_model("veterans", "RegistryRule").objects.create(purpose_ends_on=date(2024, 6, 1), keep_months=12)

    migrate(AFTER)
    # The models asked below are those of today.
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())

    campaign = present.get_model("veterans", "Campaign").objects.get()
    assert (str(campaign), campaign.state) == ("Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ", "open")
    assert (campaign.starts_on, campaign.honour_day, campaign.ends_on) == (
        date(2024, 3, 4),
        date(2024, 6, 1),
        date(2024, 6, 1),
    )
    assert campaign.rule.keep_months == 12
    assert present.get_model("veterans", "AreaReview").objects.get().pk == review.pk
    calls = present.get_model("veterans", "Visit").objects.order_by("on").values_list("on", "note", "campaign")
    assert list(calls) == [
        (date(2024, 4, 5), "Cụ khỏe", campaign.pk),
        (date(2024, 4, 9), "Lần hai", campaign.pk),
    ]
    gifts = present.get_model("veterans", "Gift").objects.order_by("pk")
    assert list(gifts.values_list("source__level", "state", "money", "goods", "visit__on")) == [
        ("province", "given", 2_000_000, "Chăn", date(2024, 4, 5)),
        ("company", "given", 0, "Sữa", date(2024, 4, 5)),
        ("province", "doubled", 500_000, "", date(2024, 4, 9)),
    ]
