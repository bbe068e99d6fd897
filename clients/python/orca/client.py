"""How to reach a server, and who asks."""

from __future__ import annotations

import collections
import secrets
from typing import Any, Optional

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from orca.v1 import agent_pb2_grpc, attempt_pb2_grpc, event_pb2_grpc, lease_pb2_grpc, project_pb2_grpc
from orca.v1 import server_pb2_grpc, task_pb2_grpc, workspace_pb2_grpc

_KEY = "idempotency-key"


class OrcaError(Exception):
    """What the server refused, or why it could not be asked."""

    def __init__(self, code: str, category: str, message: str, details: dict[str, str]):
        super().__init__(f"{code}: {message}")
        #: Stable: `lease_lost`, `task_not_found`, `nothing_ready`, …
        self.code = code
        #: The class of the code: `conflict`, `not_found`, `unavailable`, …
        self.category = category
        self.message = message
        self.details = details


def error_of(error: grpc.RpcError) -> OrcaError:
    """The server's error in what a call raised."""
    # What no server has answered has no status.
    status = rpc_status.from_call(error) if isinstance(error, grpc.Call) else None
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status else []:
        if detail.Unpack(info) and info.domain.startswith("orca"):
            details = dict(info.metadata)
            return OrcaError(info.reason, details.pop("category", ""), status.message, details)
    name = error.code().name.lower() if isinstance(error, grpc.Call) else "unavailable"
    return OrcaError(name, name, str(error), {})


class _Details(
    collections.namedtuple("_Details", ("method", "timeout", "metadata", "credentials", "wait_for_ready", "compression")),
    grpc.ClientCallDetails,
):
    pass


class _Identity(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    def __init__(self, token: Optional[str], caller: Optional[str], timeout: float):
        self._timeout = timeout
        self._metadata = []
        if token:
            self._metadata.append(("authorization", f"Bearer {token}"))
        if caller:
            self._metadata.append(("x-orca-caller", caller))

    def _identified(self, details: grpc.ClientCallDetails, is_unary: bool) -> _Details:
        metadata = list(details.metadata or []) + self._metadata
        if is_unary and not any(name == _KEY for name, _ in metadata):
            metadata.append((_KEY, secrets.token_hex(16)))
        timeout = details.timeout
        if timeout is None and is_unary:
            timeout = self._timeout
        return _Details(details.method, timeout, metadata, details.credentials, details.wait_for_ready, details.compression)

    def intercept_unary_unary(self, continuation: Any, details: grpc.ClientCallDetails, request: Any) -> Any:
        return continuation(self._identified(details, True), request)

    def intercept_unary_stream(self, continuation: Any, details: grpc.ClientCallDetails, request: Any) -> Any:
        return continuation(self._identified(details, False), request)


class Client:
    """The services of the API; safe for several threads. Use it as a context manager, or call `close`.

    `address` is `unix:///run/user/1000/orca/grpc.sock` or `host:port`. `token` is made with `orca token create`; the owner of a
    unix socket needs none. `credentials` are `grpc.ssl_channel_credentials(…)` for TLS. `timeout` is in seconds, for calls
    that give none; streams have no limit.

    Calls raise `grpc.RpcError`; `error_of` tells what the server said. A write may be repeated with the same
    `metadata=[("idempotency-key", …)]` and then gets the first answer again; without one it gets a key of its own.
    """

    def __init__(
        self,
        address: str,
        *,
        token: Optional[str] = None,
        caller: Optional[str] = None,
        credentials: Optional[grpc.ChannelCredentials] = None,
        timeout: float = 60,
    ):
        plain = grpc.secure_channel(address, credentials) if credentials else grpc.insecure_channel(address)
        self._plain = plain
        #: For the services that are not listed here: `gate_pb2_grpc.GateServiceStub(client.channel)`.
        self.channel = grpc.intercept_channel(plain, _Identity(token, caller, timeout))
        self.agents = agent_pb2_grpc.AgentServiceStub(self.channel)
        self.attempts = attempt_pb2_grpc.AttemptServiceStub(self.channel)
        self.events = event_pb2_grpc.EventServiceStub(self.channel)
        self.leases = lease_pb2_grpc.LeaseServiceStub(self.channel)
        self.projects = project_pb2_grpc.ProjectServiceStub(self.channel)
        self.server = server_pb2_grpc.ServerServiceStub(self.channel)
        self.tasks = task_pb2_grpc.TaskServiceStub(self.channel)
        self.workspaces = workspace_pb2_grpc.WorkspaceServiceStub(self.channel)

    def close(self) -> None:
        self._plain.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
