"""Pops items from well-known queues on SQLite with equal durability. Prints `name<TAB>items a second`."""

import os
import sqlite3
import tempfile
import threading
import time

ITEMS = 10_000


def measure(name, pop, callers, count):
    """Runs `pop` from that many threads and prints how many it did a second."""
    done = [0] * callers

    def work(index):
        for _ in range(count // callers):
            if pop() is None:
                break
            done[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(callers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{name}, {callers} callers\t{sum(done) / (time.perf_counter() - start):.0f}", flush=True)


def huey_queue(folder, callers):
    from huey import SqliteHuey

    queue = SqliteHuey(filename=os.path.join(folder, f"huey-{callers}.db"), fsync=True)
    storage = queue.storage
    with storage.db(commit=True) as cursor:
        cursor.executemany(
            "insert into task(queue, data, priority) values (?, ?, 0)",
            ((queue.name, b"x" * 100) for _ in range(ITEMS)))
    return storage.dequeue


def litequeue_queue(folder, callers):
    from litequeue import LiteQueue

    path = os.path.join(folder, f"lite-{callers}.db")
    queue = LiteQueue(path)
    for _ in range(2_000):
        queue.put("x" * 100)
    queue.conn.execute("PRAGMA synchronous = FULL")
    return queue.pop


def persist_queue(folder, callers):
    from persistqueue import SQLiteAckQueue

    queue = SQLiteAckQueue(os.path.join(folder, f"persist-{callers}"), auto_commit=True, multithreading=True)
    for _ in range(2_000):
        queue.put("x" * 100)
    return lambda: queue.get(block=False)


with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", ".")) as folder:
    for callers in (1, 64):
        measure("huey", huey_queue(folder, callers), callers, ITEMS - 100)
    measure("litequeue", litequeue_queue(folder, 1), 1, 1_000)
    measure("persist-queue", persist_queue(folder, 1), 1, 1_900)
