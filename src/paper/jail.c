#include "paper/jail.h"

#include "paper/jail_call.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The user whose name is nobody everywhere. */
enum { NOBODY = 65534 };

/* Where the child writes, until it becomes the program, how far it came: memory shared with the parent. */
struct report {
    unsigned layers;
    const char *failed_at; /* text of the program, at the same address in both */
    int error;
};

/* All that the child needs, ready before the fork: after it only system calls are made. */
struct child {
    const struct jail_order *order;
    struct report *report;
    char *const *args;
    char map_user[48], map_group[48]; /* for /proc/self/uid_map */
    int program_fd, input_fd, output_fd, null_fd;
    pid_t parent;
};

/* ------------------------------------------------------------------------------------------ memory */

static void close_memory(void *what)
{
    jail_memory_close(what);
}

void jail_memory_close(struct jail_memory *memory)
{
    if (memory->at && memory->len > 0)
        munmap(memory->at, memory->len);
    if (memory->fd >= 0)
        close(memory->fd);
    *memory = (struct jail_memory){ .fd = -1 };
}

/* Maps as much as the file has. */
static enum err map_memory(struct ctx *cx, struct jail_memory *memory, size_t len)
{
    memory->len = len;
    if (len == 0)
        return OK;
    void *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, memory->fd, 0);
    if (at == MAP_FAILED) {
        memory->len = 0;
        return fail_detail(cx, ERR_UNAVAILABLE, "mmap of %zu bytes: errno %d", len, errno);
    }
    memory->at = at;
    return OK;
}

enum err jail_memory_open(struct ctx *cx, size_t len, struct jail_memory **ret_memory)
{
    struct jail_memory *memory = ARENA_NEW(&cx->arena, struct jail_memory);
    memory->fd = memfd_create("paper", MFD_CLOEXEC);
    if (memory->fd < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "memfd_create: errno %d", errno);
    arena_on_end(&cx->arena, close_memory, memory);
    if (ftruncate(memory->fd, (off_t)len) != 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "ftruncate to %zu: errno %d", len, errno);
    TRY(map_memory(cx, memory, len));
    *ret_memory = memory;
    return OK;
}

enum err jail_memory_from(struct ctx *cx, struct bytes bytes, struct jail_memory **ret_memory)
{
    TRY(jail_memory_open(cx, bytes.len, ret_memory));
    if (bytes.len > 0)
        memcpy((*ret_memory)->at, bytes.at, bytes.len);
    return OK;
}

/* ------------------------------------------------------------------------------------------ in the child */

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    size_t len = strlen(text);
    bool is_written = write(fd, text, len) == (ssize_t)len;
    close(fd);
    return is_written;
}

/* What the programs read besides their input: libraries, fonts, dictionaries; nothing of the trade. */
#define HOLE "/tmp"
struct view {
    const char *path, *inside;
    bool is_file;
};
#define VIEW(path) path, HOLE path
static const struct view views[] = {
    { VIEW("/usr"), false },
    { VIEW("/lib"), false },
    { VIEW("/lib64"), false },
    { VIEW("/etc/fonts"), false },
    { VIEW("/etc/ld.so.cache"), true },
    { VIEW("/var/cache/fontconfig"), false },
};
#undef VIEW
static const char *const hole_folders[] = { HOLE "/etc", HOLE "/var", HOLE "/var/cache" };

/* One directory or file of the machine, at the same place under the new root; what a machine lacks is left out. */
static bool show(const struct view *view)
{
    struct stat is;
    if (lstat(view->path, &is) != 0)
        return true;
    if (S_ISLNK(is.st_mode)) { /* /lib on a machine with one /usr */
        char to[64];
        ssize_t len = readlink(view->path, to, sizeof(to) - 1);
        if (len <= 0)
            return false;
        to[len] = '\0';
        return symlink(to, view->inside) == 0;
    }
    if (view->is_file) {
        int fd = open(view->inside, O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
        if (fd < 0)
            return false;
        close(fd);
    } else if (mkdir(view->inside, 0755) != 0) {
        return false;
    }
    return mount(view->path, view->inside, NULL, MS_BIND | MS_REC, NULL) == 0;
}

/* A root with only the views in it, kept in memory, gone with the child. */
static bool make_root(void)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("paper", HOLE, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k,mode=0755") != 0)
        return false;
    for (size_t i = 0; i < LEN(hole_folders); i++) {
        if (mkdir(hole_folders[i], 0755) != 0)
            return false;
    }
    for (size_t i = 0; i < LEN(views); i++) {
        if (!show(&views[i]))
            return false;
    }
    return chdir(HOLE) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 &&
           chdir("/") == 0;
}

/* Namespaces: root makes them as it is; a plain user needs a user namespace, which its machine may not allow. */
static void leave_world(const struct child *child)
{
    unsigned without = child->order->without;
    bool is_root = geteuid() == 0;
    int spaces = CLONE_NEWIPC | CLONE_NEWUTS | (without & JAIL_NETWORK ? 0 : CLONE_NEWNET) |
                 (without & JAIL_ROOT ? 0 : CLONE_NEWNS);
    if ((without & (JAIL_NETWORK | JAIL_ROOT)) == (JAIL_NETWORK | JAIL_ROOT))
        return;
    if (unshare(is_root ? spaces : spaces | CLONE_NEWUSER) != 0)
        return;
    if (!is_root && !(write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/gid_map", child->map_group) &&
                      write_text("/proc/self/uid_map", child->map_user)))
        return; /* as nobody known, which is fine; but without the right to mount */
    if (!(without & JAIL_NETWORK))
        child->report->layers |= JAIL_NETWORK;
    if (!(without & JAIL_ROOT) && make_root())
        child->report->layers |= JAIL_ROOT;
}

/* Adds "this may be read" to the rules; the program's own file is one more besides the views. */
static bool let_read(int set, int fd, bool is_file)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | (is_file ? 0 : LANDLOCK_ACCESS_FS_READ_DIR),
        .parent_fd = fd,
    };
    return syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

