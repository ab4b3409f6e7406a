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
SECOND_FACTOR_VERBS = {
    "account.second_factor_on": "Bật xác thực hai bước",
    "account.second_factor_off": "Tắt xác thực hai bước",
    "account.second_factor_failed": "Gõ sai mã xác thực",
    "account.second_factor_passed": "Qua bước xác thực thứ hai",
    "account.recovery_used": "Dùng mã dự phòng",
    "account.recovery_renewed": "Lập mã dự phòng mới",
    "account.device_trusted": "Tin cậy một máy",
    "account.device_untrusted": "Thôi tin cậy máy",
}

SESSION_VERBS = {
    "account.timed_out": "Hết phiên làm việc",
    "account.session_ended": "Đăng xuất ở máy khác",
    "account.roles_lost": "Kết thúc phiên vì vai trò đã thay đổi",
}


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        """Name what is written down about links in the mail."""
        register(LINK_VERBS)
        register(SECOND_FACTOR_VERBS)
        register(SESSION_VERBS)
