/*
 * banned: functions that cannot be used safely, or not the same everywhere. Calling one does not compile.
 * Included by str.h, and so by every file of ours; system headers have been read by then.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* clang-format off */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
/* clang-format on */

/* clang's checked forms are macros (_FORTIFY_SOURCE), and it refuses to poison a macro. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncat sprintf vsprintf gets strtok atoi atol atoll atof
#pragma GCC poison localtime gmtime asctime ctime mktime rand srand

#endif
