"""Dockerfile and compose.yaml, as far as a machine without a container engine can tell: by the specification, by hadolint, and
by running what the image's build would run on exactly the files it would get."""

import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from directive_tracker.runall.processes import end_with_parent
from tests.deploying import DEPLOY, ROOT
from tests.services import free_port

COMPOSE = ROOT / "compose.yaml"
DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
OURS = {"web", "worker", "beat", "migrate", "backup"}
ROOMS = {"accounts", "directive_tracker", "notifications", "records", "tasks", "units", "veterans"}


def compose() -> dict:
    """compose.yaml with its anchors resolved."""
    return yaml.safe_load(COMPOSE.read_text("utf-8"))


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the development tools that stand beside the Python of the tests."""
    command = [str(Path(sys.executable).parent / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, lines joined, comments left out."""
    lines = [line for line in DOCKERFILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def stage(name: str) -> list[tuple[str, str]]:
    """The instructions of one stage."""
    found: list[tuple[str, str]] = []
    inside = False
    for word, rest in instructions():
        if word == "FROM":
            inside = rest.endswith(f" AS {name}")
        elif inside:
            found.append((word, rest))
    return found


def sent_to_the_builder() -> set[str]:
    """The files that .dockerignore lets through, of those that git knows; the last pattern that fits decides."""
    known = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    patterns = []
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text = line.removeprefix("!")
            inner = re.escape(text).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
            patterns.append((re.compile(f"{inner}(/.*)?"), line.startswith("!")))
    sent = set()
    for file in known:
        let_in = True
        for pattern, wanted in patterns:
            if pattern.fullmatch(file):
                let_in = wanted
        if let_in and (ROOT / file).is_file():
            sent.add(file)
    return sent


# --- the image ---------------------------------------------------------------------------------------------------------


def test_hadolint_finds_nothing_to_complain_about():
    done = tool("hadolint", "--format", "json", str(DOCKERFILE))

    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_hadolint_notices_a_root_user_and_an_unpinned_base(tmp_path):
    broken = tmp_path / "Dockerfile"
    text = DOCKERFILE.read_text("utf-8").replace("USER 10001:10001", "USER root")
    broken.write_text(text.replace("python:3.11.14-slim-bookworm", "python"), "utf-8")

    done = tool("hadolint", "--format", "json", str(broken))

    assert {"DL3002", "DL3006"} <= {one["code"] for one in json.loads(done.stdout)}


def test_every_base_is_named_by_its_full_version():
    bases = [rest.split(" AS ")[0] for word, rest in instructions() if word == "FROM"]

    assert bases == ["python:3.11.14-slim-bookworm", "python:3.11.14-slim-bookworm", "web"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_runs_is_not_root_and_says_how_it_is(name):
    users = [rest for word, rest in stage(name) if word == "USER"]
    checks = [rest for word, rest in stage(name) if word == "HEALTHCHECK"]

    assert users[-1] == "10001:10001"
    assert len(checks) == 1
    assert f'CMD ["python", "deploy/docker/healthcheck.py", "{name}"]' in checks[0]


def test_no_pip_and_no_secret_is_left_in_what_runs():
    running = " ".join(f"{word} {rest}" for word, rest in stage("web"))

    assert "pip uninstall -y setuptools wheel pip" in running
    assert not re.search(r"SECRET_KEY|FIELD_KEY|PASSWORD|_URL=", running)
    assert [rest for word, rest in instructions() if word == "ARG"] == []


def test_what_is_copied_exists_and_is_let_through_and_nothing_private_is():
    sent = sent_to_the_builder()
    copied = [rest.split()[:-1] for word, rest in stage("build") if word == "COPY"]

    assert copied == [["requirements.txt", "constraints.txt"], ["."]]
    assert {"requirements.txt", "constraints.txt", "manage.py", "deploy/gunicorn_conf.py"} <= sent
    assert {file.partition("/")[0] for file in sent if "/" in file} == {
        *ROOMS,
        "deploy",
        "locale_extra",
        "static",
        "templates",
    }
    assert [file for file in sent if file.startswith(("tests/", ".env", ".git", "deploy/secrets", "docs/"))] == []


def test_no_room_was_forgotten():
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert rooms == ROOMS


@pytest.mark.faults
def test_what_the_build_runs_works_on_exactly_the_files_it_gets(tmp_path):
    for file in sent_to_the_builder():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    (collect,) = [rest for word, rest in stage("build") if word == "RUN" and "collectstatic" in rest]
    script = collect.partition("&& /venv/bin/python -m compileall")[0]
    script = script.replace("/venv/bin/python", sys.executable).replace("/tmp/var", str(tmp_path / "var"))
    script = script.replace("$(python ", f"$({sys.executable} ")

    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    manifest = json.loads((tmp_path / "staticfiles" / "staticfiles.json").read_text("utf-8"))
    assert "bootstrap/css/bootstrap.min.css" in manifest["paths"]


# --- compose -----------------------------------------------------------------------------------------------------------


def test_compose_is_as_the_specification_wants_it():
    done = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))

    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")


def test_a_word_that_compose_does_not_know_is_noticed(tmp_path):
    broken = tmp_path / "compose.yaml"
    broken.write_text(COMPOSE.read_text("utf-8").replace("stop_grace_period: 35s", "stop_grace: 35s"), "utf-8")

    done = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(broken))

    assert done.returncode == 1
    assert "stop_grace" in done.stdout


