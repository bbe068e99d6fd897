#pragma once
#include <stddef.h>
#include <stdint.h>

/// Runs recorded statements against a SQLite file as a bare C loop would: every distinct statement prepared once,
/// parameters bound, rows stepped and read; `group` claims to a transaction, each in a savepoint.
///
/// `trace` is what ClaimTrace.swift writes. Returns nanoseconds, or a negative SQLite error code.
int64_t orca_claim_replay(const char *path, const char *const *statements, int statement_count,
                          const uint8_t *trace, size_t trace_size, int group);

/// Median nanoseconds of writing 4 KB to a file and waiting for the disk.
int64_t orca_fsync_median(const char *path, int rounds);

/// The same against Postgres over libpq: every statement prepared once and waited for, the writers' lock taken at the
/// beginning of each transaction. Returns nanoseconds, or a negative number.
int64_t orca_claim_replay_postgres(const char *uri, const char *const *statements, int statement_count,
                                   const uint8_t *trace, size_t trace_size, int group);
