// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Errors as RFC 9457 problem documents: status, stable code, a sentence for a person, a JSON
 * pointer to the field. One table maps error to status.
 */
#pragma once

#include "base/err.h"
#include "base/json/field.h"
#include "io/http/http.h"

/* A problem document, for the description. */
extern const struct field problem_fields[];
/* The status that stands for an error, and a status in words: "Not Found". */
int problem_status(enum err code);
const char *problem_title(int status);

/* Replies with the fault's problem document; adds WWW-Authenticate to 401 and Retry-After to
 * 503. 5xx details are the fault's own: never put what PostgreSQL said into one. */
void problem_reply(struct http_request *request, const struct fault *fault);
/* Replies as problem_reply does, with a fault made of these parts. */
void problem_say(struct http_request *request, enum err code, const char *pointer,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Replies 405, with 'allow' as the header of that name. */
void problem_method(struct http_request *request, const char *allow);

/* Replies 415, with a sentence that names what is taken. */
void problem_media_type(struct http_request *request, const char *taken);

/* Replies 421: the desk has other names than the one it was asked by. */
void problem_misdirected(struct http_request *request);

/* Replies 429, with the wait as Retry-After. */
void problem_limited(struct http_request *request, uint64_t wait_us, const char *detail);

/* For struct http_service: the same document for errors the HTTP layer answers itself. */
const char *problem_error_body(void *arg, struct arena *arena, int status, const char *detail,
                               const char **ret_content_type);
