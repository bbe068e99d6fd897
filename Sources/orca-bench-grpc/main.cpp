// The library alone, to hold the gRPC server against: a server that echoes bytes, and a client that keeps so many calls in
// flight and counts. Both on the generic callback interface, as the server is.
//
//     orca-bench-grpc echo SOCKET
//     orca-bench-grpc load TARGET METHOD IN_FLIGHT SECONDS [HEX]    →  calls a second, median and 99th percentile in ms

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

using Clock = std::chrono::steady_clock;

namespace {

struct Echo final : grpc::ServerGenericBidiReactor {
    grpc::ByteBuffer bytes;
    Echo() { StartRead(&bytes); }
    void OnReadDone(bool ok) override {
        if (ok) StartWriteAndFinish(&bytes, grpc::WriteOptions(), grpc::Status::OK);
        else Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }
};

struct Service final : grpc::CallbackGenericService {
    grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *) override { return new Echo(); }
};

int echo(const char *path) {
    Service service;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(std::string("unix:") + path, grpc::InsecureServerCredentials());
    builder.RegisterCallbackGenericService(&service);
    auto server = builder.BuildAndStart();
    if (!server) return 1;
    printf("ready\n");
    fflush(nullptr);
    pause();
    return 0;
}

struct Load {
    std::string method;
    grpc::ByteBuffer request;
    std::unique_ptr<grpc::GenericStub> stub;
    Clock::time_point end;
    std::atomic<int> open{0};
    std::mutex lock;
    std::condition_variable done;
    std::vector<float> times;
    std::atomic<int> failures{0};

    struct Call {
        grpc::ClientContext context;
        grpc::ByteBuffer response;
        Clock::time_point begin;
    };

    void next() {
        auto *call = new Call();
        call->begin = Clock::now();
        stub->UnaryCall(
            &call->context, method, grpc::StubOptions(), &request, &call->response, [this, call](grpc::Status status) {
                auto now = Clock::now();
                if (!status.ok()) failures++;
                {
                    std::lock_guard<std::mutex> guard(lock);
                    times.push_back(std::chrono::duration<float, std::milli>(now - call->begin).count());
                }
                delete call;
                if (now < end && status.ok()) return next();
                std::lock_guard<std::mutex> guard(lock);
                if (--open == 0) done.notify_all();
            });
    }
};

uint8_t nibble(char digit) { return static_cast<uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

int load(const char *target, const char *method, int in_flight, double seconds, const char *hex) {
    std::string bytes;
    for (; hex[0] != 0 && hex[1] != 0; hex += 2) bytes.push_back(static_cast<char>(nibble(hex[0]) << 4 | nibble(hex[1])));
    Load load;
    load.method = method;
    grpc::Slice slice(bytes);
    load.request = grpc::ByteBuffer(&slice, 1);
    auto channel = grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
    channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
    load.stub = std::make_unique<grpc::GenericStub>(channel);
    auto begin = Clock::now();
    load.end = begin + std::chrono::microseconds(static_cast<int64_t>(seconds * 1e6));
    load.open = in_flight;
    for (int call = 0; call < in_flight; call++) load.next();
    std::unique_lock<std::mutex> guard(load.lock);
    load.done.wait(guard, [&] { return load.open == 0; });
    double took = std::chrono::duration<double>(Clock::now() - begin).count();
    if (load.failures > 0) return fprintf(stderr, "%d calls failed\n", load.failures.load()), 1;
    std::sort(load.times.begin(), load.times.end());
    size_t count = load.times.size();
    printf("%.0f %.4f %.4f\n", count / took, load.times[count / 2], load.times[count * 99 / 100]);
    return 0;
}

} // namespace

int main(int count, char **words) {
    if (count == 3 && strcmp(words[1], "echo") == 0) return echo(words[2]);
    if (count >= 6 && strcmp(words[1], "load") == 0) {
        return load(words[2], words[3], atoi(words[4]), atof(words[5]), count > 6 ? words[6] : "");
    }
    fprintf(stderr, "usage: orca-bench-grpc echo SOCKET | load TARGET METHOD IN_FLIGHT SECONDS [HEX]\n");
    return 2;
}
