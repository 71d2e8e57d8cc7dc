"""What the news of the apps below means for realtors."""

from accounts.events import UserErased, UserRegistered
from accounts.models import User, UserType
from booking_site.common.actors import SYSTEM
from booking_site.common.events import subscribe
from realtors.services import forget, forget_interest, settle_in


@subscribe(UserRegistered)
def give_a_provider_a_place(news: UserRegistered) -> None:
    if news.user_type == UserType.PROVIDER:
        user = User.objects.get(pk=news.user_id)
        settle_in(user, by=SYSTEM, at=user.date_joined)


@subscribe(UserErased)
def forget_a_provider(news: UserErased) -> None:
    forget(User.objects.get(pk=news.user_id), by=SYSTEM, at=news.at)


@subscribe(UserErased)
def forget_what_they_looked_at(news: UserErased) -> None:
    forget_interest(User.objects.get(pk=news.user_id))
