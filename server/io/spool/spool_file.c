// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mem.h"
#include "base/text.h"
#include "io/spool/spool_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES       4096
#define LOG_HEAD_BYTES   32
#define LOG_FRAME_BYTES  (PAGE_BYTES + 24)
#define CHECKPOINT_PAGES 1000
#define SPARE_BYTES      (64 * 1024)

static const char insert_sql[] = "insert into record (id, at_us, items, sum, body)"
                                 " values (?1, ?2, ?3, ?4, ?5)";
static const char select_sql[] = "select id, at_us, items, sum, body from record"
                                 " where id > ?1 order by id";
static const char backward_sql[] = "select id, at_us, items, sum, body from record"
                                   " where id > ?1 order by id desc";
static const char forget_sql[] = "delete from record where id <= ?1"
                                 " returning items, length(body)";

/* With a writable schema, a file that is shorter than it says is read as far as it goes. */
static const char read_damaged_sql[] = "pragma locking_mode = exclusive;"
                                       "pragma writable_schema = on";

/* A file ends in zeros that mean nothing: what a crash of the machine, or of its disk, cuts off at
 * the end is then no record. */
static void pad(const char *path, int64_t used_bytes)
{
    struct stat st;
    if (stat(path, &st) == 0 && st.st_size < used_bytes + PAGE_BYTES &&
        truncate(path, used_bytes + SPARE_BYTES) != 0)
        return; /* the disk is full: it is done after the next record */
}

/* After each commit, with the number of pages the log holds. */
static int on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct spool *s = arg;
    struct stat st;
    pad(s->log_path, LOG_HEAD_BYTES + (int64_t)pages * LOG_FRAME_BYTES);
    if (pages >= CHECKPOINT_PAGES &&
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) == SQLITE_OK &&
        stat(s->path, &st) == 0)
        pad(s->path, st.st_size);
    return SQLITE_OK;
}

/* A head that is wrong is also told as an unknown format, or as a file that cannot be written. */
static bool is_damage(int code)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
    case SQLITE_READONLY:
        return true;
    default:
        return code == SQLITE_IOERR_SHORT_READ;
    }
}

static enum err fault_of(const struct spool *s, int code, struct fault *ret_fault)
{
    bool is_full = (code & 0xff) == SQLITE_FULL;
    enum err e = is_full ? ERR_TOO_LARGE : (code & 0xff) == SQLITE_BUSY ? ERR_BUSY : ERR_IO;
    return fault_set(ret_fault, e, "", "%s: %s", s->path,
                     s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(code));
}

static void close_file(struct spool *s)
{
    sqlite3_finalize(s->insert);
    sqlite3_finalize(s->select);
    sqlite3_finalize(s->forget);
    s->insert = s->select = s->forget = NULL;
    sqlite3_close(s->db);
    s->db = NULL;
}

static void close_as_it_is(struct spool *s)
{
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    close_file(s);
}

/* A log without its file means nothing; a file without its log would lose records. */
void spool_file_remove(struct spool *s)
{
    close_as_it_is(s);
    unlink(s->log_path);
    unlink(s->path);
    s->state = (struct spool_state){0};
}

enum err spool_file_failed(struct spool *s, int code, struct fault *ret_fault)
{
    enum err e = fault_of(s, code, ret_fault);
    if (e != ERR_TOO_LARGE)
        close_as_it_is(s);
    return e;
}

/* One connection, so the log needs no shared memory, and nobody else can read half-way. */
static int set_up(struct spool *s)
{
    char *sql = sqlite3_mprintf("pragma locking_mode = exclusive; pragma page_size = %d;"
                                "pragma journal_mode = wal; pragma synchronous = full;"
                                "pragma secure_delete = off; pragma temp_store = memory;"
                                "pragma max_page_count = %lld;"
                                "create table if not exists record (id integer primary key,"
                                " at_us integer not null, items integer not null,"
                                " sum blob not null, body blob not null)",
                                PAGE_BYTES, (long long)(s->bytes_max / PAGE_BYTES));
    must(sql);
    int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return code;
}

