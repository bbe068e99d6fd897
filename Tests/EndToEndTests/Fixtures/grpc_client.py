"""An outside client: gRPC's own Python library, with nothing of Orca's but what the reflection service tells it.

    grpc_client.py TARGET CHECK [TOKEN]

Prints what it found as one JSON object. TLS files, when TARGET is tls:HOST:PORT, come from $TLS_CA, $TLS_CERT, $TLS_KEY.
"""

import json
import os
import socket
import struct
import sys
import threading
import time

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

TARGET, CHECK = sys.argv[1], sys.argv[2]
TOKEN = sys.argv[3] if len(sys.argv) > 3 else None
OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)]
# Every call of a check must end.
PATIENCE = 30


def open_channel():
    if not TARGET.startswith("tls:"):
        return grpc.insecure_channel(TARGET, options=OPTIONS)

    def content(name):
        path = os.environ.get(name)
        return open(path, "rb").read() if path else None

    credentials = grpc.ssl_channel_credentials(content("TLS_CA"), content("TLS_KEY"), content("TLS_CERT"))
    return grpc.secure_channel(TARGET[4:], credentials, options=OPTIONS)


channel = open_channel()
metadata = [("authorization", "Bearer " + TOKEN)] if TOKEN else []


class Service:
    """Calls by name, with types from the server."""

    def __init__(self):
        self.database = ProtoReflectionDescriptorDatabase(channel)
        self.pool = descriptor_pool.DescriptorPool(self.database)

    def method(self, name):
        service, method = name.split(".")
        found = self.pool.FindServiceByName("orca.v1." + service).methods_by_name[method]
        request = message_factory.GetMessageClass(found.input_type)
        response = message_factory.GetMessageClass(found.output_type)
        make = channel.unary_stream if found.server_streaming else channel.unary_unary
        path = "/orca.v1.%s/%s" % (service, method)
        return request, make(
            path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)

    def call(self, name, *, once=None, timeout=PATIENCE, with_metadata=None, **fields):
        request, send = self.method(name)
        extra = list(metadata if with_metadata is None else with_metadata)
        if once:
            extra.append(("idempotency-key", once))
        return send(request(**fields), metadata=extra, timeout=timeout)

    def stream(self, name, *, timeout=PATIENCE, **fields):
        request, send = self.method(name)
        return send(request(**fields), metadata=metadata, timeout=timeout)


def failure(body):
    """Code, reason and category of the error that `body` ends with; nothing when it succeeds."""
    try:
        body()
    except grpc.RpcError as error:
        found = {"code": error.code().name, "text": error.details()}
        status = rpc_status.from_call(error)
        for detail in status.details if status else []:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                found.update(reason=info.reason, domain=info.domain, details=dict(info.metadata))
        return found
    return None


def check_crud():
    service = Service()
    service.call("ProjectService.CreateProject", key="API")
    made = [service.call("TaskService.CreateTask", project="API", title="Task %d" % n) for n in (1, 2)]
    again = [service.call("TaskService.CreateTask", once="once", project="API", title="Task 3") for _ in (1, 2)]
    claimed = service.call("TaskService.ClaimTask", task="API-1", agent="py")
    listed = service.call("TaskService.ListTasks", project="API", limit=2)
    rest = service.call("TaskService.ListTasks", project="API", limit=2, cursor=listed.next_cursor)
    return {
        "services": len(service.database.get_services()),
        "made": [answer.task.ref for answer in made],
        "same": again[0].task.id == again[1].task.id,
        "claimed": claimed.lease.task if hasattr(claimed, "lease") else str(claimed),
        "pages": [[task.ref for task in page.tasks] for page in (listed, rest)],
        "missing": failure(lambda: service.call("TaskService.GetTask", task="API-99")),
        "taken": failure(lambda: service.call("ProjectService.CreateProject", key="API")),
        "bad": failure(lambda: service.call("TaskService.CreateTask", project="API")),
    }


