// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/thread_pool.h"

#include "base/mem.h"

#include <event2/event.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define NICENESS 10 /* of threads that compute: the loop comes first */

struct piece {
    struct piece *next;
    loop_fn *work;
    loop_fn *done;
    void *arg;
};

struct piece_list {
    struct piece *first;
    struct piece **last;
};

struct thread_pool {
    pthread_t *threads;
    size_t thread_count, threads_most; /* begun; at most */
    size_t room;
    int niceness;
    pthread_mutex_t lock; /* of the rest, but for the event */
    pthread_cond_t is_wanted;
    struct piece_list todo, finished;
    bool is_closing;
    size_t sent; /* and not reported yet; the loop's */
    int wake_fd; /* says that something finished */
    struct event *wake;
};

static void list_init(struct piece_list *list)
{
    *list = (struct piece_list){.last = &list->first};
}

static void list_add(struct piece_list *list, struct piece *p)
{
    p->next = NULL;
    *list->last = p;
    list->last = &p->next;
}

static struct piece *list_take(struct piece_list *list)
{
    struct piece *p = list->first;
    if (p && !(list->first = p->next))
        list->last = &list->first;
    return p;
}

/* The next piece; NULL when there is none and none will come. */
static struct piece *next_piece(struct thread_pool *a)
{
    must(pthread_mutex_lock(&a->lock) == 0);
    while (!a->todo.first && !a->is_closing)
        must(pthread_cond_wait(&a->is_wanted, &a->lock) == 0);
    struct piece *p = list_take(&a->todo);
    must(pthread_mutex_unlock(&a->lock) == 0);
    return p;
}

static void *run(void *arg)
{
    struct thread_pool *a = arg;
    struct piece *p;
    /* Of this thread alone, on Linux; where it is refused the work is only less polite. */
    if (a->niceness > 0)
        (void)setpriority(PRIO_PROCESS, 0, a->niceness);
    while ((p = next_piece(a))) {
        p->work(p->arg);
        must(pthread_mutex_lock(&a->lock) == 0);
        list_add(&a->finished, p);
        must(pthread_mutex_unlock(&a->lock) == 0);
        must(eventfd_write(a->wake_fd, 1) == 0);
    }
    return NULL;
}

static void report(struct thread_pool *a)
{
    for (;;) {
        must(pthread_mutex_lock(&a->lock) == 0);
        struct piece *p = list_take(&a->finished);
        must(pthread_mutex_unlock(&a->lock) == 0);
        if (!p)
            return;
        a->sent--;
        p->done(p->arg);
        mem_free(p);
    }
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    eventfd_t count;
    (void)what;
    if (eventfd_read((int)fd, &count) == 0)
        report(arg);
}

/* Signals are the loop's alone. */
static void start_thread(struct thread_pool *a)
{
    sigset_t all, before;
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    must(pthread_create(&a->threads[a->thread_count++], NULL, run, a) == 0);
    must(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

void thread_pool_send(struct thread_pool *a, loop_fn *work, loop_fn *done, void *arg)
{
    struct piece *p = mem_alloc(sizeof(*p));
    *p = (struct piece){.work = work, .done = done, .arg = arg};
    /* As many as there are pieces: what is in work leaves the next one a thread. */
    if (a->thread_count < a->threads_most && a->thread_count <= a->sent)
        start_thread(a);
    a->sent++;
    must(pthread_mutex_lock(&a->lock) == 0);
    list_add(&a->todo, p);
    must(pthread_mutex_unlock(&a->lock) == 0);
    /* Whom it wakes finds the lock free. */
    must(pthread_cond_signal(&a->is_wanted) == 0);
}

enum err thread_pool_offer(struct thread_pool *a, loop_fn *work, loop_fn *done, void *arg)
{
    if (a->sent >= a->room)
        return ERR_BUSY;
    thread_pool_send(a, work, done, arg);
    return ERR_OK;
}

struct thread_pool *thread_pool_new(struct loop *l)
{
    return thread_pool_new_wide(l, 1, SIZE_MAX);
}

struct thread_pool *thread_pool_new_wide(struct loop *l, size_t threads, size_t room)
{
    struct thread_pool *a = mem_zalloc(sizeof(*a));
    a->threads = mem_zalloc(threads * sizeof(*a->threads));
    a->threads_most = threads;
    a->room = room;
    a->niceness = threads > 1 ? NICENESS : 0;
    must(pthread_mutex_init(&a->lock, NULL) == 0 && pthread_cond_init(&a->is_wanted, NULL) == 0);
    list_init(&a->todo);
    list_init(&a->finished);
    a->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    must(a->wake_fd >= 0);
    a->wake = event_new(loop_base(l), a->wake_fd, EV_READ | EV_PERSIST, on_wake, a);
    must(a->wake && event_add(a->wake, NULL) == 0);
    return a;
}

void thread_pool_free(struct thread_pool *a)
{
    if (!a)
        return;
    while (a->sent > 0) {
        poll(&(struct pollfd){.fd = a->wake_fd, .events = POLLIN}, 1, -1);
        on_wake(a->wake_fd, EV_READ, a);
    }
    must(pthread_mutex_lock(&a->lock) == 0);
    a->is_closing = true;
    must(pthread_cond_broadcast(&a->is_wanted) == 0);
    must(pthread_mutex_unlock(&a->lock) == 0);
    for (size_t i = 0; i < a->thread_count; i++)
        must(pthread_join(a->threads[i], NULL) == 0);
    event_free(a->wake);
    close(a->wake_fd);
    must(pthread_cond_destroy(&a->is_wanted) == 0 && pthread_mutex_destroy(&a->lock) == 0);
    mem_free(a->threads);
    mem_free(a);
}
