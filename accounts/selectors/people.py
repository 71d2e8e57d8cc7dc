"""Finding a person by what they sign in with."""

from accounts.models import User, UserType
from booking_site.common.errors import Refusal
from booking_site.common.phones import normalise_phone


def canonical_login(login: str) -> str:
    """However it is written: the address in lower case, the number in E.164, or what it says."""
    login = login.strip()
    if "@" in login:
        return login.lower()
    try:
        return normalise_phone(login)
    except Refusal:
        return login


def find_by_login(login: str) -> User | None:
    """The user with this e-mail address or telephone number, active or not."""
    login = canonical_login(login)
    return _exactly("email" if "@" in login else "phone", login)


def realtor_id_of(user: User) -> int | None:
    """The realtor this user is, if any.

    ``realtor`` is the other side of ``realtors.Realtor.user``: a name, not an import, because
    realtors stand above accounts.
    """
    realtor = getattr(user, "realtor", None)
    return realtor.pk if realtor is not None else None


def home_of(user: User) -> str:
    """The name of the page on which this person's day begins."""
    if user.is_staff:
        return "admin:index"
    if user.user_type == UserType.PROVIDER or realtor_id_of(user) is not None:
        return "appointments:console:today"
    return "appointments:mine"


def _exactly(field: str, value: str) -> User | None:
    """MariaDB's collation finds ``josé@`` for ``jose@``: that would be somebody else."""
    user = User.objects.filter(**{field: value}).first()
    return user if user is not None and str(getattr(user, field)) == value else None
