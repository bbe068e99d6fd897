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

class Gate(_message.Message):
    __slots__ = ("id", "workspace", "task", "task_ref", "question", "options", "audience", "status", "resolution", "default_resolution", "timeout_at", "run", "created_by", "resolved_by", "created_at", "resolved_at")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Gate.Status]
        pending: _ClassVar[Gate.Status]
        resolved: _ClassVar[Gate.Status]
        timeout: _ClassVar[Gate.Status]
        canceled: _ClassVar[Gate.Status]
    unspecified: Gate.Status
    pending: Gate.Status
    resolved: Gate.Status
    timeout: Gate.Status
    canceled: Gate.Status
    class Audience(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        anyone: _ClassVar[Gate.Audience]
        coordinator: _ClassVar[Gate.Audience]
        user: _ClassVar[Gate.Audience]
    anyone: Gate.Audience
    coordinator: Gate.Audience
    user: Gate.Audience
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TASK_REF_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_AT_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace: str
    task: str
    task_ref: str
    question: str
    options: _containers.RepeatedScalarFieldContainer[str]
    audience: Gate.Audience
    status: Gate.Status
    resolution: str
    default_resolution: str
    timeout_at: _timestamp_pb2.Timestamp
    run: str
    created_by: str
    resolved_by: str
    created_at: _timestamp_pb2.Timestamp
    resolved_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., workspace: _Optional[str] = ..., task: _Optional[str] = ..., task_ref: _Optional[str] = ..., question: _Optional[str] = ..., options: _Optional[_Iterable[str]] = ..., audience: _Optional[_Union[Gate.Audience, str]] = ..., status: _Optional[_Union[Gate.Status, str]] = ..., resolution: _Optional[str] = ..., default_resolution: _Optional[str] = ..., timeout_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., run: _Optional[str] = ..., created_by: _Optional[str] = ..., resolved_by: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., resolved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OpenGateRequest(_message.Message):
    __slots__ = ("workspace", "task", "question", "options", "audience", "timeout_ms", "default_resolution")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    question: str
    options: _containers.RepeatedScalarFieldContainer[str]
    audience: Gate.Audience
    timeout_ms: int
    default_resolution: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., question: _Optional[str] = ..., options: _Optional[_Iterable[str]] = ..., audience: _Optional[_Union[Gate.Audience, str]] = ..., timeout_ms: _Optional[int] = ..., default_resolution: _Optional[str] = ...) -> None: ...

class OpenGateResponse(_message.Message):
    __slots__ = ("gate",)
    GATE_FIELD_NUMBER: _ClassVar[int]
    gate: Gate
    def __init__(self, gate: _Optional[_Union[Gate, _Mapping]] = ...) -> None: ...

class GetGateRequest(_message.Message):
    __slots__ = ("workspace", "gate")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    gate: str
    def __init__(self, workspace: _Optional[str] = ..., gate: _Optional[str] = ...) -> None: ...

class GetGateResponse(_message.Message):
    __slots__ = ("gate",)
    GATE_FIELD_NUMBER: _ClassVar[int]
    gate: Gate
    def __init__(self, gate: _Optional[_Union[Gate, _Mapping]] = ...) -> None: ...

class ListGatesRequest(_message.Message):
    __slots__ = ("workspace", "task", "status", "audience", "run", "limit", "cursor")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    status: Gate.Status
    audience: Gate.Audience
    run: str
    limit: int
    cursor: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., status: _Optional[_Union[Gate.Status, str]] = ..., audience: _Optional[_Union[Gate.Audience, str]] = ..., run: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListGatesResponse(_message.Message):
    __slots__ = ("gates", "next_cursor")
    GATES_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    gates: _containers.RepeatedCompositeFieldContainer[Gate]
    next_cursor: str
    def __init__(self, gates: _Optional[_Iterable[_Union[Gate, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class ResolveGateRequest(_message.Message):
    __slots__ = ("workspace", "gate", "resolution")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    gate: str
    resolution: str
    def __init__(self, workspace: _Optional[str] = ..., gate: _Optional[str] = ..., resolution: _Optional[str] = ...) -> None: ...

class ResolveGateResponse(_message.Message):
    __slots__ = ("gate",)
    GATE_FIELD_NUMBER: _ClassVar[int]
    gate: Gate
    def __init__(self, gate: _Optional[_Union[Gate, _Mapping]] = ...) -> None: ...
