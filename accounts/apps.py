from django.apps import AppConfig

from records.verbs import register

LINK_VERBS = {
    "account.invited": "Gửi lời mời",
    "account.reset_sent": "Gửi đường dẫn đặt lại mật khẩu",
    "account.sheet_printed": "In giấy mời",
    "account.invitation_accepted": "Nhận lời mời và đặt mật khẩu",
    "account.password_reset": "Đặt lại mật khẩu qua thư",
    "account.link_wrong_name": "Gõ sai tên đăng nhập ở đường dẫn gửi qua thư",
    "account.sessions_ended": "Kết thúc mọi phiên của người dùng",
}


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        """Name what is written down about links in the mail."""
        register(LINK_VERBS)
