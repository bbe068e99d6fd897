#include "call.hpp"
#include "server.hpp"

using shim::Clock;

rpc_call::rpc_call(rpc_server *server, grpc::GenericCallbackServerContext *context)
    : server(server), context(context) {}

void rpc_call::start() {
    due = Clock::now() + std::chrono::milliseconds(server->options.limits.request_ms);
    server->add(this);
    StartRead(&incoming);
}

// --- What the library reports

void rpc_call::OnReadDone(bool ok) {
    rpc_received waiting = nullptr;
    void *waiting_context = nullptr;
    bool is_first = false;
    {
        std::lock_guard<std::mutex> guard(lock);
        // Not `has_begun`: while the call begins on this thread, its handler may already read on another one.
        is_first = !was_read;
        was_read = true;
        if (is_first) {
            due = {};
        } else {
            std::swap(waiting, received);
            waiting_context = received_context;
        }
    }
    if (is_first) return begin(ok);
    if (waiting == nullptr) return;
    if (!ok) return waiting(waiting_context, nullptr, 0, 0);
    grpc::ByteBuffer message;
    message.Swap(&incoming);
    shim::with_bytes(message, [&](const uint8_t *bytes, size_t count) { waiting(waiting_context, bytes, count, 1); });
}

void rpc_call::begin(bool has_message) {
    {
        std::lock_guard<std::mutex> guard(lock);
        if (is_cancelled || is_finished) {
            has_begun = true;
            was_told = true;
            if (!is_finished) {
                is_finished = true;
                Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the call was cancelled"));
            }
            return;
        }
    }
    void *answer = nullptr;
    if (has_message) {
        grpc::ByteBuffer message;
        message.Swap(&incoming);
        shim::with_bytes(message, [&](const uint8_t *bytes, size_t count) {
            answer = server->options.begin(server->options.context, this, bytes, count);
        });
    } else {
        answer = server->options.begin(server->options.context, this, nullptr, 0);
    }
    bool tells = false;
    bool tells_done = false;
    {
        std::lock_guard<std::mutex> guard(lock);
        has_begun = true;
        user = answer;
        // Both may have come while the call began.
        tells = is_cancelled && !was_told && !is_over;
        if (tells) was_told = true;
        tells_done = is_over;
    }
    if (tells) server->options.cancelled(answer);
    if (tells_done) {
        server->options.done(answer);
        release();
    }
}

void rpc_call::OnWriteDone(bool ok) {
    rpc_written waiting = nullptr;
    void *waiting_context = nullptr;
    {
        std::lock_guard<std::mutex> guard(lock);
        due = {};
        std::swap(waiting, written);
        waiting_context = written_context;
        outgoing.Clear();
    }
    if (waiting != nullptr) waiting(waiting_context, ok ? 1 : 0);
}

void rpc_call::OnCancel() {
    void *told = nullptr;
    {
        std::lock_guard<std::mutex> guard(lock);
        is_cancelled = true;
        int none = RPC_RUNS;
        bool is_late = context != nullptr && context->deadline() <= std::chrono::system_clock::now();
        end_reason.compare_exchange_strong(none, is_late ? RPC_TIME_OVER : RPC_CLIENT_LEFT);
        if (!has_begun || was_told) return;
        was_told = true;
        told = user;
    }
    server->options.cancelled(told);
}

void rpc_call::OnDone() {
    server->remove(this);
    void *told = nullptr;
    bool has_user = false;
    {
        std::lock_guard<std::mutex> guard(lock);
        is_over = true;
        is_finished = true;
        context = nullptr;
        has_user = has_begun;
        told = user;
        // `begin` is still on its way and reports the end itself.
        if (!has_begun) return;
    }
    if (has_user && told != nullptr) server->options.done(told);
    release();
}

// --- What is asked of the call

bool rpc_call::write(const uint8_t *bytes, size_t count, bool more, rpc_written done, void *done_context) {
    std::lock_guard<std::mutex> guard(lock);
    if (is_finished || is_cancelled || written != nullptr) return false;
    written = done;
    written_context = done_context;
    due = Clock::now() + std::chrono::milliseconds(server->options.limits.write_ms);
    outgoing = shim::buffer(bytes, count);
    grpc::WriteOptions how;
    if (more) how.set_buffer_hint();
    StartWrite(&outgoing, how);
    return true;
}

