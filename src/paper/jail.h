/*
 * jail: a foreign program run on foreign bytes, with nothing of its own to break out to.
 *
 * The program (pdftotext, pdftoppm, tesseract) reads the bytes from its standard input and writes to its standard
 * output, both in memory; it has no environment, no other file, no network and no second process. What holds it, from
 * the layer that is never left out to the ones a container or an old kernel may lack:
 *   - a list of the system calls a reader of papers needs (seccomp): nothing is opened for writing, nothing is started,
 *     signalled, mounted, connected or traced; the program itself is started once, by a descriptor it then loses;
 *   - limits on processor time, memory, output, descriptors; lowest priority; killed when the clock runs out;
 *   - files outside the system's libraries, fonts and dictionaries cannot be opened (Landlock, Linux 5.13);
 *   - a network, a root directory and an IPC space of its own (namespaces), as root or where a plain user may make
 *     them;
 *   - root becomes nobody.
 * Runs beside other threads. Nothing is ever started on the writer.
 */
#ifndef PAPER_JAIL_H
#define PAPER_JAIL_H

#include "base/ctx.h"

/* X(NAME, bit, what it is called in the log) */
#define JAIL_LAYER_LIST(X)                 \
    X(CALLS, 1, "call list and limits")    \
    X(FILES, 2, "Landlock")                \
    X(NETWORK, 4, "network namespace")     \
    X(ROOT, 8, "root directory of its own") \
    X(USER, 16, "other user")

enum jail_layer {
#define X(name, bit, shown) JAIL_##name = (bit),
    JAIL_LAYER_LIST(X)
#undef X
};

/* Bytes in memory that a child can have as a file; given back when the context's arena ends, or before. */
struct jail_memory {
    unsigned char *at; /* writable */
    size_t len;
    int fd;
};
/* ERR_UNAVAILABLE when the machine has no memory. */
enum err jail_memory_open(struct ctx *cx, size_t len, struct jail_memory **ret_memory) MUST_CHECK;
enum err jail_memory_from(struct ctx *cx, struct bytes bytes, struct jail_memory **ret_memory) MUST_CHECK;
void jail_memory_close(struct jail_memory *memory); /* a second time does nothing */

struct jail_order {
    const char *program;             /* "/usr/bin/pdftotext" */
    const char *const *args;         /* with the name in front and NULL behind */
    const struct jail_memory *input; /* on standard input; NULL for none */
    int wall_ms;                     /* killed then */
    int cpu_seconds;                 /* killed then */
    size_t memory_bytes;             /* address space */
    size_t output_bytes;             /* killed beyond */
    unsigned without;                /* enum jail_layer: done without, as where the machine has none (tests) */
};

enum jail_end {
    JAIL_EXITED,
    JAIL_KILLED,   /* by a signal: a crash, a call it may not make, too much processor time or output */
    JAIL_TIMED_OUT /* by us */
};

struct jail_result {
    enum jail_end end;
    int exit_code; /* JAIL_EXITED; of JAIL_KILLED the signal */
    struct jail_memory *output;
    unsigned layers; /* enum jail_layer: what held it */
};

/* ERR_UNAVAILABLE when the program is not installed or the jail cannot be made; the program's own end is no error. */
enum err jail_run(struct ctx *cx, const struct jail_order *order, struct jail_result *ret_result) MUST_CHECK;

/* How strong the jail is on this machine, in words for the log, found by running a program in it. */
enum err jail_strength(struct ctx *cx, struct str *ret_words, unsigned *ret_layers) MUST_CHECK;

#endif
