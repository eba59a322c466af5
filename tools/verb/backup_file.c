// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/backup_file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GZIP        (15 + 16)
#define LEVEL       4
#define MEMORY      8
#define SEAL        "sha256 "
#define SEAL_BYTES  (sizeof(SEAL) - 1 + 2 * crypto_hash_sha256_BYTES + 1)
#define LEAST_BYTES 20 /* of a gzip */

static enum err failed(const struct backup_file *f, int error, struct fault *fault)
{
    return fault_set(fault, ERR_IO, "", "%s: %s", f->path, strerror(error));
}

static void seal_of(struct backup_file *f, char out[SEAL_BYTES + 1])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&f->hash, hash);
    memcpy(out, SEAL, sizeof(SEAL) - 1);
    text_hex(hash, sizeof(hash), out + sizeof(SEAL) - 1);
    memcpy(out + SEAL_BYTES - 1, "\n", 2);
}

enum err backup_file_create(struct backup_file *f, const char *path, struct fault *ret_fault)
{
    struct stat st;
    *f = (struct backup_file){.path = path, .fd = -1};
    if (lstat(path, &st) == 0)
        return fault_set(ret_fault, ERR_CONFLICT, "", "%s is there already", path);
    struct buf name = {0};
    buf_printf(&name, "%s.part", path);
    f->part_path = name.data;
    f->fd = open(f->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (f->fd < 0) {
        int error = errno;
        mem_free(f->part_path);
        return failed(f, error, ret_fault);
    }
    crypto_hash_sha256_init(&f->hash);
    must(deflateInit2(&f->stream, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) == Z_OK);
    return ERR_OK;
}

static enum err write_out(struct backup_file *f, const void *bytes, size_t length,
                          struct fault *fault)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t n = write(f->fd, from, length);
        if (n < 0 && errno != EINTR)
            return failed(f, errno, fault);
        if (n > 0) {
            from += n;
            length -= (size_t)n;
        }
    }
    return ERR_OK;
}

/* Until the stream has taken its input, or has ended. */
static enum err deflate_all(struct backup_file *f, int flush, struct fault *fault)
{
    enum err e = ERR_OK;
    do {
        f->stream.next_out = f->block;
        f->stream.avail_out = sizeof(f->block);
        must(deflate(&f->stream, flush) != Z_STREAM_ERROR);
        size_t length = sizeof(f->block) - f->stream.avail_out;
        crypto_hash_sha256_update(&f->hash, f->block, length);
        e = write_out(f, f->block, length, fault);
    } while (!e && f->stream.avail_out == 0);
    return e;
}

enum err backup_file_write(struct backup_file *f, const char *bytes, size_t length,
                           struct fault *ret_fault)
{
    buf_add(&f->text, bytes, length);
    if (f->text.length < BACKUP_BLOCK)
        return ERR_OK;
    f->stream.next_in = (unsigned char *)f->text.data;
    f->stream.avail_in = (unsigned)f->text.length;
    enum err e = deflate_all(f, Z_NO_FLUSH, ret_fault);
    buf_clear(&f->text);
    return e;
}

static void end_writing(struct backup_file *f)
{
    deflateEnd(&f->stream);
    close(f->fd);
    buf_done(&f->text);
    mem_free(f->part_path);
}

void backup_file_abandon(struct backup_file *f)
{
    unlink(f->part_path);
    end_writing(f);
}

