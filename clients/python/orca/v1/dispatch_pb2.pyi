import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Dispatch(_message.Message):
    __slots__ = ("id", "workspace", "task", "task_ref", "attempt", "token", "terminal", "coordinator", "run", "status", "failure_count", "last_failure", "prompt", "dispatched_at", "completed_at", "last_heartbeat_at")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Dispatch.Status]
        dispatched: _ClassVar[Dispatch.Status]
        completed: _ClassVar[Dispatch.Status]
        failed: _ClassVar[Dispatch.Status]
        circuit_broken: _ClassVar[Dispatch.Status]
    unspecified: Dispatch.Status
    dispatched: Dispatch.Status
    completed: Dispatch.Status
    failed: Dispatch.Status
    circuit_broken: Dispatch.Status
    class Prompt(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        none: _ClassVar[Dispatch.Prompt]
        queued: _ClassVar[Dispatch.Prompt]
        injecting: _ClassVar[Dispatch.Prompt]
        injected: _ClassVar[Dispatch.Prompt]
        submitted: _ClassVar[Dispatch.Prompt]
        undeliverable: _ClassVar[Dispatch.Prompt]
    none: Dispatch.Prompt
    queued: Dispatch.Prompt
    injecting: Dispatch.Prompt
    injected: Dispatch.Prompt
    submitted: Dispatch.Prompt
    undeliverable: Dispatch.Prompt
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TASK_REF_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    COORDINATOR_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_FAILURE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    DISPATCHED_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_HEARTBEAT_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace: str
    task: str
    task_ref: str
    attempt: str
    token: int
    terminal: str
    coordinator: str
    run: str
    status: Dispatch.Status
    failure_count: int
    last_failure: str
    prompt: Dispatch.Prompt
    dispatched_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    last_heartbeat_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., workspace: _Optional[str] = ..., task: _Optional[str] = ..., task_ref: _Optional[str] = ..., attempt: _Optional[str] = ..., token: _Optional[int] = ..., terminal: _Optional[str] = ..., coordinator: _Optional[str] = ..., run: _Optional[str] = ..., status: _Optional[_Union[Dispatch.Status, str]] = ..., failure_count: _Optional[int] = ..., last_failure: _Optional[str] = ..., prompt: _Optional[_Union[Dispatch.Prompt, str]] = ..., dispatched_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_heartbeat_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DispatchTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "terminal", "coordinator", "inject", "wait_ms", "ttl_ms")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    COORDINATOR_FIELD_NUMBER: _ClassVar[int]
    INJECT_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    TTL_MS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    terminal: str
    coordinator: str
    inject: bool
    wait_ms: int
    ttl_ms: int
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., terminal: _Optional[str] = ..., coordinator: _Optional[str] = ..., inject: bool = ..., wait_ms: _Optional[int] = ..., ttl_ms: _Optional[int] = ...) -> None: ...

class DispatchTaskResponse(_message.Message):
    __slots__ = ("dispatch", "injected", "queued", "preamble")
    DISPATCH_FIELD_NUMBER: _ClassVar[int]
    INJECTED_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    PREAMBLE_FIELD_NUMBER: _ClassVar[int]
    dispatch: Dispatch
    injected: bool
    queued: bool
    preamble: str
    def __init__(self, dispatch: _Optional[_Union[Dispatch, _Mapping]] = ..., injected: bool = ..., queued: bool = ..., preamble: _Optional[str] = ...) -> None: ...

class PreviewDispatchRequest(_message.Message):
    __slots__ = ("workspace", "task", "terminal", "coordinator")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    COORDINATOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    terminal: str
    coordinator: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., terminal: _Optional[str] = ..., coordinator: _Optional[str] = ...) -> None: ...

class PreviewDispatchResponse(_message.Message):
    __slots__ = ("preamble",)
    PREAMBLE_FIELD_NUMBER: _ClassVar[int]
    preamble: str
    def __init__(self, preamble: _Optional[str] = ...) -> None: ...

class GetDispatchRequest(_message.Message):
    __slots__ = ("workspace", "task")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ...) -> None: ...

class GetDispatchResponse(_message.Message):
    __slots__ = ("dispatch",)
    DISPATCH_FIELD_NUMBER: _ClassVar[int]
    dispatch: Dispatch
    def __init__(self, dispatch: _Optional[_Union[Dispatch, _Mapping]] = ...) -> None: ...

class ListDispatchesRequest(_message.Message):
    __slots__ = ("workspace", "run")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    run: str
    def __init__(self, workspace: _Optional[str] = ..., run: _Optional[str] = ...) -> None: ...

class ListDispatchesResponse(_message.Message):
    __slots__ = ("dispatches",)
    DISPATCHES_FIELD_NUMBER: _ClassVar[int]
    dispatches: _containers.RepeatedCompositeFieldContainer[Dispatch]
    def __init__(self, dispatches: _Optional[_Iterable[_Union[Dispatch, _Mapping]]] = ...) -> None: ...
