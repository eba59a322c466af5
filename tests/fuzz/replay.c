// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Runs a fuzz target over the files of a corpus folder, so that the plain test run holds on to what
 * fuzzing has found.
 */
#include "base/text.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder, const char *file)
{
    auto_buf struct buf path = {0}, bytes = {0};
    buf_printf(&path, "%s/%s", folder, file);
    FILE *f = fopen(path.data, "rb");
    if (!f)
        return -1;
    size_t n;
    while ((n = fread(buf_reserve(&bytes, 4096), 1, 4096, f)) > 0)
        bytes.length += n;
    fclose(f);
    LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.length);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    unsigned count = 0;
    if (!folder) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        if (replay(argv[1], entry->d_name) != 0) {
            perror(entry->d_name);
            return 1;
        }
        count++;
    }
    closedir(folder);
    printf("%u inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
