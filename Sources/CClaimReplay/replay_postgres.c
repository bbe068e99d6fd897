#include "CClaimReplay.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CLAIM_BEGIN = -1, CLAIM_END = -2, PARAMETERS_MAX = 64 };

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t take(const uint8_t **at) {
    int64_t value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    return value;
}

/// Reads one statement's parameters as texts; numbers are written into `numbers`.
static int bind_all(const uint8_t **at, const char **values, int *lengths, int *formats, Oid *types,
                    char numbers[][24]) {
    int count = (int)take(at);
    for (int i = 0; i < count; i++) {
        int64_t kind = take(at);
        values[i] = NULL;
        lengths[i] = formats[i] = 0;
        types[i] = 0;
        if (kind == 1) {
            snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)take(at));
            values[i] = numbers[i];
            types[i] = 20;
        } else if (kind == 2) {
            lengths[i] = (int)take(at);
            values[i] = (const char *)*at;
            formats[i] = 1;
            types[i] = 25;
            *at += lengths[i];
        }
    }
    return count;
}

static int done(PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    int ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!ok) fprintf(stderr, "%s", PQresultErrorMessage(result));
    volatile size_t sum = 0;
    for (int r = 0; r < PQntuples(result); r++)
        for (int c = 0; c < PQnfields(result); c++) sum += (size_t)PQgetlength(result, r, c);
    PQclear(result);
    return ok ? 0 : -1;
}

static int plain(PGconn *db, const char *name) { return done(PQexecPrepared(db, name, 0, NULL, NULL, NULL, 1)); }

static int run_one(PGconn *db, int which, const char *text, char *prepared, const uint8_t **at) {
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    Oid types[PARAMETERS_MAX];
    char numbers[PARAMETERS_MAX][24], name[16];
    int count = bind_all(at, values, lengths, formats, types, numbers);
    snprintf(name, sizeof name, "s%d", which);
    if (!prepared[which]) {
        if (done(PQprepare(db, name, text, count, types)) != 0) return -1;
        prepared[which] = 1;
    }
    return done(PQexecPrepared(db, name, count, values, lengths, formats, 1));
}

static int replay(PGconn *db, const char *const *statements, char *prepared, const uint8_t *at, const uint8_t *end,
                  int group) {
    int open = 0, code = 0;
    while (at < end && code == 0) {
        int64_t which = take(&at);
        if (which == CLAIM_BEGIN) {
            if (open == 0) {
                code = plain(db, "b");
                if (code == 0) code = plain(db, "l");
            }
        } else if (which == CLAIM_END) {
            if (++open == group) {
                code = plain(db, "c");
                open = 0;
            }
        } else {
            code = run_one(db, (int)which, statements[which], prepared, &at);
        }
    }
    if (code == 0 && open > 0) code = plain(db, "c");
    return code;
}

int64_t orca_claim_replay_postgres(const char *uri, const char *const *statements, int statement_count,
                                   const uint8_t *trace, size_t trace_size, int group) {
    static const char *frames[][2] = {{"b", "BEGIN"},
                                      {"l", "SELECT pg_advisory_xact_lock(1869767521, 1)"},
                                      {"c", "COMMIT"}};
    PGconn *db = PQconnectdb(uri);
    char *prepared = calloc((size_t)statement_count + 1, 1);
    int code = PQstatus(db) == CONNECTION_OK ? 0 : -1;
    int64_t elapsed = -1;
    if (code == 0)
        code = done(PQexec(db, "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off;"
                               "SET plan_cache_mode = force_generic_plan"));
    for (int i = 0; i < 3 && code == 0; i++) code = done(PQprepare(db, frames[i][0], frames[i][1], 0, NULL));
    if (code == 0) {
        int64_t start = now_ns();
        code = replay(db, statements, prepared, trace, trace + trace_size, group);
        elapsed = now_ns() - start;
    }
    free(prepared);
    PQfinish(db);
    return code == 0 ? elapsed : -1;
}
