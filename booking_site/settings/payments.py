"""With whom people pay: the sandbox in the demo; elsewhere whom PAYMENT_GATEWAYS names."""

from django.core.exceptions import ImproperlyConfigured

from .env import DEBUG, DEMO, env


def _pem(text: str) -> str:
    """A key of several lines, which an environment often holds in one with ``\\n``."""
    return text.replace("\\n", "\n").strip()


# sandbox, stripe, alipay, wechatpay, in the order in which they are offered.
PAYMENT_GATEWAYS = env.list("PAYMENT_GATEWAYS", default=["sandbox"] if DEMO or DEBUG else [])
# Seconds for each answer of a gateway.
PAYMENT_TIMEOUT = env.float("PAYMENT_TIMEOUT", 10.0)

STRIPE_URL = env.str("STRIPE_URL", "https://api.stripe.com").rstrip("/")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")

ALIPAY_URL = env.str("ALIPAY_URL", "https://openapi.alipay.com/gateway.do")
ALIPAY_APP_ID = env.str("ALIPAY_APP_ID", "")
# One's own, and Alipay's (not one's own public one).
ALIPAY_PRIVATE_KEY = _pem(env.str("ALIPAY_PRIVATE_KEY", ""))
ALIPAY_PUBLIC_KEY = _pem(env.str("ALIPAY_PUBLIC_KEY", ""))

WECHATPAY_URL = env.str("WECHATPAY_URL", "https://api.mch.weixin.qq.com").rstrip("/")
WECHATPAY_APP_ID = env.str("WECHATPAY_APP_ID", "")
WECHATPAY_MERCHANT_ID = env.str("WECHATPAY_MERCHANT_ID", "")
WECHATPAY_CERTIFICATE_SERIAL = env.str("WECHATPAY_CERTIFICATE_SERIAL", "")
WECHATPAY_PRIVATE_KEY = _pem(env.str("WECHATPAY_PRIVATE_KEY", ""))
WECHATPAY_API_V3_KEY = env.str("WECHATPAY_API_V3_KEY", "")
# WeChat Pay's own, by which its answers are known.
WECHATPAY_PUBLIC_KEY = _pem(env.str("WECHATPAY_PUBLIC_KEY", ""))
WECHATPAY_PUBLIC_KEY_ID = env.str("WECHATPAY_PUBLIC_KEY_ID", "")

_NEEDED: dict[str, dict[str, str]] = {
    "sandbox": {},
    "stripe": {
        "STRIPE_SECRET_KEY": STRIPE_SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": STRIPE_WEBHOOK_SECRET,
    },
    "alipay": {
        "ALIPAY_APP_ID": ALIPAY_APP_ID,
        "ALIPAY_PRIVATE_KEY": ALIPAY_PRIVATE_KEY,
        "ALIPAY_PUBLIC_KEY": ALIPAY_PUBLIC_KEY,
    },
    "wechatpay": {
        "WECHATPAY_APP_ID": WECHATPAY_APP_ID,
        "WECHATPAY_MERCHANT_ID": WECHATPAY_MERCHANT_ID,
        "WECHATPAY_CERTIFICATE_SERIAL": WECHATPAY_CERTIFICATE_SERIAL,
        "WECHATPAY_PRIVATE_KEY": WECHATPAY_PRIVATE_KEY,
        "WECHATPAY_API_V3_KEY": WECHATPAY_API_V3_KEY,
        "WECHATPAY_PUBLIC_KEY": WECHATPAY_PUBLIC_KEY,
        "WECHATPAY_PUBLIC_KEY_ID": WECHATPAY_PUBLIC_KEY_ID,
    },
}
for _gateway in PAYMENT_GATEWAYS:
    if _gateway not in _NEEDED:
        raise ImproperlyConfigured(
            f"PAYMENT_GATEWAYS names {_gateway!r}; there are {', '.join(_NEEDED)}."
        )
    for _name, _value in _NEEDED[_gateway].items():
        if not _value:
            raise ImproperlyConfigured(f"PAYMENT_GATEWAYS={_gateway} needs {_name}.")
