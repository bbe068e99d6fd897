// The process gives up everything it does not need. Nothing here can be taken back.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static bool write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    size_t length = strlen(text);
    bool done = write(fd, text, length) == (ssize_t)length;
    close(fd);
    return done;
}

// A user namespace of our own gives the right to leave the network and the file systems of everybody else.
static bool leave_namespaces(void) {
    uid_t uid = getuid();
    gid_t gid = getgid();
    int rest = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS;
    if (uid == 0 && unshare(rest) == 0) return true;
    if (unshare(CLONE_NEWUSER | rest) != 0) return false;
    char map[64];
    write_text("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1\n", (unsigned)uid, (unsigned)uid);
    write_text("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1\n", (unsigned)gid, (unsigned)gid);
    write_text("/proc/self/gid_map", map);
    return true;
}

int orca_lockdown_begin(void) {
    int active = 0;
    if (leave_namespaces()) active |= ORCA_LOCKDOWN_NAMESPACES;
    if (getuid() == 0 || geteuid() == 0) {
        // A user namespace with one user in it has no nobody to become; capabilities are dropped below either way.
        if (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0) {
            if (setresuid(NOBODY, NOBODY, NOBODY) != 0) return -1;
        }
    }
    if (getuid() != 0) active |= ORCA_LOCKDOWN_UNPRIVILEGED;
    if (syscall(SYS_close_range, 3, ~0U, 0) != 0) {
        for (int fd = 3; fd < 4096; fd++) close(fd);
    }
    return active;
}

static bool limit(int what, rlim_t most) {
    struct rlimit value = {most, most};
    return setrlimit(what, &value) == 0;
}

static uint64_t address_space(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return 0;
    if (fscanf(file, "%lu", &pages) != 1) pages = 0;
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool set_limits(const struct orca_lockdown_limits *limits) {
    struct rusage used;
    uint64_t space = address_space();
    if (space == 0 || getrusage(RUSAGE_SELF, &used) != 0) return false;
    uint64_t cpu = (uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec + limits->cpu_seconds + 1;
    // The engine reserves address space long before it uses any: what counts is what comes on top.
    return limit(RLIMIT_AS, space + limits->memory) && limit(RLIMIT_CPU, cpu) && limit(RLIMIT_FSIZE, 0)
        && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, 3) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0)
        && limit(RLIMIT_MSGQUEUE, 0);
}

// A ruleset that handles every access and allows none.
static bool leave_files(void) {
    int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return false;
    struct landlock_ruleset_attr rules = {.handled_access_fs = (1ULL << 13) - 1};
    if (version >= 2) rules.handled_access_fs |= 1ULL << 13;  // REFER
    if (version >= 3) rules.handled_access_fs |= 1ULL << 14;  // TRUNCATE
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (fd < 0) return false;
    bool done = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close(fd);
    return done;
}

// MARK: seccomp

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

// Calls without a look at their arguments. Nothing here opens, connects, starts or maps anything that can run.
static const int plain_calls[] = {
    SYS_read, SYS_write, SYS_pread64, SYS_munmap, SYS_mremap, SYS_brk, SYS_futex, SYS_clock_gettime, SYS_clock_getres,
    SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_getrandom, SYS_rt_sigreturn, SYS_rt_sigprocmask,
    SYS_sigaltstack, SYS_exit, SYS_exit_group, SYS_sched_yield, SYS_ppoll, SYS_sysinfo, SYS_getrusage, SYS_gettid,
    SYS_getpid, SYS_restart_syscall, SYS_membarrier, SYS_sched_getaffinity, SYS_set_robust_list, SYS_rseq,
#if defined(__x86_64__)
    SYS_poll, SYS_time,
#endif
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), (yes), (no))
#define HAS(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (uint32_t)(bits), (yes), (no))

enum { PROGRAM_MAX = 160 };

struct program {
    struct sock_filter code[PROGRAM_MAX];
    unsigned short count;
};

