# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key goes to the API and nowhere else, whatever stands between: TLS, redirects, netrc, proxies."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Certificates, Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY


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


class Seen(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]
    #: What the proxy saw.
    proxied: list[str]


@contextlib.contextmanager
def _netrc(player: Player) -> t.Iterator[None]:
    netrc = player.home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login someone password of-another-service\n", encoding="utf-8")
    netrc.chmod(0o600)
    try:
        yield
    finally:
        netrc.unlink()


LOGIN = "user:proxy-password@"
CITY = {"city": "Malmö"}


def _through(**proxies: str) -> dict[str, t.Any]:
    return {"_environment": proxies}


THROUGH = _through(http_proxy="<proxy>", https_proxy="<proxy>")
FAR = _through(http_proxy="http://%sproxy.example.com:3128" % LOGIN)
PAST = _through(http_proxy="http://127.0.0.1:1", no_proxy="127.0.0.1")

#: The address, options, and words of the message, none where the task succeeds. In <>: an emulator, a file, the proxy.
ROWS: dict[str, tuple[str, dict[str, t.Any], list[str]]] = {
    "trusted": ("<secure>", {"city": "Lund", "ca_path": "<authority>"}, []),
    "not checked": ("<secure>", {"city": "Umeå", "validate_certs": False}, []),
    "not trusted": ("<secure>", {**CITY, "api_retries": 2}, ["could not set up TLS with 127.0.0.1", "certificate", "ca_path"]),
    "another name": ("<another name>", {**CITY, "ca_path": "<authority>"}, ["check api_url"]),
    "no TLS there": ("<plain with TLS>", {**CITY, "api_retries": 2}, ["could not set up TLS"]),
    "redirected GET": ("<GET>", CITY, ["HTTP 307", "a redirect to the host localhost"]),
    "redirected POST": ("<POST>", CITY, ["HTTP 307", "a redirect to the host localhost"]),
    "redirected to https://[bad/": ("<places>", CITY, ["an address that can't be read"]),
    "redirected to /login": ("<places>", CITY, ["a redirect to the host 127.0.0.1;"]),
    "netrc": ("<netrc>", {}, []),
    "headers": ("<headers>", {"city": "Lund"}, []),
    "through a proxy": ("<plain>", THROUGH, []),
    "refused by the proxy": (
        "<behind>",
        {"ca_path": "<authority>", **THROUGH},
        ["could not pass the proxy 127.0.0.1:", "(it answered CONNECT with HTTP 407)"],
    ),
    "no proxy there": (
        "<behind>",
        _through(https_proxy="http://%s127.0.0.1:1" % LOGIN),
        ["could not pass the proxy 127.0.0.1:1 (connection refused)"],
    ),
    "past the proxy": ("<plain>", PAST, []),
    "unencrypted to a far proxy": ("<plain>", FAR, ["proxy.example.com:3128", "unencrypted"]),
    "the same in capitals": ("<PLAIN>", FAR, ["unencrypted"]),
    "nobody listens": (
        "http://127.0.0.1:1/api",
        {"api_retries": 1},
        ["could not connect to 127.0.0.1:1 (connection refused) (2 attempts)"],
    ),
    "no such host": ("https://no-such-host.invalid/api", {"api_retries": 1}, ["could not connect to no-such-host.invalid"]),
}


@pytest.fixture(scope="module")
def seen(player: Player, start: Start, certificates: Certificates) -> Seen:
    """All tasks that need nothing of Ansible's own environment, in one run, with a ~/.netrc."""
    emulators = {name: start() for name in ("plain", "elsewhere", "GET", "POST", "places", "netrc", "headers")}
    emulators.update({name: start(certificate=certificates.server) for name in ("secure", "behind")})
    location = emulators["elsewhere"].url.replace("127.0.0.1", "localhost") + "/account/details"
    for method in ("GET", "POST"):
        emulators[method].faults.order(Fault("redirect", status=307, location=location, method=method))
    places = [name.partition("redirected to ")[2] for name in ROWS if name.startswith("redirected to ")]
    emulators["places"].faults.order(*(Fault("redirect", status=302, location=place) for place in places))
    with _Proxy(emulators["plain"]) as proxy, _netrc(player):
        known = {name: emulator.url for name, emulator in emulators.items()}
        known.update({"another name": known["secure"].replace("127.0.0.1", "127.0.0.2"), "proxy": proxy.url})
        known.update({"plain with TLS": known["plain"].replace("http", "https"), "PLAIN": known["plain"].replace("http", "HTTP")})
        known["authority"] = certificates.authority
        text = json.dumps(ROWS)
        for name, value in known.items():
            text = text.replace("<%s>" % name, value)
        tasks = [(account if "city" in more else info)(name, url, **more) for name, (url, more, _w) in json.loads(text).items()]
        played = player.play(tasks, "-vvvv", defaults={"api_retries": 0})
    return Seen(played, emulators, proxy.seen)


