"""Several articles at once, in threads or processes, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_order(
    work: Callable[[_Item], _Result],
    items: Iterable[_Item],
    *,
    at_once: int,
    pool: Executor | None = None,
) -> Iterator[tuple[_Item, _Result]]:
    """Yields each item with what `work` makes of it, in the order of the items.

    While one article waits for the models, the sentences and names of the next are looked for.

    Args:
        work: May be called in several threads (or processes, with such a pool).
        items: Read as they are needed, in this thread.
        at_once: Items that are handed out at a time; 1 without a pool uses no threads.
        pool: What works on them, ended with the items; None takes threads, one for each of them.

    Raises:
        Exception: What `work` raises, in the place of its item.
    """
    if pool is None and at_once == 1:
        for item in items:
            yield item, work(item)
        return
    source = iter(items)
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    pool = pool or ThreadPoolExecutor(at_once)
    try:
        for item in islice(source, at_once):
            waiting.append((item, pool.submit(work, item)))
        while waiting:
            item, future = waiting.popleft()
            result = future.result()
            for following in islice(source, 1):
                waiting.append((following, pool.submit(work, following)))
            yield item, result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
