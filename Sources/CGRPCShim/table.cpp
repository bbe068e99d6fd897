#include "CGRPCShim.h"
#include "shim.hpp"

extern "C" const rpc_table *orca_rpc_table() {
    static const rpc_table table = [] {
        rpc_table made{};
        made.version = RPC_VERSION;
        shim::fill_server_table(made);
        shim::fill_call_table(made);
        shim::fill_client_table(made);
        return made;
    }();
    return &table;
}
