"""Webhooks reach the public internet and nothing else: not by a literal, not by a name, not by a
name that changes its mind, not by a redirect."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.checks import Tags, run_checks

from booking_site.common.errors import Invalid
from notifications.gateways import webhooks, webhooks_guard
from notifications.gateways.webhooks import Message, post
from notifications.gateways.webhooks_guard import AddressRefused, is_outside, look_up

from .hooks import SECRET
from .receivers import receiver

PUBLIC = "93.184.215.14"


class Canary:
    """Listens on loopback, in both families, and counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self.listeners = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.listeners[0].getsockname()[1]
        self.listeners.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        self.threads = [threading.Thread(target=self._watch, args=(one,)) for one in self.listeners]
        for thread in self.threads:
            thread.start()

    def _watch(self, listener: socket.socket) -> None:
        listener.settimeout(0.05)
        while not self.closed:
            try:
                line, _address = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.visits += 1
            line.close()

    closed = False

    def close(self) -> None:
        self.closed = True
        for thread in self.threads:
            thread.join()
        for listener in self.listeners:
            listener.close()


@pytest.fixture
def canary(settings) -> Iterator[Canary]:
    """On a port that is allowed: only the addresses stand against it."""
    canary = Canary()
    settings.WEBHOOK_ALLOWED_PORTS = [443, canary.port]
    yield canary
    canary.close()


class Names:
    """A resolver: each name has a list of answers, given one after the other, the last for ever."""

    def __init__(self) -> None:
        self.known: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.real = socket.getaddrinfo

    def __call__(self, host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host not in self.known:
            return self.real(host, port, *args, **options)
        self.asked.append(host)
        answers = self.known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        rows = [self.real(one, port, *args, **options) for one in addresses]
        return [row for found in rows for row in found]


@pytest.fixture
def names(monkeypatch) -> Names:
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names)
    return names


@pytest.fixture
def connections(monkeypatch) -> list[str]:
    """Every address that is connected to."""
    seen: list[str] = []
    real = socket.create_connection

    def connect(address: Any, *args: Any, **options: Any) -> Any:
        seen.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError
        return real(address, *args, **options)

    monkeypatch.setattr(webhooks.socket, "create_connection", connect)
    return seen


def message(url: str) -> Message:
    return Message(url, "msg_1", 1_770_000_000, b"{}", (SECRET,))


# {port} is the canary's.
INSIDE = [
    # As everybody writes it.
    "https://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "https://LOCALHOST:{port}/",
    "https://localhost.:{port}/",
    "https://[::1]:{port}/",
    "https://0.0.0.0:{port}/",
    "https://[::]:{port}/",
    "https://127.0.0.53:{port}/",
    "https://127.255.255.254:{port}/",
    # As nobody does.
    "https://127.1:{port}/",
    "https://127.0.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0x7f.0.0.1:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://017700000001:{port}/",
    "https://0:{port}/",
    "https://127.0.0.1.:{port}/",
    "https://１２７.０.０.１:{port}/",
    "https://①②⑦.⓪.⓪.①:{port}/",
    "https://127。0。0。1:{port}/",
    # One family inside the other.
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "https://[::127.0.0.1]:{port}/",
    "https://[64:ff9b::127.0.0.1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[64:ff9b:1::1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[2002:a00:1::1]:{port}/",
    "https://[2001:0:7f00:1::]:{port}/",
    # Networks of one's own, and of the cloud.
    "https://10.0.0.1:{port}/",
    "https://172.16.0.1:{port}/",
    "https://172.31.255.255:{port}/",
    "https://192.168.1.1:{port}/",
    "https://100.64.0.1:{port}/",
    "https://100.100.100.200:{port}/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254.:443/",
    "https://[fd00:ec2::254]/latest/meta-data/",
    "https://168.63.129.16/machine",
    "https://[fe80::1]:{port}/",
    "https://[fe80::1%25lo]:{port}/",
    "https://[fec0::1]:{port}/",
    "https://[fc00::1]:{port}/",
    # Addresses of many, of none, and for documents.
    "https://224.0.0.1:{port}/",
    "https://[ff02::1]:{port}/",
    "https://255.255.255.255:{port}/",
    "https://240.0.0.1:{port}/",
    "https://192.0.2.1:{port}/",
    "https://198.18.0.1:{port}/",
    "https://192.88.99.1:{port}/",
    "https://192.0.0.192:{port}/opc/v2/instance/",
    "https://192.0.0.9:{port}/",
    "https://192.31.196.1:{port}/",
    "https://192.52.193.1:{port}/",
    "https://192.175.48.1:{port}/",
    "https://[2620:4f:8000::1]:{port}/",
    "https://[::ffff:192.0.0.192]:{port}/",
    "https://[2001:db8::1]:{port}/",
    "https://[100::1]:{port}/",
    # Another scheme, another port, somebody's name and password.
    "http://93.184.215.14/",
    "http://93.184.215.14:443/",
    "http://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "//127.0.0.1:{port}/",
    "javascript:alert(1)",
    "https://93.184.215.14:22/",
    "https://93.184.215.14:8443/",
    "https://93.184.215.14:0/",
    "https://93.184.215.14:99999/",
    "https://user:word@93.184.215.14/",
    "https://93.184.215.14@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}@93.184.215.14/",
    # What one reads as one thing and another as another.
    "https://93.184.215.14\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\.example.com/",
    "https://127.0.0.1\t:{port}/",
    "https://127.0.0.1:{port}/\r\nHost: inside",
    "https://93.184.215.14/a b",
    " https://127.0.0.1:{port}/",
    "https://%31%32%37.0.0.1:{port}/",
    "https://127.0.0.1%00.example.com:{port}/",
    "https://[127.0.0.1]:{port}/",
    "https://[::1:{port}/",
    "https://exa_mple..com/",
    "https://" + "a" * 64 + ".com/",
    "https://93.184.215.14/" + "a" * 500,
    "https:///path",
    "https://:{port}/",
    "https://",
    "",
]


