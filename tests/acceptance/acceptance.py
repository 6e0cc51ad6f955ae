"""The examples of docs/acceptance, each as a server of its own: who is asked, what is kept, what is refused, and what the record
says about the receipts. Runs the program from target/debug; everything it makes is in a temporary directory."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tools" / "acceptance"
PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "fineprint"
PYTHON = TOOLS / "venv" / "bin" / "python"
WSGI = "import sys; from wsgiref.simple_server import make_server; from {module} import app; server = make_server('127.0.0.1', 0, app); print(server.server_port, flush=True); server.serve_forever()"
SERVERS = {
    "Express": ["node", "express.mjs"],
    "Fastify": ["node", "fastify.mjs"],
    "Flask": [str(PYTHON), "-c", WSGI.format(module="flask_app")],
    "Django": [str(PYTHON), "-c", WSGI.format(module="django_app")],
}
# The terms of the sample: 2026-09-21 is in force on this day.
DAY = "2026-11-28"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300)


def check(condition, *said):
    if not condition:
        sys.exit(" ".join(str(part) for part in said))


def try_server(name, command, examples, center, wanted):
    environment = {**os.environ, "CENTER": center, "PORT": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(command, cwd=examples, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        port = child.stdout.readline().strip()
        url = f"http://127.0.0.1:{port}/terms/"
        text = wanted["texts"]["en"]
        receipt = {
            "document": "terms",
            "version": wanted["version"],
            "sha256": text["sha256"],
            "language": "en",
            "accepted": "2026-11-28T10:00:00.000Z",
        }
        check(ask(url + "ana") == (200, {"ask": True}), name, "does not ask somebody new")
        for wrong in [{"sha256": "0" * 64}, {"version": "2020-01-01"}, {"language": "xx"}]:
            status, said = ask(url + "ana", {**receipt, **wrong})
            check(status == 409 and said["error"], name, "takes a receipt with", wrong, status, said)
        check(ask(url + "ana") == (200, {"ask": True}), name, "kept a receipt that it refused")
        check(ask(url + "ana", receipt)[0] == 201, name, "does not take a good receipt")
        check(ask(url + "ana", receipt)[0] == 201, name, "does not take it a second time")
        check(ask(url + "ana") == (200, {"ask": False}), name, "asks again for the same meaning")
        check(ask(url + "bea") == (200, {"ask": True}), name, "takes one account for another")
        print(f"ok: {name}")
        return receipt
    finally:
        child.terminate()
        child.wait(timeout=20)


def main():
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        built = run("build", "--as-of", DAY, "--out", str(site))
        check(built.returncode == 0, built.stderr)
        server, center = serve(site)
        with urlopen(center + "api/v1/acceptance.json") as answer:
            documents = json.load(answer)["documents"]
        wanted = next(known for known in documents if known["document"] == "terms")["versions"][0]
        check(wanted["accept_since"] in wanted["accepts"] and wanted["version"] in wanted["accepts"], wanted)
        examples = Path(folder) / "examples"
        shutil.copytree(ROOT / "docs" / "acceptance", examples)
        (examples / "node_modules").symlink_to(TOOLS / "npm" / "node_modules")
        receipts = [try_server(name, command, examples, center, wanted) for name, command in SERVERS.items()]
        # A center that cannot be reached locks nobody out.
        server.shutdown()
        good = Path(folder) / "good.jsonl"
        good.write_text("".join(json.dumps({**receipt, "account": "ana"}) + "\n" for receipt in receipts))
        said = run("receipts", "--verify", str(good), "--as-of", DAY)
        check(said.returncode == 0 and "4 acceptances count" in said.stderr, said.stderr)
        forged = {**receipts[0], "sha256": receipts[0]["sha256"][::-1]}
        early = {**receipts[0], "accepted": "2020-01-01T00:00:00Z"}
        late = {**receipts[0], "accepted": "2999-01-01T00:00:00Z"}
        bad = Path(folder) / "bad.json"
        bad.write_text(json.dumps([receipts[0], forged, early, late, {**receipts[0], "version": "x"}, {}]))
        said = run("receipts", "--verify", str(bad), "--as-of", DAY)
        check(said.returncode == 1, said.stderr)
        for place, words in [
            ("receipt 2", "the receipt names another"),
            ("receipt 3", "before the text was public"),
            ("receipt 4", "in the future"),
            ("receipt 5", "has no version"),
            ("receipt 6", "missing field"),
        ]:
            check(any(place in line and words in line for line in said.stderr.splitlines()), place, said.stderr)
        print("ok: receipts against the record")


if __name__ == "__main__":
    main()
