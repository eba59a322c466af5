// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process/log.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *name = "mete";
static enum log_level lowest_level = LOG_INFO;

void log_set_name(const char *process_name)
{
    name = process_name;
}

void log_set_level(enum log_level lowest)
{
    lowest_level = lowest;
}

bool log_is_on(enum log_level level)
{
    return level >= lowest_level;
}

static __attribute__((format(printf, 3, 0))) void
write_line(enum log_level level, const char *members, const char *format, va_list ap)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};
    if (!log_is_on(level))
        return;
    char message[1024], time[CLOCK_TEXT_SIZE];
    vsnprintf(message, sizeof(message), format, ap);
    clock_format(clock_wall_us(), time);

    auto_buf struct buf line = {0};
    buf_printf(&line,
               "{\"time\":\"%s\",\"level\":\"%s\",\"process\":\"%s\",\"pid\":%d,\"message\":", time,
               words[level], name, (int)getpid());
    json_add_string(&line, message);
    buf_add_str(&line, members);
    buf_add_str(&line, "}\n");
    /* One write keeps lines whole when several processes share the file. */
    ssize_t ignored = write(STDERR_FILENO, line.data, line.length);
    (void)ignored;
}

void log_line(enum log_level level, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    write_line(level, "", format, ap);
    va_end(ap);
}

void log_line_with(enum log_level level, const char *members, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    write_line(level, members, format, ap);
    va_end(ap);
}