def test_each_failure_says_where_it_is(seen: Seen) -> None:
    for name, (_url, _options, words) in ROWS.items():
        result = seen.played[name]
        assert result["failed"] == bool(words), result
        assert [word for word in words if word not in result["msg"]] == [], result["msg"]
    assert KEY not in seen.played.output
    assert "proxy-password" not in str(seen.played.results)


def test_only_a_server_that_is_trusted_gets_the_key(seen: Seen) -> None:
    played = seen.played
    assert [played[name]["changed"] for name in ("trusted", "not checked")] == [True, True], played["trusted"]
    another = played["another name"]["msg"]
    assert "could not set up TLS" in another or "could not connect" in another
    assert ".)" not in another
    assert [played[name]["failure"]["attempts"] for name in ("not trusted", "no TLS there", "nobody listens")] == [1, 1, 2]
    assert seen.emulators["secure"].account("9257").record["city"] == "Umeå"
    assert len(seen.emulators["secure"].writes) == 2


def test_redirects_are_not_followed(seen: Seen) -> None:
    assert seen.emulators["elsewhere"].journal == []
    for method in ("GET", "POST"):
        assert seen.played["redirected " + method]["failure"]["status"] == 307
    for name in ("GET", "POST", "places"):
        assert seen.emulators[name].account("9257").record["city"] == "Stockholm"


def test_netrc_is_not_read(seen: Seen) -> None:
    assert "Authorization" not in seen.emulators["netrc"].journal[0].headers


def test_nothing_but_the_key_is_sent(seen: Seen) -> None:
    """The headers of a request: no cookie, no second credential, and bodies are not compressed."""
    read, write, _verify = seen.emulators["headers"].journal
    assert set(read.headers) <= {"Host", "Accept", "Accept-Encoding", "User-Agent", "X-API-Key", "Connection"}
    assert set(write.headers) - set(read.headers) == {"Content-Type", "Content-Length"}
    assert (read.headers["Accept"], read.headers["Accept-Encoding"]) == ("application/json", "identity")
    assert write.headers["Content-Type"] == "application/json"
    assert write.body == '{"city": "Lund"}'


def test_proxies_of_a_task(seen: Seen) -> None:
    assert seen.proxied[0] == "GET %s/account/details" % seen.emulators["plain"].url
    assert seen.proxied[1].startswith("CONNECT 127.0.0.1:")
    for name in ("refused by the proxy", "no proxy there"):
        assert "failure" in seen.played[name]
    # one through the proxy, one past it
    assert [entry.method for entry in seen.emulators["plain"].journal] == ["GET", "GET"]
    assert seen.emulators["behind"].journal == []


def test_proxies_and_authorities_of_the_controller(player: Player, start: Start, certificates: Certificates) -> None:
    """What the environment of Ansible itself names counts without a word in the playbook."""
    emulator, secure = start(), start(certificate=certificates.server)
    with _Proxy(emulator) as proxy:
        tasks = [
            info("through a proxy", emulator.url),
            info("refused by the proxy", secure.url, api_retries=0),
            info("past the proxy", secure.url.replace("127.0.0.1", "localhost")),
        ]
        env = {
            "http_proxy": proxy.url,
            "HTTPS_PROXY": proxy.url,
            "no_proxy": "localhost",
            "CURL_CA_BUNDLE": certificates.authority,
        }
        played = player.play(tasks, "-vvvv", env=env)
        assert proxy.seen == ["GET %s/account/details" % emulator.url, "CONNECT %s" % secure.url.split("/")[2]]
    for name in ("through a proxy", "past the proxy"):
        assert played[name]["account"]["id"] == "9257"
    assert "(it answered CONNECT with HTTP 407)" in played["refused by the proxy"]["msg"]
    assert "proxy-password" not in played.output


@pytest.mark.parametrize("variable", ["HOSTUP_CA_PATH", "REQUESTS_CA_BUNDLE"])
def test_an_option_comes_before_the_authorities_of_the_controller(
    player: Player, start: Start, certificates: Certificates, variable: str
) -> None:
    url = start(certificate=certificates.server).url
    tasks = [info("read", url), info("another", url, ca_path=str(player.folder / "none.pem"))]
    played = player.play(tasks, env={variable: certificates.authority})
    assert played["read"]["failed"] is False, played["read"]
    assert "ca_path" in played["another"]["msg"]
