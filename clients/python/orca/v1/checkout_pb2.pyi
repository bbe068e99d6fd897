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

class Repo(_message.Message):
    __slots__ = ("id", "workspace", "path", "display_name", "added_at", "worktree_base_ref", "git_username", "project", "version")
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ADDED_AT_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_BASE_REF_FIELD_NUMBER: _ClassVar[int]
    GIT_USERNAME_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace: str
    path: str
    display_name: str
    added_at: _timestamp_pb2.Timestamp
    worktree_base_ref: str
    git_username: str
    project: str
    version: int
    def __init__(self, id: _Optional[str] = ..., workspace: _Optional[str] = ..., path: _Optional[str] = ..., display_name: _Optional[str] = ..., added_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., worktree_base_ref: _Optional[str] = ..., git_username: _Optional[str] = ..., project: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class Worktree(_message.Message):
    __slots__ = ("id", "instance_id", "repo_id", "workspace", "path", "display_name", "comment", "head", "branch", "is_bare", "is_main_worktree", "is_locked", "is_missing", "is_creating", "base_ref", "base_commit", "linked_issue", "linked_linear_issue", "workspace_status", "parent_worktree_id", "child_worktree_ids", "lineage", "last_activity_at", "created_at", "version")
    class Lineage(_message.Message):
        __slots__ = ("parent_worktree_id", "parent_instance_id", "origin", "capture_source", "capture_confidence", "run", "task", "coordinator_handle")
        PARENT_WORKTREE_ID_FIELD_NUMBER: _ClassVar[int]
        PARENT_INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
        ORIGIN_FIELD_NUMBER: _ClassVar[int]
        CAPTURE_SOURCE_FIELD_NUMBER: _ClassVar[int]
        CAPTURE_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
        RUN_FIELD_NUMBER: _ClassVar[int]
        TASK_FIELD_NUMBER: _ClassVar[int]
        COORDINATOR_HANDLE_FIELD_NUMBER: _ClassVar[int]
        parent_worktree_id: str
        parent_instance_id: str
        origin: str
        capture_source: str
        capture_confidence: str
        run: str
        task: str
        coordinator_handle: str
        def __init__(self, parent_worktree_id: _Optional[str] = ..., parent_instance_id: _Optional[str] = ..., origin: _Optional[str] = ..., capture_source: _Optional[str] = ..., capture_confidence: _Optional[str] = ..., run: _Optional[str] = ..., task: _Optional[str] = ..., coordinator_handle: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    REPO_ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    IS_BARE_FIELD_NUMBER: _ClassVar[int]
    IS_MAIN_WORKTREE_FIELD_NUMBER: _ClassVar[int]
    IS_LOCKED_FIELD_NUMBER: _ClassVar[int]
    IS_MISSING_FIELD_NUMBER: _ClassVar[int]
    IS_CREATING_FIELD_NUMBER: _ClassVar[int]
    BASE_REF_FIELD_NUMBER: _ClassVar[int]
    BASE_COMMIT_FIELD_NUMBER: _ClassVar[int]
    LINKED_ISSUE_FIELD_NUMBER: _ClassVar[int]
    LINKED_LINEAR_ISSUE_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_STATUS_FIELD_NUMBER: _ClassVar[int]
    PARENT_WORKTREE_ID_FIELD_NUMBER: _ClassVar[int]
    CHILD_WORKTREE_IDS_FIELD_NUMBER: _ClassVar[int]
    LINEAGE_FIELD_NUMBER: _ClassVar[int]
    LAST_ACTIVITY_AT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    id: str
    instance_id: str
    repo_id: str
    workspace: str
    path: str
    display_name: str
    comment: str
    head: str
    branch: str
    is_bare: bool
    is_main_worktree: bool
    is_locked: bool
    is_missing: bool
    is_creating: bool
    base_ref: str
    base_commit: str
    linked_issue: int
    linked_linear_issue: str
    workspace_status: str
    parent_worktree_id: str
    child_worktree_ids: _containers.RepeatedScalarFieldContainer[str]
    lineage: Worktree.Lineage
    last_activity_at: _timestamp_pb2.Timestamp
    created_at: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, id: _Optional[str] = ..., instance_id: _Optional[str] = ..., repo_id: _Optional[str] = ..., workspace: _Optional[str] = ..., path: _Optional[str] = ..., display_name: _Optional[str] = ..., comment: _Optional[str] = ..., head: _Optional[str] = ..., branch: _Optional[str] = ..., is_bare: bool = ..., is_main_worktree: bool = ..., is_locked: bool = ..., is_missing: bool = ..., is_creating: bool = ..., base_ref: _Optional[str] = ..., base_commit: _Optional[str] = ..., linked_issue: _Optional[int] = ..., linked_linear_issue: _Optional[str] = ..., workspace_status: _Optional[str] = ..., parent_worktree_id: _Optional[str] = ..., child_worktree_ids: _Optional[_Iterable[str]] = ..., lineage: _Optional[_Union[Worktree.Lineage, _Mapping]] = ..., last_activity_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class CheckoutWarning(_message.Message):
    __slots__ = ("code", "message", "details")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    details: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., details: _Optional[_Mapping[str, str]] = ...) -> None: ...

class AddRepoRequest(_message.Message):
    __slots__ = ("workspace", "path")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    path: str
    def __init__(self, workspace: _Optional[str] = ..., path: _Optional[str] = ...) -> None: ...

class AddRepoResponse(_message.Message):
    __slots__ = ("repo",)
    REPO_FIELD_NUMBER: _ClassVar[int]
    repo: Repo
    def __init__(self, repo: _Optional[_Union[Repo, _Mapping]] = ...) -> None: ...

class GetRepoRequest(_message.Message):
    __slots__ = ("workspace", "repo")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    REPO_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    repo: str
    def __init__(self, workspace: _Optional[str] = ..., repo: _Optional[str] = ...) -> None: ...

class GetRepoResponse(_message.Message):
    __slots__ = ("repo",)
    REPO_FIELD_NUMBER: _ClassVar[int]
    repo: Repo
    def __init__(self, repo: _Optional[_Union[Repo, _Mapping]] = ...) -> None: ...

class ListReposRequest(_message.Message):
    __slots__ = ("workspace",)
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    def __init__(self, workspace: _Optional[str] = ...) -> None: ...

class ListReposResponse(_message.Message):
    __slots__ = ("repos",)
    REPOS_FIELD_NUMBER: _ClassVar[int]
    repos: _containers.RepeatedCompositeFieldContainer[Repo]
    def __init__(self, repos: _Optional[_Iterable[_Union[Repo, _Mapping]]] = ...) -> None: ...

class SetRepoBaseRefRequest(_message.Message):
    __slots__ = ("workspace", "repo", "ref")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    REPO_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    repo: str
    ref: str
    def __init__(self, workspace: _Optional[str] = ..., repo: _Optional[str] = ..., ref: _Optional[str] = ...) -> None: ...

class SetRepoBaseRefResponse(_message.Message):
    __slots__ = ("repo",)
    REPO_FIELD_NUMBER: _ClassVar[int]
    repo: Repo
    def __init__(self, repo: _Optional[_Union[Repo, _Mapping]] = ...) -> None: ...

class SearchRefsRequest(_message.Message):
    __slots__ = ("workspace", "repo", "query", "limit")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    REPO_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    repo: str
    query: str
    limit: int
    def __init__(self, workspace: _Optional[str] = ..., repo: _Optional[str] = ..., query: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class SearchRefsResponse(_message.Message):
    __slots__ = ("refs", "truncated")
    class Ref(_message.Message):
        __slots__ = ("name", "full_name", "commit")
        NAME_FIELD_NUMBER: _ClassVar[int]
        FULL_NAME_FIELD_NUMBER: _ClassVar[int]
        COMMIT_FIELD_NUMBER: _ClassVar[int]
        name: str
        full_name: str
        commit: str
        def __init__(self, name: _Optional[str] = ..., full_name: _Optional[str] = ..., commit: _Optional[str] = ...) -> None: ...
    REFS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    refs: _containers.RepeatedCompositeFieldContainer[SearchRefsResponse.Ref]
    truncated: bool
    def __init__(self, refs: _Optional[_Iterable[_Union[SearchRefsResponse.Ref, _Mapping]]] = ..., truncated: bool = ...) -> None: ...

class CreateWorktreeRequest(_message.Message):
    __slots__ = ("workspace", "name", "repo", "project", "directory", "base_branch", "setup", "issue", "linear_issue", "comment", "parent_worktree", "no_parent", "environment_worktree", "caller_terminal", "agent", "prompt")
    class Setup(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        inherit: _ClassVar[CreateWorktreeRequest.Setup]
        run: _ClassVar[CreateWorktreeRequest.Setup]
        skip: _ClassVar[CreateWorktreeRequest.Setup]
    inherit: CreateWorktreeRequest.Setup
    run: CreateWorktreeRequest.Setup
    skip: CreateWorktreeRequest.Setup
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REPO_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    BASE_BRANCH_FIELD_NUMBER: _ClassVar[int]
    SETUP_FIELD_NUMBER: _ClassVar[int]
    ISSUE_FIELD_NUMBER: _ClassVar[int]
    LINEAR_ISSUE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    PARENT_WORKTREE_FIELD_NUMBER: _ClassVar[int]
    NO_PARENT_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_WORKTREE_FIELD_NUMBER: _ClassVar[int]
    CALLER_TERMINAL_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    name: str
    repo: str
    project: str
    directory: str
    base_branch: str
    setup: CreateWorktreeRequest.Setup
    issue: int
    linear_issue: str
    comment: str
    parent_worktree: str
    no_parent: bool
    environment_worktree: str
    caller_terminal: str
    agent: str
    prompt: str
    def __init__(self, workspace: _Optional[str] = ..., name: _Optional[str] = ..., repo: _Optional[str] = ..., project: _Optional[str] = ..., directory: _Optional[str] = ..., base_branch: _Optional[str] = ..., setup: _Optional[_Union[CreateWorktreeRequest.Setup, str]] = ..., issue: _Optional[int] = ..., linear_issue: _Optional[str] = ..., comment: _Optional[str] = ..., parent_worktree: _Optional[str] = ..., no_parent: bool = ..., environment_worktree: _Optional[str] = ..., caller_terminal: _Optional[str] = ..., agent: _Optional[str] = ..., prompt: _Optional[str] = ...) -> None: ...

class CreateWorktreeResponse(_message.Message):
    __slots__ = ("worktree", "warnings", "startup_terminal")
    class StartupTerminal(_message.Message):
        __slots__ = ("spawned", "handle", "problem", "tab_id", "pane_key", "pty_id")
        SPAWNED_FIELD_NUMBER: _ClassVar[int]
        HANDLE_FIELD_NUMBER: _ClassVar[int]
        PROBLEM_FIELD_NUMBER: _ClassVar[int]
        TAB_ID_FIELD_NUMBER: _ClassVar[int]
        PANE_KEY_FIELD_NUMBER: _ClassVar[int]
        PTY_ID_FIELD_NUMBER: _ClassVar[int]
        spawned: bool
        handle: str
        problem: str
        tab_id: str
        pane_key: str
        pty_id: str
        def __init__(self, spawned: bool = ..., handle: _Optional[str] = ..., problem: _Optional[str] = ..., tab_id: _Optional[str] = ..., pane_key: _Optional[str] = ..., pty_id: _Optional[str] = ...) -> None: ...
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    STARTUP_TERMINAL_FIELD_NUMBER: _ClassVar[int]
    worktree: Worktree
    warnings: _containers.RepeatedCompositeFieldContainer[CheckoutWarning]
    startup_terminal: CreateWorktreeResponse.StartupTerminal
    def __init__(self, worktree: _Optional[_Union[Worktree, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[CheckoutWarning, _Mapping]]] = ..., startup_terminal: _Optional[_Union[CreateWorktreeResponse.StartupTerminal, _Mapping]] = ...) -> None: ...

class ListWorktreesRequest(_message.Message):
    __slots__ = ("workspace", "repo", "limit")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    REPO_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    repo: str
    limit: int
    def __init__(self, workspace: _Optional[str] = ..., repo: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListWorktreesResponse(_message.Message):
    __slots__ = ("worktrees", "total_count", "truncated")
    WORKTREES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    worktrees: _containers.RepeatedCompositeFieldContainer[Worktree]
    total_count: int
    truncated: bool
    def __init__(self, worktrees: _Optional[_Iterable[_Union[Worktree, _Mapping]]] = ..., total_count: _Optional[int] = ..., truncated: bool = ...) -> None: ...

class GetWorktreeRequest(_message.Message):
    __slots__ = ("workspace", "worktree", "status")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    worktree: str
    status: bool
    def __init__(self, workspace: _Optional[str] = ..., worktree: _Optional[str] = ..., status: bool = ...) -> None: ...

class GetWorktreeResponse(_message.Message):
    __slots__ = ("worktree", "status")
    class Status(_message.Message):
        __slots__ = ("uncommitted", "ahead", "behind", "missing")
        UNCOMMITTED_FIELD_NUMBER: _ClassVar[int]
        AHEAD_FIELD_NUMBER: _ClassVar[int]
        BEHIND_FIELD_NUMBER: _ClassVar[int]
        MISSING_FIELD_NUMBER: _ClassVar[int]
        uncommitted: _containers.RepeatedScalarFieldContainer[str]
        ahead: int
        behind: int
        missing: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, uncommitted: _Optional[_Iterable[str]] = ..., ahead: _Optional[int] = ..., behind: _Optional[int] = ..., missing: _Optional[_Iterable[str]] = ...) -> None: ...
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    worktree: Worktree
    status: GetWorktreeResponse.Status
    def __init__(self, worktree: _Optional[_Union[Worktree, _Mapping]] = ..., status: _Optional[_Union[GetWorktreeResponse.Status, _Mapping]] = ...) -> None: ...

class SetWorktreeRequest(_message.Message):
    __slots__ = ("workspace", "worktree", "display_name", "issue", "linear_issue", "comment", "workspace_status", "parent_worktree", "no_parent")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ISSUE_FIELD_NUMBER: _ClassVar[int]
    LINEAR_ISSUE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_STATUS_FIELD_NUMBER: _ClassVar[int]
    PARENT_WORKTREE_FIELD_NUMBER: _ClassVar[int]
    NO_PARENT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    worktree: str
    display_name: str
    issue: int
    linear_issue: str
    comment: str
    workspace_status: str
    parent_worktree: str
    no_parent: bool
    def __init__(self, workspace: _Optional[str] = ..., worktree: _Optional[str] = ..., display_name: _Optional[str] = ..., issue: _Optional[int] = ..., linear_issue: _Optional[str] = ..., comment: _Optional[str] = ..., workspace_status: _Optional[str] = ..., parent_worktree: _Optional[str] = ..., no_parent: bool = ...) -> None: ...

class SetWorktreeResponse(_message.Message):
    __slots__ = ("worktree",)
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    worktree: Worktree
    def __init__(self, worktree: _Optional[_Union[Worktree, _Mapping]] = ...) -> None: ...

class RemoveWorktreeRequest(_message.Message):
    __slots__ = ("workspace", "worktree", "force", "run_hooks")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    RUN_HOOKS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    worktree: str
    force: bool
    run_hooks: bool
    def __init__(self, workspace: _Optional[str] = ..., worktree: _Optional[str] = ..., force: bool = ..., run_hooks: bool = ...) -> None: ...

class RemoveWorktreeResponse(_message.Message):
    __slots__ = ("removed", "preserved_branch", "warning")
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    PRESERVED_BRANCH_FIELD_NUMBER: _ClassVar[int]
    WARNING_FIELD_NUMBER: _ClassVar[int]
    removed: bool
    preserved_branch: str
    warning: str
    def __init__(self, removed: bool = ..., preserved_branch: _Optional[str] = ..., warning: _Optional[str] = ...) -> None: ...

class WorktreeProcesses(_message.Message):
    __slots__ = ("worktree", "repo", "status", "live_terminal_count", "last_output_at", "agents")
    class AgentState(_message.Message):
        __slots__ = ("terminal", "state", "agent_type", "display_name", "state_started_at", "updated_at")
        TERMINAL_FIELD_NUMBER: _ClassVar[int]
        STATE_FIELD_NUMBER: _ClassVar[int]
        AGENT_TYPE_FIELD_NUMBER: _ClassVar[int]
        DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
        STATE_STARTED_AT_FIELD_NUMBER: _ClassVar[int]
        UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
        terminal: str
        state: str
        agent_type: str
        display_name: str
        state_started_at: _timestamp_pb2.Timestamp
        updated_at: _timestamp_pb2.Timestamp
        def __init__(self, terminal: _Optional[str] = ..., state: _Optional[str] = ..., agent_type: _Optional[str] = ..., display_name: _Optional[str] = ..., state_started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    REPO_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LIVE_TERMINAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_OUTPUT_AT_FIELD_NUMBER: _ClassVar[int]
    AGENTS_FIELD_NUMBER: _ClassVar[int]
    worktree: Worktree
    repo: str
    status: str
    live_terminal_count: int
    last_output_at: _timestamp_pb2.Timestamp
    agents: _containers.RepeatedCompositeFieldContainer[WorktreeProcesses.AgentState]
    def __init__(self, worktree: _Optional[_Union[Worktree, _Mapping]] = ..., repo: _Optional[str] = ..., status: _Optional[str] = ..., live_terminal_count: _Optional[int] = ..., last_output_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., agents: _Optional[_Iterable[_Union[WorktreeProcesses.AgentState, _Mapping]]] = ...) -> None: ...

class ListWorktreeProcessesRequest(_message.Message):
    __slots__ = ("workspace", "limit")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    limit: int
    def __init__(self, workspace: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListWorktreeProcessesResponse(_message.Message):
    __slots__ = ("worktrees", "total_count", "truncated")
    WORKTREES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    worktrees: _containers.RepeatedCompositeFieldContainer[WorktreeProcesses]
    total_count: int
    truncated: bool
    def __init__(self, worktrees: _Optional[_Iterable[_Union[WorktreeProcesses, _Mapping]]] = ..., total_count: _Optional[int] = ..., truncated: bool = ...) -> None: ...
