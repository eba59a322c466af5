// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_state.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/text.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER       "var/import"
#define SAVE_EACH_US 200000

static void load(struct import_state *s)
{
    auto_json json_t *saved = json_load_file(s->path, JSON_REJECT_DUPLICATES, NULL);
    const char *identity = json_string_value(json_object_get(saved, "identity"));
    if (!identity || strcmp(identity, s->identity) != 0)
        return;
    s->row = (uint64_t)json_integer_value(json_object_get(saved, "row"));
    s->accepted = (uint64_t)json_integer_value(json_object_get(saved, "accepted"));
    s->duplicate = (uint64_t)json_integer_value(json_object_get(saved, "duplicate"));
    s->rejected = (uint64_t)json_integer_value(json_object_get(saved, "rejected"));
}

void import_state_open(struct import_state *s, const char *path, const void *identity,
                       size_t identity_bytes, bool is_anew)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    *s = (struct import_state){0};
    crypto_hash_sha256(digest, identity, identity_bytes);
    text_hex(digest, sizeof(digest), s->identity);
    if (path)
        snprintf(s->path, sizeof(s->path), "%s", path);
    else
        snprintf(s->path, sizeof(s->path), FOLDER "/%.16s.json", s->identity);
    if (!is_anew)
        load(s);
}

static bool write_file(const char *path, const struct buf *text)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    bool is_written = fwrite(text->data, 1, text->length, file) == text->length;
    return fclose(file) == 0 && is_written;
}

enum err import_state_save(struct import_state *s, bool is_last, struct fault *ret_fault)
{
    int64_t now = clock_mono_us();
    if (!is_last && now - s->saved_us < SAVE_EACH_US)
        return ERR_OK;
    s->saved_us = now;
    if (strncmp(s->path, FOLDER "/", strlen(FOLDER) + 1) == 0) {
        mkdir("var", 0755);
        mkdir(FOLDER, 0755);
    }
    auto_buf struct buf text = {0};
    char path[sizeof(s->path) + 8];
    snprintf(path, sizeof(path), "%s.new", s->path);
    buf_printf(&text,
               "{\"identity\":\"%s\",\"row\":%llu,\"accepted\":%llu,\"duplicate\":%llu,"
               "\"rejected\":%llu}\n",
               s->identity, (unsigned long long)s->row, (unsigned long long)s->accepted,
               (unsigned long long)s->duplicate, (unsigned long long)s->rejected);
    if (!write_file(path, &text) || rename(path, s->path) != 0)
        return fault_set(ret_fault, ERR_IO, "", "cannot write the state file %s: %s", s->path,
                         strerror(errno));
    return ERR_OK;
}

void import_state_remove(struct import_state *s)
{
    unlink(s->path);
}
