// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/csv_file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE_BYTES 32768
#define FIRST_BYTES 4096 /* that tell the encoding */

struct csv_file {
    gzFile gz;
    uint64_t bytes;
    struct decoder decoder;
    struct buf decoded; /* not given yet: from 'given' on */
    size_t given;
    bool is_over;
    crypto_hash_sha256_state digest;
};

static const char *open_problem(int fd, struct stat *ret_stat)
{
    if (fd < 0 || fstat(fd, ret_stat) != 0)
        return strerror(errno);
    return S_ISREG(ret_stat->st_mode) ? NULL : "it is not a regular file";
}

/* What cannot be read here cannot be read later, and is told then. */
static void find_encoding(struct csv_file *f)
{
    char start[FIRST_BYTES];
    int count = gzread(f->gz, start, sizeof(start));
    f->decoder.encoding = encoding_find(start, count > 0 ? (size_t)count : 0);
    gzrewind(f->gz);
}

struct csv_file *csv_file_open(const char *path, struct fault *ret_fault)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const char *why = open_problem(fd, &st);
    if (why) {
        fault_set(ret_fault, ERR_INVALID, "", "cannot read %s: %s", path, why);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct csv_file *f = mem_zalloc(sizeof(*f));
    f->gz = gzdopen(fd, "rb");
    must(f->gz != NULL);
    gzbuffer(f->gz, 1 << 17);
    f->bytes = (uint64_t)st.st_size;
    crypto_hash_sha256_init(&f->digest);
    find_encoding(f);
    return f;
}

void csv_file_close(struct csv_file *f)
{
    if (!f)
        return;
    gzclose(f->gz);
    buf_done(&f->decoded);
    mem_free(f);
}

/* gzread hides a truncated stream behind a short count: only gzerror tells. */
static enum err check_read(struct csv_file *f, int count, struct fault *fault)
{
    int code = Z_OK;
    const char *why = gzerror(f->gz, &code);
    if (code == Z_ERRNO)
        return fault_set(fault, ERR_IO, "", "reading the file failed: %s", strerror(errno));
    if (code == Z_BUF_ERROR)
        return fault_set(fault, ERR_INVALID, "", "the gzip stream ends too early");
    if (count < 0 || (code != Z_OK && code != Z_STREAM_END))
        return fault_set(fault, ERR_INVALID, "", "the gzip stream is broken: %s", why);
    return ERR_OK;
}

static const char *decode(struct csv_file *f, const char *piece, size_t length)
{
    f->is_over = length == 0;
    return f->is_over ? decoder_end(&f->decoder)
                      : decoder_add(&f->decoder, piece, length, &f->decoded);
}

/* Reads on until there is something to give, or nothing left. */
static enum err fill(struct csv_file *f, struct fault *fault)
{
    char piece[PIECE_BYTES];
    f->given = 0;
    buf_clear(&f->decoded);
    while (f->decoded.length == 0 && !f->is_over) {
        int count = gzread(f->gz, piece, sizeof(piece));
        enum err e = check_read(f, count, fault);
        const char *why = e ? NULL : decode(f, piece, (size_t)count);
        if (why)
            return fault_set(fault, ERR_INVALID, "", "%s", why);
        if (e)
            return e;
    }
    return ERR_OK;
}

long csv_file_read(void *arg, char *buffer, size_t size, struct fault *ret_fault)
{
    struct csv_file *f = arg;
    if (f->given == f->decoded.length && fill(f, ret_fault))
        return -1;
    size_t left = f->decoded.length - f->given, count = left < size ? left : size;
    if (count == 0)
        return 0;
    memcpy(buffer, f->decoded.data + f->given, count);
    f->given += count;
    crypto_hash_sha256_update(&f->digest, (const unsigned char *)buffer, (unsigned long long)count);
    return (long)count;
}

enum encoding csv_file_encoding(const struct csv_file *f)
{
    return f->decoder.encoding;
}

void csv_file_set_encoding(struct csv_file *f, enum encoding encoding)
{
    f->decoder = (struct decoder){.encoding = encoding};
}

enum err csv_file_rewind(struct csv_file *f, struct fault *ret_fault)
{
    if (gzrewind(f->gz) != 0)
        return fault_set(ret_fault, ERR_IO, "", "the file cannot be read a second time");
    crypto_hash_sha256_init(&f->digest);
    csv_file_set_encoding(f, f->decoder.encoding);
    buf_clear(&f->decoded);
    f->given = 0;
    f->is_over = false;
    return ERR_OK;
}

/* The one of the usual separators that the first line has most of, outside quotes; a comma where it
 * has none. */
static char likely_separator(const char *line, const char *end)
{
    static const char usual[] = ",;\t|";
    size_t counts[sizeof(usual)] = {0}, best = 0;
    bool is_quoted = false;
    for (; line < end && (is_quoted || (*line != '\n' && *line != '\r')); line++) {
        const char *one = *line ? strchr(usual, *line) : NULL;
        is_quoted ^= *line == '"';
        if (one && !is_quoted)
            counts[one - usual]++;
    }
    for (size_t i = 1; usual[i]; i++)
        if (counts[i] > counts[best])
            best = i;
    return usual[best];
}

enum err csv_file_separator(struct csv_file *f, char *ret, struct fault *ret_fault)
{
    char start[8192];
    long n = csv_file_read(f, start, sizeof(start), ret_fault);
    if (n < 0)
        return ret_fault->code;
    const char *s = start, *end = start + n;
    if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
        s += 3;
    bool is_said = end - s > 5 && strncasecmp(s, "sep=", 4) == 0 && (s[5] == '\n' || s[5] == '\r');
    *ret = is_said ? s[4] : likely_separator(s, end);
    return csv_file_rewind(f, ret_fault);
}

uint64_t csv_file_bytes(const struct csv_file *f)
{
    return f->bytes;
}

uint64_t csv_file_done(const struct csv_file *f)
{
    long long at = gzoffset(f->gz);
    return at < 0 ? 0 : (uint64_t)at;
}

void csv_file_digest(struct csv_file *f, uint8_t ret_digest[32])
{
    crypto_hash_sha256_final(&f->digest, ret_digest);
}
