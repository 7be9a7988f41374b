"""How allauth signs people in here: by employee number or user name, nobody registers himself, all is recorded."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import actions as people
from aftercare.domain.people import queries
from aftercare.foundation import clock
from aftercare.foundation.refusals import RuleBroken

# Greetings that would only cover the page that people come for.
_UNSAID = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class PeopleBackend(AuthenticationBackend):
    """Checks passwords as allauth does; fetches the signed-in account with its employee and branch in one statement."""

    def get_user(self, user_id):
        account = queries.find_account(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user) -> bool:
        """An account that is open, and that belongs to nobody or to somebody who still works here."""
        return user.is_active and (user.employee_id is None or user.employee.is_active)


class PeopleAdapter(DefaultAccountAdapter):
    """Sign-in of employees."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("工号、用户名或密码不对"),
        "too_many_login_attempts": _("登录失败次数过多，请 5 分钟后再试"),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        account = queries.find_account_by_login(credentials.get("username") or "")
        if account is not None:
            if account.locked_until and account.locked_until > clock.now():
                raise self.validation_error("too_many_login_attempts")
            # Number and user name count as one, else each would allow its own number of guesses.
            credentials["username"] = account.username
        return super().authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials) -> None:
        people.record_failed_sign_in(
            login=credentials.get("username") or "", at=clock.now(), address=self._address(request), reason="password"
        )

    def post_login(self, request, user, **kwargs):
        methods = [record["method"] for record in request.session.get("account_authentication_methods", [])]
        people.record_sign_in(user, at=clock.now(), address=self._address(request),
                              method="+".join(methods) or "password")
        return super().post_login(request, user, **kwargs)

    def logout(self, request) -> None:
        if request.user.is_authenticated:
            people.record_sign_out(request.user, at=clock.now(), address=self._address(request))
        super().logout(request)

    def set_password(self, user, password) -> None:
        try:
            people.change_own_password(user, password=password, at=clock.now(), address=self._address(self.request))
        except RuleBroken as refusal:
            raise ValidationError(str(refusal)) from refusal

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        if message_template not in _UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, template_prefix, user, *args, **kwargs) -> None:
        """No mail; a changed second factor goes into the journal (`mfa/email/totp_activated`: `totp_activated`)."""
        if template_prefix.startswith("mfa/"):
            people.record_second_factor(user, change=template_prefix.rpartition("/")[2], at=clock.now(),
                                        address=self._address(self.request))

    def _address(self, request) -> str:
        """Where the call comes from, as far as the trusted proxies tell."""
        try:
            return self.get_client_ip(request)[:45]
        except PermissionDenied:
            return ""
