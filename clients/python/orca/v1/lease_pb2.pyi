from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from orca.v1 import attempt_pb2 as _attempt_pb2
from orca.v1 import task_pb2 as _task_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetLeaseRequest(_message.Message):
    __slots__ = ("workspace", "lease")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    lease: str
    def __init__(self, workspace: _Optional[str] = ..., lease: _Optional[str] = ...) -> None: ...

class GetLeaseResponse(_message.Message):
    __slots__ = ("lease",)
    LEASE_FIELD_NUMBER: _ClassVar[int]
    lease: _attempt_pb2.Lease
    def __init__(self, lease: _Optional[_Union[_attempt_pb2.Lease, _Mapping]] = ...) -> None: ...

class ListLeasesRequest(_message.Message):
    __slots__ = ("workspace", "agent", "project", "offered", "limit", "cursor")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    agent: str
    project: str
    offered: bool
    limit: int
    cursor: str
    def __init__(self, workspace: _Optional[str] = ..., agent: _Optional[str] = ..., project: _Optional[str] = ..., offered: bool = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListLeasesResponse(_message.Message):
    __slots__ = ("leases", "next_cursor")
    LEASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    leases: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.Lease]
    next_cursor: str
    def __init__(self, leases: _Optional[_Iterable[_Union[_attempt_pb2.Lease, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class RenewLeaseRequest(_message.Message):
    __slots__ = ("workspace", "task", "token", "ttl_ms")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    TTL_MS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    token: int
    ttl_ms: int
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., token: _Optional[int] = ..., ttl_ms: _Optional[int] = ...) -> None: ...

class RenewLeaseResponse(_message.Message):
    __slots__ = ("lease",)
    LEASE_FIELD_NUMBER: _ClassVar[int]
    lease: _attempt_pb2.Lease
    def __init__(self, lease: _Optional[_Union[_attempt_pb2.Lease, _Mapping]] = ...) -> None: ...

class AcceptOfferRequest(_message.Message):
    __slots__ = ("workspace", "task", "token")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    token: int
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., token: _Optional[int] = ...) -> None: ...

class AcceptOfferResponse(_message.Message):
    __slots__ = ("task", "attempt", "lease")
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    task: _task_pb2.Task
    attempt: _attempt_pb2.Attempt
    lease: _attempt_pb2.Lease
    def __init__(self, task: _Optional[_Union[_task_pb2.Task, _Mapping]] = ..., attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ..., lease: _Optional[_Union[_attempt_pb2.Lease, _Mapping]] = ...) -> None: ...
