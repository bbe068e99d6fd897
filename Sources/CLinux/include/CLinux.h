#pragma once
// Linux calls that Swift's Glibc module map leaves out: they are GNU extensions, variadic, or macros.
// Every function returns -1 and sets errno on failure unless it says otherwise.
#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/// A descriptor that becomes readable when the process has exited. Close-on-exec.
int orca_pidfd_open(pid_t pid);
/// Sends a signal to exactly the process behind the descriptor.
int orca_pidfd_send_signal(int pidfd, int signal_number);
/// Looks at the child behind `pidfd` without waiting. 1: it has exited, 0: it still runs.
/// `*signaled` tells whether `*value` is a signal number or an exit code. With `reap` 0 it stays a zombie.
int orca_wait_pidfd(int pidfd, int reap, int *signaled, int *value);

/// Attributes of every process Orca starts: default signals, an empty mask, and a session of its own or ours.
/// Return an error number like `posix_spawnattr_init`.
int orca_spawnattr_clean_session(posix_spawnattr_t *attributes);
int orca_spawnattr_clean_same_session(posix_spawnattr_t *attributes);
/// Return an error number like the rest of their family.
int orca_spawn_addclosefrom(posix_spawn_file_actions_t *actions, int first);
int orca_spawn_addchdir(posix_spawn_file_actions_t *actions, const char *path);

/// Makes this process the parent of orphaned descendants, or stops that.
int orca_set_subreaper(int on);
/// The signal this process gets when the thread that started it ends; 0 for none.
int orca_set_parent_death_signal(int signal_number);
/// Name of the calling thread, at most 15 bytes.
int orca_set_thread_name(const char *name);

/// A pipe whose two ends are close-on-exec; the read end never blocks.
int orca_pipe(int descriptors[2]);

/// A pipe to a child: its end blocks, ours (the second) never does.
int orca_pipe_in(int descriptors[2]);
/// A counter that wakes a poll. Close-on-exec, never blocks.
int orca_eventfd(void);
/// Adds one to the counter.
int orca_eventfd_ring(int descriptor);
/// Takes the whole count; fails with EAGAIN when it is zero.
int orca_eventfd_take(int descriptor);
/// An unnamed file in memory. Close-on-exec.
int orca_memfd(const char *name);
/// open(2) with O_CLOEXEC added.
int orca_open(const char *path, int flags, mode_t mode);

/// From now on the signal adds one byte, its number, to the pipe behind `descriptor`.
int orca_signal_to_pipe(int signal_number, int descriptor);
/// Restores what the signal does by default, or ignores it.
int orca_signal_default(int signal_number);
int orca_signal_ignore(int signal_number);

/// flock(2): exclusive or shared; waits when `wait` is not 0, else fails with EWOULDBLOCK.
int orca_flock(int descriptor, int exclusive, int wait);
int orca_funlock(int descriptor);

/// Who is at the other end of a unix socket.
int orca_peer_credentials(int socket, pid_t *pid, uid_t *uid, gid_t *gid);
/// Accepts one connection; the new socket is close-on-exec and, if asked, never blocks.
int orca_accept(int socket, int nonblocking);

/// Room on the file system that holds `path`, in bytes.
int orca_disk_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes);

/// Gives the room of a part of the file back; what is read there is zero from then on, and the length stays.
int orca_punch_hole(int descriptor, int64_t offset, int64_t length);
/// A descriptor that tells of changes to watched directories. Close-on-exec, never blocks.
int orca_inotify(void);
/// Watches a directory: what is written to its files, and files that appear.
int orca_inotify_watch_directory(int descriptor, const char *path);
/// Makes a descriptor never block.
int orca_set_nonblocking(int descriptor);
