from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0005_partial_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="is_sealed",
            field=models.BooleanField(default=False, verbose_name="đã mã hóa"),
        ),
    ]
