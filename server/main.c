// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/process/log.h"
#include "settings.h"
#include "settings_oidc.h"
#include "stats/core/dist.h"
#include "supervisor.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int usage(void)
{
    printf("meted: the mete server\n\n"
           "  meted [--config FILE] [--SETTING VALUE]…   runs until SIGTERM; SIGHUP reads settings "
           "again\n"
           "  meted --print-settings                     prints all settings as a commented file\n"
           "  meted --version\n");
    return 0;
}

int main(int argc, char **argv)
{
    json_init();
    stats_init();
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage();
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return printf("meted %s\n", METE_VERSION) < 0;
    if (argc == 2 && strcmp(argv[1], "--print-settings") == 0) {
        settings_print(stdout);
        return 0;
    }
    struct settings settings;
    struct fault fault;
    log_set_name("supervisor");
    if (settings_read(argc, argv, &settings, &fault) || settings_check_oidc(&settings, &fault)) {
        fprintf(stderr, "meted: %s\n", fault.detail);
        return 2;
    }
    if (sodium_init() < 0) {
        fprintf(stderr, "meted: no source of random numbers\n");
        return 1;
    }
    settings_set_log_level(&settings);
    int status = supervisor_run(&settings, argc, argv);
    settings_done(&settings);
    return status;
}
