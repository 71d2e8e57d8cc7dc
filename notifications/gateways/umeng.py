"""Umeng (友盟+) U-Push: POST /api/send?sign=…, a unicast to one device token.

``sign`` is MD5 over method, address, body and master secret. Each platform is an app of its own
there, with keys of its own. Which of their error codes say that a device is gone is a setting,
because their list of codes has changed.
"""

from datetime import datetime, timedelta
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from .push import (
    TIME_TO_LIVE_SECONDS,
    DeviceGone,
    NoWayToDevice,
    PushFailed,
    PushMessage,
)
from .push_http import Answer, as_json, post_json, required

PLATFORMS = {"ios": "IOS", "android": "ANDROID", "harmony": "HARMONY"}


class UmengGateway:
    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, str]] = {}
        for platform, name in PLATFORMS.items():
            if getattr(settings, f"UMENG_{name}_APP_KEY", ""):
                secret = required(f"UMENG_{name}_MASTER_SECRET")
                self._keys[platform] = getattr(settings, f"UMENG_{name}_APP_KEY"), secret
        if not self._keys:
            required("UMENG_ANDROID_APP_KEY")
        self._url = f"{settings.UMENG_URL}/api/send"

    def send(self, message: PushMessage) -> None:
        if message.platform not in self._keys:
            raise NoWayToDevice(message.platform)
        app_key, secret = self._keys[message.platform]
        body = as_json(body_of(message, app_key=app_key))
        answer = post_json(f"{self._url}?sign={sign(self._url, body, secret)}", body)
        if answer.body.get("ret") != "SUCCESS":
            raise _error_of(answer)


def sign(url: str, body: bytes, secret: str) -> str:
    """As they define it; it keeps no secret of ours but the one they gave."""
    plain = b"POST" + url.encode() + body + secret.encode()
    return md5(plain, usedforsecurity=False).hexdigest()


def body_of(message: PushMessage, *, app_key: str) -> dict[str, Any]:
    now = timezone.now()
    return {
        "appkey": app_key,
        "timestamp": str(int(now.timestamp())),
        "type": "unicast",
        "device_tokens": message.token,
        "payload": _payload(message),
        "policy": {
            "expire_time": _clock(now + timedelta(seconds=TIME_TO_LIVE_SECONDS)),
            # They take a number twice only once.
            "out_biz_no": message.key,
        },
        "production_mode": "false" if settings.DEBUG else "true",
        "description": message.key,
    }


def _payload(message: PushMessage) -> dict[str, Any]:
    if message.platform == "ios":
        alert = {"title": message.title, "body": message.text}
        return {"aps": {"alert": alert, "sound": "default", "badge": 1}, **message.extras}
    return {
        "display_type": "notification",
        "body": {
            "ticker": message.title,
            "title": message.title,
            "text": message.text or message.title,
            "after_open": "go_app",
        },
        "extra": message.extras,
    }


def _clock(instant: datetime) -> str:
    """By the clock of Beijing, which is theirs."""
    return f"{instant.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}"


def _error_of(answer: Answer) -> Exception:
    data = answer.body.get("data")
    data = data if isinstance(data, dict) else {}
    code, told = str(data.get("error_code", "")), str(data.get("error_msg", ""))[:120]
    sentence = f"Umeng {answer.status} {code}: {told}"
    if code in settings.UMENG_GONE_CODES:
        return DeviceGone(sentence)
    return PushFailed(sentence)