/* Files that may be opened at all. The kernel's own header may be older than the kernel: the shape is ABI 1's. */
static bool limit_files(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1)
        return false;
    /* All of ABI 1 but execution, which the call list has closed; later kinds of writing where they are known. */
    struct landlock_ruleset_attr rules = { .handled_access_fs = 0x1fff & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE };
    if (abi >= 2)
        rules.handled_access_fs |= 1U << 13; /* linking across directories */
    if (abi >= 3)
        rules.handled_access_fs |= 1U << 14; /* truncation */
    int set = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    if (set < 0)
        return false;
    bool is_right = let_read(set, JAIL_PROGRAM_FD, true);
    for (size_t i = 0; i < LEN(views); i++) {
        int fd = open(views[i].path, O_PATH | O_CLOEXEC);
        if (fd < 0)
            continue;
        is_right = is_right && let_read(set, fd, views[i].is_file);
        close(fd);
    }
    is_right = is_right && syscall(SYS_landlock_restrict_self, set, 0) == 0;
    close(set);
    return is_right;
}

static bool limit(__rlimit_resource_t what, size_t soft, size_t hard)
{
    struct rlimit to = { .rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard };
    return setrlimit(what, &to) == 0;
}

static bool limit_all(const struct jail_order *order)
{
    size_t cpu = (size_t)order->cpu_seconds;
    return limit(RLIMIT_CPU, cpu, cpu + 1) && limit(RLIMIT_AS, order->memory_bytes, order->memory_bytes) &&
           limit(RLIMIT_FSIZE, order->output_bytes, order->output_bytes) && limit(RLIMIT_CORE, 0, 0) &&
           limit(RLIMIT_NOFILE, JAIL_FILES_MAX, JAIL_FILES_MAX) && limit(RLIMIT_NPROC, 0, 0) &&
           limit(RLIMIT_MEMLOCK, 0, 0) && limit(RLIMIT_MSGQUEUE, 0, 0);
}

static void forget_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
}

static bool take_descriptors(const struct child *child)
{
    /* None of ours is below 3: they were made so. */
    return dup2(child->input_fd, 0) == 0 && dup2(child->output_fd, 1) == 1 && dup2(child->null_fd, 2) == 2 &&
           dup3(child->program_fd, JAIL_PROGRAM_FD, O_CLOEXEC) == JAIL_PROGRAM_FD &&
           syscall(SYS_close_range, 3U, JAIL_PROGRAM_FD - 1U, 0) == 0 &&
           syscall(SYS_close_range, JAIL_PROGRAM_FD + 1U, ~0U, 0) == 0;
}

static NORETURN void give_up(const struct child *child, const char *at)
{
    child->report->failed_at = at;
    child->report->error = errno;
    _exit(127);
}

static NORETURN void become_program(const struct child *child)
{
    static char one_thread[] = "OMP_THREAD_LIMIT=1";
    static char *const environment[] = { one_thread, NULL };
    const struct jail_order *order = child->order;
    struct report *report = child->report;
    if (setsid() < 0)
        give_up(child, "setsid");
    forget_signals();
    if (!take_descriptors(child))
        give_up(child, "descriptors");
    setpriority(PRIO_PROCESS, 0, 15);
    leave_world(child);
    if (geteuid() == 0) {
        if (!(order->without & JAIL_USER) && setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
            setresuid(NOBODY, NOBODY, NOBODY) == 0)
            report->layers |= JAIL_USER;
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != child->parent)
        give_up(child, "parent");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        give_up(child, "no new privileges");
    if (!(order->without & JAIL_FILES) && limit_files())
        report->layers |= JAIL_FILES;
    if (!limit_all(order))
        give_up(child, "limits");
    if (!jail_call_limit())
        give_up(child, "call list");
    report->layers |= JAIL_CALLS;
    syscall(SYS_execveat, JAIL_PROGRAM_FD, "", child->args, environment, AT_EMPTY_PATH);
    give_up(child, "start");
}

/* ------------------------------------------------------------------------------------------ in the parent */

