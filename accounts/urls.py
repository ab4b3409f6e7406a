from django.urls import path

from accounts import views, views_links

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
    path("first-administrator/", views.first_administrator, name="first_administrator"),
]
