#include "identity.hpp"

namespace shim {

bool RenewedCredentials::Mark::operator==(const Mark &other) const {
    return inode == other.inode && size == other.size && modified.tv_sec == other.modified.tv_sec
           && modified.tv_nsec == other.modified.tv_nsec;
}

RenewedCredentials::RenewedCredentials(const rpc_tls &files, int32_t look_ms, std::function<bool()> accepts)
    : paths{files.certificate, files.key, files.authority != nullptr ? files.authority : ""}, pause(look_ms),
      accepts(std::move(accepts)) {
    auto *options = grpc_ssl_server_credentials_create_options_using_config_fetcher(
        files.authority != nullptr ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                   : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
        [](void *self, grpc_ssl_server_certificate_config **found) {
            return static_cast<RenewedCredentials *>(self)->look(found);
        },
        this);
    made = grpc_ssl_server_credentials_create_with_options(options);
}

RenewedCredentials::~RenewedCredentials() { grpc_server_credentials_release(made); }

int RenewedCredentials::AddPortToServer(const std::string &address, grpc_server *server) {
    return grpc_server_add_http2_port(server, address.c_str(), made);
}

// The library calls it under a lock of its own, for each connection.
grpc_ssl_certificate_config_reload_status RenewedCredentials::look(grpc_ssl_server_certificate_config **found) {
    auto now = Clock::now();
    if (now < next_look) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    next_look = now + pause;
    // Before the contents: what changes meanwhile is seen at the next look.
    std::array<Mark, file_count> seen;
    for (int index = 0; index < file_count; index++) {
        struct stat status;
        if (paths[index].empty() || stat(paths[index].c_str(), &status) != 0) continue;
        seen[index] = {status.st_ino, status.st_size, status.st_mtim};
    }
    if (seen == marks) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    marks = seen;
    if (!accepts()) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    std::array<std::string, file_count> texts;
    for (int index = 0; index < file_count; index++) {
        texts[index] = content(paths[index].c_str());
        if (texts[index].empty() && !paths[index].empty()) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_FAIL;
    }
    grpc_ssl_pem_key_cert_pair pair = {texts[key].c_str(), texts[certificate].c_str()};
    // It insists on an authority; where clients are not asked for certificates none is ever used.
    const std::string &root = texts[authority].empty() ? texts[certificate] : texts[authority];
    *found = grpc_ssl_server_certificate_config_create(root.c_str(), &pair, 1);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

} // namespace shim
