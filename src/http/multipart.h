/*
 * multipart: multipart/form-data (RFC 7578), parsed in place over a body that has arrived whole. Large bodies are a
 * mapped temporary file (server.c), so nothing here copies or grows; values and files are views into the body.
 *
 * Strict where browsers are uniform: lines end in CR LF, every part has a Content-Disposition with a name, nothing
 * stands before the first boundary, and the last boundary must be there. Anything else is refused as a damaged upload.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/http.h"

enum { MULTIPART_HEAD_BYTES = 4096, MULTIPART_BOUNDARY_BYTES = 70 };

/* Adds the parts to the request's values and files. ERR_INVALID or ERR_LIMIT with words for the person. */
enum err multipart_parse(struct ctx *cx, struct request *req) MUST_CHECK;

#endif
