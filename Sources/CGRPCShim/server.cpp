#include "server.hpp"
#include "identity.hpp"

#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>

#include <cerrno>
#include <cstdio>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using shim::Clock;

namespace {

// Between looks at who is late.
constexpr int sweep_ms = 500;
// Without a free descriptor, until the next try.
constexpr int pause_ms = 50;
// For calls to heed that they were cancelled.
constexpr int heed_ms = 1000;

std::shared_ptr<grpc::ServerCredentials> credentials(const rpc_server_options &options) {
    if (options.tls == nullptr) return grpc::InsecureServerCredentials();
    auto accepts = [check = options.accepts_tls, context = options.context] { return check(context) != 0; };
    return std::make_shared<shim::RenewedCredentials>(*options.tls, options.limits.certificate_look_ms, accepts);
}

uint64_t socket_inode(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

bool is_out_of_resources(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

} // namespace

rpc_server::rpc_server(const rpc_server_options &options) : options(options) {}

rpc_server::~rpc_server() {
    if (wake >= 0) ::close(wake);
}

bool rpc_server::start(std::string &error) {
    wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0) {
        error = std::string("no event descriptor: ") + strerror(errno);
        return false;
    }
    const rpc_limits &limits = options.limits;
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(this);
    builder.SetMaxReceiveMessageSize(limits.message_bytes);
    builder.SetResourceQuota(grpc::ResourceQuota("orca").Resize(static_cast<size_t>(limits.memory_bytes)));
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, limits.metadata_bytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.streams);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, limits.keepalive_ms);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, limits.keepalive_timeout_ms);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, limits.ping_interval_ms);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, limits.idle_ms);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, limits.handshake_ms);
    // It would keep the last hundred events of every connection.
    builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
    // Kept beside the server: the library asks it as long as connections come.
    identity = credentials(options);
    acceptor = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, identity);
    server = builder.BuildAndStart();
    if (!server) {
        error = options.tls != nullptr ? "the certificate, its key or the client authority cannot be used"
                                       : "the library refused its settings";
        return false;
    }
    accepting = std::thread([this] { accept_loop(); });
    return true;
}

// --- Accepting. Never left to the library: version 1.51 is deaf for ever after one "too many open files" (CVE-2023-4785).

void rpc_server::accept_loop() {
    pthread_setname_np(pthread_self(), "orca-grpc");
    auto next_sweep = Clock::now();
    while (!is_ended.load(std::memory_order_acquire)) {
        bool accepts = !is_closing.load(std::memory_order_acquire);
        pollfd waits[2] = {{wake, POLLIN, 0}, {options.listener, POLLIN, 0}};
        int count = poll(waits, accepts ? 2 : 1, sweep_ms);
        if (count > 0 && waits[0].revents != 0) {
            uint64_t rings;
            ssize_t ignored = read(wake, &rings, sizeof rings);
            (void)ignored;
        }
        if (count > 0 && accepts && waits[1].revents != 0 && !is_closing.load()) accept_one();
        if (Clock::now() >= next_sweep) {
            sweep();
            next_sweep = Clock::now() + std::chrono::milliseconds(sweep_ms);
        }
    }
}

void rpc_server::accept_one() {
    int connection = accept4(options.listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (connection < 0) {
        if (!is_out_of_resources(errno)) return;
        pollfd waits = {wake, POLLIN, 0};
        poll(&waits, 1, pause_ms);
        return;
    }
    if (open_sockets.size() >= static_cast<size_t>(options.limits.connections)) count_connections();
    if (open_sockets.size() >= static_cast<size_t>(options.limits.connections) || !admits(connection)) {
        ::close(connection);
        return;
    }
    int yes = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); // fails on unix sockets, which need none
    open_sockets[connection] = socket_inode(connection);
    connection_count.store(static_cast<int32_t>(open_sockets.size()), std::memory_order_relaxed);
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = options.listener;
    parameters.fd = connection;
    acceptor->HandleNewConnection(&parameters);
}

