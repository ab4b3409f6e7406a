"""The log, filed things and jobs, in one step for a new database; see docs/migrations.md."""

from importlib import import_module

import django.db.models.deletion
import records.models.files
import uuid
from django.conf import settings
from django.db import migrations, models

from directive_tracker.tables_at_once import CreateTables

append_only = import_module("records.migrations.0004_append_only")


class Migration(migrations.Migration):

    replaces = [('records', '0001_initial'), ('records', '0002_chain_columns'), ('records', '0003_sign_what_is_there'), ('records', '0004_append_only'), ('records', '0005_partial_uploads'), ('records', '0006_sealed_files')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='StoredFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file', models.FileField(max_length=120, upload_to=records.models.files.random_path, verbose_name='tệp')),
                    ('original_name', models.CharField(max_length=255, verbose_name='tên tệp')),
                    ('extension', models.CharField(max_length=10, verbose_name='đuôi tệp')),
                    ('content_type', models.CharField(max_length=100, verbose_name='kiểu nội dung')),
                    ('size', models.PositiveBigIntegerField(verbose_name='cỡ (byte)')),
                    ('sha256', models.CharField(max_length=64, verbose_name='mã kiểm SHA-256')),
                    ('uploaded_at', models.DateTimeField(verbose_name='tải lên lúc')),
                    ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
                    ('is_sealed', models.BooleanField(default=False, verbose_name='đã mã hóa')),
                ],
                options={
                    'verbose_name': 'tệp lưu',
                    'verbose_name_plural': 'tệp lưu',
                    'indexes': [models.Index(fields=['sha256'], name='storedfile_sha256')],
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60, verbose_name='loại việc')),
                    ('title', models.CharField(max_length=200, verbose_name='tên việc')),
                    ('arguments', models.JSONField(blank=True, default=dict, verbose_name='tham số')),
                    ('state', models.CharField(choices=[('queued', 'Đang chờ'), ('running', 'Đang chạy'), ('done', 'Xong'), ('failed', 'Không xong'), ('cancelled', 'Đã hủy')], default='queued', max_length=12, verbose_name='trạng thái')),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='đã xong')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name='tổng số')),
                    ('message', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                    ('cancel_requested', models.BooleanField(default=False, verbose_name='đã yêu cầu hủy')),
                    ('created_at', models.DateTimeField(verbose_name='yêu cầu lúc')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='bắt đầu lúc')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='kết thúc lúc')),
                    ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người yêu cầu')),
                    ('result_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp kết quả')),
                ],
                options={
                    'verbose_name': 'việc chạy nền',
                    'verbose_name_plural': 'việc chạy nền',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['started_by', '-id'], name='job_owner')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['queued', 'running'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed', 'cancelled'])), _connector='OR'), name='job_finished_has_time')],
                },
            ),
            migrations.CreateModel(
                name='AuditEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='thời điểm')),
                    ('verb', models.CharField(max_length=60, verbose_name='việc')),
                    ('target_type', models.CharField(blank=True, max_length=60, verbose_name='loại đối tượng')),
                    ('target_id', models.BigIntegerField(blank=True, null=True, verbose_name='mã đối tượng')),
                    ('target_label', models.CharField(blank=True, max_length=200, verbose_name='đối tượng')),
                    ('data', models.JSONField(blank=True, default=dict, verbose_name='chi tiết')),
                    ('ip', models.GenericIPAddressField(blank=True, null=True, verbose_name='địa chỉ máy')),
                    ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người thực hiện')),
                    ('acting_for', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='thay mặt')),
                    ('topic', models.CharField(choices=[('sign_in', 'Đăng nhập, tài khoản'), ('rights', 'Quyền, vai trò'), ('units', 'Đơn vị, địa bàn, lịch'), ('directives', 'Văn bản chỉ đạo'), ('work', 'Phần việc'), ('reports', 'Báo cáo'), ('notices', 'Nhắc việc, thư'), ('files', 'Xem và tải tệp'), ('exports', 'Kết xuất'), ('registry', 'Sổ tri ân'), ('system', 'Hệ thống')], max_length=12, verbose_name='nhóm việc')),
                    ('reason', models.TextField(blank=True, verbose_name='lý do')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='mã riêng')),
                    ('token', models.CharField(editable=False, max_length=64, verbose_name='dấu của hệ thống')),
                    ('number', models.BigIntegerField(blank=True, editable=False, null=True, unique=True, verbose_name='số trong chuỗi')),
                    ('prev_hash', models.CharField(blank=True, editable=False, max_length=64, verbose_name='mã của dòng trước')),
                    ('hash', models.CharField(blank=True, editable=False, max_length=64, verbose_name='mã của dòng')),
                ],
                options={
                    'verbose_name': 'dòng nhật ký',
                    'verbose_name_plural': 'nhật ký hệ thống',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['target_type', 'target_id', '-id'], name='audit_target'), models.Index(fields=['at', 'id'], name='audit_moment'), models.Index(fields=['actor', 'at', 'id'], name='audit_actor'), models.Index(condition=models.Q(('acting_for__isnull', False)), fields=['acting_for', 'at', 'id'], name='audit_acting_for'), models.Index(fields=['topic', 'at', 'id'], name='audit_topic'), models.Index(fields=['verb', 'id'], name='audit_verb'), models.Index(condition=models.Q(('number__isnull', True)), fields=['id'], name='audit_unsealed')],
                },
            ),
            migrations.CreateModel(
                name='PartialUpload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=255, verbose_name='tên tệp')),
                    ('mark', models.CharField(max_length=60, verbose_name='dấu của tệp')),
                    ('size', models.PositiveBigIntegerField(verbose_name='cỡ (byte)')),
                    ('received', models.PositiveBigIntegerField(default=0, verbose_name='đã nhận (byte)')),
                    ('begun_at', models.DateTimeField(verbose_name='bắt đầu lúc')),
                    ('touched_at', models.DateTimeField(verbose_name='nhận gần nhất lúc')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người gửi')),
                ],
                options={
                    'verbose_name': 'tệp đang gửi',
                    'verbose_name_plural': 'tệp đang gửi',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['touched_at'], name='partial_touched')],
                    'constraints': [models.UniqueConstraint(fields=('owner', 'name', 'size', 'mark'), name='partial_once'), models.CheckConstraint(condition=models.Q(('received__lte', models.F('size'))), name='partial_no_more_than_said')],
                },
            ),
            migrations.CreateModel(
                name='UploadPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('start', models.PositiveBigIntegerField(verbose_name='từ byte')),
                    ('data', models.BinaryField(verbose_name='nội dung')),
                    ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='records.partialupload')),
                ],
                options={
                    'verbose_name': 'phần của tệp đang gửi',
                    'verbose_name_plural': 'phần của tệp đang gửi',
                    'ordering': ['upload', 'start'],
                    'constraints': [models.UniqueConstraint(fields=('upload', 'start'), name='upload_part_once')],
                },
            ),
        ]),
        migrations.RunPython(append_only.guard, append_only.open_again),
    ]
