from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RunScriptRequest(_message.Message):
    __slots__ = ("workspace", "code", "timeout_ms", "dry_run", "can_ask", "answers")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    CAN_ASK_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    code: str
    timeout_ms: int
    dry_run: bool
    can_ask: bool
    answers: _containers.RepeatedCompositeFieldContainer[ScriptAnswer]
    def __init__(self, workspace: _Optional[str] = ..., code: _Optional[str] = ..., timeout_ms: _Optional[int] = ..., dry_run: bool = ..., can_ask: bool = ..., answers: _Optional[_Iterable[_Union[ScriptAnswer, _Mapping]]] = ...) -> None: ...

class ScriptAnswer(_message.Message):
    __slots__ = ("question", "action", "text")
    class Action(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[ScriptAnswer.Action]
        accept: _ClassVar[ScriptAnswer.Action]
        decline: _ClassVar[ScriptAnswer.Action]
        cancel: _ClassVar[ScriptAnswer.Action]
    unspecified: ScriptAnswer.Action
    accept: ScriptAnswer.Action
    decline: ScriptAnswer.Action
    cancel: ScriptAnswer.Action
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    question: str
    action: ScriptAnswer.Action
    text: str
    def __init__(self, question: _Optional[str] = ..., action: _Optional[_Union[ScriptAnswer.Action, str]] = ..., text: _Optional[str] = ...) -> None: ...

class RunScriptResponse(_message.Message):
    __slots__ = ("ok", "value", "logs", "calls", "error", "truncated", "cut_value", "lockdown", "duration_ms", "dry_run", "question")
    OK_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    CUT_VALUE_FIELD_NUMBER: _ClassVar[int]
    LOCKDOWN_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ok: bool
    value: _struct_pb2.Value
    logs: _containers.RepeatedCompositeFieldContainer[ScriptLog]
    calls: _containers.RepeatedCompositeFieldContainer[ScriptCall]
    error: ScriptFailure
    truncated: bool
    cut_value: str
    lockdown: _containers.RepeatedScalarFieldContainer[str]
    duration_ms: int
    dry_run: bool
    question: ScriptQuestion
    def __init__(self, ok: bool = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., logs: _Optional[_Iterable[_Union[ScriptLog, _Mapping]]] = ..., calls: _Optional[_Iterable[_Union[ScriptCall, _Mapping]]] = ..., error: _Optional[_Union[ScriptFailure, _Mapping]] = ..., truncated: bool = ..., cut_value: _Optional[str] = ..., lockdown: _Optional[_Iterable[str]] = ..., duration_ms: _Optional[int] = ..., dry_run: bool = ..., question: _Optional[_Union[ScriptQuestion, _Mapping]] = ...) -> None: ...

class ScriptQuestion(_message.Message):
    __slots__ = ("question", "options")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    question: str
    options: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, question: _Optional[str] = ..., options: _Optional[_Iterable[str]] = ...) -> None: ...

class ScriptLog(_message.Message):
    __slots__ = ("level", "text")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    level: str
    text: str
    def __init__(self, level: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class ScriptCall(_message.Message):
    __slots__ = ("number", "method", "duration_ms", "error_code", "has_effect", "is_done", "is_undone")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    ERROR_CODE_FIELD_NUMBER: _ClassVar[int]
    HAS_EFFECT_FIELD_NUMBER: _ClassVar[int]
    IS_DONE_FIELD_NUMBER: _ClassVar[int]
    IS_UNDONE_FIELD_NUMBER: _ClassVar[int]
    number: int
    method: str
    duration_ms: int
    error_code: str
    has_effect: bool
    is_done: bool
    is_undone: bool
    def __init__(self, number: _Optional[int] = ..., method: _Optional[str] = ..., duration_ms: _Optional[int] = ..., error_code: _Optional[str] = ..., has_effect: bool = ..., is_done: bool = ..., is_undone: bool = ...) -> None: ...

class ScriptFailure(_message.Message):
    __slots__ = ("name", "code", "message", "line", "column", "snippet", "hint")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    SNIPPET_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    name: str
    code: str
    message: str
    line: int
    column: int
    snippet: str
    hint: str
    def __init__(self, name: _Optional[str] = ..., code: _Optional[str] = ..., message: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., snippet: _Optional[str] = ..., hint: _Optional[str] = ...) -> None: ...

class SearchMethodsRequest(_message.Message):
    __slots__ = ("query", "limit", "declaration_tokens", "with_types")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    WITH_TYPES_FIELD_NUMBER: _ClassVar[int]
    query: str
    limit: int
    declaration_tokens: int
    with_types: bool
    def __init__(self, query: _Optional[str] = ..., limit: _Optional[int] = ..., declaration_tokens: _Optional[int] = ..., with_types: bool = ...) -> None: ...

class SearchMethodsResponse(_message.Message):
    __slots__ = ("methods", "introduction", "declarations", "types")
    METHODS_FIELD_NUMBER: _ClassVar[int]
    INTRODUCTION_FIELD_NUMBER: _ClassVar[int]
    DECLARATIONS_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    methods: _containers.RepeatedCompositeFieldContainer[MethodInfo]
    introduction: str
    declarations: str
    types: str
    def __init__(self, methods: _Optional[_Iterable[_Union[MethodInfo, _Mapping]]] = ..., introduction: _Optional[str] = ..., declarations: _Optional[str] = ..., types: _Optional[str] = ...) -> None: ...

class MethodInfo(_message.Message):
    __slots__ = ("name", "summary", "declaration")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    name: str
    summary: str
    declaration: str
    def __init__(self, name: _Optional[str] = ..., summary: _Optional[str] = ..., declaration: _Optional[str] = ...) -> None: ...