bool rpc_server::admits(int connection) const {
    if (!options.checks_uid) return true;
    ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == options.uid;
}

void rpc_server::count_connections() {
    for (auto entry = open_sockets.begin(); entry != open_sockets.end();) {
        entry = socket_inode(entry->first) == entry->second ? std::next(entry) : open_sockets.erase(entry);
    }
    connection_count.store(static_cast<int32_t>(open_sockets.size()), std::memory_order_relaxed);
}

// --- Calls

grpc::ServerGenericBidiReactor *rpc_server::CreateReactor(grpc::GenericCallbackServerContext *context) {
    auto *call = new rpc_call(this, context);
    call->start();
    return call;
}

void rpc_server::add(rpc_call *call) {
    std::lock_guard<std::mutex> guard(list_lock);
    call->next = first;
    if (first != nullptr) first->previous = call;
    first = call;
}

void rpc_server::remove(rpc_call *call) {
    std::lock_guard<std::mutex> guard(list_lock);
    if (call->next != nullptr) call->next->previous = call->previous;
    (call->previous != nullptr ? call->previous->next : first) = call->next;
    call->next = call->previous = nullptr;
}

// The calls are retained and visited outside the lock, because a visit may end one.
template <typename Visit> void rpc_server::each_call(Visit visit) {
    std::vector<rpc_call *> calls;
    {
        std::lock_guard<std::mutex> guard(list_lock);
        for (rpc_call *call = first; call != nullptr; call = call->next) {
            call->retain();
            calls.push_back(call);
        }
    }
    for (rpc_call *call : calls) {
        visit(call);
        call->release();
    }
}

void rpc_server::sweep() {
    count_connections();
    auto now = Clock::now();
    each_call([&](rpc_call *call) { call->check_time(now); });
}

// --- Stopping

void rpc_server::close() {
    is_closing.store(true, std::memory_order_release);
    uint64_t one = 1;
    ssize_t ignored = ::write(wake, &one, sizeof one);
    (void)ignored;
}

void rpc_server::stop(int64_t drain_ms) {
    close();
    std::mutex ending_lock;
    std::condition_variable ending;
    bool is_shut = false;
    // Calls that hang are ended from here, while the library waits for them there.
    std::thread rest([&] {
        std::unique_lock<std::mutex> guard(ending_lock);
        auto wait = [&](int64_t ms) { return ending.wait_for(guard, std::chrono::milliseconds(ms), [&] { return is_shut; }); };
        if (wait(drain_ms)) return;
        each_call([](rpc_call *call) { call->end(RPC_STOPPED); });
        if (wait(heed_ms)) return;
        do {
            each_call([](rpc_call *call) {
                call->finish(nullptr, 0, grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is stopping"));
            });
        } while (!wait(pause_ms));
    });
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(drain_ms));
    {
        std::lock_guard<std::mutex> guard(ending_lock);
        is_shut = true;
    }
    ending.notify_all();
    rest.join();
    is_ended.store(true, std::memory_order_release);
    close();
    accepting.join();
    acceptor.reset();
    server.reset();
}

// --- The table

namespace {

rpc_log log_target = nullptr;

void log(gpr_log_func_args *entry) {
    if (log_target == nullptr) return;
    log_target(static_cast<int>(entry->severity), entry->message);
}

rpc_server *server_start(const rpc_server_options *options, char *error, size_t error_count) {
    auto *made = new rpc_server(*options);
    std::string reason;
    if (made->start(reason)) return made;
    snprintf(error, error_count, "%s", reason.c_str());
    delete made;
    return nullptr;
}

} // namespace

void shim::fill_server_table(rpc_table &table) {
    table.set_log = [](rpc_log target) {
        log_target = target;
        gpr_set_log_function(log);
    };
    table.server_start = server_start;
    table.server_close = [](rpc_server *server) { server->close(); };
    table.server_stop = [](rpc_server *server, int64_t drain_ms) { server->stop(drain_ms); };
    table.server_free = [](rpc_server *server) { delete server; };
    table.server_connections = [](rpc_server *server) { return server->connections(); };
}
