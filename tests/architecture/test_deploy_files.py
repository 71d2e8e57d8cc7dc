"""The files that deploy the product name what is there, agree with each other, hold no secret."""

import fnmatch
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.test import Client

from booking_site.celery import app as celery_app
from booking_site.site import sockets, turnstile
from notifications.consumers import threads
from tests.architecture.test_environment import BESIDE_THE_SETTINGS, names_read, names_told

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
PROCESSES = {"web", "worker", "beat", "migrate"}
# Written down by whoever makes a secret of theirs in a file that git knows.
SECRETS = r"(PASSWORD|SECRET|TOKEN|_KEY)$"


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(read("deploy/compose.yml"))
    return found


@cache
def manifests() -> list[dict[str, Any]]:
    files = [*sorted((DEPLOY / "k8s").glob("*.yaml")), DEPLOY / "k8s" / "secret.yaml.example"]
    return [one for file in files for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def manifest(kind: str, name: str) -> dict[str, Any]:
    return next(
        one for one in manifests() if one["kind"] == kind and one["metadata"]["name"] == name
    )


def pods() -> dict[str, dict[str, Any]]:
    """Deployments and Jobs by name, each with the spec of its pods."""
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in manifests()
        if one["kind"] in ("Deployment", "Job")
    }


def container(name: str) -> dict[str, Any]:
    found: dict[str, Any] = pods()[name]["containers"][0]
    return found


# --- What gets into an image -------------------------------------------------------------------


