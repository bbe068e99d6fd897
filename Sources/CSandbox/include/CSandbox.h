// What the sandbox's process needs from C: the JavaScript engine behind a narrow face, and the lockdown of the process.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Engine. Another engine can take its place behind these functions.

typedef struct orca_engine orca_engine;

/// Takes one line that the script's side sends; without its newline.
typedef void (*orca_engine_send)(const char *_Nonnull bytes, size_t length);

/// Makes an engine. To be called once in a process, before anything hostile is read. NULL when it cannot be made.
orca_engine *_Nullable orca_engine_new(orca_engine_send _Nonnull send);

/// Runs the bootstrap: an expression that is a function of the natives and answers {deliver, settle}. False when it throws;
/// `error` then holds the reason, to be freed.
bool orca_engine_boot(
    orca_engine *_Nonnull engine, const char *_Nonnull bootstrap, char *_Nullable *_Nonnull error);

/// Hands one line of text to the script's side, and lets everything run that can. False when that threw, which only a
/// broken bootstrap does.
bool orca_engine_deliver(orca_engine *_Nonnull engine, const char *_Nonnull text);

// MARK: Lockdown

/// Parts of the lockdown that are in force.
enum orca_lockdown {
    ORCA_LOCKDOWN_NAMESPACES = 1 << 0,
    ORCA_LOCKDOWN_UNPRIVILEGED = 1 << 1,
    ORCA_LOCKDOWN_NO_NEW_PRIVILEGES = 1 << 2,
    ORCA_LOCKDOWN_LIMITS = 1 << 3,
    ORCA_LOCKDOWN_LANDLOCK = 1 << 4,
    ORCA_LOCKDOWN_SECCOMP = 1 << 5,
};

struct orca_lockdown_limits {
    /// Bytes of address space from now on.
    uint64_t memory;
    /// Seconds of processor time from now on.
    uint64_t cpu_seconds;
};

/// The first half, before the engine is made: own namespaces where that is allowed, no root, no descriptors but 0 to 2.
/// Answers what is in force; -1 when the process is still root.
int orca_lockdown_begin(void);

/// The second half, before anything hostile is read. Answers what is in force of it; what is required is for the caller to
/// say.
int orca_lockdown_finish(const struct orca_lockdown_limits *_Nonnull limits);
