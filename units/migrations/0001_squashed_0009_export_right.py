"""Units, areas, memberships and the calendar, in one step for a new database; see docs/migrations.md."""

from importlib import import_module

import datetime
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from directive_tracker.tables_at_once import CreateTables

rules = import_module("units.migrations.0003_rules_of_the_database")


class Migration(migrations.Migration):

    replaces = [('units', '0001_initial'), ('units', '0002_deputation'), ('units', '0003_rules_of_the_database'), ('units', '0004_list_import'), ('units', '0005_sensitive_right'), ('units', '0006_working_calendar'), ('units', '0007_escalation'), ('units', '0008_report_links'), ('units', '0009_export_right')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('records', '0001_squashed_0006_sealed_files'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('date', models.DateField(unique=True, verbose_name='ngày')),
                    ('is_working', models.BooleanField(verbose_name='là ngày làm việc')),
                    ('reason', models.CharField(max_length=200, verbose_name='lý do')),
                    ('notice_number', models.CharField(blank=True, max_length=60, verbose_name='số thông báo')),
                    ('swapped_with', models.DateField(blank=True, null=True, verbose_name='hoán đổi với ngày')),
                ],
                options={
                    'verbose_name': 'ngày trong lịch làm việc',
                    'verbose_name_plural': 'lịch làm việc',
                    'ordering': ['date'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('swapped_with__isnull', True), models.Q(('swapped_with', models.F('date')), _negated=True), _connector='OR'), name='calendar_day_swap_is_another_day')],
                },
            ),
            migrations.CreateModel(
                name='Area',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.CharField(choices=[('province', 'Tỉnh'), ('district', 'Huyện, thành phố'), ('commune', 'Xã, phường, thị trấn')], max_length=10, verbose_name='cấp')),
                    ('code', models.CharField(max_length=10, verbose_name='mã')),
                    ('name', models.CharField(max_length=120, verbose_name='tên')),
                    ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                    ('search_key', models.CharField(default='', editable=False, max_length=400)),
                    ('sort_key', models.CharField(default='', editable=False, max_length=400)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.area', verbose_name='thuộc')),
                    ('successors', models.ManyToManyField(blank=True, related_name='predecessors', to='units.area', verbose_name='kế thừa bởi')),
                ],
                options={
                    'verbose_name': 'địa bàn',
                    'verbose_name_plural': 'địa bàn',
                    'ordering': ['code', 'valid_from'],
                    'constraints': [models.UniqueConstraint(fields=('level', 'code', 'valid_from'), name='area_code_from'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='area_valid_order')],
                },
            ),
            migrations.CreateModel(
                name='AreaAlias',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='cách viết khác')),
                    ('search_key', models.CharField(default='', editable=False, max_length=200)),
                    ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='units.area')),
                ],
                options={
                    'verbose_name': 'cách viết khác',
                    'verbose_name_plural': 'cách viết khác',
                    'constraints': [models.UniqueConstraint(fields=('area', 'name'), name='area_alias_once')],
                },
            ),
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, verbose_name='tên đầy đủ')),
                    ('short_name', models.CharField(max_length=60, verbose_name='tên ngắn')),
                    ('code', models.SlugField(max_length=40, unique=True, verbose_name='mã')),
                    ('symbol', models.CharField(blank=True, max_length=30, verbose_name='ký hiệu văn bản')),
                    ('kind', models.CharField(choices=[('office', 'Văn phòng cấp ủy'), ('standing_committee', 'Thường trực, Ban Thường vụ'), ('party_body', 'Ban đảng, đảng đoàn, ban cán sự đảng'), ('party_committee', 'Huyện ủy, thành ủy, đảng ủy'), ('mass_organisation', 'Mặt trận, tổ chức chính trị - xã hội'), ('state_body', 'Cơ quan nhà nước'), ('other', 'Đơn vị khác')], max_length=20, verbose_name='loại')),
                    ('sort_order', models.PositiveIntegerField(default=0, verbose_name='thứ tự văn bản')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư công vụ')),
                    ('needs_head_approval', models.BooleanField(default=False, verbose_name='báo cáo qua lãnh đạo đơn vị duyệt trước khi gửi')),
                    ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                    ('search_key', models.CharField(default='', editable=False, max_length=400)),
                    ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='units.area', verbose_name='địa bàn')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='units.unit', verbose_name='parent')),
                    ('escalation_to', models.CharField(choices=[('head', 'lãnh đạo đơn vị'), ('reporters', 'cán bộ đầu mối'), ('both', 'lãnh đạo và cán bộ đầu mối')], db_default='head', default='head', help_text='Khi việc quá hạn lâu ngày. Đơn vị chưa có lãnh đạo trong phần mềm thì báo cán bộ đầu mối.', max_length=10, verbose_name='báo động quá hạn gửi cho')),
                    ('wants_report_links', models.BooleanField(db_default=True, default=True, verbose_name='thư nhắc có đường dẫn báo cáo không cần đăng nhập')),
                ],
                options={
                    'verbose_name': 'đơn vị',
                    'verbose_name_plural': 'đơn vị',
                    'ordering': ['sort_order', 'pk'],
                    'indexes': [models.Index(fields=['sort_order', 'id'], name='unit_official_order')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_valid_order')],
                },
            ),
            migrations.CreateModel(
                name='Succession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='ngày')),
                    ('legal_basis', models.CharField(max_length=200, verbose_name='căn cứ')),
                    ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='units.unit', verbose_name='đơn vị cũ')),
                    ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inheritances', to='units.unit', verbose_name='đơn vị kế thừa')),
                ],
                options={
                    'verbose_name': 'kế thừa',
                    'verbose_name_plural': 'kế thừa',
                    'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor', 'on'), name='succession_once'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succession_not_self')],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('office', 'Cán bộ Văn phòng'), ('reporter', 'Cán bộ đầu mối'), ('unit_head', 'Lãnh đạo đơn vị'), ('reader', 'Thường trực, Ban Thường vụ'), ('registrar', 'Cán bộ sổ tri ân'), ('administrator', 'Quản trị hệ thống')], max_length=15, verbose_name='vai trò')),
                    ('is_contact', models.BooleanField(default=False, verbose_name='là đầu mối liên hệ của đơn vị')),
                    ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                    ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='units.area', verbose_name='địa bàn')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='units.unit', verbose_name='đơn vị')),
                    ('may_read_sensitive', models.BooleanField(db_default=False, default=False, help_text='Quyền riêng của cán bộ sổ tri ân; mỗi lần xem phải nêu mục đích và được ghi nhật ký.', verbose_name='được xem thông tin nhạy cảm trong sổ tri ân')),
                    ('may_export_sensitive', models.BooleanField(db_default=False, default=False, help_text='Quyền thứ hai, cần có quyền xem; mỗi lần xuất phải nêu mục đích, xác nhận lại và được ghi nhật ký.', verbose_name='được xuất thông tin nhạy cảm của sổ tri ân ra tệp')),
                ],
                options={
                    'verbose_name': 'vai trò',
                    'verbose_name_plural': 'vai trò',
                    'ordering': ['user', 'role', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('role', 'registrar'), ('area__isnull', False)), models.Q(models.Q(('role', 'registrar'), _negated=True), ('unit__isnull', False)), _connector='OR'), name='membership_scope_fits_role'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='membership_valid_order'), models.UniqueConstraint(condition=models.Q(('role', 'registrar'), _negated=True), fields=('user', 'role', 'unit', 'valid_from'), name='membership_unit_once'), models.UniqueConstraint(condition=models.Q(('role', 'registrar')), fields=('user', 'role', 'area', 'valid_from'), name='membership_area_once'), models.CheckConstraint(condition=models.Q(('may_read_sensitive', False), ('role', 'registrar'), _connector='OR'), name='membership_sensitive_registrar'), models.CheckConstraint(condition=models.Q(('may_export_sensitive', False), models.Q(('may_read_sensitive', True), ('role', 'registrar')), _connector='OR'), name='membership_export_registrar')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalUnit',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, verbose_name='tên đầy đủ')),
                    ('short_name', models.CharField(max_length=60, verbose_name='tên ngắn')),
                    ('code', models.SlugField(max_length=40, verbose_name='mã')),
                    ('symbol', models.CharField(blank=True, max_length=30, verbose_name='ký hiệu văn bản')),
                    ('kind', models.CharField(choices=[('office', 'Văn phòng cấp ủy'), ('standing_committee', 'Thường trực, Ban Thường vụ'), ('party_body', 'Ban đảng, đảng đoàn, ban cán sự đảng'), ('party_committee', 'Huyện ủy, thành ủy, đảng ủy'), ('mass_organisation', 'Mặt trận, tổ chức chính trị - xã hội'), ('state_body', 'Cơ quan nhà nước'), ('other', 'Đơn vị khác')], max_length=20, verbose_name='loại')),
                    ('sort_order', models.PositiveIntegerField(default=0, verbose_name='thứ tự văn bản')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư công vụ')),
                    ('needs_head_approval', models.BooleanField(default=False, verbose_name='báo cáo qua lãnh đạo đơn vị duyệt trước khi gửi')),
                    ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='units.area', verbose_name='địa bàn')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='units.unit', verbose_name='parent')),
                    ('escalation_to', models.CharField(choices=[('head', 'lãnh đạo đơn vị'), ('reporters', 'cán bộ đầu mối'), ('both', 'lãnh đạo và cán bộ đầu mối')], db_default='head', default='head', help_text='Khi việc quá hạn lâu ngày. Đơn vị chưa có lãnh đạo trong phần mềm thì báo cán bộ đầu mối.', max_length=10, verbose_name='báo động quá hạn gửi cho')),
                    ('wants_report_links', models.BooleanField(db_default=True, default=True, verbose_name='thư nhắc có đường dẫn báo cáo không cần đăng nhập')),
                ],
                options={
                    'verbose_name': 'historical đơn vị',
                    'verbose_name_plural': 'historical đơn vị',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='GroupMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_members', to='units.unit', verbose_name='đơn vị')),
                    ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_members', to='units.unitgroup')),
                ],
                options={
                    'verbose_name': 'thành viên nhóm',
                    'verbose_name_plural': 'thành viên nhóm',
                    'constraints': [models.UniqueConstraint(fields=('group', 'unit', 'valid_from'), name='group_member_once')],
                },
            ),
            migrations.CreateModel(
                name='UnitGroup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, unique=True, verbose_name='mã')),
                    ('name', models.CharField(max_length=200, verbose_name='tên nhóm')),
                    ('units', models.ManyToManyField(related_name='groups', through='units.GroupMember', to='units.unit')),
                ],
                options={
                    'verbose_name': 'nhóm đơn vị',
                    'verbose_name_plural': 'nhóm đơn vị',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='UnitVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('name', models.CharField(max_length=200, verbose_name='tên đầy đủ')),
                    ('short_name', models.CharField(max_length=60, verbose_name='tên ngắn')),
                    ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='căn cứ')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='thuộc')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='units.unit')),
                ],
                options={
                    'verbose_name': 'tên theo thời gian',
                    'verbose_name_plural': 'tên theo thời gian',
                    'ordering': ['unit', 'valid_from'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'valid_from'), name='unit_version_day'), models.CheckConstraint(condition=models.Q(('unit', models.F('parent')), _negated=True), name='unit_version_not_below_itself')],
                },
            ),
            migrations.CreateModel(
                name='Deputation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(verbose_name='đến hết ngày')),
                    ('reason', models.CharField(help_text='Ví dụ: Quyết định số 12-QĐ/HU ngày 10/4/2024; đi công tác.', max_length=300, verbose_name='lý do')),
                    ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='kết thúc sớm lúc')),
                    ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputations', to=settings.AUTH_USER_MODEL, verbose_name='người thay mặt')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người lập')),
                    ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='represented_by', to=settings.AUTH_USER_MODEL, verbose_name='thay mặt cho')),
                ],
                options={
                    'verbose_name': 'thay mặt',
                    'verbose_name_plural': 'thay mặt',
                    'ordering': ['-valid_from', '-pk'],
                    'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['deputy', 'valid_to'], name='deputation_deputy_now'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['principal', 'valid_to'], name='deputation_principal_now')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('deputy', models.F('principal')), _negated=True), name='deputation_not_self', violation_error_message='Không ai thay mặt chính mình.'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='deputation_valid_order', violation_error_message='Ngày kết thúc đứng trước ngày bắt đầu.')],
                },
            ),
            migrations.CreateModel(
                name='ListImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('waiting', 'Đang kiểm tra'), ('checked', 'Đã kiểm tra'), ('applying', 'Đang nhập'), ('applied', 'Đã nhập')], default='waiting', max_length=10, verbose_name='trạng thái')),
                    ('outcome', models.JSONField(blank=True, default=dict, verbose_name='kết quả kiểm tra')),
                    ('digest', models.CharField(blank=True, max_length=64, verbose_name='dấu của kết quả')),
                    ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='kiểm tra lúc')),
                    ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='nhập lúc')),
                    ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nhập')),
                    ('error_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp lỗi')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp')),
                    ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.job', verbose_name='việc chạy nền')),
                    ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
                ],
                options={
                    'verbose_name': 'lần nhập từ tệp',
                    'verbose_name_plural': 'các lần nhập từ tệp',
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='list_import_applied_has_time')],
                },
            ),
            migrations.CreateModel(
                name='CalendarYear',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='năm')),
                    ('announced', models.BooleanField(default=True, verbose_name='đã công bố')),
                    ('notice_number', models.CharField(blank=True, max_length=60, verbose_name='số thông báo')),
                    ('at', models.DateTimeField(verbose_name='ghi lúc')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi')),
                ],
                options={
                    'verbose_name': 'năm của lịch làm việc',
                    'verbose_name_plural': 'các năm của lịch làm việc',
                    'ordering': ['year'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('year__gte', 1995), ('year__lte', 2099)), name='calendar_year_within_reason')],
                },
            ),
        ]),
        migrations.RunPython(rules.install, rules.remove),
    ]
