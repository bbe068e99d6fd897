// Nothing is called by name but the table that `rpc_load` asks for; see rpc.h.
#pragma once
#include "rpc.h"

#ifdef __cplusplus
extern "C" {
#endif
const struct rpc_table *orca_rpc_table(void);
#ifdef __cplusplus
}
#endif
