// What the files of this target share.
#pragma once
#include "rpc.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace shim {

using Clock = std::chrono::steady_clock;

inline grpc::ByteBuffer buffer(const uint8_t *bytes, size_t count) {
    grpc::Slice slice(bytes, count);
    return grpc::ByteBuffer(&slice, 1);
}

// Hands the bytes of a buffer over in one piece; copies only what came in several.
template <typename Take> void with_bytes(const grpc::ByteBuffer &buffer, Take take) {
    grpc::Slice slice;
    if (!buffer.TrySingleSlice(&slice).ok() && !buffer.DumpToSingleSlice(&slice).ok()) slice = grpc::Slice();
    static const uint8_t none = 0;
    take(slice.size() > 0 ? slice.begin() : &none, slice.size());
}

// What is in a file; empty when it cannot be read.
inline std::string content(const char *path) {
    if (path == nullptr) return "";
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

inline uint8_t *copied(const void *bytes, size_t count) {
    auto *copy = static_cast<uint8_t *>(std::malloc(count > 0 ? count : 1));
    if (copy == nullptr) std::abort();
    if (count > 0) std::memcpy(copy, bytes, count);
    return copy;
}

void fill_server_table(rpc_table &table);
void fill_call_table(rpc_table &table);
void fill_client_table(rpc_table &table);

} // namespace shim
