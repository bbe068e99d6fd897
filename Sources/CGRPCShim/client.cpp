#include "shim.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>

struct rpc_channel {
    std::shared_ptr<grpc::Channel> channel;
};

// One call of a client. The blocking interface is the one that generated code uses, with bytes for messages.
struct rpc_request {
    std::shared_ptr<grpc::Channel> channel;
    std::string method;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader;
};

namespace {

rpc_channel *channel_new(const char *target, const rpc_tls *tls, const rpc_limits *limits) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(limits->message_bytes);
    arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, limits->metadata_bytes);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, limits->keepalive_ms);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, limits->keepalive_timeout_ms);
    // A server that was restarted is found again at once.
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
    // The address of a control plane is nothing to hand to a proxy that some variable names.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // Channels with the same settings would share one connection behind their owners' backs.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    std::shared_ptr<grpc::ChannelCredentials> credentials;
    if (tls == nullptr) {
        credentials = grpc::InsecureChannelCredentials();
    } else {
        grpc::SslCredentialsOptions options;
        options.pem_root_certs = shim::content(tls->authority);
        options.pem_cert_chain = shim::content(tls->certificate);
        options.pem_private_key = shim::content(tls->key);
        credentials = grpc::SslCredentials(options);
        if (tls->server_name != nullptr) arguments.SetSslTargetNameOverride(tls->server_name);
    }
    return new rpc_channel{grpc::CreateCustomChannel(target, credentials, arguments)};
}

rpc_request *request_new(
    rpc_channel *channel, const char *method, const rpc_header *headers, size_t header_count, int64_t timeout_ms) {
    auto *request = new rpc_request();
    request->channel = channel->channel;
    request->method = method;
    for (size_t index = 0; index < header_count; index++) {
        const rpc_header &header = headers[index];
        request->context.AddMetadata(
            header.name, std::string(reinterpret_cast<const char *>(header.value), header.count));
    }
    if (timeout_ms >= 0) {
        request->context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(timeout_ms));
    }
    return request;
}

void fill(rpc_result *result, const grpc::Status &status) {
    result->code = status.error_code();
    result->message = shim::copied(status.error_message().data(), status.error_message().size());
    result->message_count = status.error_message().size();
    result->details = shim::copied(status.error_details().data(), status.error_details().size());
    result->details_count = status.error_details().size();
    result->body = nullptr;
    result->body_count = 0;
}

void request_unary(rpc_request *request, const uint8_t *bytes, size_t count, rpc_result *result) {
    grpc::internal::RpcMethod method(
        request->method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC, request->channel);
    grpc::ByteBuffer answer;
    grpc::Status status = grpc::internal::BlockingUnaryCall(
        request->channel.get(), method, &request->context, shim::buffer(bytes, count), &answer);
    fill(result, status);
    if (!status.ok()) return;
    shim::with_bytes(answer, [&](const uint8_t *bytes, size_t count) {
        result->body = shim::copied(bytes, count);
        result->body_count = count;
    });
}

int request_open(rpc_request *request, const uint8_t *bytes, size_t count, const char *header) {
    grpc::internal::RpcMethod method(
        request->method.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING, request->channel);
    request->reader.reset(grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
        request->channel.get(), method, &request->context, shim::buffer(bytes, count)));
    request->reader->WaitForInitialMetadata();
    return request->context.GetServerInitialMetadata().count(header) > 0 ? 1 : 0;
}

int request_next(rpc_request *request, uint8_t **bytes, size_t *count) {
    grpc::ByteBuffer message;
    if (!request->reader->Read(&message)) return 0;
    shim::with_bytes(message, [&](const uint8_t *found, size_t found_count) {
        *bytes = shim::copied(found, found_count);
        *count = found_count;
    });
    return 1;
}

void result_free(rpc_result *result) {
    std::free(result->message);
    std::free(result->details);
    std::free(result->body);
    *result = {};
}

} // namespace

void shim::fill_client_table(rpc_table &table) {
    table.channel_new = channel_new;
    table.channel_free = [](rpc_channel *channel) { delete channel; };
    table.channel_wake = [](rpc_channel *channel) {
        grpc::experimental::ChannelResetConnectionBackoff(channel->channel.get());
        channel->channel->GetState(true);
    };
    table.request_new = request_new;
    table.request_free = [](rpc_request *request) { delete request; };
    table.request_cancel = [](rpc_request *request) { request->context.TryCancel(); };
    table.request_unary = request_unary;
    table.request_open = request_open;
    table.request_next = request_next;
    table.request_finish = [](rpc_request *request, rpc_result *result) { fill(result, request->reader->Finish()); };
    table.result_free = result_free;
    table.bytes_free = [](uint8_t *bytes) { std::free(bytes); };
}
