"""Who asks: the key in `Authorization: Bearer`, and nothing else – no cookie, nothing in the address."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables
from ninja.security import HttpBearer

from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.api.problems import Problem, plain
from units.models import Scope
from units.tokens import Bearer, TokenRefused, recognise

# Wrong keys from one machine in ten minutes; then they are answered without being looked up. Right ones always work:
# a whole province may stand behind one address.
FREE, SECONDS = 30, 600


class Token(HttpBearer):
    """Takes the key, puts its holder and the rights on the request, and asks for the scope of the operation.

    Args:
        scope: None where any key will do.
        takes_file: the body is a form with one file; of all others it is JSON.
    """

    def __init__(self, scope: Scope | None = None, *, takes_file: bool = False) -> None:
        super().__init__()
        self.scope, self.takes_file = scope, takes_file

    @sensitive_variables("token")
    def __call__(self, request: HttpRequest) -> Bearer:
        """The bearer. Errors: Problem."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != self.openapi_scheme or not token.strip():
            raise plain(401)
        bearer = self.authenticate(request, token.strip())
        request.user, request.access = bearer.user, bearer.access
        if self.scope is not None and self.scope.value not in bearer.token.scopes:
            raise Problem(
                403,
                "scope-missing",
                f"Mã truy cập không có quyền “{self.scope.label}”. Xin tạo mã có quyền này trên trang.",
            )
        if self.takes_file:
            _refuse_no_form(request)
        else:
            _refuse_other_media(request)
        return bearer

    @sensitive_variables("token")
    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """Look the key up. Errors: Problem, 401 with the reason or 429."""
        try:
            return recognise(token, now=timezone.now(), at=clock.now(), today=clock.today())
        except TokenRefused as refusal:
            if refusal.reason == "unknown" and _too_many(client_address(request)):
                raise Problem(
                    429,
                    "too-many",
                    "Máy này vừa gửi nhiều mã truy cập không đúng. Xin chờ 10 phút.",
                    retry_after=SECONDS,
                ) from None
            raise Problem(
                401,
                f"token-{refusal.reason}",
                str(refusal),
                challenge='Bearer realm="api", error="invalid_token"',
            ) from None


def _refuse_other_media(request: HttpRequest) -> None:
    """A body is JSON. Errors: Problem; RequestDataTooBig."""
    if request.method == "POST" and request.body and request.content_type != "application/json":
        raise plain(415)


def _refuse_no_form(request: HttpRequest) -> None:
    """Errors: Problem."""
    if request.content_type != "multipart/form-data":
        raise Problem(415, "media-type", "Tệp gửi bằng biểu mẫu (Content-Type: multipart/form-data), ở phần “file”.")


def _too_many(address: str | None) -> bool:
    """Count one wrong key from this machine; whether it has to wait."""
    key = "api-token:" + salted_hmac("directive_tracker.api", address or "?", algorithm="sha256").hexdigest()[:40]
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > FREE
    except ValueError:  # it ran out between the two
        return False
