"""JPush (极光推送), Push API v3: POST /v3/push, Basic auth of app key and master secret."""

from base64 import b64encode
from typing import Any

from django.conf import settings

from .push import (
    TIME_TO_LIVE_SECONDS,
    DeviceGone,
    NoWayToDevice,
    PushFailed,
    PushMessage,
    PushRefusedForGood,
)
from .push_http import Answer, as_json, post_json, required

PLATFORMS = {"ios": "ios", "android": "android", "harmony": "hmos"}
# Nobody answers to this registration id.
NOBODY_THERE = 1011


class JPushGateway:
    def __init__(self) -> None:
        keys = f"{required('JPUSH_APP_KEY')}:{required('JPUSH_MASTER_SECRET')}"
        self._authorization = f"Basic {b64encode(keys.encode()).decode()}"
        self._url = f"{settings.JPUSH_URL}/v3/push"

    def send(self, message: PushMessage) -> None:
        body = as_json(body_of(message))
        answer = post_json(self._url, body, headers={"Authorization": self._authorization})
        if answer.status != 200:
            raise _error_of(answer)


def body_of(message: PushMessage) -> dict[str, Any]:
    platform = PLATFORMS.get(message.platform)
    if platform is None:
        raise NoWayToDevice(message.platform)
    return {
        "platform": [platform],
        "audience": {"registration_id": [message.token]},
        "notification": {platform: _notification(platform, message)},
        "options": {
            "time_to_live": TIME_TO_LIVE_SECONDS,
            "apns_production": not settings.DEBUG,
        },
    }


def _notification(platform: str, message: PushMessage) -> dict[str, Any]:
    # The app drops a repetition by its key: a try whose answer was lost may have arrived.
    extras = {**message.extras, "key": message.key}
    if platform == "ios":
        alert = {"title": message.title, "body": message.text}
        return {"alert": alert, "sound": "default", "badge": "+1", "extras": extras}
    told = {"alert": message.text or message.title, "title": message.title, "extras": extras}
    # HarmonyOS refuses what has no category.
    return {**told, "category": "WORK"} if platform == "hmos" else told


def _error_of(answer: Answer) -> Exception:
    error = answer.body.get("error")
    error = error if isinstance(error, dict) else {}
    code, told = error.get("code"), str(error.get("message", ""))[:120]
    sentence = f"JPush {answer.status} {code or ''}: {told}"
    if code == NOBODY_THERE:
        return DeviceGone(sentence)
    if answer.status == 400:
        return PushRefusedForGood(sentence)
    # 401 too: somebody will put the keys right.
    return PushFailed(sentence)
