import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from orca.v1 import attempt_pb2 as _attempt_pb2
from orca.v1 import project_pb2 as _project_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Dependency(_message.Message):
    __slots__ = ("task", "ref", "policy")
    class Policy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Dependency.Policy]
        block: _ClassVar[Dependency.Policy]
        cancel: _ClassVar[Dependency.Policy]
        ignore: _ClassVar[Dependency.Policy]
    unspecified: Dependency.Policy
    block: Dependency.Policy
    cancel: Dependency.Policy
    ignore: Dependency.Policy
    TASK_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    task: str
    ref: str
    policy: Dependency.Policy
    def __init__(self, task: _Optional[str] = ..., ref: _Optional[str] = ..., policy: _Optional[_Union[Dependency.Policy, str]] = ...) -> None: ...

class Task(_message.Message):
    __slots__ = ("id", "ref", "workspace", "project", "title", "spec", "status", "priority", "dependencies", "parent", "required_tags", "required_capabilities", "labels", "not_before", "retry", "contract", "context", "inherited_context", "assignee", "failures", "attempts", "attempt", "holder", "result", "error", "branch", "commit", "plan", "plan_key", "created_by", "version", "created_at", "updated_at", "completed_at")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Task.Status]
        pending: _ClassVar[Task.Status]
        ready: _ClassVar[Task.Status]
        dispatched: _ClassVar[Task.Status]
        blocked: _ClassVar[Task.Status]
        completed: _ClassVar[Task.Status]
        failed: _ClassVar[Task.Status]
        canceled: _ClassVar[Task.Status]
    unspecified: Task.Status
    pending: Task.Status
    ready: Task.Status
    dispatched: Task.Status
    blocked: Task.Status
    completed: Task.Status
    failed: Task.Status
    canceled: Task.Status
    class ContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class InheritedContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_TAGS_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    INHERITED_CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    PLAN_KEY_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    ref: str
    workspace: str
    project: str
    title: str
    spec: str
    status: Task.Status
    priority: int
    dependencies: _containers.RepeatedCompositeFieldContainer[Dependency]
    parent: str
    required_tags: _containers.RepeatedScalarFieldContainer[str]
    required_capabilities: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.RepeatedScalarFieldContainer[str]
    not_before: _timestamp_pb2.Timestamp
    retry: _project_pb2.RetryPolicy
    contract: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.ContractItem]
    context: _containers.ScalarMap[str, str]
    inherited_context: _containers.ScalarMap[str, str]
    assignee: str
    failures: int
    attempts: int
    attempt: str
    holder: str
    result: str
    error: str
    branch: str
    commit: str
    plan: str
    plan_key: str
    created_by: str
    version: int
    created_at: _timestamp_pb2.Timestamp
    updated_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., ref: _Optional[str] = ..., workspace: _Optional[str] = ..., project: _Optional[str] = ..., title: _Optional[str] = ..., spec: _Optional[str] = ..., status: _Optional[_Union[Task.Status, str]] = ..., priority: _Optional[int] = ..., dependencies: _Optional[_Iterable[_Union[Dependency, _Mapping]]] = ..., parent: _Optional[str] = ..., required_tags: _Optional[_Iterable[str]] = ..., required_capabilities: _Optional[_Iterable[str]] = ..., labels: _Optional[_Iterable[str]] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., retry: _Optional[_Union[_project_pb2.RetryPolicy, _Mapping]] = ..., contract: _Optional[_Iterable[_Union[_attempt_pb2.ContractItem, _Mapping]]] = ..., context: _Optional[_Mapping[str, str]] = ..., inherited_context: _Optional[_Mapping[str, str]] = ..., assignee: _Optional[str] = ..., failures: _Optional[int] = ..., attempts: _Optional[int] = ..., attempt: _Optional[str] = ..., holder: _Optional[str] = ..., result: _Optional[str] = ..., error: _Optional[str] = ..., branch: _Optional[str] = ..., commit: _Optional[str] = ..., plan: _Optional[str] = ..., plan_key: _Optional[str] = ..., created_by: _Optional[str] = ..., version: _Optional[int] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateTaskRequest(_message.Message):
    __slots__ = ("workspace", "project", "title", "spec", "priority", "dependencies", "parent", "required_tags", "required_capabilities", "labels", "not_before", "retry", "contract", "context", "assignee")
    class ContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_TAGS_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    title: str
    spec: str
    priority: int
    dependencies: _containers.RepeatedCompositeFieldContainer[Dependency]
    parent: str
    required_tags: _containers.RepeatedScalarFieldContainer[str]
    required_capabilities: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.RepeatedScalarFieldContainer[str]
    not_before: _timestamp_pb2.Timestamp
    retry: _project_pb2.RetryPolicy
    contract: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.ContractItem]
    context: _containers.ScalarMap[str, str]
    assignee: str
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., title: _Optional[str] = ..., spec: _Optional[str] = ..., priority: _Optional[int] = ..., dependencies: _Optional[_Iterable[_Union[Dependency, _Mapping]]] = ..., parent: _Optional[str] = ..., required_tags: _Optional[_Iterable[str]] = ..., required_capabilities: _Optional[_Iterable[str]] = ..., labels: _Optional[_Iterable[str]] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., retry: _Optional[_Union[_project_pb2.RetryPolicy, _Mapping]] = ..., contract: _Optional[_Iterable[_Union[_attempt_pb2.ContractItem, _Mapping]]] = ..., context: _Optional[_Mapping[str, str]] = ..., assignee: _Optional[str] = ...) -> None: ...

class CreateTaskResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class GetTaskRequest(_message.Message):
    __slots__ = ("workspace", "task")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ...) -> None: ...

class GetTaskResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class ListTasksRequest(_message.Message):
    __slots__ = ("workspace", "project", "status", "label", "parent", "plan", "limit", "cursor")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    status: _containers.RepeatedScalarFieldContainer[Task.Status]
    label: str
    parent: str
    plan: str
    limit: int
    cursor: str
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., status: _Optional[_Iterable[_Union[Task.Status, str]]] = ..., label: _Optional[str] = ..., parent: _Optional[str] = ..., plan: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListTasksResponse(_message.Message):
    __slots__ = ("tasks", "next_cursor")
    TASKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    tasks: _containers.RepeatedCompositeFieldContainer[Task]
    next_cursor: str
    def __init__(self, tasks: _Optional[_Iterable[_Union[Task, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class ListReadyTasksRequest(_message.Message):
    __slots__ = ("workspace", "project", "agent", "limit")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    agent: str
    limit: int
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., agent: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListReadyTasksResponse(_message.Message):
    __slots__ = ("tasks", "next_cursor")
    TASKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    tasks: _containers.RepeatedCompositeFieldContainer[Task]
    next_cursor: str
    def __init__(self, tasks: _Optional[_Iterable[_Union[Task, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class UpdateTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "title", "spec", "priority", "required_tags", "required_capabilities", "labels", "contract", "context", "replace", "not_before", "clear_not_before", "retry", "assignee", "expected_version")
    class ContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_TAGS_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    REPLACE_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    CLEAR_NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    title: str
    spec: str
    priority: int
    required_tags: _containers.RepeatedScalarFieldContainer[str]
    required_capabilities: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.RepeatedScalarFieldContainer[str]
    contract: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.ContractItem]
    context: _containers.ScalarMap[str, str]
    replace: _containers.RepeatedScalarFieldContainer[str]
    not_before: _timestamp_pb2.Timestamp
    clear_not_before: bool
    retry: _project_pb2.RetryPolicy
    assignee: str
    expected_version: int
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., title: _Optional[str] = ..., spec: _Optional[str] = ..., priority: _Optional[int] = ..., required_tags: _Optional[_Iterable[str]] = ..., required_capabilities: _Optional[_Iterable[str]] = ..., labels: _Optional[_Iterable[str]] = ..., contract: _Optional[_Iterable[_Union[_attempt_pb2.ContractItem, _Mapping]]] = ..., context: _Optional[_Mapping[str, str]] = ..., replace: _Optional[_Iterable[str]] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., clear_not_before: bool = ..., retry: _Optional[_Union[_project_pb2.RetryPolicy, _Mapping]] = ..., assignee: _Optional[str] = ..., expected_version: _Optional[int] = ...) -> None: ...

class UpdateTaskResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class DeleteTaskRequest(_message.Message):
    __slots__ = ("workspace", "task")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ...) -> None: ...

class DeleteTaskResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AddDependencyRequest(_message.Message):
    __slots__ = ("workspace", "task", "depends_on", "policy")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    DEPENDS_ON_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    depends_on: str
    policy: Dependency.Policy
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., depends_on: _Optional[str] = ..., policy: _Optional[_Union[Dependency.Policy, str]] = ...) -> None: ...

class AddDependencyResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class RemoveDependencyRequest(_message.Message):
    __slots__ = ("workspace", "task", "depends_on")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    DEPENDS_ON_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    depends_on: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., depends_on: _Optional[str] = ...) -> None: ...

class RemoveDependencyResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class ClaimTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "agent", "project", "ttl_ms", "wait_ms", "session", "host")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    TTL_MS_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    agent: str
    project: str
    ttl_ms: int
    wait_ms: int
    session: str
    host: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., agent: _Optional[str] = ..., project: _Optional[str] = ..., ttl_ms: _Optional[int] = ..., wait_ms: _Optional[int] = ..., session: _Optional[str] = ..., host: _Optional[str] = ...) -> None: ...

