// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Errors as RFC 9457 problem documents: status, stable code, a sentence for a person, a JSON
 * pointer to the field. One table maps error to status.
 */
#pragma once

#include "base/err.h"
#include "io/http.h"

/* Replies with the fault's problem document; adds WWW-Authenticate to 401 and Retry-After to
 * 503. 5xx details are the fault's own: never put what PostgreSQL said into one. */
void problem_reply(struct http_request *request, const struct fault *fault);
/* The same from its parts. */
void problem_say(struct http_request *request, enum err code, const char *pointer,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* 405 with the Allow header. */
void problem_method(struct http_request *request, const char *allow);

/* 415: names what is taken. */
void problem_media_type(struct http_request *request, const char *taken);

/* 429 with Retry-After. */
void problem_limited(struct http_request *request, uint64_t wait_us, const char *detail);

/* For struct http_service: the same document for errors the HTTP layer answers itself. */
const char *problem_error_body(void *arg, struct arena *arena, int status, const char *detail,
                               const char **ret_content_type);
