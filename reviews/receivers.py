"""What the news of the apps below means for reviews."""

from accounts.events import UserErased
from accounts.models import User
from booking_site.common.events import subscribe
from reviews.services import forget


@subscribe(UserErased)
def take_a_person_out_of_the_reviews(news: UserErased) -> None:
    forget(User.objects.get(pk=news.user_id), at=news.at)
