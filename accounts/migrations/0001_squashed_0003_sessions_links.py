"""Accounts, sessions and links, in one step for a new database; see docs/migrations.md."""

import accounts.models.sessions
import accounts.models.user
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from directive_tracker.tables_at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_sign_in'), ('accounts', '0003_sessions_links')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('full_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                    ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                    ('phone', models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^[0-9 .+]{8,20}$', 'Số điện thoại chỉ gồm chữ số, ví dụ 0260 3862 524.')], verbose_name='điện thoại')),
                    ('language', models.CharField(choices=[('vi', 'Tiếng Việt'), ('en', 'English')], default='vi', max_length=5, verbose_name='ngôn ngữ')),
                    ('search_key', models.CharField(default='', editable=False, max_length=300)),
                    ('sort_key', models.CharField(default='', editable=False, max_length=400)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'người dùng',
                    'verbose_name_plural': 'người dùng',
                    'ordering': ['sort_key', 'pk'],
                    'indexes': [models.Index(fields=['sort_key', 'id'], name='user_sort')],
                },
                managers=[
                    ('objects', accounts.models.user.PeopleManager()),
                ],
            ),
            migrations.CreateModel(
                name='SignInFailure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject', models.CharField(max_length=80, unique=True)),
                    ('count', models.PositiveIntegerField(default=0)),
                    ('last_at', models.DateTimeField(db_index=True)),
                    ('wait_until', models.DateTimeField(null=True)),
                ],
                options={
                    'verbose_name': 'lần đăng nhập sai',
                    'verbose_name_plural': 'lần đăng nhập sai',
                },
            ),
            migrations.CreateModel(
                name='AccountLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('invitation', 'Lời mời'), ('reset', 'Đặt lại mật khẩu')], max_length=12, verbose_name='mục đích')),
                    ('nonce', models.CharField(max_length=43, unique=True)),
                    ('email', models.EmailField(max_length=254, verbose_name='gửi đến')),
                    ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                    ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                    ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='dùng lúc')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='hết giá trị lúc')),
                    ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người gửi')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_links', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
                ],
                options={
                    'verbose_name': 'đường dẫn gửi qua thư',
                    'verbose_name_plural': 'đường dẫn gửi qua thư',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['user', '-id'], name='account_link_user')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['invitation', 'reset'])), name='account_link_purpose'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='account_link_order'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('ended_at__isnull', True), _connector='OR'), name='account_link_used_or_ended'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('used_at__isnull', True)), fields=('user',), name='account_link_one_open')],
                },
            ),
            migrations.CreateModel(
                name='HeldForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('path', models.CharField(max_length=500, verbose_name='trang')),
                    ('content', models.BinaryField(verbose_name='nội dung')),
                    ('held_at', models.DateTimeField(verbose_name='giữ lúc')),
                    ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi lại lúc')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_forms', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                ],
                options={
                    'verbose_name': 'biểu mẫu giữ lại',
                    'verbose_name_plural': 'biểu mẫu giữ lại',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['user', '-held_at'], name='held_form_user')],
                },
            ),
            migrations.CreateModel(
                name='Session',
                fields=[
                    ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                    ('session_data', models.TextField(verbose_name='session data')),
                    ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                    ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='đăng nhập lúc')),
                    ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='hoạt động gần nhất')),
                    ('ip', models.GenericIPAddressField(blank=True, null=True, verbose_name='địa chỉ máy')),
                    ('agent', models.CharField(blank=True, max_length=200, verbose_name='trình duyệt')),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                ],
                options={
                    'verbose_name': 'phiên đăng nhập',
                    'verbose_name_plural': 'phiên đăng nhập',
                    'abstract': False,
                    'indexes': [models.Index(fields=['user', '-seen_at'], name='session_user')],
                },
                managers=[
                    ('objects', accounts.models.sessions.SessionManager()),
                ],
            ),
            migrations.CreateModel(
                name='TrustedDevice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('agent', models.CharField(blank=True, max_length=200, verbose_name='trình duyệt')),
                    ('ip', models.GenericIPAddressField(blank=True, null=True, verbose_name='địa chỉ máy')),
                    ('trusted_at', models.DateTimeField(verbose_name='tin cậy từ')),
                    ('expires_at', models.DateTimeField(verbose_name='đến')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='thôi tin cậy lúc')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trusted_devices', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                ],
                options={
                    'verbose_name': 'thiết bị tin cậy',
                    'verbose_name_plural': 'thiết bị tin cậy',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['user', '-trusted_at'], name='device_user')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('trusted_at'))), name='device_expires_after_trusted')],
                },
            ),
        ]),
    ]
