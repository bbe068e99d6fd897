// A server's certificate that may be renewed while the server runs.
#pragma once
#include "shim.hpp"

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <array>
#include <functional>
#include <string>

#include <sys/stat.h>

namespace shim {

// Looks at the files when a connection comes and the last look is long enough ago. New files that are no good, or only half
// of a new pair, change nothing: `accepts` says so in words, and should they have changed once more before they are read, the
// library keeps what it has. (`TlsServerCredentials` with its file watcher drops the old
// certificate before it has looked at the new one, and then refuses every connection.)
class RenewedCredentials final : public grpc::ServerCredentials {
  public:
    RenewedCredentials(const rpc_tls &files, int32_t look_ms, std::function<bool()> accepts);
    ~RenewedCredentials() override;

    // There is none.
    void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor> &) override {}

  private:
    // Tells one content of a file from another: replaced, rewritten or cut.
    struct Mark {
        ino_t inode = 0;
        off_t size = 0;
        timespec modified = {};
        bool operator==(const Mark &other) const;
    };
    enum { certificate, key, authority, file_count };

    int AddPortToServer(const std::string &address, grpc_server *server) override;
    grpc_ssl_certificate_config_reload_status look(grpc_ssl_server_certificate_config **found);

    std::array<std::string, file_count> paths;
    std::array<Mark, file_count> marks;
    const std::chrono::milliseconds pause;
    const std::function<bool()> accepts;
    Clock::time_point next_look = {};
    grpc_server_credentials *made;
};

} // namespace shim
