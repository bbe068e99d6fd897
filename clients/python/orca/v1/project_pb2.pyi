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

class RetryPolicy(_message.Message):
    __slots__ = ("max_attempts", "backoff_initial_ms", "backoff_max_ms")
    MAX_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    BACKOFF_INITIAL_MS_FIELD_NUMBER: _ClassVar[int]
    BACKOFF_MAX_MS_FIELD_NUMBER: _ClassVar[int]
    max_attempts: int
    backoff_initial_ms: int
    backoff_max_ms: int
    def __init__(self, max_attempts: _Optional[int] = ..., backoff_initial_ms: _Optional[int] = ..., backoff_max_ms: _Optional[int] = ...) -> None: ...

class ProjectSettings(_message.Message):
    __slots__ = ("lease_ttl_ms", "max_concurrent", "distribution", "offer_ttl_ms", "allowed_agent_tags", "adopt_late_completions", "expiry_counts", "retry")
    class Distribution(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[ProjectSettings.Distribution]
        pull: _ClassVar[ProjectSettings.Distribution]
        round_robin: _ClassVar[ProjectSettings.Distribution]
        least_loaded: _ClassVar[ProjectSettings.Distribution]
        capacity: _ClassVar[ProjectSettings.Distribution]
        manual: _ClassVar[ProjectSettings.Distribution]
    unspecified: ProjectSettings.Distribution
    pull: ProjectSettings.Distribution
    round_robin: ProjectSettings.Distribution
    least_loaded: ProjectSettings.Distribution
    capacity: ProjectSettings.Distribution
    manual: ProjectSettings.Distribution
    LEASE_TTL_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_CONCURRENT_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    OFFER_TTL_MS_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_AGENT_TAGS_FIELD_NUMBER: _ClassVar[int]
    ADOPT_LATE_COMPLETIONS_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_COUNTS_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    lease_ttl_ms: int
    max_concurrent: int
    distribution: ProjectSettings.Distribution
    offer_ttl_ms: int
    allowed_agent_tags: _containers.RepeatedScalarFieldContainer[str]
    adopt_late_completions: bool
    expiry_counts: bool
    retry: RetryPolicy
    def __init__(self, lease_ttl_ms: _Optional[int] = ..., max_concurrent: _Optional[int] = ..., distribution: _Optional[_Union[ProjectSettings.Distribution, str]] = ..., offer_ttl_ms: _Optional[int] = ..., allowed_agent_tags: _Optional[_Iterable[str]] = ..., adopt_late_completions: bool = ..., expiry_counts: bool = ..., retry: _Optional[_Union[RetryPolicy, _Mapping]] = ...) -> None: ...

class Project(_message.Message):
    __slots__ = ("id", "workspace", "key", "name", "repository", "base_branch", "settings", "task_counts", "version", "created_at", "updated_at")
    class TaskCountsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_FIELD_NUMBER: _ClassVar[int]
    BASE_BRANCH_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    TASK_COUNTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace: str
    key: str
    name: str
    repository: str
    base_branch: str
    settings: ProjectSettings
    task_counts: _containers.ScalarMap[str, int]
    version: int
    created_at: _timestamp_pb2.Timestamp
    updated_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., workspace: _Optional[str] = ..., key: _Optional[str] = ..., name: _Optional[str] = ..., repository: _Optional[str] = ..., base_branch: _Optional[str] = ..., settings: _Optional[_Union[ProjectSettings, _Mapping]] = ..., task_counts: _Optional[_Mapping[str, int]] = ..., version: _Optional[int] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateProjectRequest(_message.Message):
    __slots__ = ("workspace", "key", "name", "repository", "base_branch", "settings")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_FIELD_NUMBER: _ClassVar[int]
    BASE_BRANCH_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    key: str
    name: str
    repository: str
    base_branch: str
    settings: ProjectSettings
    def __init__(self, workspace: _Optional[str] = ..., key: _Optional[str] = ..., name: _Optional[str] = ..., repository: _Optional[str] = ..., base_branch: _Optional[str] = ..., settings: _Optional[_Union[ProjectSettings, _Mapping]] = ...) -> None: ...

class CreateProjectResponse(_message.Message):
    __slots__ = ("project",)
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    project: Project
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ...) -> None: ...

class GetProjectRequest(_message.Message):
    __slots__ = ("workspace", "project")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ...) -> None: ...

class GetProjectResponse(_message.Message):
    __slots__ = ("project",)
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    project: Project
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ...) -> None: ...

class ListProjectsRequest(_message.Message):
    __slots__ = ("workspace", "limit", "cursor")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    limit: int
    cursor: str
    def __init__(self, workspace: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListProjectsResponse(_message.Message):
    __slots__ = ("projects", "next_cursor")
    PROJECTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    projects: _containers.RepeatedCompositeFieldContainer[Project]
    next_cursor: str
    def __init__(self, projects: _Optional[_Iterable[_Union[Project, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class UpdateProjectRequest(_message.Message):
    __slots__ = ("workspace", "project", "name", "repository", "base_branch", "settings", "expected_version")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_FIELD_NUMBER: _ClassVar[int]
    BASE_BRANCH_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    name: str
    repository: str
    base_branch: str
    settings: ProjectSettings
    expected_version: int
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., name: _Optional[str] = ..., repository: _Optional[str] = ..., base_branch: _Optional[str] = ..., settings: _Optional[_Union[ProjectSettings, _Mapping]] = ..., expected_version: _Optional[int] = ...) -> None: ...

class UpdateProjectResponse(_message.Message):
    __slots__ = ("project",)
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    project: Project
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ...) -> None: ...

class DeleteProjectRequest(_message.Message):
    __slots__ = ("workspace", "project", "force")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    force: bool
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., force: bool = ...) -> None: ...

class DeleteProjectResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