/* Waits until the child has ended or its time is up; the clock is the kernel's, asked again after every interruption. */
static bool ends_in_time(struct ctx *cx, pid_t pid, int wall_ms)
{
    int handle = (int)syscall(SYS_pidfd_open, pid, 0);
    if (handle < 0)
        return false;
    int64_t until = env_monotonic(cx->env) / 1000 + wall_ms;
    struct pollfd ended = { .fd = handle, .events = POLLIN };
    int got = 0;
    for (;;) {
        int64_t left = until - env_monotonic(cx->env) / 1000;
        got = poll(&ended, 1, left > 0 ? (int)left : 0);
        if (got >= 0 || errno != EINTR)
            break;
    }
    close(handle);
    return got > 0;
}

static enum err run_child(struct ctx *cx, const struct child *child, struct jail_result *result)
{
    pid_t pid = fork();
    if (pid < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "fork: errno %d", errno);
    if (pid == 0)
        become_program(child);
    bool is_over = !ends_in_time(cx, pid, child->order->wall_ms);
    if (is_over)
        kill(pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    const struct report *report = child->report;
    if (report->failed_at)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: the jail failed at \"%s\", errno %d", child->order->program,
                           report->failed_at, report->error);
    result->layers = report->layers;
    result->end = is_over ? JAIL_TIMED_OUT : WIFSIGNALED(status) ? JAIL_KILLED : JAIL_EXITED;
    result->exit_code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return OK;
}

/* A descriptor above the three that the child's own take. */
static int keep_high(int fd)
{
    if (fd < 0)
        return -1;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return high;
}

/* The input from its beginning and only to be read; through /proc, so that no two children share a position. */
static int open_input(const struct jail_memory *input)
{
    if (!input)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", input->fd);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static enum err run_in(struct ctx *cx, struct child *child, struct jail_result *result)
{
    const struct jail_order *order = child->order;
    child->program_fd = keep_high(open(order->program, O_RDONLY | O_CLOEXEC));
    if (child->program_fd < 0) {
        int error = errno;
        enum err err = fail(cx, ERR_UNAVAILABLE,
                            "Máy chủ chưa cài đủ phần mềm để đọc loại tệp này; xin báo người quản trị hệ thống");
        snprintf(cx->fault.detail, sizeof(cx->fault.detail), "%s cannot be opened: errno %d", order->program, error);
        return err;
    }
    child->input_fd = keep_high(open_input(order->input));
    child->null_fd = keep_high(open("/dev/null", O_WRONLY | O_CLOEXEC));
    child->output_fd = keep_high(dup(result->output->fd));
    if (child->input_fd < 0 || child->null_fd < 0 || child->output_fd < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "no descriptors for %s: errno %d", order->program, errno);
    snprintf(child->map_user, sizeof(child->map_user), "%d %u 1", NOBODY, (unsigned)geteuid());
    snprintf(child->map_group, sizeof(child->map_group), "%d %u 1", NOBODY, (unsigned)getegid());
    return run_child(cx, child, result);
}

static void close_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

enum err jail_run(struct ctx *cx, const struct jail_order *order, struct jail_result *ret_result)
{
    struct jail_result result = { .end = JAIL_EXITED };
    TRY(jail_memory_open(cx, 0, &result.output));
    struct report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (report == MAP_FAILED)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a child");
    struct child child = { .order = order, .report = report, .program_fd = -1, .input_fd = -1, .output_fd = -1,
                           .null_fd = -1, .parent = getpid() };
    memcpy(&child.args, &order->args, sizeof(child.args)); /* exec's own type lacks a const */
    enum err err = run_in(cx, &child, &result);
    munmap(report, sizeof(*report));
    close_open(child.program_fd);
    close_open(child.input_fd);
    close_open(child.output_fd);
    close_open(child.null_fd);
    struct stat is = { .st_size = 0 };
    if (err == OK && fstat(result.output->fd, &is) == 0)
        err = map_memory(cx, result.output, (size_t)is.st_size);
    if (err != OK) {
        jail_memory_close(result.output);
        return err;
    }
    *ret_result = result;
    return OK;
}

enum err jail_strength(struct ctx *cx, struct str *ret_words, unsigned *ret_layers)
{
    const char *const args[] = { "true", NULL };
    const struct jail_order order = { .program = "/usr/bin/true", .args = args, .wall_ms = 5000, .cpu_seconds = 5,
                                      .memory_bytes = 64 << 20, .output_bytes = 4096 };
    struct jail_result result = { .layers = 0 };
    TRY(jail_run(cx, &order, &result));
    jail_memory_close(result.output);
    struct buf words;
    buf_init(&words, &cx->arena);
#define X(name, bit, shown)                                                                            \
    buf_format(&words, "%s%s%s", words.len > 0 ? ", " : "", result.layers & (bit) ? "" : "no ", shown);
    JAIL_LAYER_LIST(X)
#undef X
    *ret_words = buf_str(&words);
    *ret_layers = result.layers;
    return OK;
}
