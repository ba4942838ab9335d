"""What another user of the machine tries; a program of the standard library that a test runs.

Started by root it becomes nobody first. Its arguments are the API's address, the folder of
Prefect's records and the numbers of the service's processes; it prints, as JSON, all it got at.
"""

import encodings.idna  # noqa: F401 - later nobody may not read it
import json
import os
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

NOBODY = 65534
os.setgroups([])
os.setresgid(NOBODY, NOBODY, NOBODY)
os.setresuid(NOBODY, NOBODY, NOBODY)

url, home = sys.argv[1], Path(sys.argv[2])
root = url.removesuffix("/api")
got: list[str] = []
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
DEPLOYMENT = {
    "name": "theirs",
    "flow_id": "00000000-0000-0000-0000-000000000000",
    "work_pool_name": "kaohe",
    "pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "id"}}],
}


def call(method: str, address: str, body: object = None, **headers: str) -> None:
    """Send a request and note it where it was answered."""
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, data, named, method=method)
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with opener.open(request, timeout=300) as answer:
            got.append(f"{method} {address.removeprefix(root)} {answer.status} {headers}")
    except (urllib.error.URLError, OSError):
        return


def upgrade(path: str) -> None:
    """Open a web socket and say wrong credentials; note it where they were taken."""
    host, port = root.removeprefix("http://").split(":")
    said = json.dumps({"type": "auth", "token": "kaohe:guess"}).encode()
    with socket.create_connection((host, int(port)), 300) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: prefect\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        connection.recv(4096)
        connection.sendall(b"\x81" + bytes([0x80 | len(said)]) + bytes(4) + said)
        answer = connection.recv(4096)
    if b"auth_success" in answer:
        got.append(f"web socket {path}")


def read(path: Path) -> None:
    """Read a file, or list a folder; note it where that was allowed."""
    try:
        list(path.iterdir()) if path.name in {home.name, "run"} else path.read_bytes()
    except OSError:
        return
    got.append(f"read {path}")


for name in ("", "credentials", "serve.json", "prefect.db", "prefect.db-wal", "run"):
    read(home / name)
for number in sys.argv[3:]:
    read(Path(f"/proc/{number}/environ"))
call("GET", f"{url}/health")
for path in ("/", "/docs", "/openapi.json", "/ui-settings", "/api/ready", "/api/docs",
             "/api/openapi.json", "/api/admin/version", "/api/admin/settings",
             "/api/csrf-token?client=x", "/api/work_pools/kaohe", "/metrics", "/api/metrics",
             "/api/static/prefect-logo-mark-gradient.png", "//api/health"):  # fmt: skip
    call("GET", root + path)
for path, body in (
    ("flows/", {"name": "theirs"}),
    ("deployments/", DEPLOYMENT),
    ("deployments/get_scheduled_flow_runs", {"deployment_ids": []}),
    ("flow_runs/", {"flow_id": DEPLOYMENT["flow_id"]}),
    ("flow_runs/filter", {}),
    ("work_pools/", {"name": "theirs", "type": "process"}),
    ("block_documents/filter", {}),
    ("variables/", {"name": "x", "value": 1}),
    ("admin/database/clear", {"confirm": True}),
):
    call("POST", f"{url}/{path}", body)
    call("POST", f"{url}/{path}", body, Authorization="Basic a2FvaGU6a2FvaGU=")
    call("POST", f"{url}/{path}", body, Authorization="Basic ZXZpbDpldmls")  # evil:evil
call("GET", f"{url}/health", Host="evil.test")
call("GET", f"{url}/health", Host=root.removeprefix("http://").partition(":")[0])
call("GET", f"{url}/health", Origin="http://evil.test")
call("GET", f"{url}/health", Origin="null")
for path in ("/api/events/in", "/api/events/out", "/api/logs/out"):
    upgrade(path)
print(json.dumps(got))