def let_in() -> list[str]:
    lines = read(".dockerignore").splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def in_the_image() -> list[str]:
    """The files of git's that .dockerignore lets in."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [path for path in listed if any(f"{path}/".startswith(f"{top}/") for top in let_in())]


def test_everything_is_kept_out_but_what_is_named_and_that_is_there():
    assert "*" in read(".dockerignore").splitlines()
    assert [path for path in let_in() if not (ROOT / path).exists()] == []


def test_every_app_of_ours_gets_into_the_image():
    ours = {config.name.split(".")[0] for config in apps.get_app_configs()}
    ours = {name for name in ours if (ROOT / name / "__init__.py").exists()}

    needed = ours | {"manage.py", "requirements.txt", "static", "templates"}
    assert needed - set(let_in()) == set()


def test_nothing_of_one_machine_and_no_test_gets_into_the_image():
    unwanted = ("*.env", ".env*", "*.pem", "*.key", "*.sqlite3", "*.log", "*/.git/*")
    tops = ("tests/", "var/", "docs/", ".git", ".venv", "benchmarks/", "deploy/dev/")

    assert [
        path
        for path in in_the_image()
        if path.startswith(tops) or any(fnmatch.fnmatch(path, kind) for kind in unwanted)
    ] == []


def test_what_is_copied_into_an_image_is_let_in():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", read("deploy/Dockerfile"), re.MULTILINE)

    assert copied
    assert [
        path
        for line in copied
        for path in line.split()
        if path != "." and not (path in let_in() and (ROOT / path).exists())
    ] == []


def test_the_image_is_pinned_serves_as_nobody_and_says_how_it_is():
    text = read("deploy/Dockerfile")
    last = text.split("\nFROM ")[-1]

    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${DEBIAN}"}
    assert re.search(r"^ARG DEBIAN=debian:12\.\d+-slim$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert last.index("USER 10001:10001") < last.index("ENTRYPOINT")
    assert 'CMD ["python", "/app/deploy/health.py"]' in last
    assert (DEPLOY / "health.py").exists()
    assert 'CMD ["web"]' in last


# --- One set of commands -----------------------------------------------------------------------


def started() -> dict[str, str]:
    """The functions of deploy/start.sh by name."""
    return dict(re.findall(r"^(\w+)\(\) \{\n(.+?)^\}", read("deploy/start.sh"), re.M | re.S))


def test_compose_and_kubernetes_run_the_same_commands():
    composed = {name: one.get("command") for name, one in compose()["services"].items()}
    kubernetes = {name: container(name)["args"] for name in pods()}

    for name in PROCESSES:
        assert composed[name] == kubernetes[name] == [name]
        assert name in started()
    assert composed["proxy"] == ["tls"]
    assert kubernetes["proxy"] == ["behind"]
    assert all((DEPLOY / "proxy" / f"{how}.conf").exists() for how in ("tls", "behind"))


def test_backups_are_made_every_day_and_kept_where_they_outlive_a_pod():
    by_clock = manifest("CronJob", "backup")["spec"]
    pod = by_clock["jobTemplate"]["spec"]["template"]["spec"]
    (made,) = pod["containers"]
    composed = compose()["services"]["backup"]

    assert (made["args"], composed["command"]) == (["backup"], ["backups"])
    assert {"backup", "backups"} <= started().keys()
    assert by_clock["concurrencyPolicy"] == "Forbid"
    assert re.fullmatch(r"\d+ \d+ \* \* \*", by_clock["schedule"])
    folders = {"/app/var/media", "/app/var/private", "/app/var/backups"}
    assert {one["mountPath"] for one in made["volumeMounts"]} == folders | {"/tmp"}
    assert {one.partition(":")[2] for one in composed["volumes"]} == folders
    assert composed["read_only"] is True
    assert made["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert made["image"] == container("web")["image"]
    # What it calls is in the image.
    assert "mariadb-client" in read("deploy/Dockerfile").split("\nFROM ")[-1]


def test_what_the_commands_start_is_there():
    text = read("deploy/start.sh")

    assert "-m uvicorn booking_site.asgi:application " in text
    assert text.count("-m celery --app booking_site ") == 2
    assert celery_app.main == "booking_site"
    for script in ("start.sh", "proxy/start.sh"):
        assert (DEPLOY / script).stat().st_mode & 0o111, script
        subprocess.run(["sh", "-n", str(DEPLOY / script)], check=True)


@pytest.mark.parametrize(
    "flag",
    [
        "--ws websockets-sansio",
        "--ws-max-size 65536",
        "--ws-per-message-deflate false",
        "--lifespan on",
        # Query strings and addresses carry codes, tokens and digits.
        "--no-access-log",
        # Of anybody else X-Forwarded-For is anybody's word.
        '--forwarded-allow-ips "${FORWARDED_ALLOW_IPS:-127.0.0.1}"',
    ],
)
def test_the_server_is_started_with(flag: str):
    assert flag in started()["web"]


def test_whoever_is_stopped_has_the_time_it_takes():
    (graceful,) = map(int, re.findall(r"--timeout-graceful-shutdown (\d+)", started()["web"]))
    hook = int(container("web")["lifecycle"]["preStop"]["exec"]["command"][1])

    assert pods()["web"]["terminationGracePeriodSeconds"] > hook + graceful
    assert int(compose()["services"]["web"]["stop_grace_period"].removesuffix("s")) > graceful


def test_there_is_one_beat_and_there_are_two_of_whoever_serves():
    beat = manifest("Deployment", "beat")["spec"]
    assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})
    assert "--beat" not in read("deploy/start.sh")
    assert list(compose()["services"]).count("beat") == 1

    scaled = manifest("HorizontalPodAutoscaler", "web")["spec"]
    assert scaled["minReplicas"] >= 2
    # A number here would be set back by every apply.
    assert "replicas" not in manifest("Deployment", "web")["spec"]
    for name in ("worker", "proxy"):
        assert manifest("Deployment", name)["spec"]["replicas"] >= 2
    for name in ("web", "worker", "proxy"):
        assert manifest("PodDisruptionBudget", name)["spec"]["maxUnavailable"] == 1


def test_no_process_of_a_release_starts_before_its_tables():
    for name in ("web", "worker", "beat"):
        waits = [one["args"] for one in pods()[name]["initContainers"]]
        assert waits == [["migrated"]]
        needed = compose()["services"][name]["depends_on"]["migrate"]
        assert needed == {"condition": "service_completed_successfully"}
    assert "migrate --check" in started()["migrated"]


# --- Names, images, secrets --------------------------------------------------------------------


def named_for_the_site() -> set[str]:
    """Every name that compose and Kubernetes set for our own processes."""
    mine = [one for name, one in compose()["services"].items() if name in PROCESSES]
    names = {name for one in mine for name in one["environment"]}
    names |= set(manifest("ConfigMap", "yuejian")["data"])
    return names | set(manifest("Secret", "yuejian")["stringData"])


def test_every_name_that_is_set_is_read():
    assert named_for_the_site() - names_read() - BESIDE_THE_SETTINGS == set()


def test_every_name_that_compose_asks_for_is_told():
    asked = set(re.findall(r"\$\{(\w+)", read("deploy/compose.yml")))

    assert asked - names_told() == set()


def test_names_beside_the_settings_are_read_by_what_starts_the_processes():
    scripts = ("deploy/start.sh", "deploy/dev/run.sh", "deploy/compose.yml")
    text = "\n".join(map(read, scripts))

    assert [name for name in BESIDE_THE_SETTINGS if not re.search(rf"\b{name}\b", text)] == []


def test_what_production_needs_is_named_for_kubernetes():
    """The first part of env.example, without comment signs: nothing has a default there."""
    needed = re.findall(r"^([A-Z_]+)=", read("deploy/env.example"), re.MULTILINE)

    assert set(needed) - named_for_the_site() == set()


def test_no_secret_has_a_value_or_a_default():
    assert set(manifest("Secret", "yuejian")["stringData"].values()) == {""}
    assert not [
        name for name in manifest("ConfigMap", "yuejian")["data"] if re.search(SECRETS, name)
    ]
    asked = re.findall(r"\$\{(\w+)(:[-?][^}]*)?\}", read("deploy/compose.yml"))
    assert {how for name, how in asked if re.search(SECRETS, name)} == {":?"}
    # kubectl apply -f of the folder must not lay an empty Secret over the real one.
    assert "Secret" not in [
        one["kind"]
        for file in (DEPLOY / "k8s").glob("*.y*ml")
        for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))
    ]


def test_images_are_pinned_by_version():
    theirs = [one["image"] for one in compose()["services"].values()]
    theirs = [image for image in theirs if "${IMAGE_TAG" not in image]
    ours = {
        one["image"]
        for spec in pods().values()
        for one in [*spec["containers"], *spec.get("initContainers", [])]
    }

    assert len(theirs) == 2
    assert all(re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+", image) for image in [*theirs, *ours])
    assert len({image.rpartition(":")[2] for image in ours}) == 1


def test_nobody_runs_as_root_or_writes_into_an_image():
    for name, spec in pods().items():
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        for one in [*spec["containers"], *spec.get("initContainers", [])]:
            assert one["securityContext"]["readOnlyRootFilesystem"] is True, name
            assert one["resources"]["requests"], name
    for name in (*PROCESSES, "proxy"):
        assert compose()["services"][name]["read_only"] is True
        assert compose()["services"][name]["cap_drop"] == ["ALL"]


def test_the_database_has_room_for_everybody():
    """What compose starts by itself, and what Kubernetes may grow to."""
    own = settings.HTTP_CONCURRENCY + sum(turnstile.APART.values()) + threads.THREADS
    workers = 2 * 2
    most = next(
        int(flag.rpartition("=")[2])
        for flag in compose()["services"]["database"]["command"]
        if flag.startswith("--max-connections")
    )
    pods_at_most = manifest("HorizontalPodAutoscaler", "web")["spec"]["maxReplicas"]

    assert 2 * own + workers < most
    assert pods_at_most * own + workers < most
    assert f"up to {own} connections" in read("deploy/k8s/web.yaml")


# --- What stands in front ----------------------------------------------------------------------


def location(path: str) -> str:
    found = re.search(
        rf"^location (?:= |\^~ )?{re.escape(path)} \{{\n(.+?)^\}}",
        read("deploy/proxy/site.conf"),
        re.MULTILINE | re.DOTALL,
    )
    assert found, path
    return found[1]


def megabytes(text: str) -> int:
    return int(text.removesuffix("m")) * 1024 * 1024


def test_the_proxy_knows_the_socket_static_files_uploads_and_all_the_rest():
    for path in (sockets.PATH, f"{sockets.PATH}/", "/"):
        assert "proxy_pass http://$web;" in location(path)
    # The server pings every twenty seconds.
    (silent,) = re.findall(r"proxy_read_timeout (\d+)s", location(sockets.PATH))
    assert int(silent) > 3 * 20
    for url, folder in (
        (settings.STATIC_URL, settings.STATIC_ROOT),
        (settings.MEDIA_URL, "var/media"),
    ):
        assert url.strip("/") == Path(folder).name
        assert "proxy_pass" not in location(url)
    assert "private" not in read("deploy/proxy/site.conf")
    assert "/srv/static" in read("deploy/Dockerfile")


def test_it_is_the_site_that_refuses_what_is_too_large():
    largest = settings.UPLOAD_MAX_BYTES + turnstile.OVERHEAD
    ingress = manifest("Ingress", "yuejian")["metadata"]["annotations"]
    (proxy,) = re.findall(r"client_max_body_size (\S+);", read("deploy/proxy/nginx.conf"))

    assert megabytes(proxy) > largest
    assert megabytes(ingress["nginx.ingress.kubernetes.io/proxy-body-size"]) >= megabytes(proxy)


def test_sockets_outlive_the_timeouts_of_the_ingress():
    said = manifest("Ingress", "yuejian")["metadata"]["annotations"]
    (silent,) = re.findall(r"proxy_read_timeout (\d+)s", location(sockets.PATH))

    for kind in ("read", "send"):
        assert int(said[f"nginx.ingress.kubernetes.io/proxy-{kind}-timeout"]) >= int(silent)


def test_the_proxy_writes_down_no_address_and_passes_on_no_claim():
    text = read("deploy/proxy/nginx.conf")
    (form,) = re.findall(r"log_format .+?;", text, re.DOTALL)

    assert not re.search(r"\$(request|request_uri|uri|args|http_referer|query_string)\b", form)
    # Messages of a lower level quote the request.
    assert re.findall(r"^    error_log stderr (\w+);", text, re.MULTILINE) == ["crit"]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text
    # A header set in a location would undo all of those above it.
    assert "proxy_set_header" not in read("deploy/proxy/site.conf")
    assert "set_real_ip_from" not in read("deploy/proxy/tls.conf")


# --- Probes and wires --------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_paths_of_the_probes_answer(settings):
    probe = container("web")["readinessProbe"]["httpGet"]
    (host,) = [one["value"] for one in probe["httpHeaders"] if one["name"] == "Host"]
    settings.ALLOWED_HOSTS = manifest("ConfigMap", "yuejian")["data"]["ALLOWED_HOSTS"].split(",")
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(probe["path"], headers={"host": host}).status_code == 200
    for kind in ("livenessProbe", "startupProbe"):
        command = container("web")[kind]["exec"]["command"]
        assert command == ["python", "/app/deploy/health.py", "--alive"]
    page = container("proxy")["livenessProbe"]["httpGet"]["path"]
    assert (ROOT / page.lstrip("/")).exists()


def test_services_lead_to_their_pods_and_the_ingress_to_the_proxy():
    for name in ("web", "proxy"):
        selector = manifest("Service", name)["spec"]["selector"]
        labels = manifest("Deployment", name)["spec"]["template"]["metadata"]["labels"]
        assert selector.items() <= labels.items()
    (rule,) = manifest("Ingress", "yuejian")["spec"]["rules"]
    (way,) = rule["http"]["paths"]
    assert way["backend"]["service"]["name"] == "proxy"
    assert manifest("Service", "web")["spec"]["ports"][0]["port"] == 8000


def test_only_the_proxy_is_reached_from_outside():
    open_ones = [name for name, one in compose()["services"].items() if "ports" in one]
    assert open_ones == ["proxy"]
    assert compose()["networks"]["data"] == {"internal": True}
    trusted = compose()["services"]["web"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert compose()["networks"]["front"]["ipam"]["config"] == [{"subnet": trusted}]
    on_it = [name for name, one in compose()["services"].items() if "front" in one["networks"]]
    assert sorted(on_it) == ["proxy", "web"]


def test_what_people_upload_is_kept_and_shared():
    for name in ("web", "worker"):
        mounted = {one["mountPath"] for one in container(name)["volumeMounts"]}
        assert {"/app/var/media", "/app/var/private"} <= mounted
        volumes = [one.partition(":")[2] for one in compose()["services"][name]["volumes"]]
        assert volumes == ["/app/var/media", "/app/var/private"]
    kept = {
        volume.partition(":")[0]
        for one in compose()["services"].values()
        for volume in one.get("volumes", [])
        if not volume.startswith("$")
    }
    assert kept == set(compose()["volumes"])
