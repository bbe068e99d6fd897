import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from orca.v1 import server_pb2 as _server_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Terminal(_message.Message):
    __slots__ = ("handle", "workspace", "tab_id", "leaf_id", "pane_id", "process_id", "agent_kind", "agent", "title", "program_title", "command", "directory", "worktree", "state", "state_evidence", "state_since", "blocked_reason", "agent_alive", "exit_code", "created_at", "last_output_at", "ended_at", "preview", "created_by", "ready", "server")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Terminal.State]
        starting: _ClassVar[Terminal.State]
        idle: _ClassVar[Terminal.State]
        working: _ClassVar[Terminal.State]
        waiting_input: _ClassVar[Terminal.State]
        permission: _ClassVar[Terminal.State]
        rate_limited: _ClassVar[Terminal.State]
        exited: _ClassVar[Terminal.State]
    unspecified: Terminal.State
    starting: Terminal.State
    idle: Terminal.State
    working: Terminal.State
    waiting_input: Terminal.State
    permission: Terminal.State
    rate_limited: Terminal.State
    exited: Terminal.State
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TAB_ID_FIELD_NUMBER: _ClassVar[int]
    LEAF_ID_FIELD_NUMBER: _ClassVar[int]
    PANE_ID_FIELD_NUMBER: _ClassVar[int]
    PROCESS_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_KIND_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_TITLE_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STATE_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_SINCE_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_REASON_FIELD_NUMBER: _ClassVar[int]
    AGENT_ALIVE_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_OUTPUT_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    READY_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    handle: str
    workspace: str
    tab_id: str
    leaf_id: str
    pane_id: str
    process_id: int
    agent_kind: str
    agent: str
    title: str
    program_title: str
    command: str
    directory: str
    worktree: str
    state: Terminal.State
    state_evidence: str
    state_since: _timestamp_pb2.Timestamp
    blocked_reason: str
    agent_alive: bool
    exit_code: int
    created_at: _timestamp_pb2.Timestamp
    last_output_at: _timestamp_pb2.Timestamp
    ended_at: _timestamp_pb2.Timestamp
    preview: str
    created_by: str
    ready: bool
    server: _server_pb2.ServerPlace
    def __init__(self, handle: _Optional[str] = ..., workspace: _Optional[str] = ..., tab_id: _Optional[str] = ..., leaf_id: _Optional[str] = ..., pane_id: _Optional[str] = ..., process_id: _Optional[int] = ..., agent_kind: _Optional[str] = ..., agent: _Optional[str] = ..., title: _Optional[str] = ..., program_title: _Optional[str] = ..., command: _Optional[str] = ..., directory: _Optional[str] = ..., worktree: _Optional[str] = ..., state: _Optional[_Union[Terminal.State, str]] = ..., state_evidence: _Optional[str] = ..., state_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., blocked_reason: _Optional[str] = ..., agent_alive: bool = ..., exit_code: _Optional[int] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_output_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., preview: _Optional[str] = ..., created_by: _Optional[str] = ..., ready: bool = ..., server: _Optional[_Union[_server_pb2.ServerPlace, _Mapping]] = ...) -> None: ...

class CreateTerminalRequest(_message.Message):
    __slots__ = ("workspace", "directory", "worktree", "title", "command", "arguments", "environment", "columns", "rows", "agent_kind", "focus")
    class EnvironmentEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    AGENT_KIND_FIELD_NUMBER: _ClassVar[int]
    FOCUS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    directory: str
    worktree: str
    title: str
    command: str
    arguments: _containers.RepeatedScalarFieldContainer[str]
    environment: _containers.ScalarMap[str, str]
    columns: int
    rows: int
    agent_kind: str
    focus: bool
    def __init__(self, workspace: _Optional[str] = ..., directory: _Optional[str] = ..., worktree: _Optional[str] = ..., title: _Optional[str] = ..., command: _Optional[str] = ..., arguments: _Optional[_Iterable[str]] = ..., environment: _Optional[_Mapping[str, str]] = ..., columns: _Optional[int] = ..., rows: _Optional[int] = ..., agent_kind: _Optional[str] = ..., focus: bool = ...) -> None: ...

