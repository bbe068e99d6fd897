import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from orca.v1 import attempt_pb2 as _attempt_pb2
from orca.v1 import project_pb2 as _project_pb2
from orca.v1 import task_pb2 as _task_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Plan(_message.Message):
    __slots__ = ("name", "tasks")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    name: str
    tasks: _containers.RepeatedCompositeFieldContainer[PlanTask]
    def __init__(self, name: _Optional[str] = ..., tasks: _Optional[_Iterable[_Union[PlanTask, _Mapping]]] = ...) -> None: ...

class PlanTask(_message.Message):
    __slots__ = ("key", "title", "spec", "priority", "depends_on", "parent", "tags", "labels", "capabilities", "not_before", "retry", "contract", "context", "assignee")
    class ContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    KEY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    DEPENDS_ON_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    key: str
    title: str
    spec: str
    priority: int
    depends_on: _containers.RepeatedCompositeFieldContainer[PlanDependency]
    parent: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.RepeatedScalarFieldContainer[str]
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    not_before: _timestamp_pb2.Timestamp
    retry: _project_pb2.RetryPolicy
    contract: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.ContractItem]
    context: _containers.ScalarMap[str, str]
    assignee: str
    def __init__(self, key: _Optional[str] = ..., title: _Optional[str] = ..., spec: _Optional[str] = ..., priority: _Optional[int] = ..., depends_on: _Optional[_Iterable[_Union[PlanDependency, _Mapping]]] = ..., parent: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., labels: _Optional[_Iterable[str]] = ..., capabilities: _Optional[_Iterable[str]] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., retry: _Optional[_Union[_project_pb2.RetryPolicy, _Mapping]] = ..., contract: _Optional[_Iterable[_Union[_attempt_pb2.ContractItem, _Mapping]]] = ..., context: _Optional[_Mapping[str, str]] = ..., assignee: _Optional[str] = ...) -> None: ...

class PlanDependency(_message.Message):
    __slots__ = ("key", "policy")
    KEY_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    key: str
    policy: _task_pb2.Dependency.Policy
    def __init__(self, key: _Optional[str] = ..., policy: _Optional[_Union[_task_pb2.Dependency.Policy, str]] = ...) -> None: ...

class ImportPlanRequest(_message.Message):
    __slots__ = ("workspace", "project", "plan", "dry_run")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    plan: Plan
    dry_run: bool
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., plan: _Optional[_Union[Plan, _Mapping]] = ..., dry_run: bool = ...) -> None: ...

class ImportPlanResponse(_message.Message):
    __slots__ = ("entries", "created", "updated", "unchanged")
    class Entry(_message.Message):
        __slots__ = ("key", "action", "task", "ref")
        KEY_FIELD_NUMBER: _ClassVar[int]
        ACTION_FIELD_NUMBER: _ClassVar[int]
        TASK_FIELD_NUMBER: _ClassVar[int]
        REF_FIELD_NUMBER: _ClassVar[int]
        key: str
        action: str
        task: str
        ref: str
        def __init__(self, key: _Optional[str] = ..., action: _Optional[str] = ..., task: _Optional[str] = ..., ref: _Optional[str] = ...) -> None: ...
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    UPDATED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[ImportPlanResponse.Entry]
    created: int
    updated: int
    unchanged: int
    def __init__(self, entries: _Optional[_Iterable[_Union[ImportPlanResponse.Entry, _Mapping]]] = ..., created: _Optional[int] = ..., updated: _Optional[int] = ..., unchanged: _Optional[int] = ...) -> None: ...

class ExportPlanRequest(_message.Message):
    __slots__ = ("workspace", "project", "name")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    name: str
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class ExportPlanResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: Plan
    def __init__(self, plan: _Optional[_Union[Plan, _Mapping]] = ...) -> None: ...
