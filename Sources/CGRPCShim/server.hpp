// A server on one listening socket.
#pragma once
#include "call.hpp"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <condition_variable>
#include <thread>
#include <unordered_map>

struct rpc_server final : grpc::CallbackGenericService {
    explicit rpc_server(const rpc_server_options &options);
    ~rpc_server() override;

    bool start(std::string &error);
    void close();
    void stop(int64_t drain_ms);
    int32_t connections() { return connection_count.load(std::memory_order_relaxed); }

    grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *context) override;

    void add(rpc_call *call);
    void remove(rpc_call *call);

    const rpc_server_options options;

  private:
    void accept_loop();
    void accept_one();
    bool admits(int connection) const;
    // Forgets the connections that are closed.
    void count_connections();
    void sweep();
    template <typename Visit> void each_call(Visit visit);

    std::shared_ptr<grpc::ServerCredentials> identity;
    std::unique_ptr<grpc::Server> server;
    std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;

    std::thread accepting;
    int wake = -1;
    std::atomic<bool> is_closing{false};
    std::atomic<bool> is_ended{false};

    // Descriptors that the library was given, by the inode of their sockets: it does not say when it closes one.
    std::unordered_map<int, uint64_t> open_sockets;
    std::atomic<int32_t> connection_count{0};

    std::mutex list_lock;
    rpc_call *first = nullptr;
};
