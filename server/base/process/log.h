// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One JSON line to stderr per thing worth telling. Used by floors 3 and up only: libraries report
 * by their result. Never log bodies, keys or addresses.
 */
#pragma once

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Word put into every line of this process: "edge-0", "desk", … Borrowed: must outlive the process.
 */
void log_set_name(const char *process_name);
void log_set_level(enum log_level lowest);
bool log_is_on(enum log_level level);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with more members of the line's object: JSON text that begins with a comma. */
void log_line_with(enum log_level level, const char *members, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