@pytest.mark.parametrize("url", INSIDE)
def test_what_leads_inside_is_refused_at_save_and_at_send(canary, connections, url):
    url = url.format(port=canary.port)

    with pytest.raises(AddressRefused):
        look_up(url)
    answer = post(message(url))

    assert (answer.status, bool(answer.error)) == (None, True)
    assert connections == []
    assert canary.visits == 0


def test_the_canaries_do_count(canary, settings):
    """Without the guard both are reached by the same means."""
    settings.WEBHOOK_ALLOW_INSIDE = True

    for host in ("127.0.0.1", "[::1]"):
        assert post(message(f"http://{host}:{canary.port}/")).error

    assert canary.visits == 2


NAMES = {
    "inside": ["10.0.0.5"],
    "loopback": ["127.0.0.1"],
    "loopback of the other family": ["::1"],
    "one good and one bad": [PUBLIC, "127.0.0.1"],
    "one bad and one good": ["::1", PUBLIC],
    "mapped": ["::ffff:127.0.0.1"],
    "translated": ["64:ff9b::7f00:1"],
    "the cloud's": ["169.254.169.254"],
}


@pytest.mark.parametrize("addresses", NAMES.values(), ids=NAMES)
def test_every_address_of_a_name_is_judged(canary, connections, names, addresses):
    names.known["hooks.example"] = [addresses]
    url = f"https://hooks.example:{canary.port}/"

    with pytest.raises(AddressRefused):
        look_up(url)
    assert post(message(url)).error

    assert (connections, canary.visits) == ([], 0)


def test_a_name_that_moves_inside_after_it_was_saved_is_refused(canary, connections, names):
    names.known["hooks.example"] = [[PUBLIC], ["127.0.0.1"]]
    url = f"https://hooks.example:{canary.port}/"
    assert look_up(url).addresses == (PUBLIC,)

    assert post(message(url)).error

    assert (connections, canary.visits) == ([], 0)


def test_the_address_that_was_judged_is_the_one_that_is_connected_to(canary, connections, names):
    """Whoever asks a second time is led inside; so nobody does."""
    names.known["hooks.example"] = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]

    answer = post(message(f"https://hooks.example:{canary.port}/"))

    assert names.asked == ["hooks.example"]
    assert connections == [PUBLIC]
    assert canary.visits == 0
    assert answer.error.startswith("ConnectionRefusedError")


def test_where_the_first_address_is_deaf_the_next_one_is_asked_in_time(
    connections, names, settings
):
    settings.WEBHOOK_ALLOW_INSIDE = True
    names.known["hooks.example"] = [[PUBLIC, "127.0.0.1"]]

    with receiver() as server:
        answer = post(message(f"http://hooks.example:{server.port}/"))

    assert connections == [PUBLIC, "127.0.0.1"]
    assert answer.status == 204


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inside_is_not_followed(canary, settings, status):
    settings.WEBHOOK_ALLOW_INSIDE = True
    with receiver() as outside:
        outside.status = status
        outside.headers = {"Location": f"http://127.0.0.1:{canary.port}/"}

        answer = post(message(outside.url))

    assert (answer.status, answer.error) == (status, f"HTTP {status}, a redirect")
    assert canary.visits == 0


