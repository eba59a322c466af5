// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_file.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "mete-snapshot"

/* Over the version too: a wrong one would keep an old document in use. */
static void digest(int64_t version, const char *document, size_t length, char out[65])
{
    uint8_t sha256[crypto_hash_sha256_BYTES];
    char text[32];
    int n = snprintf(text, sizeof(text), "%" PRId64 "\n", version);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, (unsigned)n);
    crypto_hash_sha256_update(&state, (const unsigned char *)document, length);
    crypto_hash_sha256_final(&state, sha256);
    text_hex(sha256, sizeof(sha256), out);
}

enum err snapshot_file_write(const char *path, int64_t version, const char *document, size_t length,
                             struct fault *ret_fault)
{
    char hex[65];
    auto_buf struct buf beside = {0};
    digest(version, document, length, hex);
    buf_printf(&beside, "%s.new", path);
    FILE *file = fopen(beside.data, "we");
    if (!file)
        return fault_set(ret_fault, ERR_IO, "", "%s: %s", beside.data, strerror(errno));
    bool is_whole = fchmod(fileno(file), 0600) == 0 && /* it holds what signs preview links */
                    fprintf(file, MAGIC " %" PRId64 " %s\n", version, hex) > 0 &&
                    fwrite(document, 1, length, file) == length && fflush(file) == 0 &&
                    fsync(fileno(file)) == 0;
    int error = errno;
    if (fclose(file) != 0 && is_whole) {
        error = errno;
        is_whole = false;
    }
    if (is_whole && rename(beside.data, path) == 0)
        return ERR_OK;
    error = is_whole ? errno : error;
    unlink(beside.data);
    return fault_set(ret_fault, ERR_IO, "", "%s: %s", path, strerror(error));
}

static void read_rest(FILE *file, struct buf *b)
{
    size_t n;
    while ((n = fread(buf_reserve(b, 65536), 1, 65536, file)) > 0)
        b->length += n;
    buf_add(b, "", 0);
}

enum err snapshot_file_read(const char *path, int64_t *ret_version, char **ret_document,
                            struct fault *ret_fault)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fault_set(ret_fault, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "", "%s: %s", path,
                         strerror(errno));
    int64_t version;
    char hex[65], hex_found[65];
    auto_buf struct buf b = {0};
    bool has_head =
        fscanf(file, MAGIC " %" SCNd64 " %64[0-9a-f]", &version, hex) == 2 && fgetc(file) == '\n';
    if (has_head)
        read_rest(file, &b);
    fclose(file);
    if (has_head)
        digest(version, b.data, b.length, hex_found);
    if (!has_head || strcmp(hex, hex_found) != 0)
        return fault_set(ret_fault, ERR_INVALID, "", "%s is damaged", path);
    *ret_version = version;
    *ret_document = b.data;
    b = (struct buf){0};
    return ERR_OK;
}