def check_stream():
    service = Service()
    stream = service.stream("EventService.WatchEvents", after=-1)
    head = dict(stream.initial_metadata())
    request, send = service.method("ProjectService.CreateProject")
    answer, call = send.with_call(request(key="ST"), metadata=metadata + [("x-request-id", "mine")], timeout=PATIENCE)
    first = next(stream)
    service.call("TaskService.CreateTask", project="ST", title="One")
    second = next(stream)
    stream.cancel()
    # What was missed meanwhile comes from the last sequence on, without a gap and without doubles.
    service.call("TaskService.CreateTask", project="ST", title="Two")
    resumed = service.stream("EventService.WatchEvents", after=second.event.sequence)
    third = next(resumed)
    resumed.cancel()
    return {
        "open": head.get("x-orca-stream"),
        "request": dict(call.initial_metadata()).get("x-request-id"),
        "types": [message.event.type for message in (first, second, third)],
        "ordered": first.event.sequence < second.event.sequence < third.event.sequence,
        "cancelled": failure(lambda: next(stream)),
    }


def check_deadlines():
    service = Service()
    last = service.call("EventService.ListEvents", limit=1, newest_first=True).last_sequence
    begin = time.monotonic()
    late = failure(lambda: service.call("EventService.ListEvents", timeout=0.3, after=last, wait_ms=20000))
    took = time.monotonic() - begin
    zero = failure(lambda: service.call("EventService.ListEvents", timeout=0, after=last, wait_ms=20000))
    stream = service.stream("EventService.WatchEvents", timeout=0.3, after=-1)
    ended = failure(lambda: list(stream))
    request, send = service.method("EventService.ListEvents")
    future = send.future(request(after=last, wait_ms=20000), metadata=metadata, timeout=PATIENCE)
    future.cancel()
    return {
        "late": late, "inTime": took < 10, "zero": zero, "stream": ended, "cancelled": future.cancelled(),
        # Whoever gave up is not served any more.
        "alive": service.call("ServerService.GetServerInfo").server.version != "",
    }


def raw(path, data, timeout=PATIENCE, extra=None):
    send = channel.unary_unary(path, request_serializer=lambda value: value, response_deserializer=lambda value: value)
    return send(data, metadata=metadata if extra is None else extra, timeout=timeout)


def check_refusals():
    service = Service()
    create = "/orca.v1.TaskService/CreateTask"
    # Field 1999 is of no version: it is skipped, and the call is carried out.
    unknown = bytes.fromhex("fa7c") + b"\x03abc"
    info = raw("/orca.v1.ServerService/GetServerInfo", unknown)
    return {
        "garbage": failure(lambda: raw(create, b"\xff\xff\xff")),
        "truncated": failure(lambda: raw(create, b"\x0a\x7fabc")),
        "notUTF8": failure(lambda: raw(create, b"\x0a\x02\xff\xfe")),
        "noMethod": failure(lambda: raw("/orca.v1.TaskService/Nothing", b"")),
        "noService": failure(lambda: raw("/nobody.Nothing/Nothing", b"")),
        "slightlyTooLarge": failure(lambda: raw(create, b"\x00" * ((32 << 20) + 1))),
        "farTooLarge": failure(lambda: raw(create, b"\x00" * (40 << 20))),
        "badKey": failure(lambda: service.call("TaskService.CreateTask", once="with space", project="API", title="x")),
        "unknownField": len(info) > 0,
        "alive": service.call("ServerService.GetServerInfo").server.version != "",
        # Also ends the connection, as it does over HTTP.
        "manyHeaders": failure(lambda: raw(create, b"", extra=metadata + [("x-filler-%d" % n, "y" * 4000) for n in range(8)])),
    }


def check_tokens():
    """Over TCP; TOKEN is good."""
    service = Service()

    def ask(*headers):
        return failure(lambda: service.call("ServerService.GetServerInfo", with_metadata=list(headers)))

    return {
        "none": ask(),
        "wrong": ask(("authorization", "Bearer wrong")),
        "malformed": ask(("authorization", "Basic abc")),
        "twice": ask(("authorization", "Bearer " + TOKEN), ("authorization", "Bearer " + TOKEN)),
        "good": ask(("authorization", "Bearer " + TOKEN)),
        "scope": failure(lambda: service.call("ServerService.StopServer")),
        "health": health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE).status,
    }


