"""A worker: claims ready tasks of a project one after the other, keeps its lease alive while it works, and completes them.

    ORCA_GRPC=unix:///run/user/1000/orca/grpc.sock python examples/worker.py PROJECT [COUNT]

With COUNT it stops after that many tasks, without it never.
"""

import itertools
import os
import sys
import threading

import grpc

from orca import Client, error_of
from orca.v1 import lease_pb2, task_pb2

WORKSPACE = "default"
NAME = "python-worker"
TTL_MS = 30_000


def work(task: task_pb2.Task, lost: threading.Event) -> str:
    """What there is to do goes here. `lost` is set when the task was given to somebody else."""
    lost.wait(0.2)
    return f"done by Python: {task.title}"


def renew(client: Client, held: dict, stop: threading.Event, lost: threading.Event) -> None:
    while True:
        try:
            client.leases.RenewLease(lease_pb2.RenewLeaseRequest(**held, ttl_ms=TTL_MS))
        except grpc.RpcError as error:
            # A server that is away for a moment is no reason to stop; a lease that is lost is.
            if error_of(error).category == "conflict":
                lost.set()
                return
        if stop.wait(TTL_MS / 3000):
            return


def carry_out(client: Client, claim: task_pb2.ClaimTaskResponse) -> None:
    held = {"workspace": WORKSPACE, "task": claim.task.id, "token": claim.lease.token}
    stop, lost = threading.Event(), threading.Event()
    renewal = threading.Thread(target=renew, args=(client, held, stop, lost), daemon=True)
    renewal.start()
    try:
        result = work(claim.task, lost)
        if lost.is_set():
            print(claim.task.ref, "was given to somebody else")
            return
        client.tasks.CompleteTask(task_pb2.CompleteTaskRequest(**held, result=result))
        print(claim.task.ref, "completed")
    except Exception as error:
        if not isinstance(error, grpc.RpcError):
            client.tasks.FailTask(task_pb2.FailTaskRequest(**held, error=str(error)))
        raise
    finally:
        stop.set()
        renewal.join()


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit("usage: worker.py PROJECT [COUNT]")
    rounds = range(int(sys.argv[2])) if len(sys.argv) > 2 else itertools.count()
    with Client(os.environ["ORCA_GRPC"], token=os.environ.get("ORCA_TOKEN"), caller=NAME) as client:
        request = task_pb2.ClaimTaskRequest(
            workspace=WORKSPACE, project=sys.argv[1], agent=NAME, ttl_ms=TTL_MS, wait_ms=20_000
        )
        for _ in rounds:
            carry_out(client, next_claim(client, request))


def next_claim(client: Client, request: task_pb2.ClaimTaskRequest) -> task_pb2.ClaimTaskResponse:
    while True:
        try:
            return client.tasks.ClaimTask(request)
        except grpc.RpcError as error:
            # Nothing was ready in that time: ask again.
            if error_of(error).code != "nothing_ready":
                raise


if __name__ == "__main__":
    try:
        main()
    except grpc.RpcError as refused:
        raise SystemExit(str(error_of(refused)))
