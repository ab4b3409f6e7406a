"""The queue of other systems apart from the mail's, and rules of addresses; made while the program runs."""

from django.db import migrations, models

from directive_tracker.gently import AddCheckGently, AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0009_tries"),
    ]

    operations = [
        AddIndexGently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("address__isnull", False), ("state__in", ["planned", "sending"])),
                fields=["address", "due_at", "id"],
                name="message_waiting_place",
            ),
        ),
        AddCheckGently(
            model_name="unitaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(("paused_at__isnull", True), ("is_active", False), _connector="OR"),
                name="unit_address_paused_is_off",
            ),
        ),
        AddCheckGently(
            model_name="unitaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sealed_secret_before__isnull", True), ("secret_before_until__isnull", False), _connector="OR"
                ),
                name="unit_address_old_key_ends",
            ),
        ),
    ]
