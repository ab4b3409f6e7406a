import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('records', '0006_sealed_files'),
        ('tasks', '0035_paper_templates'),
        ('units', '0009_export_right'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ranking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='số liệu hết ngày')),
                ('minimum', models.PositiveSmallIntegerField(verbose_name='số việc ít nhất để xếp hạng')),
                ('data', models.JSONField(verbose_name='số liệu')),
                ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                ('shown_on', models.DateField(blank=True, null=True, verbose_name='cho đơn vị xem từ ngày')),
                ('leaves_on', models.DateField(blank=True, null=True, verbose_name='được gửi ra ngoài từ ngày')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi ra ngoài lúc')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='rút lúc')),
                ('withdrawn_reason', models.CharField(blank=True, max_length=500, verbose_name='lý do rút')),
                ('directive', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rankings', to='tasks.directive')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người lập')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shown_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'bảng xếp hạng',
                'verbose_name_plural': 'bảng xếp hạng',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['directive', '-id'], name='ranking_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minimum__gte', 1)), name='ranking_minimum'), models.CheckConstraint(condition=models.Q(models.Q(('leaves_on__isnull', True), ('shown_by__isnull', True), ('shown_on__isnull', True)), models.Q(('leaves_on__gt', models.F('shown_on')), ('shown_by__isnull', False), ('shown_on__isnull', False)), _connector='OR'), name='ranking_shown_before_it_leaves'), models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_by__isnull', True)), models.Q(('leaves_on__isnull', False), ('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='ranking_released_after_shown'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='ranking_withdrawn_why')],
            },
        ),
        migrations.CreateModel(
            name='RankingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_office', models.BooleanField(default=False, verbose_name='Văn phòng trả lời')),
                ('text', models.CharField(max_length=1000, verbose_name='nội dung')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người viết')),
                ('ranking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='tasks.ranking')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'ý kiến về xếp hạng',
                'verbose_name_plural': 'ý kiến về xếp hạng',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='ranking_answer_says_something')],
            },
        ),
        migrations.CreateModel(
            name='SummaryReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft_number', models.PositiveSmallIntegerField(verbose_name='dự thảo lần')),
                ('as_of', models.DateTimeField(verbose_name='số liệu đến lúc')),
                ('profile', models.CharField(max_length=10, verbose_name='thể thức')),
                ('data', models.JSONField(verbose_name='nội dung')),
                ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='tasks.directive')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người lập')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.summaryreport', verbose_name='bản trước')),
                ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.papertemplate', verbose_name='mẫu riêng')),
            ],
            options={
                'verbose_name': 'báo cáo tổng hợp',
                'verbose_name_plural': 'báo cáo tổng hợp',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('directive', 'draft_number'), name='summary_draft_once'), models.CheckConstraint(condition=models.Q(('draft_number__gte', 1)), name='summary_draft_from_one')],
            },
        ),
        migrations.CreateModel(
            name='SummaryFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('docx', 'Word'), ('pdf', 'PDF')], max_length=4, verbose_name='dạng')),
                ('made_at', models.DateTimeField(verbose_name='làm lúc')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='tasks.summaryreport')),
            ],
            options={
                'verbose_name': 'tệp báo cáo tổng hợp',
                'verbose_name_plural': 'tệp báo cáo tổng hợp',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('report', 'kind'), name='summary_file_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='dấu của mã')),
                ('made_at', models.DateTimeField(verbose_name='tạo lúc')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='hủy lúc')),
                ('last_read_on', models.DateField(blank=True, null=True, verbose_name='đọc lần cuối ngày')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL, verbose_name='của ai')),
            ],
            options={
                'verbose_name': 'lịch cho phần mềm khác',
                'verbose_name_plural': 'lịch cho phần mềm khác',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True), ('unit__isnull', False)), fields=('user', 'unit'), name='calendar_feed_unit_once'), models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True), ('unit__isnull', True)), fields=('user',), name='calendar_feed_person_once'), models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_at__gte', models.F('made_at')), _connector='OR'), name='calendar_feed_order')],
            },
        ),
        migrations.CreateModel(
            name='DirectiveArchive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contents', models.JSONField(verbose_name='nội dung')),
                ('at', models.DateTimeField(verbose_name='làm lúc')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người kết thúc')),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archives', to='tasks.directive')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp')),
            ],
            options={
                'verbose_name': 'hồ sơ lưu trữ',
                'verbose_name_plural': 'hồ sơ lưu trữ',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['directive', '-id'], name='archive_newest')],
            },
        ),
        migrations.CreateModel(
            name='FigureDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='hết ngày')),
                ('done_on_time', models.PositiveIntegerField(verbose_name='hoàn thành đúng hạn')),
                ('done_late', models.PositiveIntegerField(verbose_name='hoàn thành quá hạn')),
                ('open_in_time', models.PositiveIntegerField(verbose_name='chưa hoàn thành, trong hạn')),
                ('open_overdue', models.PositiveIntegerField(verbose_name='chưa hoàn thành, quá hạn')),
                ('open_without_due', models.PositiveIntegerField(verbose_name='trong đó không thời hạn')),
                ('outside', models.PositiveIntegerField(verbose_name='ngoài thống kê')),
                ('waiting', models.PositiveIntegerField(verbose_name='chờ xác nhận')),
                ('noted_at', models.DateTimeField(verbose_name='ghi lúc')),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figure_days', to='tasks.directive')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'verbose_name': 'số liệu cuối ngày',
                'verbose_name_plural': 'số liệu cuối ngày',
                'ordering': ['-day', '-pk'],
                'indexes': [models.Index(fields=['directive', 'unit', '-day'], name='figure_day_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('directive', 'unit', 'day'), name='figure_day_unit_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('directive', 'day'), name='figure_day_whole_once')],
            },
        ),
    ]
