import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Attempt(_message.Message):
    __slots__ = ("id", "task", "task_ref", "number", "agent", "agent_id", "session", "token", "started_at", "ended_at", "outcome", "error", "result", "branch", "commit", "artifacts", "adopted", "late", "progress", "progress_percent", "progress_at", "transcript", "host", "checks")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Attempt.Outcome]
        active: _ClassVar[Attempt.Outcome]
        succeeded: _ClassVar[Attempt.Outcome]
        failed: _ClassVar[Attempt.Outcome]
        expired: _ClassVar[Attempt.Outcome]
        released: _ClassVar[Attempt.Outcome]
        canceled: _ClassVar[Attempt.Outcome]
        gated: _ClassVar[Attempt.Outcome]
    unspecified: Attempt.Outcome
    active: Attempt.Outcome
    succeeded: Attempt.Outcome
    failed: Attempt.Outcome
    expired: Attempt.Outcome
    released: Attempt.Outcome
    canceled: Attempt.Outcome
    gated: Attempt.Outcome
    ID_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TASK_REF_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    ARTIFACTS_FIELD_NUMBER: _ClassVar[int]
    ADOPTED_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_PERCENT_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_AT_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    id: str
    task: str
    task_ref: str
    number: int
    agent: str
    agent_id: str
    session: str
    token: int
    started_at: _timestamp_pb2.Timestamp
    ended_at: _timestamp_pb2.Timestamp
    outcome: Attempt.Outcome
    error: str
    result: str
    branch: str
    commit: str
    artifacts: _containers.RepeatedScalarFieldContainer[str]
    adopted: bool
    late: bool
    progress: str
    progress_percent: int
    progress_at: _timestamp_pb2.Timestamp
    transcript: str
    host: str
    checks: _containers.RepeatedCompositeFieldContainer[ContractCheck]
    def __init__(self, id: _Optional[str] = ..., task: _Optional[str] = ..., task_ref: _Optional[str] = ..., number: _Optional[int] = ..., agent: _Optional[str] = ..., agent_id: _Optional[str] = ..., session: _Optional[str] = ..., token: _Optional[int] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., outcome: _Optional[_Union[Attempt.Outcome, str]] = ..., error: _Optional[str] = ..., result: _Optional[str] = ..., branch: _Optional[str] = ..., commit: _Optional[str] = ..., artifacts: _Optional[_Iterable[str]] = ..., adopted: bool = ..., late: bool = ..., progress: _Optional[str] = ..., progress_percent: _Optional[int] = ..., progress_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., transcript: _Optional[str] = ..., host: _Optional[str] = ..., checks: _Optional[_Iterable[_Union[ContractCheck, _Mapping]]] = ...) -> None: ...

class ContractItem(_message.Message):
    __slots__ = ("command", "file")
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    command: str
    file: str
    def __init__(self, command: _Optional[str] = ..., file: _Optional[str] = ...) -> None: ...

class ContractCheck(_message.Message):
    __slots__ = ("item", "passed", "detail")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    item: ContractItem
    passed: bool
    detail: str
    def __init__(self, item: _Optional[_Union[ContractItem, _Mapping]] = ..., passed: bool = ..., detail: _Optional[str] = ...) -> None: ...

class Lease(_message.Message):
    __slots__ = ("id", "task", "task_ref", "attempt", "agent", "agent_id", "token", "ttl_ms", "acquired_at", "renewed_at", "expires_at", "renew_after", "offered")
    ID_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TASK_REF_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    TTL_MS_FIELD_NUMBER: _ClassVar[int]
    ACQUIRED_AT_FIELD_NUMBER: _ClassVar[int]
    RENEWED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    RENEW_AFTER_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    id: str
    task: str
    task_ref: str
    attempt: str
    agent: str
    agent_id: str
    token: int
    ttl_ms: int
    acquired_at: _timestamp_pb2.Timestamp
    renewed_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    renew_after: _timestamp_pb2.Timestamp
    offered: bool
    def __init__(self, id: _Optional[str] = ..., task: _Optional[str] = ..., task_ref: _Optional[str] = ..., attempt: _Optional[str] = ..., agent: _Optional[str] = ..., agent_id: _Optional[str] = ..., token: _Optional[int] = ..., ttl_ms: _Optional[int] = ..., acquired_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., renewed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., renew_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offered: bool = ...) -> None: ...

class GetAttemptRequest(_message.Message):
    __slots__ = ("workspace", "attempt")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    attempt: str
    def __init__(self, workspace: _Optional[str] = ..., attempt: _Optional[str] = ...) -> None: ...

class GetAttemptResponse(_message.Message):
    __slots__ = ("attempt",)
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    attempt: Attempt
    def __init__(self, attempt: _Optional[_Union[Attempt, _Mapping]] = ...) -> None: ...

class ListAttemptsRequest(_message.Message):
    __slots__ = ("workspace", "task", "agent", "outcome", "limit", "cursor")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    agent: str
    outcome: Attempt.Outcome
    limit: int
    cursor: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., agent: _Optional[str] = ..., outcome: _Optional[_Union[Attempt.Outcome, str]] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListAttemptsResponse(_message.Message):
    __slots__ = ("attempts", "next_cursor")
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedCompositeFieldContainer[Attempt]
    next_cursor: str
    def __init__(self, attempts: _Optional[_Iterable[_Union[Attempt, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...
