// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/agent.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct sign {
    const char *part;
    const char *name;
};

/* The first that is found: browsers name those they descend from, too. */
static const struct sign browsers[] = {
    {"Edg", "Edge"},         {"OPR/", "Opera"},     {"SamsungBrowser/", "Samsung Internet"},
    {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"Chrome/", "Chrome"},
    {"CriOS/", "Chrome"},    {"Safari/", "Safari"}, {"curl/", "curl"},
};

static const struct sign systems[] = {
    {"iPhone", "iPhone"},   {"iPad", "iPad"},      {"Android", "Android"}, {"CrOS", "ChromeOS"},
    {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
};

static const char *find(const struct sign *signs, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, signs[i].part))
            return signs[i].name;
    return "";
}

void agent_describe(const char *user_agent, char ret_text[AGENT_SIZE])
{
    const char *text = user_agent ? user_agent : "";
    const char *browser = find(browsers, sizeof(browsers) / sizeof(browsers[0]), text);
    const char *system = find(systems, sizeof(systems) / sizeof(systems[0]), text);
    snprintf(ret_text, AGENT_SIZE, "%s%s%s", browser, *browser && *system ? ", " : "", system);
}