class CreateTerminalResponse(_message.Message):
    __slots__ = ("terminal", "warning")
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    WARNING_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    warning: str
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ..., warning: _Optional[str] = ...) -> None: ...

class ListTerminalsRequest(_message.Message):
    __slots__ = ("workspace", "worktree", "limit", "directory")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    worktree: str
    limit: int
    directory: str
    def __init__(self, workspace: _Optional[str] = ..., worktree: _Optional[str] = ..., limit: _Optional[int] = ..., directory: _Optional[str] = ...) -> None: ...

class ListTerminalsResponse(_message.Message):
    __slots__ = ("terminals", "total_count", "truncated")
    TERMINALS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    terminals: _containers.RepeatedCompositeFieldContainer[Terminal]
    total_count: int
    truncated: bool
    def __init__(self, terminals: _Optional[_Iterable[_Union[Terminal, _Mapping]]] = ..., total_count: _Optional[int] = ..., truncated: bool = ...) -> None: ...

class GetTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ...) -> None: ...

class GetTerminalResponse(_message.Message):
    __slots__ = ("terminal",)
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class ReadTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "cursor", "limit", "screen")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    SCREEN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    cursor: int
    limit: int
    screen: bool
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., cursor: _Optional[int] = ..., limit: _Optional[int] = ..., screen: bool = ...) -> None: ...

class ReadTerminalResponse(_message.Message):
    __slots__ = ("status", "lines", "limited", "truncated", "oldest_cursor", "next_cursor", "latest_cursor", "from_screen", "cursor_column", "cursor_row")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    LIMITED_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    OLDEST_CURSOR_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    LATEST_CURSOR_FIELD_NUMBER: _ClassVar[int]
    FROM_SCREEN_FIELD_NUMBER: _ClassVar[int]
    CURSOR_COLUMN_FIELD_NUMBER: _ClassVar[int]
    CURSOR_ROW_FIELD_NUMBER: _ClassVar[int]
    status: str
    lines: _containers.RepeatedScalarFieldContainer[str]
    limited: bool
    truncated: bool
    oldest_cursor: int
    next_cursor: int
    latest_cursor: int
    from_screen: bool
    cursor_column: int
    cursor_row: int
    def __init__(self, status: _Optional[str] = ..., lines: _Optional[_Iterable[str]] = ..., limited: bool = ..., truncated: bool = ..., oldest_cursor: _Optional[int] = ..., next_cursor: _Optional[int] = ..., latest_cursor: _Optional[int] = ..., from_screen: bool = ..., cursor_column: _Optional[int] = ..., cursor_row: _Optional[int] = ...) -> None: ...

class SendTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "text", "enter", "interrupt", "key", "force", "verify_ms")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ENTER_FIELD_NUMBER: _ClassVar[int]
    INTERRUPT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    VERIFY_MS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    text: str
    enter: bool
    interrupt: bool
    key: str
    force: bool
    verify_ms: int
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., text: _Optional[str] = ..., enter: bool = ..., interrupt: bool = ..., key: _Optional[str] = ..., force: bool = ..., verify_ms: _Optional[int] = ...) -> None: ...

class SendTerminalResponse(_message.Message):
    __slots__ = ("accepted", "bytes_written", "refused_reason", "stage", "explanation")
    class Stage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[SendTerminalResponse.Stage]
        refused: _ClassVar[SendTerminalResponse.Stage]
        written: _ClassVar[SendTerminalResponse.Stage]
        submitted: _ClassVar[SendTerminalResponse.Stage]
        unconfirmed: _ClassVar[SendTerminalResponse.Stage]
    unspecified: SendTerminalResponse.Stage
    refused: SendTerminalResponse.Stage
    written: SendTerminalResponse.Stage
    submitted: SendTerminalResponse.Stage
    unconfirmed: SendTerminalResponse.Stage
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    BYTES_WRITTEN_FIELD_NUMBER: _ClassVar[int]
    REFUSED_REASON_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    accepted: bool
    bytes_written: int
    refused_reason: str
    stage: SendTerminalResponse.Stage
    explanation: str
    def __init__(self, accepted: bool = ..., bytes_written: _Optional[int] = ..., refused_reason: _Optional[str] = ..., stage: _Optional[_Union[SendTerminalResponse.Stage, str]] = ..., explanation: _Optional[str] = ...) -> None: ...

class WaitTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "condition", "wait_ms")
    class Condition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[WaitTerminalRequest.Condition]
        exit: _ClassVar[WaitTerminalRequest.Condition]
        tui_idle: _ClassVar[WaitTerminalRequest.Condition]
    unspecified: WaitTerminalRequest.Condition
    exit: WaitTerminalRequest.Condition
    tui_idle: WaitTerminalRequest.Condition
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    condition: WaitTerminalRequest.Condition
    wait_ms: int
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., condition: _Optional[_Union[WaitTerminalRequest.Condition, str]] = ..., wait_ms: _Optional[int] = ...) -> None: ...

class WaitTerminalResponse(_message.Message):
    __slots__ = ("satisfied", "timed_out", "status", "exit_code", "blocked_reason")
    SATISFIED_FIELD_NUMBER: _ClassVar[int]
    TIMED_OUT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_REASON_FIELD_NUMBER: _ClassVar[int]
    satisfied: bool
    timed_out: bool
    status: str
    exit_code: int
    blocked_reason: str
    def __init__(self, satisfied: bool = ..., timed_out: bool = ..., status: _Optional[str] = ..., exit_code: _Optional[int] = ..., blocked_reason: _Optional[str] = ...) -> None: ...

class SplitTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "direction", "command")
    class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        horizontal: _ClassVar[SplitTerminalRequest.Direction]
        vertical: _ClassVar[SplitTerminalRequest.Direction]
    horizontal: SplitTerminalRequest.Direction
    vertical: SplitTerminalRequest.Direction
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    direction: SplitTerminalRequest.Direction
    command: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., direction: _Optional[_Union[SplitTerminalRequest.Direction, str]] = ..., command: _Optional[str] = ...) -> None: ...

class SplitTerminalResponse(_message.Message):
    __slots__ = ("terminal",)
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class StopTerminalsRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "worktree", "directory")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    WORKTREE_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    worktree: str
    directory: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., worktree: _Optional[str] = ..., directory: _Optional[str] = ...) -> None: ...

class StopTerminalsResponse(_message.Message):
    __slots__ = ("stopped",)
    STOPPED_FIELD_NUMBER: _ClassVar[int]
    stopped: int
    def __init__(self, stopped: _Optional[int] = ...) -> None: ...

class CloseTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ...) -> None: ...

class CloseTerminalResponse(_message.Message):
    __slots__ = ("tab_id", "ended")
    TAB_ID_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    tab_id: str
    ended: bool
    def __init__(self, tab_id: _Optional[str] = ..., ended: bool = ...) -> None: ...

class RenameTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "title")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    title: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., title: _Optional[str] = ...) -> None: ...

class RenameTerminalResponse(_message.Message):
    __slots__ = ("terminal",)
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class FocusTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ...) -> None: ...

class FocusTerminalResponse(_message.Message):
    __slots__ = ("terminal",)
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class AttachTerminalRequest(_message.Message):
    __slots__ = ("workspace", "terminal")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ...) -> None: ...

class AttachTerminalResponse(_message.Message):
    __slots__ = ("command",)
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    command: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, command: _Optional[_Iterable[str]] = ...) -> None: ...

class ReportHookRequest(_message.Message):
    __slots__ = ("workspace", "terminal", "event", "detail", "agent_kind")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    AGENT_KIND_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    terminal: str
    event: str
    detail: str
    agent_kind: str
    def __init__(self, workspace: _Optional[str] = ..., terminal: _Optional[str] = ..., event: _Optional[str] = ..., detail: _Optional[str] = ..., agent_kind: _Optional[str] = ...) -> None: ...

class ReportHookResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetTerminalHealthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetTerminalHealthResponse(_message.Message):
    __slots__ = ("version", "running", "process_id", "socket", "terminal_count", "problem")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    PROCESS_ID_FIELD_NUMBER: _ClassVar[int]
    SOCKET_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    version: str
    running: bool
    process_id: int
    socket: str
    terminal_count: int
    problem: str
    def __init__(self, version: _Optional[str] = ..., running: bool = ..., process_id: _Optional[int] = ..., socket: _Optional[str] = ..., terminal_count: _Optional[int] = ..., problem: _Optional[str] = ...) -> None: ...