void rpc_call::add_header(const char *name, const char *value) {
    std::lock_guard<std::mutex> guard(lock);
    if (!is_finished && context != nullptr) context->AddInitialMetadata(name, value);
}

void rpc_call::send_head() {
    std::lock_guard<std::mutex> guard(lock);
    if (!is_finished && !is_cancelled) StartSendInitialMetadata();
}

bool rpc_call::read(rpc_received done, void *done_context) {
    std::lock_guard<std::mutex> guard(lock);
    if (is_finished || is_cancelled || received != nullptr) return false;
    received = done;
    received_context = done_context;
    StartRead(&incoming);
    return true;
}

bool rpc_call::finish(const uint8_t *bytes, size_t count, const grpc::Status &status) {
    std::lock_guard<std::mutex> guard(lock);
    if (is_finished) return false;
    is_finished = true;
    // A write that still waits keeps its buffer; a last message has one of its own.
    if (bytes != nullptr && written == nullptr && !is_cancelled) {
        outgoing = shim::buffer(bytes, count);
        StartWriteAndFinish(&outgoing, grpc::WriteOptions(), status);
    } else {
        Finish(status);
    }
    return true;
}

void rpc_call::end(rpc_end reason) {
    std::lock_guard<std::mutex> guard(lock);
    if (is_finished || context == nullptr) return;
    int none = RPC_RUNS;
    end_reason.compare_exchange_strong(none, reason);
    context->TryCancel();
}

void rpc_call::check_time(Clock::time_point now) {
    {
        std::lock_guard<std::mutex> guard(lock);
        if (due == Clock::time_point{} || now < due) return;
        due = {};
    }
    end(RPC_TOO_SLOW);
}

// --- The table

namespace {

int header(rpc_call *call, const char *name, size_t index, const uint8_t **value, size_t *count) {
    auto range = call->context->client_metadata().equal_range(name);
    for (auto found = range.first; found != range.second; ++found) {
        if (index-- > 0) continue;
        *value = reinterpret_cast<const uint8_t *>(found->second.data());
        *count = found->second.size();
        return 1;
    }
    return 0;
}

int64_t timeout_ms(rpc_call *call) {
    auto deadline = call->context->deadline();
    if (deadline == std::chrono::system_clock::time_point::max()) return -1;
    auto left = deadline - std::chrono::system_clock::now();
    // Rounded up: whoever has some time left has at least a millisecond.
    return std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(left).count() + 999) / 1000;
}

int finish(
    rpc_call *call, const uint8_t *bytes, size_t count, int32_t code, const uint8_t *message, size_t message_count,
    const uint8_t *details, size_t details_count) {
    auto text = [](const uint8_t *bytes, size_t count) {
        return count > 0 ? std::string(reinterpret_cast<const char *>(bytes), count) : std::string();
    };
    grpc::Status status =
        code == 0 ? grpc::Status::OK
                  : grpc::Status(
                        static_cast<grpc::StatusCode>(code), text(message, message_count), text(details, details_count));
    return call->finish(bytes, count, status) ? 1 : 0;
}

} // namespace

void shim::fill_call_table(rpc_table &table) {
    table.call_retain = [](rpc_call *call) { call->retain(); };
    table.call_release = [](rpc_call *call) { call->release(); };
    table.call_end = [](rpc_call *call) { return static_cast<rpc_end>(call->end_reason.load()); };
    table.call_method = [](rpc_call *call) { return call->context->method().c_str(); };
    table.call_header = header;
    table.call_timeout_ms = timeout_ms;
    table.call_add_header = [](rpc_call *call, const char *name, const char *value) {
        call->add_header(name, value);
    };
    table.call_send_head = [](rpc_call *call) { call->send_head(); };
    table.call_write = [](rpc_call *call, const uint8_t *bytes, size_t count, int more, rpc_written done, void *context) {
        return call->write(bytes, count, more != 0, done, context) ? 1 : 0;
    };
    table.call_read = [](rpc_call *call, rpc_received done, void *context) { return call->read(done, context) ? 1 : 0; };
    table.call_finish = finish;
}
