#define _GNU_SOURCE
#include "CClaimReplay.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CLAIM_BEGIN = -1, CLAIM_END = -2 };

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

static int bind_all(sqlite3_stmt *statement, const uint8_t **at) {
    int count = (int)take(at);
    for (int i = 1; i <= count; i++) {
        int64_t kind = take(at);
        int code = SQLITE_OK;
        if (kind == 0) {
            code = sqlite3_bind_null(statement, i);
        } else if (kind == 1) {
            code = sqlite3_bind_int64(statement, i, take(at));
        } else {
            int64_t size = take(at);
            code = sqlite3_bind_text(statement, i, (const char *)*at, (int)size, SQLITE_STATIC);
            *at += size;
        }
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

static int run_one(sqlite3_stmt *statement) {
    int code;
    volatile size_t sum = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        int columns = sqlite3_column_count(statement);
        for (int c = 0; c < columns; c++) {
            const unsigned char *text = sqlite3_column_text(statement, c);
            sum += text ? (size_t)sqlite3_column_bytes(statement, c) : 0;
        }
    }
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int replay(sqlite3_stmt **prepared, const uint8_t *at, const uint8_t *end, int group, sqlite3_stmt **frame) {
    int open = 0, code = SQLITE_OK;
    while (at < end && code == SQLITE_OK) {
        int64_t which = take(&at);
        if (which == CLAIM_BEGIN) {
            if (open == 0) code = run_one(frame[0]);
            if (code == SQLITE_OK) code = run_one(frame[2]);
        } else if (which == CLAIM_END) {
            code = run_one(frame[3]);
            if (code == SQLITE_OK && ++open == group) {
                code = run_one(frame[1]);
                open = 0;
            }
        } else {
            code = bind_all(prepared[which], &at);
            if (code == SQLITE_OK) code = run_one(prepared[which]);
        }
    }
    if (code == SQLITE_OK && open > 0) code = run_one(frame[1]);
    return code;
}

int64_t orca_claim_replay(const char *path, const char *const *statements, int statement_count,
                          const uint8_t *trace, size_t trace_size, int group) {
    static const char *frames[] = {"BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT command", "RELEASE command"};
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_stmt **prepared = calloc((size_t)statement_count + 4, sizeof *prepared);
    sqlite3_stmt **frame = prepared + statement_count;
    int64_t elapsed = 0;
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;"
                                "PRAGMA mmap_size = 0; PRAGMA cache_size = -32768", NULL, NULL, NULL);
    for (int i = 0; i < statement_count && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &prepared[i], NULL);
    for (int i = 0; i < 4 && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(db, frames[i], -1, SQLITE_PREPARE_PERSISTENT, &frame[i], NULL);
    if (code == SQLITE_OK) {
        int64_t start = now_ns();
        code = replay(prepared, trace, trace + trace_size, group, frame);
        elapsed = now_ns() - start;
    }
    for (int i = 0; i < statement_count + 4; i++) sqlite3_finalize(prepared[i]);
    free(prepared);
    sqlite3_close_v2(db);
    return code == SQLITE_OK ? elapsed : -(int64_t)code;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t orca_fsync_median(const char *path, int rounds) {
    char page[4096];
    memset(page, 'x', sizeof page);
    int fd = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    int64_t *times = calloc((size_t)rounds, sizeof *times);
    int64_t median = -1;
    if (fd >= 0 && times) {
        for (int i = 0; i < rounds; i++) {
            int64_t start = now_ns();
            if (write(fd, page, sizeof page) != sizeof page || fdatasync(fd) != 0) break;
            times[i] = now_ns() - start;
        }
        qsort(times, (size_t)rounds, sizeof *times, compare);
        median = times[rounds / 2];
    }
    free(times);
    if (fd >= 0) close(fd);
    unlink(path);
    return median;
}
