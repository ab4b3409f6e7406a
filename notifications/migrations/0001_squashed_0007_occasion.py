"""Notices, messages and the ladder of reminding, in one step for a new database; see docs/migrations.md."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from directive_tracker.tables_at_once import CreateTables

notice_rules, ladder, occasion = (
    import_module(f"notifications.migrations.{name}") for name in ("0002_notice_rules", "0005_ladder_rules", "0007_occasion")
)


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_notice_rules'), ('notifications', '0003_unit_inbox'), ('notifications', '0004_ladder_and_pulse'), ('notifications', '0005_ladder_rules'), ('notifications', '0006_unit_addresses'), ('notifications', '0007_occasion')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('units', '0001_squashed_0009_export_right'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='NoticeRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stage', models.SlugField(max_length=40, verbose_name='mã')),
                    ('name', models.CharField(max_length=120, verbose_name='tên')),
                    ('working_days_before', models.SmallIntegerField(help_text='Số âm là sau hạn; 0 là đúng ngày hạn.', verbose_name='số ngày làm việc trước hạn')),
                    ('by_mail', models.BooleanField(default=False, verbose_name='gửi thư')),
                    ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                    ('anchor', models.CharField(choices=[('due', 'hạn của việc'), ('assigned', 'ngày giao, khi chưa tiếp nhận'), ('decision', 'hạn quyết định điều kiện'), ('week', 'ngày làm việc đầu tuần'), ('occasion', 'ngày kỷ niệm của đợt tri ân')], default='due', max_length=10, verbose_name='tính từ')),
                    ('audience', models.CharField(choices=[('unit', 'cán bộ đầu mối của đơn vị'), ('escalation', 'người nhận báo động do đơn vị chọn'), ('office', 'Văn phòng'), ('occasion', 'cán bộ sổ tri ân của địa bàn, đơn vị chủ trì, Văn phòng')], default='unit', max_length=12, verbose_name='báo cho')),
                    ('repeats_weekly', models.BooleanField(default=False, verbose_name='nhắc lại ngày làm việc đầu mỗi tuần')),
                    ('scope_id', models.BigIntegerField(default=0, editable=False, verbose_name='mã phạm vi')),
                    ('scope_type', models.CharField(blank=True, default='', editable=False, max_length=60, verbose_name='loại phạm vi')),
                ],
                options={
                    'verbose_name': 'quy tắc nhắc việc',
                    'verbose_name_plural': 'quy tắc nhắc việc',
                    'ordering': ['anchor', '-working_days_before', 'stage'],
                    'constraints': [models.UniqueConstraint(fields=('scope_type', 'scope_id', 'stage'), name='rule_stage_once'), models.CheckConstraint(condition=models.Q(('working_days_before__gte', -60), ('working_days_before__lte', 60)), name='rule_days_sensible'), models.CheckConstraint(condition=models.Q(('repeats_weekly', False), models.Q(('anchor', 'due'), ('working_days_before__lt', 0)), _connector='OR'), name='rule_only_overdue_repeats'), models.CheckConstraint(condition=models.Q(('anchor', 'due'), models.Q(('anchor', 'occasion'), ('working_days_before__gte', 0)), models.Q(models.Q(('anchor', 'occasion'), _negated=True), ('working_days_before__lte', 0)), _connector='OR'), name='rule_only_due_has_before'), models.CheckConstraint(condition=models.Q(models.Q(('anchor', 'occasion'), ('audience', 'occasion'), ('scope_type', '')), models.Q(models.Q(('anchor', 'occasion'), _negated=True), models.Q(('audience', 'occasion'), _negated=True)), _connector='OR'), name='rule_occasion_has_its_audience'), models.CheckConstraint(condition=models.Q(('by_mail', False), models.Q(('audience__in', ['office', 'occasion']), _negated=True), _connector='OR'), name='rule_office_in_app')],
                },
            ),
            migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=200, unique=True, verbose_name='khóa')),
                    ('kind', models.CharField(max_length=40, verbose_name='loại thư')),
                    ('day', models.DateField(verbose_name='ngày')),
                    ('due_at', models.DateTimeField(verbose_name='gửi từ lúc')),
                    ('state', models.CharField(choices=[('planned', 'Sắp gửi'), ('held', 'Giữ lại'), ('sending', 'Đang gửi'), ('sent', 'Đã gửi'), ('superseded', 'Không còn cần'), ('dead', 'Không gửi được')], default='planned', max_length=12, verbose_name='trạng thái')),
                    ('attempts', models.PositiveIntegerField(default=0, verbose_name='số lần thử')),
                    ('suspect', models.PositiveIntegerField(default=0, verbose_name='lần gửi không rõ kết quả')),
                    ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='thử lại từ lúc')),
                    ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='đang giữ đến')),
                    ('lease_by', models.CharField(blank=True, max_length=60, verbose_name='bên đang giữ')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi lúc')),
                    ('last_error', models.CharField(blank=True, max_length=500, verbose_name='lỗi gần nhất')),
                    ('subject', models.CharField(blank=True, max_length=200, verbose_name='tiêu đề')),
                    ('body', models.TextField(blank=True, verbose_name='nội dung')),
                    ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
                    ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='notifications.unitaddress', verbose_name='địa chỉ của đơn vị')),
                ],
                options={
                    'verbose_name': 'thư',
                    'verbose_name_plural': 'thư',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'sending'])), fields=['due_at', 'id'], name='message_waiting'), models.Index(fields=['recipient', '-id'], name='message_recipient'), models.Index(fields=['day', '-id'], name='message_day'), models.Index(fields=['state', '-id'], name='message_state')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='message_sent_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='message_sending_has_lease'), models.CheckConstraint(condition=models.Q(models.Q(('address__isnull', False), ('recipient__isnull', True)), models.Q(('address__isnull', True), ('recipient__isnull', False)), _connector='OR'), name='message_to_person_or_address')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=200, unique=True, verbose_name='khóa')),
                    ('kind', models.CharField(max_length=40, verbose_name='loại')),
                    ('unit_id', models.BigIntegerField(blank=True, null=True, verbose_name='đơn vị')),
                    ('target_type', models.CharField(blank=True, max_length=60, verbose_name='loại đối tượng')),
                    ('target_id', models.BigIntegerField(blank=True, null=True, verbose_name='mã đối tượng')),
                    ('target_version', models.PositiveIntegerField(default=0, verbose_name='lần đặt hạn')),
                    ('title', models.CharField(max_length=250, verbose_name='nội dung')),
                    ('detail', models.CharField(blank=True, max_length=1000, verbose_name='chi tiết')),
                    ('url', models.CharField(blank=True, max_length=200, verbose_name='đường dẫn')),
                    ('due_at', models.DateTimeField(verbose_name='nhắc từ lúc')),
                    ('state', models.CharField(choices=[('planned', 'Sắp gửi'), ('held', 'Giữ lại'), ('sent', 'Đã gửi'), ('superseded', 'Không còn cần'), ('left', 'Người nhận đã rời đơn vị'), ('dead', 'Không gửi được')], default='planned', max_length=12, verbose_name='trạng thái')),
                    ('planned_at', models.DateTimeField(verbose_name='lập lúc')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi lúc')),
                    ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='đọc lúc')),
                    ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='notifications.message', verbose_name='thư')),
                    ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
                    ('obligation', models.CharField(blank=True, editable=False, max_length=200, verbose_name='điều phải báo')),
                    ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='notifications.unitaddress', verbose_name='địa chỉ của đơn vị')),
                ],
                options={
                    'verbose_name': 'nhắc việc',
                    'verbose_name_plural': 'nhắc việc',
                    'ordering': ['-due_at', '-pk'],
                    'indexes': [models.Index(fields=['recipient', '-due_at', '-id'], name='notice_recipient'), models.Index(condition=models.Q(('read_at__isnull', True), models.Q(('state', 'superseded'), _negated=True)), fields=['recipient', 'due_at'], name='notice_unread'), models.Index(fields=['target_type', 'target_id', '-due_at'], name='notice_target'), models.Index(condition=models.Q(('state', 'planned')), fields=['due_at', 'id'], name='notice_planned'), models.Index(condition=models.Q(('unit_id__isnull', False)), fields=['unit_id', '-due_at', '-id'], name='notice_unit'), models.Index(condition=models.Q(('unit_id__isnull', False)), fields=['unit_id', 'obligation', 'id'], name='notice_obligation'), models.Index(condition=models.Q(('message__isnull', True), ('state', 'planned')), fields=['recipient', 'id'], name='notice_without_mail')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='notice_sent_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('address__isnull', False), ('recipient__isnull', True)), models.Q(('address__isnull', True), ('recipient__isnull', False)), _connector='OR'), name='notice_to_person_or_address')],
                },
            ),
            migrations.CreateModel(
                name='Pulse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('last_tick', models.DateTimeField(blank=True, null=True, verbose_name='nhịp gần nhất')),
                    ('planned_day', models.DateField(blank=True, null=True, verbose_name='đã lập cho ngày')),
                    ('planned_at', models.DateTimeField(blank=True, null=True, verbose_name='đã lập lúc')),
                    ('planned_whole', models.DateTimeField(blank=True, null=True, verbose_name='lập toàn bộ lúc')),
                    ('held_since', models.DateTimeField(blank=True, null=True, verbose_name='giữ mọi thư từ lúc')),
                    ('held_reason', models.CharField(blank=True, max_length=200, verbose_name='vì sao giữ')),
                    ('held_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'nhịp gửi',
                    'verbose_name_plural': 'nhịp gửi',
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='pulse_one_row'), models.CheckConstraint(condition=models.Q(('held_since__isnull', True), models.Q(('held_reason', ''), _negated=True), _connector='OR'), name='pulse_held_says_why')],
                },
            ),
            migrations.CreateModel(
                name='UnitAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('mail', 'hộp thư'), ('webhook', 'hệ thống khác (webhook)'), ('sms', 'tin nhắn (SMS, Zalo)')], default='mail', max_length=10, verbose_name='kênh')),
                    ('address', models.CharField(help_text='Địa chỉ thư, địa chỉ https:// hoặc số điện thoại.', max_length=200, verbose_name='địa chỉ')),
                    ('sealed_secret', models.BinaryField(blank=True, null=True, verbose_name='khóa ký')),
                    ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notification_addresses', to='units.unit', verbose_name='đơn vị')),
                ],
                options={
                    'verbose_name': 'địa chỉ nhận tin của đơn vị',
                    'verbose_name_plural': 'địa chỉ nhận tin của đơn vị',
                    'ordering': ['unit', 'channel', 'address'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'channel', 'address'), name='unit_address_once'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'webhook'), _negated=True), ('sealed_secret__isnull', False), _connector='OR'), name='unit_address_webhook_signs')],
                },
            ),
        ]),
        migrations.RunPython(notice_rules.add_rules, migrations.RunPython.noop),
        migrations.RunPython(ladder.add_rules, migrations.RunPython.noop),
        migrations.RunPython(occasion.add_rules, migrations.RunPython.noop),
    ]
