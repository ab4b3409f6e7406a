
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0006_sealed_files'),
        ('tasks', '0032_upward'),
        ('units', '0009_export_right'),
        ('veterans', '0008_lean_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='đợt')),
                ('starts_on', models.DateField(verbose_name='từ ngày')),
                ('honour_day', models.DateField(verbose_name='ngày kỷ niệm')),
                ('ends_on', models.DateField(verbose_name='đến ngày')),
                ('basis', models.CharField(blank=True, max_length=300, verbose_name='căn cứ')),
                ('state', models.CharField(choices=[('open', 'Đang thực hiện'), ('closed', 'Đã kết thúc')], default='open', max_length=6, verbose_name='tình trạng')),
                ('opened_at', models.DateTimeField(verbose_name='mở lúc')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='kết thúc lúc')),
            ],
            options={
                'verbose_name': 'đợt tri ân',
                'verbose_name_plural': 'các đợt tri ân',
                'ordering': ['-starts_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='tên đoàn')),
                ('leader', models.CharField(max_length=120, verbose_name='trưởng đoàn')),
                ('leader_title', models.CharField(blank=True, max_length=200, verbose_name='chức vụ trưởng đoàn')),
                ('on', models.DateField(verbose_name='ngày đi')),
                ('starts_at', models.TimeField(blank=True, null=True, verbose_name='giờ xuất phát')),
                ('starts_from', models.CharField(blank=True, max_length=200, verbose_name='nơi xuất phát')),
                ('vehicle', models.CharField(blank=True, max_length=120, verbose_name='xe')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='ghi chú')),
                ('state', models.CharField(choices=[('planned', 'Sẽ đi'), ('done', 'Đã đi'), ('cancelled', 'Không đi')], default='planned', max_length=9, verbose_name='tình trạng')),
                ('cancelled_because', models.CharField(blank=True, max_length=300, verbose_name='vì sao không đi')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='lần sửa')),
                ('made_at', models.DateTimeField(verbose_name='lập lúc')),
            ],
            options={
                'verbose_name': 'đoàn thăm',
                'verbose_name_plural': 'các đoàn thăm',
                'ordering': ['on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DelegationMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='chức vụ, đơn vị')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
            ],
            options={
                'verbose_name': 'thành viên đoàn',
                'verbose_name_plural': 'thành viên đoàn',
                'ordering': ['delegation', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Gift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('gift', 'Quà'), ('house', 'Hỗ trợ nhà ở')], default='gift', max_length=5, verbose_name='loại')),
                ('state', models.CharField(choices=[('promised', 'Sẽ trao'), ('given', 'Đã trao'), ('withdrawn', 'Thôi không trao'), ('doubled', 'Đã trao trùng')], default='promised', max_length=9, verbose_name='tình trạng')),
                ('money', models.PositiveBigIntegerField(default=0, verbose_name='số tiền (đồng)')),
                ('goods', models.CharField(blank=True, max_length=200, verbose_name='hiện vật')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='lý do')),
                ('promised_at', models.DateTimeField(verbose_name='ghi lúc')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi kết quả lúc')),
            ],
            options={
                'verbose_name': 'suất quà',
                'verbose_name_plural': 'các suất quà',
                'ordering': ['source__order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='GiftSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('central', 'Trung ương'), ('province', 'Tỉnh'), ('district', 'Huyện, thành phố'), ('commune', 'Xã, phường, thị trấn'), ('company', 'Doanh nghiệp, nhà hảo tâm')], max_length=10, verbose_name='cấp')),
                ('name', models.CharField(max_length=120, verbose_name='tên nguồn')),
                ('name_key', models.CharField(editable=False, max_length=120)),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('added_at', models.DateTimeField(verbose_name='thêm lúc')),
            ],
            options={
                'verbose_name': 'nguồn quà',
                'verbose_name_plural': 'các nguồn quà',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='GratitudePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='tên kế hoạch')),
                ('intent', models.TextField(blank=True, max_length=4000, verbose_name='mục đích, yêu cầu')),
                ('state', models.CharField(choices=[('draft', 'Đang lập'), ('submitted', 'Đã trình, chờ phê duyệt'), ('approved', 'Đã phê duyệt')], default='draft', max_length=9, verbose_name='tình trạng')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='lần sửa')),
                ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='trình lúc')),
                ('returned_because', models.CharField(blank=True, max_length=500, verbose_name='lý do sửa lại')),
            ],
            options={
                'verbose_name': 'kế hoạch tri ân',
                'verbose_name_plural': 'kế hoạch tri ân',
                'ordering': ['campaign', 'area'],
            },
        ),
        migrations.CreateModel(
            name='OfflineCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ticket', models.CharField(editable=False, max_length=64, unique=True)),
                ('taken_at', models.DateTimeField(verbose_name='lấy lúc')),
                ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                ('ended', models.CharField(blank=True, choices=[('', 'Đang trên máy'), ('synced', 'Đã gửi hết và xóa khỏi máy'), ('signed_out', 'Đã xóa khi đăng xuất'), ('expired', 'Hết hạn, máy tự xóa'), ('revoked', 'Đã thu hồi')], default='', max_length=10, verbose_name='kết thúc')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='kết thúc lúc')),
            ],
            options={
                'verbose_name': 'bản mang theo',
                'verbose_name_plural': 'các bản mang theo',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PlanApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, verbose_name='số')),
                ('symbol', models.CharField(blank=True, max_length=60, verbose_name='ký hiệu')),
                ('approved_on', models.DateField(verbose_name='ngày phê duyệt')),
                ('signer', models.CharField(max_length=120, verbose_name='người ký')),
                ('people', models.PositiveIntegerField(verbose_name='số người')),
                ('money', models.PositiveBigIntegerField(verbose_name='kinh phí (đồng)')),
                ('recorded_at', models.DateTimeField(verbose_name='ghi lúc')),
            ],
            options={
                'verbose_name': 'lần phê duyệt kế hoạch',
                'verbose_name_plural': 'các lần phê duyệt kế hoạch',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PlanEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('meeting', 'Gặp mặt'), ('home', 'Thăm tận nhà'), ('gift', 'Tặng quà'), ('house', 'Hỗ trợ nhà ở')], max_length=8, verbose_name='hình thức')),
                ('state', models.CharField(choices=[('planned', 'Trong kế hoạch'), ('dropped', 'Đưa ra khỏi kế hoạch')], default='planned', max_length=8, verbose_name='tình trạng')),
                ('dropped_because', models.CharField(blank=True, max_length=300, verbose_name='lý do đưa ra')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='đưa ra lúc')),
                ('added_at', models.DateTimeField(verbose_name='thêm lúc')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự trên đường đi')),
            ],
            options={
                'verbose_name': 'người trong kế hoạch',
                'verbose_name_plural': 'người trong kế hoạch',
                'ordering': ['plan', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PlanFunding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('each', models.PositiveBigIntegerField(default=0, verbose_name='tiền mỗi suất (đồng)')),
                ('goods', models.CharField(blank=True, max_length=200, verbose_name='hiện vật mỗi suất')),
                ('budget', models.PositiveBigIntegerField(default=0, verbose_name='dự toán (đồng)')),
            ],
            options={
                'verbose_name': 'kinh phí của một nguồn',
                'verbose_name_plural': 'kinh phí theo nguồn',
                'ordering': ['plan', 'source__order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SentPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed_list', 'Danh sách ký nhận'), ('person', 'Ảnh người được thăm')], max_length=11, verbose_name='loại ảnh')),
                ('sha', models.CharField(max_length=64, verbose_name='dấu của tệp trên máy')),
            ],
            options={
                'verbose_name': 'ảnh gửi từ máy',
                'verbose_name_plural': 'ảnh gửi từ máy',
                'ordering': ['sent', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SentVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True, verbose_name='mã trên máy')),
                ('noted_at', models.DateTimeField(verbose_name='ghi trên máy lúc')),
                ('received_at', models.DateTimeField(verbose_name='nhận lúc')),
                ('sealed', models.BinaryField(null=True, verbose_name='nội dung đã mã hóa')),
                ('key_id', models.CharField(blank=True, max_length=8, verbose_name='mã khóa')),
                ('outcome', models.CharField(choices=[('waiting', 'Chờ cán bộ xem'), ('recorded', 'Đã ghi'), ('same', 'Đã có, giống hệt'), ('set_aside', 'Đã xem, không ghi')], default='waiting', max_length=9, verbose_name='kết quả')),
                ('why', models.CharField(blank=True, choices=[('', ''), ('differs', 'Máy khác đã ghi lần thăm này với nội dung khác'), ('deceased', 'Người được thăm đã từ trần'), ('moved', 'Người được thăm đã chuyển đi'), ('gone', 'Hồ sơ không còn trong danh sách'), ('account', 'Tài khoản gửi đã ngừng hoặc không còn quyền ở địa bàn'), ('late', 'Gửi sau khi bản mang theo hết hạn'), ('twice', 'Nguồn này đã trao quà cho người này'), ('refused', 'Có nội dung chưa ghi được')], default='', max_length=8, verbose_name='vì sao chờ')),
                ('why_words', models.CharField(blank=True, max_length=300, verbose_name='nói rõ')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='xem lúc')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='ghi chú khi xem')),
            ],
            options={
                'verbose_name': 'lần thăm gửi từ máy',
                'verbose_name_plural': 'các lần thăm gửi từ máy',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='VisitPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed_list', 'Danh sách ký nhận'), ('person', 'Ảnh người được thăm')], max_length=11, verbose_name='loại ảnh')),
                ('added_at', models.DateTimeField(verbose_name='thêm lúc')),
            ],
            options={
                'verbose_name': 'ảnh của lần thăm',
                'verbose_name_plural': 'ảnh của các lần thăm',
                'ordering': ['visit', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('meeting', 'Gặp mặt'), ('home', 'Thăm tận nhà'), ('gift', 'Tặng quà'), ('house', 'Hỗ trợ nhà ở')], max_length=8, verbose_name='hình thức')),
                ('noted_at', models.DateTimeField(verbose_name='ghi lúc')),
            ],
            options={
                'verbose_name': 'nguyện vọng',
                'verbose_name_plural': 'nguyện vọng',
                'ordering': ['person', 'form'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='areareview',
            name='area_review_once_a_source',
        ),
        migrations.RemoveIndex(
            model_name='areareview',
            name='area_review_day',
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_once_a_day_and_source',
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_money_not_negative',
        ),
        migrations.RenameField(
            model_name='areareview',
            old_name='campaign',
            new_name='campaign_name',
        ),
        migrations.RenameField(
            model_name='historicalareareview',
            old_name='campaign',
            new_name='campaign_name',
        ),
        migrations.RenameField(
            model_name='registryrule',
            old_name='campaign',
            new_name='campaign_name',
        ),
        migrations.AlterModelOptions(
            name='visit',
            options={'ordering': ['-on', '-pk'], 'verbose_name': 'lần thăm hỏi', 'verbose_name_plural': 'các lần thăm hỏi'},
        ),
        migrations.AddField(
            model_name='visit',
            name='form',
            field=models.CharField(choices=[('meeting', 'Gặp mặt'), ('home', 'Thăm tận nhà'), ('gift', 'Tặng quà'), ('house', 'Hỗ trợ nhà ở')], default='home', max_length=8, verbose_name='hình thức'),
        ),
        migrations.AddField(
            model_name='visit',
            name='to_family',
            field=models.BooleanField(default=False, verbose_name='thăm gia đình người đã từ trần'),
        ),
        migrations.AlterField(
            model_name='visit',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='closed_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người kết thúc'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='opened_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người mở'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='plan_task',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.directivetask', verbose_name='nhiệm vụ lập kế hoạch'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='review_task',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.directivetask', verbose_name='nhiệm vụ rà soát'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='visit_task',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.directivetask', verbose_name='nhiệm vụ thăm hỏi'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='made_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người lập'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị tổ chức đoàn'),
        ),
        migrations.AddField(
            model_name='visit',
            name='delegation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='veterans.delegation', verbose_name='đoàn'),
        ),
        migrations.AddField(
            model_name='delegationmember',
            name='delegation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='veterans.delegation', verbose_name='đoàn'),
        ),
        migrations.AddField(
            model_name='gift',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='veterans.person', verbose_name='người nhận'),
        ),
        migrations.AddField(
            model_name='gift',
            name='promised_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='gift',
            name='settled_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi kết quả'),
        ),
        migrations.AddField(
            model_name='gift',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị trao'),
        ),
        migrations.AddField(
            model_name='gift',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='veterans.visit', verbose_name='trao khi'),
        ),
        migrations.AddField(
            model_name='giftsource',
            name='added_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người thêm'),
        ),
        migrations.AddField(
            model_name='giftsource',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AddField(
            model_name='gift',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='veterans.giftsource', verbose_name='nguồn'),
        ),
        migrations.AddField(
            model_name='gratitudeplan',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.area', verbose_name='địa bàn'),
        ),
        migrations.AddField(
            model_name='gratitudeplan',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AddField(
            model_name='gratitudeplan',
            name='made_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người lập'),
        ),
        migrations.AddField(
            model_name='gratitudeplan',
            name='submitted_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người trình'),
        ),
        migrations.AddField(
            model_name='gratitudeplan',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị lập'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='veterans.gratitudeplan', verbose_name='kế hoạch'),
        ),
        migrations.AddField(
            model_name='offlinecopy',
            name='delegation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='veterans.delegation', verbose_name='đoàn'),
        ),
        migrations.AddField(
            model_name='offlinecopy',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người mang theo'),
        ),
        migrations.AddField(
            model_name='planapproval',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='bản ký'),
        ),
        migrations.AddField(
            model_name='planapproval',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='veterans.gratitudeplan', verbose_name='kế hoạch'),
        ),
        migrations.AddField(
            model_name='planapproval',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='planentry',
            name='added_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người thêm'),
        ),
        migrations.AddField(
            model_name='planentry',
            name='delegation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='veterans.delegation', verbose_name='đoàn'),
        ),
        migrations.AddField(
            model_name='planentry',
            name='dropped_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đưa ra'),
        ),
        migrations.AddField(
            model_name='planentry',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_entries', to='veterans.person', verbose_name='người'),
        ),
        migrations.AddField(
            model_name='planentry',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='veterans.gratitudeplan', verbose_name='kế hoạch'),
        ),
        migrations.AddField(
            model_name='gift',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='veterans.planentry', verbose_name='mục kế hoạch'),
        ),
        migrations.AddField(
            model_name='visit',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='veterans.planentry', verbose_name='mục kế hoạch'),
        ),
        migrations.AddField(
            model_name='planfunding',
            name='plan',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='funding', to='veterans.gratitudeplan', verbose_name='kế hoạch'),
        ),
        migrations.AddField(
            model_name='planfunding',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='veterans.giftsource', verbose_name='nguồn'),
        ),
        migrations.AddField(
            model_name='sentphoto',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp'),
        ),
        migrations.AddField(
            model_name='sentvisit',
            name='copy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='veterans.offlinecopy', verbose_name='bản mang theo'),
        ),
        migrations.AddField(
            model_name='sentvisit',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người xem'),
        ),
        migrations.AddField(
            model_name='sentvisit',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent_visits', to='veterans.person', verbose_name='người'),
        ),
        migrations.AddField(
            model_name='sentvisit',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='veterans.visit', verbose_name='lần thăm'),
        ),
        migrations.AddField(
            model_name='sentphoto',
            name='sent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='veterans.sentvisit', verbose_name='lần thăm gửi từ máy'),
        ),
        migrations.AddField(
            model_name='visitphoto',
            name='added_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người thêm'),
        ),
        migrations.AddField(
            model_name='visitphoto',
            name='consent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='veterans.consent', verbose_name='ý kiến cho chụp ảnh'),
        ),
        migrations.AddField(
            model_name='visitphoto',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile', verbose_name='tệp'),
        ),
        migrations.AddField(
            model_name='visitphoto',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='veterans.visit', verbose_name='lần thăm'),
        ),
        migrations.AddField(
            model_name='wish',
            name='noted_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='wish',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='veterans.person', verbose_name='người'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('state',), name='campaign_one_open'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='campaign_named'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('honour_day')), ('honour_day__gte', models.F('starts_on'))), name='campaign_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'open')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state', 'closed')), _connector='OR'), name='campaign_closed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='delegationmember',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='delegation_member_named'),
        ),
        migrations.AddConstraint(
            model_name='giftsource',
            constraint=models.UniqueConstraint(fields=('campaign', 'name_key'), name='gift_source_once'),
        ),
        migrations.AddConstraint(
            model_name='giftsource',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('name_key', ''), _negated=True)), name='gift_source_named'),
        ),
        migrations.AddConstraint(
            model_name='gratitudeplan',
            constraint=models.UniqueConstraint(fields=('campaign', 'area'), name='plan_once_an_area'),
        ),
        migrations.AddConstraint(
            model_name='gratitudeplan',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='plan_titled'),
        ),
        migrations.AddConstraint(
            model_name='gratitudeplan',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(models.Q(('state', 'draft'), _negated=True), ('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='plan_submitted_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='delegation',
            index=models.Index(fields=['plan', 'on'], name='delegation_day'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('leader', ''), _negated=True)), name='delegation_named_and_led'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), models.Q(('cancelled_because', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_because', '')), _connector='OR'), name='delegation_cancelled_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='offlinecopy',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('taken_at'))), name='offline_copy_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='offlinecopy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended', ''), ('ended_at__isnull', True)), models.Q(models.Q(('ended', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='offline_copy_ended_whole'),
        ),
        migrations.AddConstraint(
            model_name='planapproval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('signer', ''), _negated=True)), name='plan_approval_signed'),
        ),
        migrations.AddIndex(
            model_name='planentry',
            index=models.Index(fields=['person', 'state'], name='plan_entry_person'),
        ),
        migrations.AddIndex(
            model_name='planentry',
            index=models.Index(fields=['delegation', 'position'], name='plan_entry_route'),
        ),
        migrations.AddConstraint(
            model_name='planentry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'planned')), fields=('plan', 'person', 'form'), name='plan_entry_once_a_form'),
        ),
        migrations.AddConstraint(
            model_name='planentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dropped_at__isnull', True), ('dropped_because', ''), ('dropped_by__isnull', True), ('state', 'planned')), models.Q(('dropped_at__isnull', False), ('dropped_by__isnull', False), ('state', 'dropped'), models.Q(('dropped_because', ''), _negated=True)), _connector='OR'), name='plan_entry_dropped_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='planentry',
            constraint=models.CheckConstraint(condition=models.Q(('delegation__isnull', True), ('state', 'planned'), _connector='OR'), name='plan_entry_dropped_goes_nowhere'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['promised', 'given'])), fields=('person', 'source', 'kind'), name='gift_once_a_source'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('money__gte', 0)), name='gift_money_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['given', 'doubled']), ('visit__isnull', False)), models.Q(('state__in', ['promised', 'withdrawn']), ('visit__isnull', True)), _connector='OR'), name='gift_given_at_a_visit'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True), ('state', 'promised')), models.Q(models.Q(('state', 'promised'), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='gift_settled_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['withdrawn', 'doubled']), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='gift_withdrawn_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='planfunding',
            constraint=models.UniqueConstraint(fields=('plan', 'source'), name='plan_funding_once'),
        ),
        migrations.AddConstraint(
            model_name='planfunding',
            constraint=models.CheckConstraint(condition=models.Q(('budget__gte', 0), ('each__gte', 0)), name='plan_funding_not_negative'),
        ),
        migrations.AddIndex(
            model_name='sentvisit',
            index=models.Index(condition=models.Q(('outcome', 'waiting')), fields=['received_at', 'id'], name='sent_visit_waiting'),
        ),
        migrations.AddConstraint(
            model_name='sentvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['recorded', 'same']), _negated=True), ('visit__isnull', False), _connector='OR'), name='sent_visit_leads_to_visit'),
        ),
        migrations.AddConstraint(
            model_name='sentvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'waiting'), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='sent_visit_waits_for_something'),
        ),
        migrations.AddConstraint(
            model_name='sentvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'set_aside'), _negated=True), models.Q(models.Q(('decision', ''), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='sent_visit_set_aside_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='sentphoto',
            constraint=models.UniqueConstraint(fields=('sent', 'sha'), name='sent_photo_once'),
        ),
        migrations.AddConstraint(
            model_name='visitphoto',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), _negated=True), ('consent__isnull', False), _connector='OR'), name='photo_with_consent'),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.UniqueConstraint(fields=('person', 'form'), name='wish_once'),
        ),
        migrations.AddField(
            model_name='visit',
            name='campaign',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AddField(
            model_name='areareview',
            name='campaign',
            field=models.ForeignKey(null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AddField(
            model_name='historicalareareview',
            name='campaign',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AddField(
            model_name='registryrule',
            name='campaign',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rule', to='veterans.campaign', verbose_name='đợt'),
        ),
    ]