def test_proxies_of_the_environment_are_not_asked(canary, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_INSIDE = True
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    with receiver() as outside:
        assert post(message(outside.url)).status == 204

    assert canary.visits == 0


def test_all_reasons_are_one_sentence(names, settings):
    """What our resolver knows of names inside is nobody's business."""
    names.known["inside.example"] = [["10.0.0.5"]]
    names.known["nowhere.example"] = [[]]
    told = []
    for url in ("https://inside.example/", "https://nowhere.example/", "http://hooks.example/"):
        with pytest.raises(Invalid) as refused:
            look_up(url)
        told.append(refused.value.errors)

    assert told[0] == told[1] == told[2]
    assert list(told[0]) == ["url"]


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(webhooks_guard, "LOOK_UP_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_all, **_more: [released.wait(20)][1:])

    with pytest.raises(AddressRefused):
        look_up("https://hooks.example/")

    released.set()


# What is outside


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://hooks.example", "hooks.example", "/"),
        ("https://HOOKS.Example./in?a=1&b=%E7%BA%A6#c", "hooks.example", "/in?a=1&b=%E7%BA%A6"),
        ("https://hooks.example:443/in", "hooks.example", "/in"),
        ("https://约见.example/", "xn--ym0al1u.example", "/"),
    ],
)
def test_what_leads_outside_is_taken_apart_as_meant(names, url, host, target):
    names.known[host] = [[PUBLIC, "2606:2800:220:1::1"]]

    place = look_up(url)

    assert (place.host, place.target, place.port) == (host, target, 443)
    assert place.addresses == (PUBLIC, "2606:2800:220:1::1")


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "240e::1"])
def test_public_addresses_are_outside(address):
    assert is_outside(address)
    if ":" not in address:
        assert is_outside(f"::ffff:{address}")


# Over TLS, by the name


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Any:
    """Of hooks.example, by nobody whom anybody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_the_name_stays_in_the_greeting_the_certificate_and_the_header(
    certificate, tls, names, settings, monkeypatch
):
    settings.WEBHOOK_ALLOW_INSIDE = True
    names.known["hooks.example"] = [["127.0.0.1"]]
    asked = []
    tls.sni_callback = lambda _line, name, _context: asked.append(name)
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(webhooks, "tls_context", lambda: trusting)

    with receiver(tls) as server:
        answer = post(message(f"https://hooks.example:{server.port}/in"))

    assert (answer.status, answer.error) == (204, "")
    assert asked == ["hooks.example"]
    assert server.posts[0].headers["host"] == f"hooks.example:{server.port}"


def test_a_certificate_of_another_name_is_refused(certificate, tls, names, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_INSIDE = True
    names.known["other.example"] = [["127.0.0.1"]]
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(webhooks, "tls_context", lambda: trusting)

    with receiver(tls) as server:
        answer = post(message(f"https://other.example:{server.port}/in"))

    assert answer.error.startswith("SSLCertVerificationError")
    assert server.posts == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tls, names, settings):
    settings.WEBHOOK_ALLOW_INSIDE = True
    names.known["hooks.example"] = [["127.0.0.1"]]

    with receiver(tls) as server:
        answer = post(message(f"https://hooks.example:{server.port}/in"))

    assert answer.error.startswith("SSLCertVerificationError")
    assert server.posts == []


def test_the_context_of_the_product_checks_names_and_chains():
    context = webhooks.tls_context()

    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


# The way in that tests have


def errors_of_deployment() -> list[str]:
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [str(one.id) for one in found]


def test_a_deployment_that_lets_them_inside_is_refused(settings):
    settings.DEMO, settings.WEBHOOK_ALLOW_INSIDE = False, True
    assert "notifications.E001" in errors_of_deployment()

    settings.WEBHOOK_ALLOW_INSIDE = False
    assert "notifications.E001" not in errors_of_deployment()

    settings.DEMO, settings.WEBHOOK_ALLOW_INSIDE = True, True
    assert "notifications.E001" not in errors_of_deployment()


def test_also_inside_somebody_s_password_does_not_belong_in_an_address(settings):
    settings.WEBHOOK_ALLOW_INSIDE = True

    for url in ("http://user:word@127.0.0.1:8000/", "file:///etc/passwd", "http://127.0.0.1:0/"):
        with pytest.raises(AddressRefused):
            look_up(url)


def test_what_python_takes_for_global_is_not_outside():
    """Some of its releases, or all of them: none of these leads out."""
    for address in (
        *("224.0.0.1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.0.192"),
        *("192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1"),
    ):
        assert not is_outside(address)