/* The name is on the disk when its folder is. */
static int sync_folder(const char *path)
{
    auto_free char *copy = mem_strdup(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd < 0 ? -1 : fsync(fd);
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return result;
}

enum err backup_file_finish(struct backup_file *f, struct fault *ret_fault)
{
    char seal[SEAL_BYTES + 1];
    f->stream.next_in = (unsigned char *)f->text.data;
    f->stream.avail_in = (unsigned)f->text.length;
    enum err e = deflate_all(f, Z_FINISH, ret_fault);
    if (!e) {
        seal_of(f, seal);
        e = write_out(f, seal, SEAL_BYTES, ret_fault);
    }
    if (!e && (fsync(f->fd) || rename(f->part_path, f->path) || sync_folder(f->path)))
        e = failed(f, errno, ret_fault);
    backup_file_abandon(f);
    return e;
}

static enum err damaged(const struct backup_file *f, const char *how, struct fault *fault)
{
    return fault_set(fault, ERR_INVALID, "", "%s %s; nothing was restored", f->path, how);
}

static ssize_t read_block(struct backup_file *f, size_t most)
{
    ssize_t n;
    do
        n = read(f->fd, f->block, most < sizeof(f->block) ? most : sizeof(f->block));
    while (n < 0 && errno == EINTR);
    return n;
}

static enum err check_seal(struct backup_file *f, backup_file_fn *on_bytes, void *arg,
                           struct fault *fault)
{
    char wanted[SEAL_BYTES + 1], found[SEAL_BYTES];
    crypto_hash_sha256_init(&f->hash);
    while (f->position < f->size) {
        ssize_t n = read_block(f, f->size - f->position);
        if (n < 0)
            return failed(f, errno, fault);
        if (n == 0)
            return damaged(f, "became shorter while it was read", fault);
        crypto_hash_sha256_update(&f->hash, f->block, (size_t)n);
        f->position += (uint64_t)n;
        on_bytes(arg, f->position, f->size);
    }
    seal_of(f, wanted);
    if (read(f->fd, found, sizeof(found)) != (ssize_t)sizeof(found))
        return failed(f, errno, fault);
    if (memcmp(found, SEAL, sizeof(SEAL) - 1) != 0)
        return damaged(f, "is no backup of mete, or its end is missing", fault);
    if (memcmp(found, wanted, sizeof(found)) != 0)
        return damaged(f, "is damaged: its checksum is wrong", fault);
    f->position = 0;
    return lseek(f->fd, 0, SEEK_SET) == 0 ? ERR_OK : failed(f, errno, fault);
}

enum err backup_file_open(struct backup_file *f, const char *path, backup_file_fn *on_bytes,
                          void *arg, struct fault *ret_fault)
{
    struct stat st;
    *f = (struct backup_file){.path = path};
    f->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0)
        return fault_set(ret_fault, ERR_INVALID, "", "%s: %s", path, strerror(errno));
    enum err e = fstat(f->fd, &st) ? failed(f, errno, ret_fault) : ERR_OK;
    if (!e && st.st_size < (off_t)(SEAL_BYTES + LEAST_BYTES))
        e = damaged(f, "is no backup of mete, or its end is missing", ret_fault);
    f->size = e ? 0 : (uint64_t)st.st_size - SEAL_BYTES;
    if (!e)
        e = check_seal(f, on_bytes, arg, ret_fault);
    if (e)
        close(f->fd);
    else
        must(inflateInit2(&f->stream, GZIP) == Z_OK);
    return e;
}

/* More text, at most a block's worth of compressed bytes. */
static enum err fill(struct backup_file *f, struct fault *fault)
{
    if (f->stream.avail_in == 0) {
        ssize_t n = read_block(f, f->size - f->position);
        if (n <= 0)
            return n < 0 ? failed(f, errno, fault) : damaged(f, "ends too early", fault);
        f->stream.next_in = f->block;
        f->stream.avail_in = (unsigned)n;
        f->position += (uint64_t)n;
    }
    f->stream.next_out = (unsigned char *)buf_reserve(&f->text, BACKUP_BLOCK);
    f->stream.avail_out = BACKUP_BLOCK;
    int status = inflate(&f->stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
        return damaged(f, "does not unpack", fault);
    f->text.length += BACKUP_BLOCK - f->stream.avail_out;
    f->is_ended = status == Z_STREAM_END;
    return ERR_OK;
}

enum err backup_file_read_line(struct backup_file *f, const char **ret_line, size_t *ret_length,
                               struct fault *ret_fault)
{
    const char *end = NULL;
    size_t seen = f->text_from;
    while (!(end = f->text.length > seen ? memchr(f->text.data + seen, '\n', f->text.length - seen)
                                         : NULL)) {
        if (f->is_ended) {
            *ret_length = 0;
            return ERR_OK;
        }
        if (f->text_from > 0) {
            memmove(f->text.data, f->text.data + f->text_from, f->text.length - f->text_from);
            f->text.length -= f->text_from;
            f->text_from = 0;
        }
        seen = f->text.length;
        enum err e = fill(f, ret_fault);
        if (e)
            return e;
    }
    *ret_line = f->text.data + f->text_from;
    *ret_length = (size_t)(end + 1 - *ret_line);
    f->text_from += *ret_length;
    return ERR_OK;
}

void backup_file_close(struct backup_file *f)
{
    inflateEnd(&f->stream);
    close(f->fd);
    buf_done(&f->text);
}