static int open_database(const char *path, sqlite3 **ret)
{
    int code = sqlite3_open_v2(
        path, ret, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (*ret)
        sqlite3_extended_result_codes(*ret, 1);
    return code;
}

static int prepare(struct spool *s)
{
    int code = sqlite3_prepare_v2(s->db, insert_sql, -1, &s->insert, NULL);
    if (!code)
        code = sqlite3_prepare_v2(s->db, select_sql, -1, &s->select, NULL);
    return code ? code : sqlite3_prepare_v2(s->db, forget_sql, -1, &s->forget, NULL);
}

/* Is every record what was written? */
static int check_records(struct spool *s)
{
    sqlite3_stmt *row;
    struct spool_record record;
    bool is_well = true;
    int code = sqlite3_prepare_v2(s->db, select_sql, -1, &row, NULL);
    if (code)
        return code;
    sqlite3_bind_int64(row, 1, 0);
    while (is_well && sqlite3_step(row) == SQLITE_ROW)
        is_well = spool_record_read(row, &record);
    code = sqlite3_finalize(row);
    return code ? code : is_well ? SQLITE_OK : SQLITE_CORRUPT;
}

/* SQLite writes into a damaged tree without noticing: what is acknowledged must be found again. */
static int check(struct spool *s)
{
    sqlite3_stmt *row;
    int code = sqlite3_prepare_v2(s->db, "pragma quick_check(1)", -1, &row, NULL);
    if (code)
        return code;
    bool is_well = sqlite3_step(row) == SQLITE_ROW &&
                   strcmp((const char *)sqlite3_column_text(row, 0), "ok") == 0;
    code = sqlite3_finalize(row);
    return code ? code : is_well ? check_records(s) : SQLITE_CORRUPT;
}

static int try_open(struct spool *s)
{
    int code = open_database(s->path, &s->db);
    if (!code)
        code = set_up(s);
    if (!code)
        code = check(s);
    if (!code && sqlite3_db_readonly(s->db, "main") != 0)
        code = SQLITE_READONLY;
    if (!code)
        code = spool_record_count(s);
    if (!code)
        code = prepare(s);
    if (!code)
        sqlite3_wal_hook(s->db, on_commit, s);
    return code;
}

enum walk { WALK_WHOLE, WALK_DAMAGED, WALK_NO_ROOM };

/* Copies what is well, until the first damage. */
static enum walk copy(struct spool *to, sqlite3 *from, const char *sql, int64_t after)
{
    sqlite3_stmt *row;
    struct spool_record record;
    int code = SQLITE_OK;
    if (sqlite3_prepare_v2(from, sql, -1, &row, NULL))
        return WALK_DAMAGED;
    sqlite3_bind_int64(row, 1, after);
    while (!code && sqlite3_step(row) == SQLITE_ROW)
        if (spool_record_read(row, &record))
            code = spool_record_insert(to, &record);
    bool is_whole = sqlite3_finalize(row) == SQLITE_OK;
    return code ? WALK_NO_ROOM : is_whole ? WALK_WHOLE : WALK_DAMAGED;
}

/* From both ends, since a page that cannot be read ends the walk. False: no room. */
static bool copy_all(struct spool *to, const char *from_path)
{
    sqlite3 *from = NULL;
    enum walk walk = WALK_DAMAGED;
    if (open_database(from_path, &from) == SQLITE_OK &&
        sqlite3_exec(from, read_damaged_sql, NULL, NULL, NULL) == SQLITE_OK) {
        walk = copy(to, from, select_sql, 0);
        if (walk == WALK_DAMAGED)
            walk = copy(to, from, backward_sql, to->last_id);
    }
    sqlite3_db_config(from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(from);
    return walk != WALK_NO_ROOM;
}

static enum err fault_of_system(const struct spool *s, const char *what, struct fault *ret_fault)
{
    return fault_set(ret_fault, ERR_IO, "", "%s is damaged and %s: %s", s->path, what,
                     strerror(errno));
}

/* A file, or a folder: then the names in it. */
static bool sync_path(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return is_synced;
}

static bool sync_folder(const struct spool *s)
{
    auto_free char *folder = mem_strdup(s->path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    return sync_path(slash ? folder : ".");
}

/* Copies what can be read into a file of its own, which is on the disk when it returns. */
static enum err make_fresh(const struct spool *s, int64_t *ret_records, struct fault *ret_fault)
{
    struct spool fresh = {0};
    spool_file_init(&fresh, s->fresh_path, s->bytes_max);
    unlink(fresh.path);
    unlink(fresh.log_path);
    enum err e = ERR_OK;
    int code = try_open(&fresh);
    if (code || !copy_all(&fresh, s->path))
        e = fault_of(&fresh, code ? code : SQLITE_FULL, ret_fault);
    else if ((code = sqlite3_wal_checkpoint_v2(fresh.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                               NULL)))
        e = fault_of(&fresh, code, ret_fault);
    *ret_records = fresh.state.records;
    spool_file_done(&fresh);
    if (!e && !sync_path(s->fresh_path))
        e = fault_of_system(s, "what was read of it cannot be kept", ret_fault);
    return e;
}

/* The last step of a salvage, which may have been interrupted anywhere within: the whole file takes
 * the place of the damaged one. Never beside the damaged one's log: SQLite would take that for
 * its own. */
static bool put_in_place(const struct spool *s)
{
    return (unlink(s->log_path) == 0 || errno == ENOENT) && sync_folder(s) &&
           rename(s->whole_path, s->path) == 0 && sync_folder(s);
}

static enum err open_or_close(struct spool *s, int code, struct fault *ret_fault)
{
    enum err e = code ? fault_of(s, code, ret_fault) : ERR_OK;
    if (e)
        close_as_it_is(s);
    return e;
}

static bool put_aside(const char *path, const char *beside)
{
    unlink(beside);
    return link(path, beside) == 0 || errno == ENOENT;
}

/* The damaged file and its log keep their places, and get second names, until what could be read
 * of them stands whole on the disk under a name that says so: from then on a start goes on from
 * there. At no moment is a damaged file the only source of a record. */
static enum err salvage(struct spool *s, const char *why, struct fault *ret_fault)
{
    auto_buf struct buf beside = {0}, log_beside = {0};
    int64_t records;
    buf_printf(&beside, "%s.damaged-%lld", s->path, (long long)time(NULL));
    buf_printf(&log_beside, "%s-wal", beside.data);
    close_as_it_is(s);
    if (make_fresh(s, &records, ret_fault))
        return ret_fault->code;
    if (!put_aside(s->path, beside.data) || !put_aside(s->log_path, log_beside.data) ||
        !sync_folder(s) || rename(s->fresh_path, s->whole_path) != 0 || !sync_folder(s) ||
        !put_in_place(s))
        return fault_of_system(s, "cannot be put aside", ret_fault);
    snprintf(s->news, sizeof(s->news),
             "%s was damaged (%s) and is kept as %s; %lld records of it could be read and go on",
             s->path, why, beside.data, (long long)records);
    s->has_news = true;
    return open_or_close(s, try_open(s), ret_fault);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

bool spool_file_is_there(const struct spool *s)
{
    return is_there(s->path) || is_there(s->whole_path);
}

enum err spool_file_open(struct spool *s, struct fault *ret_fault)
{
    if (is_there(s->whole_path) && !put_in_place(s))
        return fault_of_system(s, "cannot be put aside", ret_fault);
    int code = try_open(s);
    if (is_damage(code)) {
        const char *why = sqlite3_errstr(code);
        return salvage(s, why, ret_fault);
    }
    return open_or_close(s, code, ret_fault);
}

void spool_file_init(struct spool *s, const char *path, int64_t bytes_max)
{
    auto_buf struct buf log = {0}, fresh = {0}, whole = {0};
    buf_printf(&log, "%s-wal", path);
    buf_printf(&fresh, "%s.fresh", path);
    buf_printf(&whole, "%s.whole", path);
    s->path = mem_strdup(path);
    s->log_path = mem_strdup(log.data);
    s->fresh_path = mem_strdup(fresh.data);
    s->whole_path = mem_strdup(whole.data);
    s->bytes_max = bytes_max;
}

void spool_file_done(struct spool *s)
{
    close_file(s);
    mem_free(s->path);
    mem_free(s->log_path);
    mem_free(s->fresh_path);
    mem_free(s->whole_path);
}