def test_the_services_wait_for_each_other():
    services = compose()["services"]
    ready = {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }

    waits = {name: service.get("depends_on", {}) for name, service in services.items()}
    assert waits == {
        "web": ready,
        "worker": ready,
        "beat": ready,
        "migrate": {"postgres": {"condition": "service_healthy"}},
        "backup": {"postgres": {"condition": "service_healthy"}},
        "postgres": {},
        "redis": {},
    }
    once = {name for name, service in services.items() if service["restart"] == "no"}
    assert once == {"migrate", "backup"}
    assert {name for name, service in services.items() if "test" in service["healthcheck"]} == set(services) - once
    assert services["backup"]["profiles"] == ["backup"]


def test_nothing_but_web_can_be_reached_and_that_from_this_machine_only():
    services = compose()["services"]

    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }
    assert compose()["networks"]["inside"] == {"internal": True}
    assert {name for name, service in services.items() if service["networks"] == ["inside"]} == {
        "backup",
        "beat",
        "migrate",
        "postgres",
        "redis",
    }


def test_every_container_is_locked_down():
    services = compose()["services"]

    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
    assert {services[name]["user"] for name in OURS} == {"10001:10001"}
    assert {services[name]["stop_grace_period"] for name in OURS} == {"35s"}
    assert {name for name, service in services.items() if "cap_add" in service} == {"postgres"}


def test_secrets_come_from_files_and_stand_nowhere():
    services = compose()["services"]
    names = set(compose()["secrets"])

    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|KEY|DATABASE_URL|EMAIL_URL", variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {variable}"
        assert set(service.get("secrets", [])) <= names
    assert [name for name, service in services.items() if "backup_key" in service.get("secrets", [])] == ["backup"]
    assert "@" not in COMPOSE.read_text("utf-8")
    ignored = subprocess.run(["git", "check-ignore", "-q", "deploy/secrets/secret_key"], cwd=ROOT, check=False)
    assert ignored.returncode == 0


def test_the_variables_of_the_containers_are_ones_the_program_knows():
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))

    given = {name.removesuffix("_FILE") for name in compose()["services"]["web"]["environment"]}
    baked = {name for word, rest in stage("web") if word == "ENV" for name in re.findall(r"([A-Z_]+)=", rest)}

    assert given - known == set()
    assert baked - known == {"PATH", "LANG", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def test_only_the_bridge_s_own_end_is_believed_about_addresses():
    network = compose()["networks"]["front"]["ipam"]["config"]

    assert network == [{"subnet": "172.30.77.0/24", "gateway": "172.30.77.1"}]
    assert compose()["services"]["web"]["environment"]["TRUSTED_PROXIES"] == "172.30.77.1/32"


# --- the health checks -------------------------------------------------------------------------------------------------


@pytest.fixture
def healthcheck() -> ModuleType:
    spec = importlib.util.spec_from_file_location("healthcheck", DEPLOY / "docker" / "healthcheck.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Named(BaseHTTPRequestHandler):
    """Answers as the program does: only under its name."""

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Host"] == "theodoi.example" and self.path == "/healthz" else 400)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_web_is_well_when_it_answers_under_its_first_name_and_not_when_nobody_does(healthcheck, monkeypatch, tmp_path):
    server = HTTPServer(("127.0.0.1", 0), Named)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    monkeypatch.setattr(healthcheck, "PORT", server.server_port)
    (tmp_path / "hosts").write_text("theodoi.example, theodoi.lan\n")
    monkeypatch.setenv("ALLOWED_HOSTS_FILE", str(tmp_path / "hosts"))

    well = healthcheck.main(["web"])
    monkeypatch.setenv("ALLOWED_HOSTS_FILE", "")
    monkeypatch.setenv("ALLOWED_HOSTS", "khac.example")
    refused = healthcheck.main(["web"])
    server.shutdown()
    server.server_close()

    assert (well, refused, healthcheck.main(["web"])) == (0, 1, 1)


@pytest.mark.pg
def test_a_worker_is_well_when_the_one_of_this_machine_answers_over_redis(healthcheck, monkeypatch, redis_url):
    monkeypatch.setenv("CELERY_BROKER_URL", redis_url)
    missing = healthcheck.main(["worker"])
    command = [sys.executable, "-m", "celery", "-b", redis_url, "worker", "-P", "solo", "-Q", "deploy-health"]
    process = subprocess.Popen(
        [*command, "-n", f"celery@{socket.gethostname()}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent,
    )
    until = time.monotonic() + 30
    while healthcheck.main(["worker"]) and time.monotonic() < until:
        pass
    there = healthcheck.main(["worker"])
    process.kill()
    process.wait(10)
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")

    assert (missing, there, healthcheck.main(["worker"])) == (1, 0, 1)


def test_beat_is_well_while_it_writes_down_what_it_called(healthcheck, tmp_path):
    schedule = tmp_path / "beat-schedule"
    missing = healthcheck.beat(schedule)
    schedule.touch()
    fresh = healthcheck.beat(schedule)
    os.utime(schedule, (time.time() - 601, time.time() - 601))

    assert (missing, fresh, healthcheck.beat(schedule)) == (False, True, False)


def test_an_unknown_question_is_no_answer(healthcheck):
    assert (healthcheck.main([]), healthcheck.main(["database"])) == (2, 2)
