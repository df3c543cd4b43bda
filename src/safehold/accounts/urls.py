from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from django.urls import path

from safehold.accounts import forms, views

# No app_name: the library asks for its own pages by these names.
urlpatterns = [
    path(
        "login/",
        account.LoginView.as_view(form_class=forms.SignInForm),
        name="account_login",
    ),
    path("logout/", views.sign_out, name="account_logout"),
    path("leave/", views.leave, name="account_leave"),
    path("left/", views.left, name="account_left"),
    path("stay/", views.stay, name="account_stay"),
    path(
        "again/",
        account.ReauthenticateView.as_view(form_class=forms.PasswordAgainForm),
        name="account_reauthenticate",
    ),
    path(
        "password/",
        account.PasswordChangeView.as_view(form_class=forms.NewPasswordForm),
        name="account_change_password",
    ),
    path("", views.index, name="mfa_index"),
    path(
        "code/",
        second_factor.AuthenticateView.as_view(form_class=forms.CodeForm),
        name="mfa_authenticate",
    ),
    path(
        "code/again/",
        second_factor.ReauthenticateView.as_view(form_class=forms.CodeAgainForm),
        name="mfa_reauthenticate",
    ),
    path("authenticator/", views.set_up, name="mfa_activate_totp"),
    path(
        "recovery-codes/",
        codes.ViewRecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        views.new_codes,
        name="mfa_generate_recovery_codes",
    ),
]
