"""Pushes to people's apps: to the log, unless PUSH_GATEWAY names a push service."""

from django.core.exceptions import ImproperlyConfigured

from .env import env

# local, jpush, umeng, or the dotted path of a class (notifications.gateways.push).
PUSH_GATEWAY = env.str("PUSH_GATEWAY", "local")
# Seconds for each answer of the service.
PUSH_TIMEOUT = 5.0

JPUSH_URL = env.str("JPUSH_URL", "https://api.jpush.cn").rstrip("/")
JPUSH_APP_KEY = env.str("JPUSH_APP_KEY", "")
JPUSH_MASTER_SECRET = env.str("JPUSH_MASTER_SECRET", "")

UMENG_URL = env.str("UMENG_URL", "https://msgapi.umeng.com").rstrip("/")
UMENG_ANDROID_APP_KEY = env.str("UMENG_ANDROID_APP_KEY", "")
UMENG_ANDROID_MASTER_SECRET = env.str("UMENG_ANDROID_MASTER_SECRET", "")
UMENG_IOS_APP_KEY = env.str("UMENG_IOS_APP_KEY", "")
UMENG_IOS_MASTER_SECRET = env.str("UMENG_IOS_MASTER_SECRET", "")
UMENG_HARMONY_APP_KEY = env.str("UMENG_HARMONY_APP_KEY", "")
UMENG_HARMONY_MASTER_SECRET = env.str("UMENG_HARMONY_MASTER_SECRET", "")
# Its error codes after which a device is not tried again.
UMENG_GONE_CODES = env.list("UMENG_GONE_CODES", default=[])

_NEEDED = {
    "jpush": {"JPUSH_APP_KEY": JPUSH_APP_KEY, "JPUSH_MASTER_SECRET": JPUSH_MASTER_SECRET},
    "umeng": {
        "UMENG_ANDROID_APP_KEY": UMENG_ANDROID_APP_KEY or UMENG_IOS_APP_KEY or UMENG_HARMONY_APP_KEY
    },
}
for _name, _value in _NEEDED.get(PUSH_GATEWAY, {}).items():
    if not _value:
        raise ImproperlyConfigured(f"PUSH_GATEWAY={PUSH_GATEWAY} needs {_name}.")
