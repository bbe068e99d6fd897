#define _GNU_SOURCE
#include "rpc.h"
#include <dlfcn.h>
#include <stdio.h>

const struct rpc_table *rpc_load(const char *path, char *error, size_t error_count) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL) {
        snprintf(error, error_count, "%s", dlerror());
        return NULL;
    }
    const struct rpc_table *(*table)(void) = (const struct rpc_table *(*)(void))dlsym(library, "orca_rpc_table");
    if (table == NULL) {
        snprintf(error, error_count, "%s is another library", path);
        return NULL;
    }
    if (table()->version != RPC_VERSION) {
        snprintf(error, error_count, "%s is of another version", path);
        return NULL;
    }
    return table();
}
