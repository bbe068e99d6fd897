// One call on the server, on grpc++'s generic callback interface.
#pragma once
#include "shim.hpp"

#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <mutex>

struct rpc_server;

// The library holds one reference until `OnDone`, others hold theirs. The context dies with `OnDone`, so everything that
// touches it looks at `is_over` under the lock first.
struct rpc_call final : grpc::ServerGenericBidiReactor {
    rpc_call(rpc_server *server, grpc::GenericCallbackServerContext *context);

    // Registers the call and asks for its first message.
    void start();

    void OnReadDone(bool ok) override;
    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override;

    void retain() { references.fetch_add(1, std::memory_order_relaxed); }
    void release() {
        if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    bool write(const uint8_t *bytes, size_t count, bool more, rpc_written written, void *user);
    void add_header(const char *name, const char *value);
    void send_head();
    bool read(rpc_received received, void *user);
    bool finish(const uint8_t *bytes, size_t count, const grpc::Status &status);

    // Cancels the call for a reason of ours.
    void end(rpc_end reason);
    // Cancels the call when its client has taken too long. `now` as of the sweep.
    void check_time(shim::Clock::time_point now);

    rpc_server *const server;
    grpc::GenericCallbackServerContext *context;
    // In the server's list.
    rpc_call *next = nullptr;
    rpc_call *previous = nullptr;
    std::atomic<int> end_reason{RPC_RUNS};

  private:
    ~rpc_call() override = default;

    void begin(bool has_message);

    std::atomic<int> references{1};
    std::mutex lock;
    bool was_read = false;
    bool has_begun = false;
    bool is_finished = false;
    bool is_over = false;
    bool is_cancelled = false;
    bool was_told = false;
    void *user = nullptr;
    // When the client must have sent its message, or taken ours; zero for never.
    shim::Clock::time_point due{};

    grpc::ByteBuffer incoming;
    grpc::ByteBuffer outgoing;
    rpc_received received = nullptr;
    void *received_context = nullptr;
    rpc_written written = nullptr;
    void *written_context = nullptr;
};
