"""The cluster: a client of it, and tasks that its workers do whichever is free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import dask
from distributed import Client, KilledWorker, LocalCluster, as_completed

from munirules.errors import MunirulesError
from munirules.tables.frames import TableError
from munirules.tables.grounds import WorkerDiffers

if TYPE_CHECKING:
    from distributed import Future

LOCAL: Final = "local"
_LOOPBACK: Final = "127.0.0.1"
_SECONDS: Final = 60
_PATIENCE: Final = {"distributed.deploy.lost-worker-timeout": "10 minutes"}
"""A process that is started anew on a busy machine is not lost: dask would give it up after 15 seconds, for ever."""


class ClusterError(MunirulesError, RuntimeError):
    """A cluster that cannot do the work: no scheduler, no workers, workers that die, or that do not see the files."""


@contextmanager
def connected(client: Client | str) -> Iterator[Client]:
    """A client of the cluster that is meant.

    Args:
        client: a client; the address of a scheduler; `local`, or `local:4`, for so many processes on this machine.

    Raises:
        ClusterError: when no scheduler answers there, or it has no workers.
    """
    if isinstance(client, Client):
        _has_workers(client)
        yield client
    elif client.partition(":")[0] == LOCAL:
        with (
            dask.config.set(_PATIENCE),
            LocalCluster(
                n_workers=_number(client),
                threads_per_worker=1,
                processes=True,
                host=_LOOPBACK,
                dashboard_address=f"{_LOOPBACK}:0",
                worker_dashboard_address=f"{_LOOPBACK}:0",
            ) as cluster,
            Client(cluster, set_as_default=False) as own,
        ):
            yield own
    else:
        with _client_of(client) as own:
            _has_workers(own)
            yield own


def _number(local: str) -> int | None:
    _, given, number = local.partition(":")
    if given and not (number.isdecimal() and int(number)):
        raise ClusterError(
            f"{local!r}: write local:4 for four processes on this machine, or the address of a scheduler"
        )
    return int(number) if given else None


def _client_of(address: str) -> Client:
    try:
        return Client(address, set_as_default=False, timeout=_SECONDS)
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: no scheduler answers there ({error}); an address is tcp://host:8786") from error


def _has_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError as error:
        raise ClusterError(f"{client.scheduler_info()['address']}: the scheduler has no workers") from error


def run_all(
    client: Client,
    task: Callable[..., dict[str, Any]],
    arguments: Sequence[tuple[Any, ...]],
    count: Callable[[int], object] | None = None,
) -> list[Any]:
    """Have the workers do a task for each of several arguments.

    Each answer is fetched at once, so that no death of a worker loses it; a task that was lost with its worker is done by
    another.

    Args:
        client: of the cluster.
        task: answers as `task.told` does.
        arguments: for each, in order.
        count: called with how many are done.

    Returns:
        What each has done, in order.

    Raises:
        WorkerDiffers: as the worker tells.
        TableError: likewise.
        ClusterError: likewise, and when workers die at a task again and again.
    """
    waiting = {client.submit(task, *each, pure=False): place for place, each in enumerate(arguments)}
    answers: list[Any] = [None] * len(arguments)
    try:
        for done, future in enumerate(as_completed(list(waiting), loop=client.loop), 1):
            answers[waiting.pop(future)] = _answer(future)
            if count is not None:
                count(done)
    finally:
        if waiting:
            client.cancel(list(waiting))
    return answers


def _answer(future: Future[Any]) -> Any:
    try:
        told = future.result()
    except KilledWorker as error:
        raise ClusterError(
            f"workers died again and again at one task (is there too little memory?): {error}"
        ) from error
    except ImportError as error:
        raise ClusterError(
            f"a worker lacks what it needs ({error}); install munirules[cluster] and the plugins for all workers"
        ) from error
    if "done" in told:
        return told["done"]
    if told["error"] == "data":
        raise TableError(told["why"].splitlines())
    raise (WorkerDiffers if told["error"] == "worker" else ClusterError)(told["why"])
