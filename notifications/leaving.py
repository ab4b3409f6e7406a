"""What this room does when somebody leaves (units/leaving.py)."""

from notifications import outbox
from units.leaving import Step, steps

steps.append(Step("thư chưa gửi được bỏ", outbox.waiting_for, outbox.stop_telling))