static void add(struct program *program, struct sock_filter instruction) {
    if (program->count < PROGRAM_MAX) program->code[program->count] = instruction;
    program->count++;
}

static void add_refusal(struct program *program, int call, int error) {
    add(program, (struct sock_filter)IS(call, 0, 1));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_ERRNO | (uint32_t)error));
}

// The call is allowed when the argument's low half has none of the bits; its high half means nothing to the kernel there.
static void add_masked(struct program *program, int call, size_t argument, uint32_t refused) {
    uint32_t low = (uint32_t)(offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
    add(program, (struct sock_filter)IS(call, 0, 4));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low));
    add(program, (struct sock_filter)HAS(refused, 0, 1));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
}

// The call is allowed with that very value as an argument.
static void add_exact(struct program *program, int call, size_t argument, uint32_t value) {
    uint32_t low = (uint32_t)(offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
    add(program, (struct sock_filter)IS(call, 0, 4));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low));
    add(program, (struct sock_filter)IS(value, 1, 0));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
}

static void add_mapping(struct program *program) {
    uint32_t protection = (uint32_t)(offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t));
    uint32_t flags = (uint32_t)(offsetof(struct seccomp_data, args) + 3 * sizeof(uint64_t));
    add(program, (struct sock_filter)IS(SYS_mmap, 0, 7));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, protection));
    add(program, (struct sock_filter)HAS(PROT_EXEC, 3, 0));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags));
    add(program, (struct sock_filter)HAS(MAP_ANONYMOUS, 0, 1));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
    add(program, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
}

static bool filter_calls(void) {
    struct program program = {.count = 0};
    add(&program, (struct sock_filter)LOAD(arch));
    add(&program, (struct sock_filter)IS(ARCHITECTURE, 1, 0));
    add(&program, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
    add(&program, (struct sock_filter)LOAD(nr));
    for (size_t index = 0; index < sizeof plain_calls / sizeof plain_calls[0]; index++) {
        add(&program, (struct sock_filter)IS(plain_calls[index], 0, 1));
        add(&program, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
    }
    // The engine would like helper threads and does without.
    add_refusal(&program, SYS_clone, EAGAIN);
    add_refusal(&program, SYS_clone3, ENOSYS);
    // The C library looks for time zones and locales; without them it has what it was built with.
    add_refusal(&program, SYS_openat, EACCES);
    add_refusal(&program, SYS_newfstatat, EACCES);
    add_refusal(&program, SYS_readlinkat, EACCES);
    add_refusal(&program, SYS_faccessat, EACCES);
#if defined(__x86_64__)
    add_refusal(&program, SYS_open, EACCES);
    add_refusal(&program, SYS_stat, EACCES);
    add_refusal(&program, SYS_readlink, EACCES);
    add_refusal(&program, SYS_access, EACCES);
#endif
    add_mapping(&program);
    add_masked(&program, SYS_mprotect, 2, PROT_EXEC);
    add_exact(&program, SYS_prctl, 0, PR_SET_NAME);
    // Advice frees memory; none of it can harm but to ourselves.
    add(&program, (struct sock_filter)IS(SYS_madvise, 0, 1));
    add(&program, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
    add(&program, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
    if (program.count > PROGRAM_MAX) return false;
    struct sock_fprog filter = {program.count, program.code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0;
}

#else

static bool filter_calls(void) { return false; }

#endif

int orca_lockdown_finish(const struct orca_lockdown_limits *limits) {
    int active = 0;
    // First what needs files, which are gone afterwards.
    if (set_limits(limits)) active |= ORCA_LOCKDOWN_LIMITS;
    // No death signal of the parent: that is of its thread, which may end before the script does. Without a parent the
    // input ends, and a script that does not read ends with its processor time.
    if (prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        active |= ORCA_LOCKDOWN_NO_NEW_PRIVILEGES;
    }
    if (leave_files()) active |= ORCA_LOCKDOWN_LANDLOCK;
    if (filter_calls()) active |= ORCA_LOCKDOWN_SECCOMP;
    return active;
}
