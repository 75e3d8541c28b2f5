"""The client against a server that is slow, cut, silent, too generous, or elsewhere."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from server import Hourglass, running

from katsaus.errors import SourceError
from katsaus.sources.web import SIZE, Client, Patience


class Moody(ThreadingHTTPServer):
    """Answers GET number n as the n-th of `moods` says, and the last one ever after."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MoodyHandler)
        self.moods: list[Callable[[MoodyHandler], None]] = []
        self.asked = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has left is no news."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/x"


class MoodyHandler(BaseHTTPRequestHandler):
    server: Moody
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        mood = self.server.moods[min(self.server.asked, len(self.server.moods) - 1)]
        self.server.asked += 1
        mood(self)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def say(self, status: int, body: bytes = b"{}", **headers: str) -> None:
        self.send_response_only(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def moody() -> Iterator[Moody]:
    server = Moody()
    with running(server):
        yield server


def fine(handler: MoodyHandler) -> None:
    handler.say(200, b"fine")


def slow(handler: MoodyHandler) -> None:
    time.sleep(0.5)


def dripping(handler: MoodyHandler) -> None:
    handler.send_response_only(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def get(server: Moody, glass: Hourglass, **patience: float) -> bytes:
    with Client(limits=[(25, 60.0)], timer=glass.timer, patience=Patience(**patience)) as client:
        return client.get(server.url)


def test_waits_double(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [*[lambda handler: handler.say(503)] * 4, fine]
    assert get(moody, glass) == b"fine"
    assert glass.naps == [1, 2, 4, 8]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "33"}, 33),
        ({"Retry_After": "Sun, 22 Nov 2026 10:00:40 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 40),
        ({"Retry_After": "soon"}, 60),
        ({}, 60),
    ],
)
def test_a_source_that_was_asked_too_often_gets_its_time(
    moody: Moody, glass: Hourglass, headers: dict[str, str], wait: int
) -> None:
    moody.moods = [lambda handler: handler.say(429, **headers), fine]
    assert get(moody, glass) == b"fine"
    assert glass.naps == [wait]


def test_a_wait_longer_than_we_have_is_not_begun(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [lambda handler: handler.say(503, Retry_After="86400")]
    with pytest.raises(SourceError, match="no answer after 1 tries"):
        get(moody, glass)
    assert glass.naps == []


def test_the_whole_takes_no_longer_than_its_budget(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [lambda handler: handler.say(500)]
    with pytest.raises(SourceError, match="no answer after 4 tries"):
        get(moody, glass, all_calls=10.0)
    assert glass.seconds <= 1010


def test_a_slow_source_is_left_and_asked_again(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [slow, fine]
    assert get(moody, glass, silence=0.1) == b"fine"
    assert moody.asked == 2


def test_an_answer_that_drips_is_left(moody: Moody) -> None:
    moody.moods = [dripping, fine]
    patience = Patience(first_wait=0.0, one_call=0.2)
    with Client(limits=[], patience=patience) as client:
        assert client.get(moody.url) == b"fine"
    assert moody.asked == 2


def test_a_cut_answer_is_asked_for_again(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [lambda handler: handler.say(200, b"fi", Content_Length="4"), fine]
    assert get(moody, glass) == b"fine"


def test_a_source_that_is_not_there(moody: Moody, glass: Hourglass) -> None:
    moody.server_close()
    with pytest.raises(SourceError, match="can't be reached"):
        get(moody, glass)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 204])
def test_an_answer_that_will_stay_so_is_not_asked_for_again(moody: Moody, glass: Hourglass, status: int) -> None:
    moody.moods = [lambda handler: handler.say(status, b"" if status == 204 else b"987654321")]
    with pytest.raises(SourceError, match=f"the source answers {status}") as caught:
        get(moody, glass)
    assert moody.asked == 1
    assert "987654321" not in str(caught.value)


def test_redirects_are_followed_but_not_for_ever(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [lambda handler: handler.say(302, Location="/y"), fine]
    assert get(moody, glass) == b"fine"
    moody.moods = [lambda handler: handler.say(302, Location="/y")]
    with pytest.raises(SourceError, match="leads nowhere"):
        get(moody, glass)


def test_an_answer_larger_than_any_table_is_refused_while_it_comes(moody: Moody, glass: Hourglass) -> None:
    bomb = gzip.compress(bytes(SIZE + 1))
    assert len(bomb) < 100_000
    moody.moods = [lambda handler: handler.say(200, bomb, Content_Encoding="gzip")]
    with pytest.raises(SourceError, match="the answer is too large"):
        get(moody, glass)


@pytest.mark.parametrize("address", ["pxdata.stat.fi", "ftp://x", "http://x:y", "http://"])
def test_what_is_no_address_is_said_so(glass: Hourglass, address: str) -> None:
    with Client(limits=[], timer=glass.timer) as client, pytest.raises(SourceError, match="address"):
        client.get(address)


def test_messages_do_not_tell_what_may_be_secret_in_an_address(moody: Moody, glass: Hourglass) -> None:
    moody.moods = [lambda handler: handler.say(404)]
    with Client(limits=[], timer=glass.timer) as client, pytest.raises(SourceError) as caught:
        client.get(moody.url.replace("//", "//anna:word@") + "?key=word")
    assert "word" not in str(caught.value)
    assert "anna" not in str(caught.value)
