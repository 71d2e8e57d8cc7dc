"""Keys made for the tests, and what gateways sign with them. Nothing here is anybody's."""

import base64
import json
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

API_V3_KEY = "k" * 32
KEY_ID = "PUB_KEY_ID_0000000000000000000000000000"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Of "us", "alipay", "wechat" or a forger: each has their own."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(name: str) -> str:
    form = serialization.PrivateFormat.PKCS8
    none = serialization.NoEncryption()
    return key(name).private_bytes(serialization.Encoding.PEM, form, none).decode()


def public_pem(name: str) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key(name).public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def signed(name: str, text: str) -> str:
    made = key(name).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(made).decode()


def alipay_notice(told: dict[str, str], *, at: datetime, by: str = "alipay") -> bytes:
    """The form that Alipay sends then, signed by ``by``."""
    fields = {
        "notify_time": at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        "notify_type": "trade_status_sync",
        "notify_id": "n-1",
        "app_id": "app-1",
        "charset": "utf-8",
        "version": "1.0",
        "trade_status": "TRADE_SUCCESS",
    } | told
    text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    whole = fields | {"sign_type": "RSA2", "sign": signed(by, text)}
    return urlencode(whole).encode()


def alipay_answer(method: str, told: dict[str, Any], *, by: str = "alipay") -> bytes:
    """What Alipay's own address answers."""
    name = method.replace(".", "_") + "_response"
    text = json.dumps(told, separators=(",", ":"))
    return f'{{"{name}":{text},"sign":"{signed(by, text)}"}}'.encode()


def wechat_headers(body: bytes, *, moment: int, by: str = "wechat") -> dict[str, str]:
    """Those that WeChat Pay sends with a callback or an answer, names in small letters."""
    text = f"{moment}\nnonce\n{body.decode()}\n"
    return {
        "wechatpay-serial": KEY_ID,
        "wechatpay-timestamp": str(moment),
        "wechatpay-nonce": "nonce",
        "wechatpay-signature": signed(by, text),
        "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
    }


def wechat_notice(told: dict[str, Any], *, kind: str = "TRANSACTION.SUCCESS") -> bytes:
    """An event whose resource is encrypted as it is there."""
    text = json.dumps(told).encode()
    sealed = AESGCM(API_V3_KEY.encode()).encrypt(b"0123456789ab", text, b"transaction")
    resource = {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "0123456789ab",
        "associated_data": "transaction",
        "ciphertext": base64.b64encode(sealed).decode(),
    }
    event = {
        "id": "EV-1",
        "event_type": kind,
        "resource_type": "encrypt-resource",
        "resource": resource,
    }
    return json.dumps(event).encode()
