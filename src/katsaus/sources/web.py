"""One patient client for sources on the network: it keeps limits, waits, and tries again where that may help."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Self

import httpx

from katsaus.errors import Problem, SourceError

AGENT = "katsaus (statistical review of the municipal employment trials)"
SIZE = 32_000_000
"""Bytes that one answer may hold."""

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_WHY = {
    400: "it does not know the table, or something that was asked of it",
    401: "it wants to know who is asking",
    403: "more was asked than it gives at once, or it gives us nothing",
    404: "there is nothing at this address",
    429: "it was asked too often",
}
_LATER = "try again later"


@dataclass(frozen=True)
class Timer:
    """What tells seconds and what lets them pass; a test passes its own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Patience:
    """Tries of one call; seconds before the second (doubled before each further one), of one call, and of all calls."""

    tries: int = 8
    first_wait: float = 1.0
    longest_wait: float = 120.0
    silence: float = 60.0
    one_call: float = 600.0
    all_calls: float = 3600.0


@dataclass(frozen=True)
class Answer:
    """A finished answer: status 200 or 206, and the body unless it went elsewhere."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


@dataclass(frozen=True)
class Setback:
    """Why a call failed though the next may not; `after` are the seconds that the source asks to wait."""

    why: str
    after: float = 0.0


REAL_TIME = Timer()
DEFAULT_PATIENCE = Patience()

Receive = Callable[[httpx.Response, Iterator[bytes]], Answer]


class Client:
    """Asks one source, no oftener than `limits` allow: pairs of calls and the seconds within which they are counted."""

    def __init__(
        self, *, limits: list[tuple[int, float]], timer: Timer = REAL_TIME, patience: Patience = DEFAULT_PATIENCE
    ) -> None:
        self.limits = limits
        self._timer, self._patience = timer, patience
        self._began = timer.now()
        self._calls: deque[float] = deque(maxlen=1000)
        self._http = httpx.Client(
            headers={"User-Agent": AGENT},
            timeout=patience.silence,
            follow_redirects=True,
            max_redirects=5,
            verify=_trusted(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._http.close()

    def get(self, url: str) -> bytes:
        """The body at `url`. Raises SourceError when it can't be had."""
        return self.call(lambda: self._http.build_request("GET", url), _whole).body

    def post(self, url: str, *, query: object) -> bytes:
        """What `url` answers to `query`, sent as JSON. Raises SourceError when it can't be had."""
        return self.call(lambda: self._http.build_request("POST", url, json=query), _whole).body

    def request(self, url: str, *, headers: dict[str, str]) -> httpx.Request:
        """A request for `call`."""
        return self._http.build_request("GET", url, headers=headers)

    def call(self, make: Callable[[], httpx.Request], receive: Receive) -> Answer:
        """Send what `make` gives and let `receive` take the answer, again and again while that may help.

        Both are called anew for each try. Raises SourceError with the last reason.
        """
        try:
            address = _bare(make().url)
        except (httpx.InvalidURL, TypeError):
            raise SourceError(Problem("the address of a source is not an address", do="correct it")) from None
        wait, end = self._patience.first_wait, self._began + self._patience.all_calls
        why = ""
        for attempt in range(1, self._patience.tries + 1):
            self._keep_limits()
            outcome = self._once(make(), receive)
            if isinstance(outcome, Answer):
                return outcome
            why = outcome.why
            pause = max(wait, outcome.after)
            if attempt == self._patience.tries or pause > min(end - self._timer.now(), self._patience.longest_wait):
                break
            self._timer.sleep(pause)
            wait = min(2 * wait, self._patience.longest_wait)
        raise SourceError(Problem(f"no answer after {attempt} tries", address, why, _LATER))

    def _once(self, request: httpx.Request, receive: Receive) -> Answer | Setback:
        try:
            response = self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            return _setback(error, request)
        try:
            if response.status_code in _AGAIN:
                return Setback(_reason(response.status_code), self._asked_to_wait(response))
            _believe(request, response)
            return receive(response, self._chunks(response))
        except httpx.HTTPError as error:
            return _setback(error, request)
        finally:
            response.close()

    def _chunks(self, response: httpx.Response) -> Iterator[bytes]:
        """The body as it comes; a body that drips for longer than one call may last is given up as if it were cut."""
        end = self._timer.now() + self._patience.one_call
        for chunk in response.iter_bytes():
            if self._timer.now() > end:
                raise httpx.ReadTimeout("")
            yield chunk

    def _asked_to_wait(self, response: httpx.Response) -> float:
        """Seconds of Retry-After, which may also be a moment: it is measured by the source's own clock.

        A source that was asked too often (by an earlier run too) and does not say, gets the longest of the limits.
        """
        asked = response.headers.get("Retry-After", "")
        if asked.isdecimal():
            return float(asked)
        until, sent = _moment(asked), _moment(response.headers.get("Date", ""))
        if until and sent:
            return max(0.0, until - sent)
        too_often = response.status_code == httpx.codes.TOO_MANY_REQUESTS
        return max((seconds for _, seconds in self.limits), default=0.0) if too_often else 0.0

    def _keep_limits(self) -> None:
        """Wait until one more call stays within all limits."""
        for calls, seconds in self.limits:
            if len(self._calls) >= calls:
                self._timer.sleep(max(0.0, self._calls[-calls] + seconds - self._timer.now()))
        self._calls.append(self._timer.now())


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities whose word on a server's identity is taken: read once, it takes a while."""
    return httpx.create_ssl_context()


def _whole(response: httpx.Response, chunks: Iterator[bytes]) -> Answer:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > SIZE:
            raise too_large(response, SIZE)
    return Answer(response.status_code, response.headers, bytes(body))


def too_large(response: httpx.Response, size: int) -> SourceError:
    """The error of an answer that holds more than `size` bytes."""
    why = f"at most {size // 1_000_000} million bytes are taken"
    return SourceError(Problem("the answer is too large", _bare(response.url), why, "look at the address in a browser"))


def _believe(request: httpx.Request, response: httpx.Response) -> None:
    if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        what = f"the source answers {response.status_code}"
        raise SourceError(Problem(what, _bare(request.url), _reason(response.status_code), _LATER))
    if request.url.scheme == "https" and response.url.scheme != "https":
        raise SourceError(Problem("the source sends us on without encryption", _bare(request.url), do=_LATER))


def _reason(status: int) -> str:
    return _WHY.get(status) or ("its server is in trouble" if status >= 500 else "it gives no reason")  # noqa: PLR2004


def _setback(error: httpx.HTTPError, request: httpx.Request) -> Setback:
    """Why the network failed. Raises SourceError where no further try would end otherwise."""
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.TooManyRedirects)):
        raise SourceError(Problem("the address leads nowhere", _bare(request.url), do="correct the address")) from None
    if isinstance(error, httpx.TimeoutException):
        return Setback("it took too long")
    return Setback("it can't be reached" if isinstance(error, httpx.ConnectError) else "the connection was cut")


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def _bare(url: httpx.URL) -> str:
    """The address without what may be secret in it: user, password, query."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))
