/*
 * jail_hostile: a program that has taken over a reader of papers and tries to get out. Its argument names the act; it
 * ends with 0 when the act succeeded, with 10 when it was refused. The jail's test runs it and wants no 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { REFUSED = 10 };

static int ends(int is_done)
{
    return is_done ? 0 : REFUSED;
}

static int can_open(const char *path, int flags)
{
    return ends(open(path, flags, 0600) >= 0);
}

static int socket_of_any_family(void)
{
    for (int family = 0; family < 64; family++) {
        for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++) {
            if (socket(family, type, 0) >= 0)
                return 0;
        }
    }
    return REFUSED;
}

static int use_processor(void)
{
    signal(SIGXCPU, SIG_IGN); /* the soft limit is only a warning to such a one */
    for (volatile uint64_t i = 0; i < UINT64_MAX; i++)
        ;
    return 0;
}

static int take_memory(void)
{
    size_t len = (size_t)2 << 30;
    char *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return REFUSED;
    memset(at, 1, len);
    return 0;
}

static int flood_output(void)
{
    static const char line[4096] = { 'x' };
    for (size_t i = 0; i < 1 << 20; i++) {
        if (write(1, line, sizeof(line)) < 0)
            return REFUSED;
    }
    return 0;
}

static int start_again(void)
{
    char *const args[] = { (char[]){ "sh" }, NULL };
    execve("/bin/sh", args, args + 1);
    int shell = open("/bin/sh", O_RDONLY);
    int at = shell < 0 ? -1 : dup2(shell, 199);
    syscall(SYS_execveat, at < 0 ? shell : at, "", args, args + 1, AT_EMPTY_PATH);
    syscall(SYS_execveat, 199, "", args, args + 1, AT_EMPTY_PATH);
    return REFUSED;
}

static int lift_limits(void)
{
    struct rlimit more = { .rlim_cur = 1 << 30, .rlim_max = RLIM_INFINITY };
    struct rlimit files = { .rlim_cur = 300, .rlim_max = 300 };
    return ends(setrlimit(RLIMIT_AS, &more) == 0 || setrlimit(RLIMIT_NOFILE, &files) == 0 || dup2(1, 199) == 199 ||
                fcntl(1, F_DUPFD, 100) >= 0);
}

static int walk_past_files(void)
{
    return ends(unlink("/tmp/jail_canary") == 0 || rename("/tmp/jail_canary", "/tmp/jail_canary2") == 0 ||
                symlink("/etc", "/tmp/jail_link") == 0 || mkdir("/tmp/jail_folder", 0700) == 0 ||
                chmod("/tmp/jail_canary", 0777) == 0 || truncate("/tmp/jail_canary", 0) == 0 ||
                setxattr("/tmp/jail_canary", "user.a", "b", 1, 0) == 0);
}

static int act(const char *name, const char *with)
{
    if (strcmp(name, "nothing") == 0)
        return 0;
    if (strcmp(name, "connect") == 0)
        return ends(connect(0, &(struct sockaddr){ .sa_family = AF_INET }, sizeof(struct sockaddr)) == 0 ||
                    socket(AF_INET, SOCK_STREAM, 0) >= 0);
    if (strcmp(name, "sockets") == 0)
        return socket_of_any_family();
    if (strcmp(name, "socketpair") == 0)
        return ends(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 }) == 0);
    if (strcmp(name, "open another file") == 0)
        return can_open(with, O_RDONLY);
    if (strcmp(name, "read passwords") == 0)
        return can_open("/etc/passwd", O_RDONLY);
    if (strcmp(name, "read proc") == 0)
        return ends(can_open("/proc/self/environ", O_RDONLY) == 0 || can_open("/proc/1/cmdline", O_RDONLY) == 0);
    if (strcmp(name, "write outside") == 0)
        return can_open("/tmp/jail_written", O_WRONLY | O_CREAT);
    if (strcmp(name, "write over input") == 0)
        return ends(write(0, "x", 1) == 1 || ftruncate(0, 0) == 0);
    if (strcmp(name, "touch files") == 0)
        return walk_past_files();
    if (strcmp(name, "fork") == 0)
        return ends(fork() >= 0);
    if (strcmp(name, "clone") == 0)
        return ends(syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER, 0, 0, 0, 0) >= 0 || syscall(SYS_clone3, 0, 0) >= 0);
    if (strcmp(name, "start again") == 0)
        return start_again();
    if (strcmp(name, "trace the parent") == 0)
        return ends(ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 || ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
    if (strcmp(name, "read the parent's memory") == 0)
        return ends(syscall(SYS_process_vm_readv, getppid(), 0, 0, 0, 0, 0) >= 0);
    if (strcmp(name, "signal the parent") == 0)
        return ends(kill(getppid(), 0) == 0 || kill(-1, 0) == 0 || syscall(SYS_tgkill, getppid(), getppid(), 0) == 0 ||
                    fcntl(0, F_SETOWN, getppid()) == 0);
    if (strcmp(name, "two gigabytes") == 0)
        return take_memory();
    if (strcmp(name, "sixty seconds") == 0)
        return use_processor();
    if (strcmp(name, "flood") == 0)
        return flood_output();
    if (strcmp(name, "hang") == 0)
        return poll(NULL, 0, -1), pause(), sleep(60) == 0 ? 0 : REFUSED;
    return -1;
}

