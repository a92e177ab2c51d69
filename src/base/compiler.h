/*
 * compiler: the few attributes of gcc and clang that the code relies on, by name.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))

/* The number of elements of a real array (never of a pointer). */
#define LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