class ClaimTaskResponse(_message.Message):
    __slots__ = ("task", "attempt", "lease")
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    task: Task
    attempt: _attempt_pb2.Attempt
    lease: _attempt_pb2.Lease
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ..., lease: _Optional[_Union[_attempt_pb2.Lease, _Mapping]] = ...) -> None: ...

class ClaimTasksRequest(_message.Message):
    __slots__ = ("workspace", "agent", "project", "count", "ttl_ms", "session", "host")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    TTL_MS_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    agent: str
    project: str
    count: int
    ttl_ms: int
    session: str
    host: str
    def __init__(self, workspace: _Optional[str] = ..., agent: _Optional[str] = ..., project: _Optional[str] = ..., count: _Optional[int] = ..., ttl_ms: _Optional[int] = ..., session: _Optional[str] = ..., host: _Optional[str] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("task", "attempt", "lease")
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    task: Task
    attempt: _attempt_pb2.Attempt
    lease: _attempt_pb2.Lease
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ..., lease: _Optional[_Union[_attempt_pb2.Lease, _Mapping]] = ...) -> None: ...

class ClaimTasksResponse(_message.Message):
    __slots__ = ("claims",)
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    claims: _containers.RepeatedCompositeFieldContainer[Claim]
    def __init__(self, claims: _Optional[_Iterable[_Union[Claim, _Mapping]]] = ...) -> None: ...

class CompleteTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "token", "result", "branch", "commit", "artifacts", "checks", "transcript")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    ARTIFACTS_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    token: int
    result: str
    branch: str
    commit: str
    artifacts: _containers.RepeatedScalarFieldContainer[str]
    checks: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.ContractCheck]
    transcript: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., token: _Optional[int] = ..., result: _Optional[str] = ..., branch: _Optional[str] = ..., commit: _Optional[str] = ..., artifacts: _Optional[_Iterable[str]] = ..., checks: _Optional[_Iterable[_Union[_attempt_pb2.ContractCheck, _Mapping]]] = ..., transcript: _Optional[str] = ...) -> None: ...

class CompleteTaskResponse(_message.Message):
    __slots__ = ("task", "attempt")
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    task: Task
    attempt: _attempt_pb2.Attempt
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ...) -> None: ...

class FailTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "token", "error", "branch", "commit", "checks", "transcript")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    token: int
    error: str
    branch: str
    commit: str
    checks: _containers.RepeatedCompositeFieldContainer[_attempt_pb2.ContractCheck]
    transcript: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., token: _Optional[int] = ..., error: _Optional[str] = ..., branch: _Optional[str] = ..., commit: _Optional[str] = ..., checks: _Optional[_Iterable[_Union[_attempt_pb2.ContractCheck, _Mapping]]] = ..., transcript: _Optional[str] = ...) -> None: ...

class FailTaskResponse(_message.Message):
    __slots__ = ("task", "attempt")
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    task: Task
    attempt: _attempt_pb2.Attempt
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ...) -> None: ...

class ReleaseTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "token", "reason")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    token: int
    reason: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., token: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ReleaseTaskResponse(_message.Message):
    __slots__ = ("task", "attempt")
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    task: Task
    attempt: _attempt_pb2.Attempt
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ...) -> None: ...

class ReportProgressRequest(_message.Message):
    __slots__ = ("workspace", "task", "token", "message", "percent")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    token: int
    message: str
    percent: int
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., token: _Optional[int] = ..., message: _Optional[str] = ..., percent: _Optional[int] = ...) -> None: ...

class ReportProgressResponse(_message.Message):
    __slots__ = ("attempt", "lease")
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    attempt: _attempt_pb2.Attempt
    lease: _attempt_pb2.Lease
    def __init__(self, attempt: _Optional[_Union[_attempt_pb2.Attempt, _Mapping]] = ..., lease: _Optional[_Union[_attempt_pb2.Lease, _Mapping]] = ...) -> None: ...

class CancelTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "reason")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    reason: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelTaskResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class RetryTaskRequest(_message.Message):
    __slots__ = ("workspace", "task")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ...) -> None: ...

class RetryTaskResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class OverrideTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "status", "reason", "result")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    status: Task.Status
    reason: str
    result: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., status: _Optional[_Union[Task.Status, str]] = ..., reason: _Optional[str] = ..., result: _Optional[str] = ...) -> None: ...

class OverrideTaskResponse(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ...) -> None: ...

class ExplainTaskRequest(_message.Message):
    __slots__ = ("workspace", "task")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("code", "message", "next", "details")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    next: str
    details: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., next: _Optional[str] = ..., details: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ExplainTaskResponse(_message.Message):
    __slots__ = ("task", "summary", "reasons")
    TASK_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    task: Task
    summary: str
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., summary: _Optional[str] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ...) -> None: ...

class WaitTaskRequest(_message.Message):
    __slots__ = ("workspace", "task", "wait_ms")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    task: str
    wait_ms: int
    def __init__(self, workspace: _Optional[str] = ..., task: _Optional[str] = ..., wait_ms: _Optional[int] = ...) -> None: ...

class WaitTaskResponse(_message.Message):
    __slots__ = ("task", "done")
    TASK_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    task: Task
    done: bool
    def __init__(self, task: _Optional[_Union[Task, _Mapping]] = ..., done: bool = ...) -> None: ...

class GetTaskGraphRequest(_message.Message):
    __slots__ = ("workspace", "project")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ...) -> None: ...

class GraphEdge(_message.Message):
    __slots__ = ("to", "policy")
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    to: str
    policy: Dependency.Policy
    def __init__(self, to: _Optional[str] = ..., policy: _Optional[_Union[Dependency.Policy, str]] = ..., **kwargs) -> None: ...

class GetTaskGraphResponse(_message.Message):
    __slots__ = ("tasks", "edges")
    TASKS_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    tasks: _containers.RepeatedCompositeFieldContainer[Task]
    edges: _containers.RepeatedCompositeFieldContainer[GraphEdge]
    def __init__(self, tasks: _Optional[_Iterable[_Union[Task, _Mapping]]] = ..., edges: _Optional[_Iterable[_Union[GraphEdge, _Mapping]]] = ...) -> None: ...
