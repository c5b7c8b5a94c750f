from django.urls import path

from .views import cabinet, email, entry, passwords, profile

app_name = "accounts"

urlpatterns = [
    path("register/", entry.register, name="register"),
    path("login/", entry.login, name="login"),
    path("logout/", entry.logout, name="logout"),
    path("profile/<str:username>/", profile.profile, name="profile"),
    path("profile-edit/", profile.edit, name="profile_edit"),
    path("my-listings/", cabinet.my_listings, name="my_listings"),
    path("my-purchases/", cabinet.my_purchases, name="my_purchases"),
    path("my-sales/", cabinet.my_sales, name="my_sales"),
    path("password-change/", passwords.change, name="password_change"),
    path("password-reset/", passwords.reset, name="password_reset"),
    path("password-reset/sent/", passwords.reset_sent, name="password_reset_sent"),
    path("password-reset/<int:pk>/<str:token>/", passwords.reset_confirm, name="password_reset_confirm"),
    path("email/", email.resend, name="email_resend"),
    path("email/<str:token>/", email.confirm, name="email_confirm"),
]
