"""Who has been reached and who has not: registrars, of their own areas."""

from tests.matrix.policy.table import page
from tests.matrix.policy.veterans import REGISTRAR

page("veterans:coverage", get=f"plain {REGISTRAR}", post=f"plain {REGISTRAR}".replace("200", "405"))
