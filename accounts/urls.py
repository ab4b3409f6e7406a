from django.urls import path

from accounts import views, views_links, views_second_factor, views_sessions

app_name = "accounts"
urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
    path("logout/", views.sign_out, name="logout"),
    path("profile/", views.profile, name="profile"),
    path("password/", views.change_password, name="password"),
    path("loi-moi/<str:token>/", views_links.invitation, name="invitation"),
    path("dat-lai/<str:token>/", views_links.password_reset_link, name="password_reset_link"),
    path("quen-mat-khau/", views_links.password_reset, name="password_reset"),
    path("buoc-hai/", views_second_factor.code, name="second_factor"),
    path("buoc-hai/cai-dat/", views_second_factor.setup, name="second_factor_setup"),
    path("buoc-hai/ma-du-phong/", views_second_factor.recovery, name="second_factor_recovery"),
    path("buoc-hai/doi-may/", views_second_factor.replace, name="second_factor_replace"),
    path("buoc-hai/tat/", views_second_factor.off, name="second_factor_off"),
    path("phien/", views_sessions.sessions, name="sessions"),
    path("phien/may-khac/", views_sessions.sessions_end_others, name="sessions_end_others"),
    path("phien/<str:mark>/dong/", views_sessions.session_end, name="session_end"),
    path("may-tin-cay/<int:pk>/thoi/", views_sessions.device_untrust, name="device_untrust"),
    path("da-go/<int:pk>/", views_sessions.held_form, name="held_form"),
    path("da-go/<int:pk>/bo/", views_sessions.held_form_drop, name="held_form_drop"),
    path("first-administrator/", views.first_administrator, name="first_administrator"),
]
