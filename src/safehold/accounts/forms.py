"""The library's sign-in forms in our words, which a password manager can fill and anyone can paste
into (WCAG 2.2, 3.3.8)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

NEEDED = {
    "login": "Give your name.",
    "password": "Give your password.",
    "code": "Give the code.",
    "oldpassword": "Give your present password.",
    "password1": "Give a new password.",
    "password2": "Give the new password once more.",
}


class CodeInput(forms.PasswordInput):
    """A code that is typed in sight, and like a password never shown again: a wrong one may be a
    recovery code with one slip in it."""

    input_type = "text"


def _plain(form: forms.Form, labels: dict[str, str], hints: dict[str, str] | None = None) -> None:
    # A placeholder vanishes as soon as it is needed, so each field has a label and a hint instead.
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        field.help_text = (hints or {}).get(name, "")
        if name in NEEDED:
            field.error_messages["required"] = NEEDED[name]
        if name == "code":
            field.widget = CodeInput({**field.widget.attrs, "inputmode": "numeric"})


class SignInForm(LoginForm):
    """Name and password; a sign-in is never remembered past its browser or its shift."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, {"login": "Name", "password": "Password"})

    def clean_login(self) -> str:
        """Take the spaces off that a phone's keyboard adds."""
        return str(self.cleaned_data["login"]).strip()

    def clean_remember(self) -> bool:
        """Say no, whatever was sent."""
        return False


class CodeForm(AuthenticateForm):
    """The second factor at sign-in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, {"code": "Code"}, {"code": "From your authenticator, or a recovery code."})


class CodeAgainForm(ReauthenticateByCodeForm):
    """The second factor, asked again before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, {"code": "Code"}, {"code": "From your authenticator, or a recovery code."})


class PasswordAgainForm(ReauthenticateForm):
    """The password, asked again before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, {"password": "Password"})


class SecondFactorForm(ActivateTOTPForm):
    """The first code of a new authenticator, which proves that it was set up right."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, {"code": "Code"}, {"code": "Six digits, shown by the authenticator."})


class NewPasswordForm(ChangePasswordForm):
    """A new password, typed twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {
            "oldpassword": "Present password",
            "password1": "New password",
            "password2": "New password once more",
        }
        _plain(self, labels, {"password1": "At least 12 characters. Three words do well."})


class NewCodesForm(GenerateRecoveryCodesForm):
    """One button: the old recovery codes stop working, new ones are shown."""
