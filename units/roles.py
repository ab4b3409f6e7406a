"""The roles of people; kept apart from the tables so that rights can be told without them."""

from django.db import models


class Role(models.TextChoices):
    OFFICE = "office", "Cán bộ Văn phòng"
    REPORTER = "reporter", "Cán bộ đầu mối"
    UNIT_HEAD = "unit_head", "Lãnh đạo đơn vị"
    READER = "reader", "Thường trực, Ban Thường vụ"
    REGISTRAR = "registrar", "Cán bộ sổ tri ân"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"
