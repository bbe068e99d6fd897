import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from orca.v1 import plan_pb2 as _plan_pb2
from orca.v1 import server_pb2 as _server_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RunSettings(_message.Message):
    __slots__ = ("max_concurrent", "agent_kinds", "worktree", "repository", "base_branch", "planner", "approve_plan", "fresh_workers", "skip_merge", "attempt_timeout_ms", "max_stale_commits", "worker_tags")
    MAX_CONCURRENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_KINDS_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_FIELD_NUMBER: _ClassVar[int]
    BASE_BRANCH_FIELD_NUMBER: _ClassVar[int]
    PLANNER_FIELD_NUMBER: _ClassVar[int]
    APPROVE_PLAN_FIELD_NUMBER: _ClassVar[int]
    FRESH_WORKERS_FIELD_NUMBER: _ClassVar[int]
    SKIP_MERGE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_STALE_COMMITS_FIELD_NUMBER: _ClassVar[int]
    WORKER_TAGS_FIELD_NUMBER: _ClassVar[int]
    max_concurrent: int
    agent_kinds: _containers.RepeatedScalarFieldContainer[str]
    worktree: str
    repository: str
    base_branch: str
    planner: str
    approve_plan: bool
    fresh_workers: bool
    skip_merge: bool
    attempt_timeout_ms: int
    max_stale_commits: int
    worker_tags: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, max_concurrent: _Optional[int] = ..., agent_kinds: _Optional[_Iterable[str]] = ..., worktree: _Optional[str] = ..., repository: _Optional[str] = ..., base_branch: _Optional[str] = ..., planner: _Optional[str] = ..., approve_plan: bool = ..., fresh_workers: bool = ..., skip_merge: bool = ..., attempt_timeout_ms: _Optional[int] = ..., max_stale_commits: _Optional[int] = ..., worker_tags: _Optional[_Iterable[str]] = ...) -> None: ...

class Run(_message.Message):
    __slots__ = ("id", "workspace", "project", "spec", "status", "phase", "coordinator", "settings", "report", "task_counts", "created_by", "created_at", "completed_at", "server")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Run.Status]
        running: _ClassVar[Run.Status]
        completed: _ClassVar[Run.Status]
        failed: _ClassVar[Run.Status]
        stopped: _ClassVar[Run.Status]
    unspecified: Run.Status
    running: Run.Status
    completed: Run.Status
    failed: Run.Status
    stopped: Run.Status
    class Phase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unknown: _ClassVar[Run.Phase]
        decomposing: _ClassVar[Run.Phase]
        dispatching: _ClassVar[Run.Phase]
        monitoring: _ClassVar[Run.Phase]
        merging: _ClassVar[Run.Phase]
        done: _ClassVar[Run.Phase]
    unknown: Run.Phase
    decomposing: Run.Phase
    dispatching: Run.Phase
    monitoring: Run.Phase
    merging: Run.Phase
    done: Run.Phase
    class TaskCountsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    COORDINATOR_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    TASK_COUNTS_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace: str
    project: str
    spec: str
    status: Run.Status
    phase: Run.Phase
    coordinator: str
    settings: RunSettings
    report: str
    task_counts: _containers.ScalarMap[str, int]
    created_by: str
    created_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    server: _server_pb2.ServerPlace
    def __init__(self, id: _Optional[str] = ..., workspace: _Optional[str] = ..., project: _Optional[str] = ..., spec: _Optional[str] = ..., status: _Optional[_Union[Run.Status, str]] = ..., phase: _Optional[_Union[Run.Phase, str]] = ..., coordinator: _Optional[str] = ..., settings: _Optional[_Union[RunSettings, _Mapping]] = ..., report: _Optional[str] = ..., task_counts: _Optional[_Mapping[str, int]] = ..., created_by: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., server: _Optional[_Union[_server_pb2.ServerPlace, _Mapping]] = ...) -> None: ...

class StartRunRequest(_message.Message):
    __slots__ = ("workspace", "project", "spec", "coordinator", "settings", "plan")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    COORDINATOR_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    spec: str
    coordinator: str
    settings: RunSettings
    plan: str
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., spec: _Optional[str] = ..., coordinator: _Optional[str] = ..., settings: _Optional[_Union[RunSettings, _Mapping]] = ..., plan: _Optional[str] = ...) -> None: ...

class StartRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class StopRunRequest(_message.Message):
    __slots__ = ("workspace", "run", "cancel_work")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    CANCEL_WORK_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    run: str
    cancel_work: bool
    def __init__(self, workspace: _Optional[str] = ..., run: _Optional[str] = ..., cancel_work: bool = ...) -> None: ...

class StopRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class GetRunRequest(_message.Message):
    __slots__ = ("workspace", "run")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    run: str
    def __init__(self, workspace: _Optional[str] = ..., run: _Optional[str] = ...) -> None: ...

class GetRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class ListRunsRequest(_message.Message):
    __slots__ = ("workspace", "status", "limit", "cursor")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    status: Run.Status
    limit: int
    cursor: str
    def __init__(self, workspace: _Optional[str] = ..., status: _Optional[_Union[Run.Status, str]] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListRunsResponse(_message.Message):
    __slots__ = ("runs", "next_cursor")
    RUNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[Run]
    next_cursor: str
    def __init__(self, runs: _Optional[_Iterable[_Union[Run, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class SubmitRunPlanRequest(_message.Message):
    __slots__ = ("workspace", "run", "plan")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    run: str
    plan: _plan_pb2.Plan
    def __init__(self, workspace: _Optional[str] = ..., run: _Optional[str] = ..., plan: _Optional[_Union[_plan_pb2.Plan, _Mapping]] = ...) -> None: ...

class SubmitRunPlanResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...
