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

class Message(_message.Message):
    __slots__ = ("id", "workspace", "sequence", "to", "type", "priority", "subject", "body", "payload", "thread", "delivery", "created_at", "injected_at", "submitted_at", "read_at", "acknowledged_at")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[Message.Kind]
        status: _ClassVar[Message.Kind]
        dispatch: _ClassVar[Message.Kind]
        worker_done: _ClassVar[Message.Kind]
        merge_ready: _ClassVar[Message.Kind]
        escalation: _ClassVar[Message.Kind]
        handoff: _ClassVar[Message.Kind]
        decision_gate: _ClassVar[Message.Kind]
        heartbeat: _ClassVar[Message.Kind]
    unspecified: Message.Kind
    status: Message.Kind
    dispatch: Message.Kind
    worker_done: Message.Kind
    merge_ready: Message.Kind
    escalation: Message.Kind
    handoff: Message.Kind
    decision_gate: Message.Kind
    heartbeat: Message.Kind
    class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unsaid: _ClassVar[Message.Priority]
        normal: _ClassVar[Message.Priority]
        high: _ClassVar[Message.Priority]
        urgent: _ClassVar[Message.Priority]
    unsaid: Message.Priority
    normal: Message.Priority
    high: Message.Priority
    urgent: Message.Priority
    class Delivery(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unknown: _ClassVar[Message.Delivery]
        queued: _ClassVar[Message.Delivery]
        injected: _ClassVar[Message.Delivery]
        submitted: _ClassVar[Message.Delivery]
        read: _ClassVar[Message.Delivery]
        acknowledged: _ClassVar[Message.Delivery]
    unknown: Message.Delivery
    queued: Message.Delivery
    injected: Message.Delivery
    submitted: Message.Delivery
    read: Message.Delivery
    acknowledged: Message.Delivery
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    INJECTED_AT_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_AT_FIELD_NUMBER: _ClassVar[int]
    READ_AT_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace: str
    sequence: int
    to: str
    type: Message.Kind
    priority: Message.Priority
    subject: str
    body: str
    payload: str
    thread: str
    delivery: Message.Delivery
    created_at: _timestamp_pb2.Timestamp
    injected_at: _timestamp_pb2.Timestamp
    submitted_at: _timestamp_pb2.Timestamp
    read_at: _timestamp_pb2.Timestamp
    acknowledged_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., workspace: _Optional[str] = ..., sequence: _Optional[int] = ..., to: _Optional[str] = ..., type: _Optional[_Union[Message.Kind, str]] = ..., priority: _Optional[_Union[Message.Priority, str]] = ..., subject: _Optional[str] = ..., body: _Optional[str] = ..., payload: _Optional[str] = ..., thread: _Optional[str] = ..., delivery: _Optional[_Union[Message.Delivery, str]] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., injected_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., submitted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., read_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., acknowledged_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., **kwargs) -> None: ...

class SendMessageRequest(_message.Message):
    __slots__ = ("workspace", "to", "subject", "body", "type", "priority", "payload", "thread", "outcome", "run")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unsaid: _ClassVar[SendMessageRequest.Outcome]
        succeeded: _ClassVar[SendMessageRequest.Outcome]
        failed: _ClassVar[SendMessageRequest.Outcome]
    unsaid: SendMessageRequest.Outcome
    succeeded: SendMessageRequest.Outcome
    failed: SendMessageRequest.Outcome
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    to: str
    subject: str
    body: str
    type: Message.Kind
    priority: Message.Priority
    payload: str
    thread: str
    outcome: SendMessageRequest.Outcome
    run: str
    def __init__(self, workspace: _Optional[str] = ..., to: _Optional[str] = ..., subject: _Optional[str] = ..., body: _Optional[str] = ..., type: _Optional[_Union[Message.Kind, str]] = ..., priority: _Optional[_Union[Message.Priority, str]] = ..., payload: _Optional[str] = ..., thread: _Optional[str] = ..., outcome: _Optional[_Union[SendMessageRequest.Outcome, str]] = ..., run: _Optional[str] = ..., **kwargs) -> None: ...

class SendMessageResponse(_message.Message):
    __slots__ = ("messages", "gone", "lifecycle", "is_group")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    GONE_FIELD_NUMBER: _ClassVar[int]
    LIFECYCLE_FIELD_NUMBER: _ClassVar[int]
    IS_GROUP_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    gone: _containers.RepeatedScalarFieldContainer[str]
    lifecycle: Lifecycle
    is_group: bool
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., gone: _Optional[_Iterable[str]] = ..., lifecycle: _Optional[_Union[Lifecycle, _Mapping]] = ..., is_group: bool = ...) -> None: ...

class Lifecycle(_message.Message):
    __slots__ = ("accepted", "code", "reason", "task", "attempt")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    accepted: bool
    code: str
    reason: str
    task: str
    attempt: str
    def __init__(self, accepted: bool = ..., code: _Optional[str] = ..., reason: _Optional[str] = ..., task: _Optional[str] = ..., attempt: _Optional[str] = ...) -> None: ...

class ReplyMessageRequest(_message.Message):
    __slots__ = ("workspace", "message", "body")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    message: str
    body: str
    def __init__(self, workspace: _Optional[str] = ..., message: _Optional[str] = ..., body: _Optional[str] = ..., **kwargs) -> None: ...

class ReplyMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class TakeMessagesRequest(_message.Message):
    __slots__ = ("workspace", "recipient", "delivery", "types", "wait_ms", "peek", "hold")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    PEEK_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    recipient: str
    delivery: str
    types: _containers.RepeatedScalarFieldContainer[Message.Kind]
    wait_ms: int
    peek: bool
    hold: bool
    def __init__(self, workspace: _Optional[str] = ..., recipient: _Optional[str] = ..., delivery: _Optional[str] = ..., types: _Optional[_Iterable[_Union[Message.Kind, str]]] = ..., wait_ms: _Optional[int] = ..., peek: bool = ..., hold: bool = ...) -> None: ...

class TakeMessagesResponse(_message.Message):
    __slots__ = ("messages", "formatted")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    FORMATTED_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    formatted: str
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., formatted: _Optional[str] = ...) -> None: ...

class MarkMessagesRequest(_message.Message):
    __slots__ = ("workspace", "recipient", "delivery", "acknowledge", "messages")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGE_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    recipient: str
    delivery: str
    acknowledge: bool
    messages: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, workspace: _Optional[str] = ..., recipient: _Optional[str] = ..., delivery: _Optional[str] = ..., acknowledge: bool = ..., messages: _Optional[_Iterable[str]] = ...) -> None: ...

class MarkMessagesResponse(_message.Message):
    __slots__ = ("messages",)
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("workspace", "recipient", "thread", "limit", "before")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    recipient: str
    thread: str
    limit: int
    before: int
    def __init__(self, workspace: _Optional[str] = ..., recipient: _Optional[str] = ..., thread: _Optional[str] = ..., limit: _Optional[int] = ..., before: _Optional[int] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "formatted")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    FORMATTED_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    formatted: str
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., formatted: _Optional[str] = ...) -> None: ...

class AskQuestionRequest(_message.Message):
    __slots__ = ("workspace", "to", "question", "options")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    to: str
    question: str
    options: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, workspace: _Optional[str] = ..., to: _Optional[str] = ..., question: _Optional[str] = ..., options: _Optional[_Iterable[str]] = ..., **kwargs) -> None: ...

class AskQuestionResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class ListQuestionsRequest(_message.Message):
    __slots__ = ("workspace", "recipient", "limit")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    recipient: str
    limit: int
    def __init__(self, workspace: _Optional[str] = ..., recipient: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListQuestionsResponse(_message.Message):
    __slots__ = ("questions",)
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    questions: _containers.RepeatedCompositeFieldContainer[OpenQuestion]
    def __init__(self, questions: _Optional[_Iterable[_Union[OpenQuestion, _Mapping]]] = ...) -> None: ...

class OpenQuestion(_message.Message):
    __slots__ = ("message", "question", "options", "task_ref")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TASK_REF_FIELD_NUMBER: _ClassVar[int]
    message: Message
    question: str
    options: _containers.RepeatedScalarFieldContainer[str]
    task_ref: str
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ..., question: _Optional[str] = ..., options: _Optional[_Iterable[str]] = ..., task_ref: _Optional[str] = ...) -> None: ...

class AwaitAnswerRequest(_message.Message):
    __slots__ = ("workspace", "question", "wait_ms")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[AwaitAnswerRequest.Status]
        pending: _ClassVar[AwaitAnswerRequest.Status]
        answered: _ClassVar[AwaitAnswerRequest.Status]
        closed: _ClassVar[AwaitAnswerRequest.Status]
    unspecified: AwaitAnswerRequest.Status
    pending: AwaitAnswerRequest.Status
    answered: AwaitAnswerRequest.Status
    closed: AwaitAnswerRequest.Status
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    question: str
    wait_ms: int
    def __init__(self, workspace: _Optional[str] = ..., question: _Optional[str] = ..., wait_ms: _Optional[int] = ...) -> None: ...

class AwaitAnswerResponse(_message.Message):
    __slots__ = ("status", "answer")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    status: AwaitAnswerRequest.Status
    answer: Message
    def __init__(self, status: _Optional[_Union[AwaitAnswerRequest.Status, str]] = ..., answer: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class MarkAnswerRequest(_message.Message):
    __slots__ = ("workspace", "question")
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    question: str
    def __init__(self, workspace: _Optional[str] = ..., question: _Optional[str] = ...) -> None: ...

class MarkAnswerResponse(_message.Message):
    __slots__ = ("answer",)
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    answer: Message
    def __init__(self, answer: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class ResetOrchestrationRequest(_message.Message):
    __slots__ = ("workspace", "project", "scope")
    class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        unspecified: _ClassVar[ResetOrchestrationRequest.Scope]
        all: _ClassVar[ResetOrchestrationRequest.Scope]
        tasks: _ClassVar[ResetOrchestrationRequest.Scope]
        messages: _ClassVar[ResetOrchestrationRequest.Scope]
    unspecified: ResetOrchestrationRequest.Scope
    all: ResetOrchestrationRequest.Scope
    tasks: ResetOrchestrationRequest.Scope
    messages: ResetOrchestrationRequest.Scope
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    workspace: str
    project: str
    scope: ResetOrchestrationRequest.Scope
    def __init__(self, workspace: _Optional[str] = ..., project: _Optional[str] = ..., scope: _Optional[_Union[ResetOrchestrationRequest.Scope, str]] = ...) -> None: ...

class ResetOrchestrationResponse(_message.Message):
    __slots__ = ("messages", "tasks")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    messages: int
    tasks: int
    def __init__(self, messages: _Optional[int] = ..., tasks: _Optional[int] = ...) -> None: ...
