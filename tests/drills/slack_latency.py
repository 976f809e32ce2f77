"""How long 20 people wait in Slack: from a signed event to its acknowledgement and to the answer, beside bare bolt.

Each app is a process of its own behind the same server, in the same run: the whole of Signpost on its database, and
a bolt app that says one word and remembers nothing. All ask without a pause, and then as people do. `--count` is how
many questions each time.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue
from statistics import quantiles
from typing import Any

import uvicorn
from rich.progress import Progress
from slack_bolt import BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.conversation.wording import EXAMPLES
from bot.domain.people import School
from tests.channels.slack.scene import in_slack
from tests.drills.kill import PRELOADED
from tests.drills.site import ground
from tests.drills.slack_retry import WHERE, Api, settings_of
from tests.office import SCHOOLS
from tests.slack.fake import SCHOOL, FakeSlack
from tests.slack.hello import hello, until
from tests.slack.transports import EVENT
from tests.slack.user import User

COUNT, USERS = 1000, 20
PAUSE = 2.0
"""Seconds between two questions of one person, at most; half of it on average."""
SHORTER = 0.1
"""Seconds of that for each question, so that a short run takes no long time."""
LIMIT = 3.0
"""Seconds after which Slack takes an event for lost."""
START = 120.0
"""Seconds that an app may take to start."""

Took = tuple[float, float]
"""Seconds to the acknowledgement and to the answer; the latter is infinite where there is none."""


@dataclass(frozen=True, slots=True)
class There:
    """What an app in another process knows of a fake Slack."""

    api: str
    bot_token: str
    signing_secret: str


def drill(count: int | None) -> bool:
    """Print the waits and their ratios; whether everybody was answered and Slack never took anything for lost."""
    each = max(1, (count or COUNT) // USERS)
    runs: dict[tuple[str, str], list[Took]] = {}
    with ExitStack() as open_ones, Progress() as progress:
        bar = progress.add_task("Questions", total=4 * each * USERS)
        starting = {name: open_ones.enter_context(_starting(app)) for name, app in APPS.items()}
        for fake, ports in starting.values():
            fake.over_http(f"http://127.0.0.1:{ports.get(timeout=START)}")
            people = [User(fake, one.slack, one.id) for one in _school().people[:USERS]]
            _asked(fake, people, 1, 0.0, lambda: None)  # to warm up
        for way, pause in (("without a pause", 0.0), ("as people do", min(PAUSE, each * SHORTER))):
            for name, (fake, _) in starting.items():
                people = [User(fake, one.slack, one.id) for one in _school().people[:USERS]]
                runs[way, name] = _asked(fake, people, each, pause, lambda: progress.advance(bar))
    for way in dict.fromkeys(way for way, _ in runs):
        _show(way, runs[way, "signpost"], runs[way, "bolt hello"])
    slow = sum(ack >= LIMIT or answer == float("inf") for took in runs.values() for ack, answer in took)
    ours = _cuts(runs["as people do", "signpost"])
    print(f"{USERS} people: acknowledged in {ours[0]} and answered in {ours[1]}; {slow} lost or not answered")
    return not slow


def _asked(fake: FakeSlack, people: Sequence[User], each: int, pause: float, tell: Callable[[], None]) -> list[Took]:
    def ask(user: User) -> list[Took]:
        chance, took = random.Random(user.id), []
        for number in range(each):
            if pause:
                time.sleep(chance.uniform(0, pause))  # somebody thinks
            took.append(_once(fake, user, EXAMPLES[number % len(EXAMPLES)]))
            tell()
        return took

    with ThreadPoolExecutor(len(people)) as at_once:
        return [one for took in at_once.map(ask, people) for one in took]


def _once(fake: FakeSlack, user: User, words: str) -> Took:
    with fake.world.lock:
        place = fake.world.direct(user.id)
        payload = user.sends.message(fake.world.post(place.id, user.id, words, []), words)
    first, start = len(fake.calls), time.time()
    told = fake.deliver(EVENT, payload)

    def answered() -> list[float]:
        posted = (call for call in fake.calls[first:] if call.method == "chat.postMessage")
        return [call.at for call in posted if call.body["channel"] == place.id]

    try:
        until(answered)
    except AssertionError:
        return told.elapsed, float("inf")
    return told.elapsed if told.acked else float("inf"), answered()[0] - start


def _show(way: str, ours: Sequence[Took], theirs: Sequence[Took]) -> None:
    print(f"{way} ({len(ours)} questions, ms)   p50    p99")
    for name, part in (("acknowledged", 0), ("answered", 1)):
        us, them = (_percentiles([took[part] for took in run]) for run in (ours, theirs))
        print(f"  {name:13} signpost    {us[0]:7.1f} {us[1]:7.1f}")
        ratio = f"{us[0] / them[0]:.1f}, {us[1] / them[1]:.1f}"
        print(f"  {name:13} bolt hello  {them[0]:7.1f} {them[1]:7.1f}   ratio {ratio}")


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile, in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def _cuts(took: Sequence[Took]) -> tuple[str, str]:
    ack, answer = (_percentiles([one[part] for one in took]) for part in (0, 1))
    return f"{ack[0]:.0f} ms (p99 {ack[1]:.0f})", f"{answer[0]:.0f} ms (p99 {answer[1]:.0f})"


# --- the apps --------------------------------------------------------------------------------------------------------
@contextmanager
def _starting(app: Callable[..., None]) -> Iterator[tuple[FakeSlack, Queue[int]]]:
    """A Slack, and an app of its own in another process, which says at which port once it is open."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([*PRELOADED, __name__])
    ports, stop = server.Queue(), server.Queue()
    with FakeSlack(within=10.0) as fake:
        process = server.Process(target=app, args=(There(fake.api, fake.bot_token, fake.signing_secret), ports, stop))
        process.start()
        try:
            yield fake, ports
        finally:
            stop.put(None)
            process.join(START)


def _signpost(there: Api, ports: Queue[Any], stop: Queue[Any]) -> None:
    """All of Signpost."""
    school = _school()
    with ground(school) as place, place.site(school) as site:
        site.installed.settings = settings_of(site, there)
        _serve(list(site.installed.slack.routes), ports, stop)


def _school() -> School:
    """A school with enough people."""
    here = SCHOOLS[WHERE]
    more = (replace(here.people[0], id=f"teacher{number}") for number in range(USERS))
    return in_slack(replace(here, people=(*more, *here.people)), SCHOOL)


def _hello(there: Any, ports: Queue[Any], stop: Queue[Any]) -> None:
    """Bare bolt."""
    app = hello(there)

    async def events(request: Request) -> Response:
        body, headers = (await request.body()).decode(), {name: [value] for name, value in request.headers.items()}
        answer = await run_in_threadpool(app.dispatch, BoltRequest(body=body, headers=headers))  # type: ignore[arg-type]
        return Response(answer.body, answer.status)

    _serve([Route("/slack/events", events, methods=["POST"])], ports, stop)


def _serve(routes: list[Route], ports: Queue[Any], stop: Queue[Any]) -> None:
    """Serve until told to stop."""
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_config=None, access_log=False))
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(server.run)
        until(lambda: server.started)
        ports.put(server.servers[0].sockets[0].getsockname()[1])
        stop.get()
        server.should_exit = True
        running.result()


APPS: dict[str, Callable[..., None]] = {"signpost": _signpost, "bolt hello": _hello}
