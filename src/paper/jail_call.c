#include "paper/jail_call.h"

#include "base/compiler.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/*
 * What pdftotext, pdftoppm and tesseract were seen to call (strace), and what their C library may call instead on
 * another machine. Everything else fails with EPERM: a list of what is allowed does not age as kernels grow calls.
 * Threads are left out on purpose: they are clones, and OMP_THREAD_LIMIT=1 makes Tesseract do without.
 */
static const uint32_t plain_calls[] = {
    __NR_read, __NR_readv, __NR_pread64, __NR_write, __NR_writev, __NR_close, __NR_fstat, __NR_newfstatat, __NR_statx,
    __NR_lseek, __NR_mmap, __NR_mprotect, __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk, __NR_faccessat,
    __NR_faccessat2, __NR_readlinkat, __NR_getdents64, __NR_getcwd, __NR_dup, __NR_fadvise64, __NR_rt_sigaction,
    __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_sigaltstack, __NR_getpid, __NR_gettid, __NR_getuid, __NR_geteuid,
    __NR_getgid, __NR_getegid, __NR_set_tid_address, __NR_set_robust_list, __NR_rseq, __NR_futex, __NR_sysinfo,
    __NR_uname, __NR_sched_getaffinity, __NR_sched_yield, __NR_clock_gettime, __NR_clock_getres, __NR_clock_nanosleep,
    __NR_nanosleep, __NR_gettimeofday, __NR_getrandom, __NR_getrusage, __NR_times, __NR_restart_syscall, __NR_exit,
    __NR_exit_group,
#ifdef __x86_64__
    __NR_access, __NR_stat, __NR_lstat, __NR_readlink, __NR_arch_prctl, __NR_time,
#endif
};

#if defined(__x86_64__)
enum { ARCHITECTURE = AUDIT_ARCH_X86_64 & 0x7fffffff };
#elif defined(__aarch64__)
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64 & 0x7fffffff };
#else
#error "add this processor's number (linux/audit.h) and try the jail's tests on it"
#endif

enum { STEPS_MAX = 2 * LEN(plain_calls) + 64 };

struct filter {
    struct sock_filter at[STEPS_MAX];
    unsigned short len;
};

static void put(struct filter *filter, unsigned code, uint32_t value, unsigned if_true, unsigned if_false)
{
    filter->at[filter->len++] = (struct sock_filter){ .code = (unsigned short)code,
                                                      .jt = (unsigned char)if_true,
                                                      .jf = (unsigned char)if_false,
                                                      .k = value };
}

static void load(struct filter *filter, size_t at)
{
    put(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0);
}

static void load_call(struct filter *filter)
{
    load(filter, offsetof(struct seccomp_data, nr));
}

/* The lower half of argument `i`; both our processors are little-endian. */
static void load_argument(struct filter *filter, size_t i)
{
    load(filter, offsetof(struct seccomp_data, args) + i * sizeof(uint64_t));
}

static void answer(struct filter *filter, uint32_t what)
{
    put(filter, BPF_RET | BPF_K, what, 0, 0);
}

static void allow(struct filter *filter, uint32_t call)
{
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
}

/* Files only to be read. The call has `flags` as argument `i`. */
static void allow_open(struct filter *filter, uint32_t call, size_t i)
{
    const uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY) | O_PATH;
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load_argument(filter, i);
    put(filter, BPF_JMP | BPF_JSET | BPF_K, writing, 1, 0);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, SECCOMP_RET_ERRNO | EACCES);
}

/* The program's own start: from the one descriptor, which exec closes and which nothing can be opened as again. */
static void allow_start(struct filter *filter)
{
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, __NR_execveat, 0, 6);
    load_argument(filter, 0);
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, JAIL_PROGRAM_FD, 0, 3);
    load_argument(filter, 4);
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, AT_EMPTY_PATH, 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

/* Asking for a limit is allowed, setting one is not: the pointer to the new limit must be NULL. */
static void allow_limits_read(struct filter *filter)
{
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, __NR_prlimit64, 0, 6);
    load_argument(filter, 2);
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
    load(filter, offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t) + sizeof(uint32_t));
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

/* fcntl's other half sends signals and locks files. */
static void allow_descriptors(struct filter *filter)
{
    static const uint32_t commands[] = { F_GETFD, F_SETFD, F_GETFL, F_DUPFD, F_DUPFD_CLOEXEC };
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, __NR_fcntl, 0, 2 * LEN(commands) + 2);
    load_argument(filter, 1);
    for (size_t i = 0; i < LEN(commands); i++)
        allow(filter, commands[i]);
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

bool jail_call_limit(void)
{
    struct filter filter = { .len = 0 };
    load(&filter, offsetof(struct seccomp_data, arch));
    put(&filter, BPF_ALU | BPF_AND | BPF_K, 0x7fffffff, 0, 0); /* AUDIT_ARCH values do not fit an int */
    put(&filter, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(&filter, SECCOMP_RET_KILL_PROCESS);
    load_call(&filter);
    /* The 32-bit calls of x86-64's x32, which have the same architecture. */
    put(&filter, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    answer(&filter, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < LEN(plain_calls); i++)
        allow(&filter, plain_calls[i]);
    put(&filter, BPF_JMP | BPF_JEQ | BPF_K, __NR_ioctl, 0, 1); /* "is this a terminal?" */
    answer(&filter, SECCOMP_RET_ERRNO | ENOTTY);
    allow_open(&filter, __NR_openat, 2);
#ifdef __x86_64__
    allow_open(&filter, __NR_open, 1);
#endif
    allow_start(&filter);
    allow_limits_read(&filter);
    allow_descriptors(&filter);
    answer(&filter, SECCOMP_RET_ERRNO | EPERM);

    const struct sock_fprog program = { .len = filter.len, .filter = filter.at };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