def check_health():
    """Watches until the server says that it stops, which whoever started this does after the first line."""
    stub = health_pb2_grpc.HealthStub(channel)
    one = stub.Check(health_pb2.HealthCheckRequest(service="orca.v1.TaskService"), timeout=PATIENCE).status
    unknown = failure(lambda: stub.Check(health_pb2.HealthCheckRequest(service="nobody"), timeout=PATIENCE))
    strange = next(stub.Watch(health_pb2.HealthCheckRequest(service="nobody"), timeout=PATIENCE)).status
    events = Service().stream("EventService.WatchEvents", after=-1, timeout=PATIENCE)
    events.initial_metadata()
    watch = stub.Watch(health_pb2.HealthCheckRequest(), timeout=PATIENCE)
    seen = [next(watch).status]
    print("watching", flush=True)
    for answer in watch:
        seen.append(answer.status)
    return {
        "one": one, "unknown": unknown, "strange": strange, "seen": seen, "stream": failure(lambda: list(events)),
        "code": watch.code().name,
    }


def check_drain():
    """A long poll is in flight when whoever started this ends the server; others knock until they are refused."""
    service = Service()
    last = service.call("EventService.ListEvents", limit=1, newest_first=True).last_sequence
    request, send = service.method("EventService.ListEvents")
    info, _ = service.method("ServerService.GetServerInfo")
    health = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=PATIENCE)
    next(health)
    # Less than the time that the server gives to calls in flight.
    future = send.future(request(after=last, wait_ms=4000), metadata=metadata, timeout=PATIENCE)
    assert next(health).status == health_pb2.HealthCheckResponse.NOT_SERVING
    in_flight = not future.done()

    def knock(with_channel):
        made = with_channel.unary_unary("/orca.v1.ServerService/GetServerInfo", request_serializer=info.SerializeToString)
        return failure(lambda: made(info(), metadata=metadata, timeout=PATIENCE))

    # The connection that is there may take one more until the server has said on it that it is enough; while it says so, it
    # drops calls without having begun them.
    refused = None
    while refused is None or refused == {"code": "CANCELLED", "text": "CANCELLED"}:
        refused = knock(channel)
    found = {"inFlight": in_flight, "refused": refused, "fresh": knock(open_channel())}
    answer = future.result()
    return dict(found, code=future.code().name, answer=len(answer.events))


def check_slow():
    """Takes nothing of a stream for a while; the server must serve others, and end or go on with this one."""
    service = Service()
    service.call("ProjectService.CreateProject", key="SLOW")
    stream = service.stream("EventService.WatchEvents", after=0)
    first = next(stream)
    request, send = service.method("ServerService.GetServerInfo")
    begin = time.monotonic()
    for _ in range(200):
        send(request(), metadata=metadata, timeout=PATIENCE)
    took = time.monotonic() - begin
    create, send = service.method("TaskService.CreateTask")
    calls = [
        send.future(create(project="SLOW", title="x", spec="y" * 2000), metadata=metadata, timeout=PATIENCE)
        for _ in range(600)]
    for call in calls:
        call.result()
    last = service.call("EventService.ListEvents", limit=1, newest_first=True).last_sequence
    seen = [first.event.sequence]
    while seen[-1] < last:
        seen.append(next(stream).event.sequence)
    stream.cancel()
    return {"complete": seen == list(range(seen[0], last + 1)), "count": len(seen), "quick": took < 15}


def connect():
    if TARGET.startswith("unix:"):
        found = socket.socket(socket.AF_UNIX)
        found.connect(TARGET[5:])
        return found
    host, port = TARGET.rsplit(":", 1)
    return socket.create_connection((host, int(port)))


def check_idle():
    """More connections than the server has descriptors, all silent, then all closed."""
    opened = []
    for _ in range(400):
        try:
            found = connect()
            found.settimeout(5)
            opened.append(found)
        except OSError:
            break
    count = len(opened)
    for found in opened:
        found.close()
    return {"opened": count, "version": Service().call("ServerService.GetServerInfo").server.version}


def check_storm():
    """Connections that are reset at once, from several threads."""

    def storm():
        for _ in range(750):
            try:
                found = connect()
                # Closing resets the connection instead of ending it.
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                found.close()
            except OSError:
                pass

    threads = [threading.Thread(target=storm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"version": Service().call("ServerService.GetServerInfo").server.version}


print(json.dumps(globals()["check_" + CHECK]()), flush=True)
os._exit(0)  # the library's threads have nothing to say any more
