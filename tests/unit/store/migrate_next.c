// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The migration of a version to come: applies one more than this version has, and makes all
 * functions anew, by the same code.
 *
 *   migrate_next DATABASE SERVES SQL
 *   migrate_next DATABASE             the version before: one less, and no functions
 */
#include "base/mem.h"
#include "store/operate/migrate.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 4)
        return 2;
    struct migration *all = mem_zalloc((MIGRATION_COUNT + 1) * sizeof(*all));
    for (size_t i = 0; i < MIGRATION_COUNT; i++)
        all[i] = migrations[i];
    if (argc == 4)
        all[MIGRATION_COUNT] = (struct migration){.number = MIGRATION_COUNT + 1,
                                                  .name = "next",
                                                  .sql = argv[3],
                                                  .sha256 = "next",
                                                  .serves = atoi(argv[2])};
    const struct routines later = {routines.files, routines.count, "next"};
    const struct schema schema = argc == 4 ? (struct schema){all, MIGRATION_COUNT + 1, &later}
                                           : (struct schema){all, MIGRATION_COUNT - 1, NULL};
    struct fault fault;
    enum err e = migrate_apply(argv[1], &schema, NULL, NULL, &fault);
    if (e)
        fprintf(stderr, "%s\n", fault.detail);
    mem_free(all);
    return e ? 1 : 0;
}