static int deeper_act(const char *name)
{
    if (strcmp(name, "mount") == 0)
        return ends(mount("none", "/tmp", "tmpfs", 0, NULL) == 0 || umount2("/usr", MNT_DETACH) == 0);
    if (strcmp(name, "chroot") == 0)
        return ends(chroot("/usr") == 0 || syscall(SYS_pivot_root, ".", ".") == 0);
    if (strcmp(name, "become root") == 0)
        return ends(setuid(0) == 0 || setresuid(0, 0, 0) == 0 || setgid(0) == 0);
    if (strcmp(name, "unshare") == 0)
        return ends(unshare(CLONE_NEWUSER) == 0 || setns(0, 0) == 0);
    if (strcmp(name, "keys") == 0)
        return ends(syscall(SYS_keyctl, 0, -3, 1, 0, 0) >= 0 || syscall(SYS_add_key, "user", "a", "b", 1, -3) >= 0);
    if (strcmp(name, "ring") == 0)
        return ends(syscall(SYS_io_uring_setup, 4, &(struct io_uring_params){ .flags = 0 }) >= 0);
    if (strcmp(name, "bpf") == 0)
        return ends(syscall(SYS_bpf, BPF_MAP_CREATE, &(union bpf_attr){ .map_type = 2, .key_size = 4, .value_size = 4,
                                                                        .max_entries = 1 }, sizeof(union bpf_attr)) >= 0);
    if (strcmp(name, "page faults") == 0)
        return ends(syscall(SYS_userfaultfd, O_CLOEXEC) >= 0);
    if (strcmp(name, "counters") == 0)
        return ends(syscall(SYS_perf_event_open, &(uint64_t[16]){ 0 }, 0, -1, -1, 0) >= 0);
    if (strcmp(name, "shared memory") == 0)
        return ends(shmget(IPC_PRIVATE, 4096, 0600) >= 0 || memfd_create("a", 0) >= 0);
    if (strcmp(name, "terminal") == 0)
        return ends(ioctl(0, TIOCSTI, "x") == 0 || ioctl(1, FIONREAD, &(int){ 0 }) == 0);
    if (strcmp(name, "kernel") == 0)
        return ends(syscall(SYS_init_module, "", 0, "") == 0 || syscall(SYS_reboot, 0, 0, 0, 0) == 0 ||
                    syscall(SYS_syslog, 3, 0, 0) >= 0 || syscall(SYS_kexec_load, 0, 0, 0, 0) == 0);
    if (strcmp(name, "machine's name and clock") == 0)
        return ends(sethostname("a", 1) == 0 || syscall(SYS_settimeofday, 0, 0) == 0 || acct(NULL) == 0);
    if (strcmp(name, "lift limits") == 0)
        return lift_limits();
    if (strcmp(name, "priority") == 0)
        return ends(setpriority(PRIO_PROCESS, 0, -20) == 0 || setpriority(PRIO_PROCESS, (id_t)getppid(), 19) == 0);
    if (strcmp(name, "dump") == 0)
        return ends(prctl(PR_SET_DUMPABLE, 1) == 0 || prctl(PR_SET_SECCOMP, 0, 0) == 0);
    if (strcmp(name, "handles by number") == 0)
        return ends(syscall(SYS_open_by_handle_at, 0, 0, 0) >= 0 || syscall(SYS_pidfd_open, getppid(), 0) >= 0);
    return 99; /* no such act: the test fails */
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 98;
    int end = act(argv[1], argc > 2 ? argv[2] : "");
    return end >= 0 ? end : deeper_act(argv[1]);
}
