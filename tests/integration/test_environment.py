# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key goes to the API and nowhere else, whatever stands between: TLS, redirects, netrc, proxies."""

from __future__ import annotations

import http.server
import os
import pathlib
import threading

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Certificates, Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player, account, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY


def test_tls(player: Player, start: Start, certificates: Certificates, tmp_path: pathlib.Path) -> None:
    emulator = start(certificate=certificates.server)
    plain = start()
    pipe = str(tmp_path / "pipe.pem")
    os.mkfifo(pipe)
    (tmp_path / "empty.pem").write_text("no certificate", encoding="utf-8")
    tasks = [
        account("trusted", emulator.url, ca_path=certificates.authority, city="Lund"),
        account("not checked", emulator.url, validate_certs=False, city="Umeå"),
        account("not trusted", emulator.url, city="Malmö"),
        account("another name", emulator.url.replace("127.0.0.1", "127.0.0.2"), ca_path=certificates.authority, city="Malmö"),
        account("no TLS there", plain.url.replace("http:", "https:"), city="Malmö"),
        account("no PEM file", emulator.url, ca_path=str(tmp_path / "empty.pem"), city="Malmö"),
        account("a pipe", emulator.url, ca_path=pipe, city="Malmö"),
    ]
    played = player.play(tasks, "-vvvv", defaults={"api_retries": 2})
    assert played["trusted"]["changed"] is True, played["trusted"]
    assert played["not checked"]["changed"] is True
    assert "could not set up TLS with 127.0.0.1" in played["not trusted"]["msg"]
    assert "certificate" in played["not trusted"]["msg"]
    assert "ca_path" in played["not trusted"]["msg"]
    assert "could not set up TLS" in played["another name"]["msg"] or "could not connect" in played["another name"]["msg"]
    assert "check api_url" in played["another name"]["msg"]
    assert ".)" not in played["another name"]["msg"]
    assert "could not set up TLS" in played["no TLS there"]["msg"]
    assert "is no file on the machine" in played["a pipe"]["msg"]
    assert "ca_path: " in played["no PEM file"]["msg"]
    assert "expected a PEM bundle" in played["no PEM file"]["msg"]
    for name in ("not trusted", "no TLS there"):
        assert played[name]["failure"]["attempts"] == 1
    assert emulator.account("9257").record["city"] == "Umeå"
    assert len(emulator.writes) == 2
    assert plain.journal == []
    # named for all tasks, the file is read before the first of them
    piped = player.play(tasks[:3], env={"HOSTUP_CA_PATH": pipe, "REQUESTS_CA_BUNDLE": pipe})
    assert (piped["trusted"]["failed"], piped["not checked"]["failed"]) == (False, True)
    assert "is no file on the machine" in piped["not trusted"]["msg"]
    bundle = player.play([tasks[2]], env={"REQUESTS_CA_BUNDLE": pipe})
    assert "REQUESTS_CA_BUNDLE: %s is neither a file nor a folder" % pipe in bundle["not trusted"]["msg"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_redirects_are_not_followed(player: Player, start: Start, method: str) -> None:
    emulator, elsewhere = start(), start()
    location = elsewhere.url.replace("127.0.0.1", "localhost") + "/account/details"
    emulator.faults.order(Fault("redirect", status=307, location=location, method=method))
    played = player.play([account("redirected", emulator.url, city="Lund")], "-vvvv")
    assert "HTTP 307" in played["redirected"]["msg"]
    assert "a redirect to the host localhost" in played["redirected"]["msg"]
    assert played["redirected"]["failure"]["status"] == 307
    assert elsewhere.journal == []
    emulator.faults.order(
        Fault("redirect", status=302, location="https://[bad/"),
        Fault("redirect", status=302, location="/login"),
        Fault("redirect", status=302, location="http://_foo.example/"),
    )
    places = player.play([account("place %d" % number, emulator.url, city="Lund") for number in range(3)])
    assert "an address that can't be read" in places["place 0"]["msg"]
    assert "a redirect to the host 127.0.0.1;" in places["place 1"]["msg"]
    assert "a redirect to the host _foo.example;" in places["place 2"]["msg"]
    assert emulator.account("9257").record["city"] == "Stockholm"


def test_netrc_is_not_read(player: Player, start: Start) -> None:
    emulator = start()
    netrc = player.home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login someone password of-another-service\n", encoding="utf-8")
    netrc.chmod(0o600)
    try:
        played = player.play([info("read", emulator.url)], "-vvvv")
    finally:
        netrc.unlink()
    assert played["read"]["account"]["id"] == "9257"
    assert "Authorization" not in emulator.journal[0].headers


def test_nothing_but_the_key_is_sent(player: Player, start: Start) -> None:
    """The headers of a request: no cookie, no second credential, and bodies are not compressed."""
    emulator = start()
    player.play([account("declared", emulator.url, city="Lund")])
    read, write, dummy = emulator.journal
    assert set(read.headers) <= {"Host", "Accept", "Accept-Encoding", "User-Agent", "X-API-Key", "Connection"}
    assert set(write.headers) - set(read.headers) == {"Content-Type", "Content-Length"}
    assert (read.headers["Accept"], read.headers["Accept-Encoding"]) == ("application/json", "identity")
    assert write.headers["Content-Type"] == "application/json"
    assert write.body == '{"city": "Lund"}'


class _Proxy:
    """A proxy on loopback that passes plain requests on and notes what it saw."""

    def __init__(self, emulator: Emulator) -> None:
        self.seen: list[str] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.seen.append("%s %s" % (self.command, self.path))
                reply, dummy = emulator.handle("GET", "/api/account/details", self.headers, b"")
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def do_CONNECT(self) -> None:
                outer.seen.append("%s %s" % (self.command, self.path))
                self.send_error(407)

            def log_message(self, *args: object) -> None:
                """Nothing: `seen` is the log."""

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://user:proxy-password@127.0.0.1:%d" % self._server.server_port

    def __enter__(self) -> _Proxy:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_proxies(player: Player, start: Start, certificates: Certificates) -> None:
    emulator, secure = start(), start(certificate=certificates.server)
    with _Proxy(emulator) as proxy:
        through = {"_environment": {"http_proxy": proxy.url, "https_proxy": proxy.url}}
        closed = "http://user:proxy-password@127.0.0.1:1"
        far = "http://user:proxy-password@proxy.example.com:3128"
        tasks = [
            info("through a proxy", emulator.url, **through),
            info("refused by the proxy", secure.url, ca_path=certificates.authority, **through),
            info("no proxy there", secure.url, _environment={"https_proxy": closed}),
            info("past the proxy", emulator.url, _environment={"http_proxy": closed, "no_proxy": "127.0.0.1"}),
            info("unencrypted to a far proxy", emulator.url, _environment={"http_proxy": far}),
            info("the same in capitals", emulator.url.replace("http", "HTTP"), _environment={"http_proxy": far}),
            info("no address of a proxy", secure.url, _environment={"https_proxy": "http://user:proxy-password@[bad"}),
            info("no port of a proxy", secure.url, _environment={"https_proxy": "http://127.0.0.1:port"}),
            info("a SOCKS proxy", secure.url, _environment={"https_proxy": "socks5://127.0.0.1:1"}),
        ]
        played = player.play(tasks, "-vvvv", defaults={"api_retries": 0})
        assert proxy.seen[0] == "GET %s/account/details" % emulator.url
        assert proxy.seen[1].startswith("CONNECT 127.0.0.1:")
    assert played["through a proxy"]["account"]["id"] == "9257"
    assert "could not pass the proxy 127.0.0.1:" in played["refused by the proxy"]["msg"]
    assert "could not pass the proxy 127.0.0.1:1 (connection refused)" in played["no proxy there"]["msg"]
    assert played["past the proxy"]["account"]["id"] == "9257"
    assert "proxy.example.com:3128" in played["unencrypted to a far proxy"]["msg"]
    assert "unencrypted" in played["unencrypted to a far proxy"]["msg"]
    assert "unencrypted" in played["the same in capitals"]["msg"]
    assert "(it answered CONNECT with HTTP 407)" in played["refused by the proxy"]["msg"]
    for name in ("no address of a proxy", "no port of a proxy"):
        assert "is not an address" in played[name]["msg"]
    assert "PySocks" in played["a SOCKS proxy"]["msg"]
    for name in ("refused by the proxy", "no proxy there"):
        assert "failure" in played[name]
    assert "proxy-password" not in str(played.results)
    assert secure.journal == []


def test_proxies_of_the_controller(player: Player, start: Start, certificates: Certificates) -> None:
    """What the environment of Ansible itself names counts without a word in the playbook."""
    emulator, secure = start(), start(certificate=certificates.server)
    with _Proxy(emulator) as proxy:
        tasks = [
            info("through a proxy", emulator.url),
            info("refused by the proxy", secure.url, ca_path=certificates.authority, api_retries=0),
        ]
        played = player.play(tasks, "-vvvv", env={"http_proxy": proxy.url, "HTTPS_PROXY": proxy.url})
        assert proxy.seen == ["GET %s/account/details" % emulator.url, "CONNECT %s" % secure.url.split("/")[2]]
    assert played["through a proxy"]["account"]["id"] == "9257"
    assert "(it answered CONNECT with HTTP 407)" in played["refused by the proxy"]["msg"]
    assert "proxy-password" not in played.output


def test_authorities_of_the_environment(player: Player, start: Start, certificates: Certificates) -> None:
    emulator = start(certificate=certificates.server)
    tasks = [info("read", emulator.url), info("another", emulator.url, ca_path=str(player.folder / "none.pem"))]
    for variable in ("HOSTUP_CA_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        played = player.play(tasks, env={variable: certificates.authority})
        assert played["read"]["failed"] is False, (variable, played["read"])
        assert "ca_path" in played["another"]["msg"]
    played = player.play(tasks, env={"REQUESTS_CA_BUNDLE": str(player.folder / "none.pem")})
    assert (
        "The environment variable REQUESTS_CA_BUNDLE: %s holds no certificate" % (player.folder / "none.pem")
        in played["read"]["msg"]
    )


def test_unreachable(player: Player) -> None:
    tasks = [
        info("nobody listens", "http://127.0.0.1:1/api"),
        info("no such host", "https://no-such-host.invalid/api"),
    ]
    played = player.play(tasks, "-vvvv", defaults={"api_retries": 1})
    assert "could not connect to 127.0.0.1:1 (connection refused) (2 attempts)" in played["nobody listens"]["msg"]
    assert "could not connect to no-such-host.invalid" in played["no such host"]["msg"]
    assert played["nobody listens"]["failure"]["attempts"] == 2
    assert KEY not in played.output
