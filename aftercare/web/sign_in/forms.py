"""The two questions of sign-in: who are you, and the code of the second factor."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import actions as people
from aftercare.domain.people import queries
from aftercare.foundation import clock


class SignInForm(LoginForm):
    """Employee number or user name, and the password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("工号或用户名")
        login.widget.attrs |= {"placeholder": "", "autofocus": True, "autocapitalize": "none", "autocomplete": "username"}
        password = self.fields["password"]
        password.help_text = ""
        password.widget.attrs["placeholder"] = ""

    def is_first_start(self) -> bool:
        """Whether nobody can sign in yet, so that the page says where the company is made."""
        return not queries.is_founded()


class OwnPasswordForm(ChangePasswordForm):
    """A new password for oneself. No mail is sent, so there is no way back to offer who forgot the old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class AskAgainForm(ReauthenticateForm):
    """The password once more before something delicate."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class SecondFactorForm(AuthenticateForm):
    """The code of the app or a recovery code; a wrong one counts like a wrong password."""

    def clean_code(self):
        account = queries.find_account(self.user.pk)
        if account.locked_until and account.locked_until > clock.now():
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            return super().clean_code()
        except ValidationError:
            people.record_failed_sign_in(
                login=self.user.username, at=clock.now(), reason="second factor",
                address=get_adapter().get_client_ip(context.request)[:45],
            )
            raise
