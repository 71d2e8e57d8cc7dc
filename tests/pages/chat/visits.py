"""Looking at the pages of conversations, without a script."""

import re
from datetime import timedelta

from django.test import Client

from accounts.models import User
from chat.models import Conversation, Participant

MINUTE = timedelta(minutes=1)
LIST = "/chat/"


def at_home(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def look(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code, answer.headers)
    return answer.content.decode()


def thread(conversation: Conversation, rest: str = "") -> str:
    return f"/chat/{conversation.pk}/{rest}"


def own(user: User, conversation: Conversation) -> Participant:
    return Participant.objects.get(user=user, conversation=conversation)


def texts(page: str) -> list[str]:
    return re.findall(r'<p class="msg__text">([^<]*)</p>', page)
