// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/lib/pg_harness.h"

#include <ftw.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SKIPPED        77
#define START_SECONDS  60
#define MOST_DATABASES 32
#define CONNINFO_SIZE  160

static struct {
    char folder[64];
    char bin[192];
    struct passwd *user; /* NULL: the one who runs the test */
    pid_t pid;
    char *databases[MOST_DATABASES];
    int database_count;
} server;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void find_programs(void)
{
    glob_t found;
    if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) != 0 || found.gl_pathc == 0) {
        fputs("PostgreSQL is not installed\n", stderr);
        exit(SKIPPED);
    }
    int best = 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        int version = atoi(found.gl_pathv[i] + strlen("/usr/lib/postgresql/"));
        if (version > best)
            best = version;
    }
    globfree(&found);
    snprintf(server.bin, sizeof(server.bin), "/usr/lib/postgresql/%d/bin", best);
}

/* In the child: PostgreSQL refuses to run as root. The death signal is set afterwards, since a
 * change of user clears it. */
static void drop_privileges(void)
{
    if (server.user && (setgid(server.user->pw_gid) != 0 || setuid(server.user->pw_uid) != 0))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (chdir(server.folder) != 0)
        _exit(126);
}

static pid_t spawn(const char *program, char *argv[])
{
    char path[256], log[96];
    snprintf(path, sizeof(path), "%s/%s", server.bin, program);
    snprintf(log, sizeof(log), "%s/%s.log", server.folder, program);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    drop_privileges();
    if (!freopen("/dev/null", "r", stdin) || !freopen(log, "a", stdout) ||
        dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
        _exit(126);
    /* The programs look for their neighbours beside the name they were called by. */
    argv[0] = path;
    execv(path, argv);
    _exit(127);
}

static int remove_entry(const char *path, const struct stat *s, int kind, struct FTW *where)
{
    (void)s, (void)kind, (void)where;
    return remove(path);
}

void pg_harness_crash(void)
{
    if (server.pid <= 0)
        return;
    kill(server.pid, SIGQUIT);
    waitpid(server.pid, NULL, 0);
    server.pid = 0;
}

static void clean_up(void)
{
    pg_harness_crash();
    nftw(server.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    for (int i = 0; i < server.database_count; i++)
        free(server.databases[i]);
}

static void write_conninfo(char out[CONNINFO_SIZE], const char *database)
{
    snprintf(out, CONNINFO_SIZE, "host=%s user=owner dbname=%s", server.folder, database);
}

static void await_server(void)
{
    char conninfo[CONNINFO_SIZE];
    write_conninfo(conninfo, "postgres");
    for (int tries = 0; tries < START_SECONDS * 50; tries++) {
        if (PQping(conninfo) == PQPING_OK)
            return;
        if (waitpid(server.pid, NULL, WNOHANG) != 0)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    fputs("PostgreSQL did not start\n", stderr);
    exit(1);
}

static char *word(const char *s)
{
    return (char *)(uintptr_t)s;
}

void pg_harness_restart(void)
{
    char *argv[] = {word("postgres"),
                    word("-D"),
                    word("data"),
                    word("-h"),
                    word(""),
                    word("-k"),
                    server.folder,
                    word("-F"),
                    word("-c"),
                    word("shared_buffers=16MB"),
                    word("-c"),
                    word("max_connections=100"),
                    word("-c"),
                    word("log_min_messages=fatal"),
                    NULL};
    server.pid = spawn("postgres", argv);
    if (server.pid < 0)
        fail("fork");
    await_server();
}

void pg_harness_start(void)
{
    find_programs();
    strcpy(server.folder, "/tmp/pg-harness-XXXXXX");
    if (!mkdtemp(server.folder))
        fail("mkdtemp");
    atexit(clean_up);
    if (geteuid() == 0) {
        server.user = getpwnam("postgres");
        if (!server.user || chown(server.folder, server.user->pw_uid, server.user->pw_gid) != 0)
            fail("an unprivileged user postgres");
    }
    char *argv[] = {word("initdb"),
                    word("-D"),
                    word("data"),
                    word("-U"),
                    word("owner"),
                    word("-A"),
                    word("trust"),
                    word("-E"),
                    word("UTF8"),
                    word("--locale=C.UTF-8"),
                    word("-N"),
                    word("--no-instructions"),
                    NULL};
    int status;
    if (waitpid(spawn("initdb", argv), &status, 0) < 0 || status != 0)
        fail("initdb");
    pg_harness_restart();
}

PGconn *pg_harness_connect(const char *conninfo)
{
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK) {
        fputs(PQerrorMessage(conn), stderr);
        exit(1);
    }
    return conn;
}

char *pg_harness_ask(const char *conninfo, const char *sql)
{
    PGconn *conn = pg_harness_connect(conninfo);
    PGresult *r = PQexec(conn, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
        exit(1);
    }
    char *value = strdup(PQntuples(r) ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    PQfinish(conn);
    return value;
}

const char *pg_harness_database(const char *name)
{
    char owner[CONNINFO_SIZE], *conninfo = calloc(1, CONNINFO_SIZE), sql[96];
    write_conninfo(owner, "postgres");
    write_conninfo(conninfo, name);
    snprintf(sql, sizeof(sql), "create database %s", name);
    free(pg_harness_ask(owner, sql));
    if (server.database_count == MOST_DATABASES)
        exit(1);
    return server.databases[server.database_count++] = conninfo;
}

int pg_harness_signal(const char *application_name, int signal_number)
{
    char conninfo[CONNINFO_SIZE];
    write_conninfo(conninfo, "postgres");
    PGconn *conn = pg_harness_connect(conninfo);
    const char *values[] = {application_name};
    PGresult *r = PQexecParams(conn, "select pid from pg_stat_activity where application_name = $1",
                               1, NULL, values, NULL, NULL, 0);
    int count = PQntuples(r);
    for (int i = 0; i < count; i++)
        if (kill((pid_t)atoi(PQgetvalue(r, i, 0)), signal_number) != 0)
            fail("kill");
    PQclear(r);
    PQfinish(conn);
    return count;
}
