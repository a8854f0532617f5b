// A pool of worker threads that take task indices from a shared counter.
//
// One job at a time. `state` holds whether the job is open and how many workers are inside it: a worker joins by
// raising the count while the job is open, and the caller, when no index is left, closes the job and waits only for
// the workers inside. A worker that wakes too late finds the job closed, so a call never waits for a sleeper.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum { JOB_OPEN = 1 << 16, MAX_THREADS = 1024, SPIN_NANOSECONDS = 40000 };

static struct {
    pthread_mutex_t owner;  // held by the thread whose job runs
    pthread_mutex_t sleep_lock;
    pthread_cond_t work;
    pthread_cond_t done;
    atomic_uint generation;
    atomic_uint state;
    atomic_int sleepers;
    atomic_bool caller_sleeps;
    atomic_int thread_count;  // 0: not yet decided
    atomic_int workers_in_job;
    atomic_int processors;
    int started_workers;
    ink_task task;
    void *context;
    int64_t count;
    _Alignas(128) atomic_llong next;
} pool = {
    .owner = PTHREAD_MUTEX_INITIALIZER,
    .sleep_lock = PTHREAD_MUTEX_INITIALIZER,
    .work = PTHREAD_COND_INITIALIZER,
    .done = PTHREAD_COND_INITIALIZER,
};

static _Thread_local bool inside_task;

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int available_processors(void) {
    int known = atomic_load_explicit(&pool.processors, memory_order_relaxed);
    if (known > 0) return known;
    long count = sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) count = CPU_COUNT(&set);
#endif
    int result = count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : (int)count;
    atomic_store_explicit(&pool.processors, result, memory_order_relaxed);
    return result;
}

int ink_thread_count(void) {
    int count = atomic_load_explicit(&pool.thread_count, memory_order_relaxed);
    return count > 0 ? count : available_processors();
}

void ink_set_thread_count(int count) {
    int clamped = count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : count;
    atomic_store_explicit(&pool.thread_count, clamped, memory_order_relaxed);
}

static int64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Spins until the condition holds or the time is over. Spinning would only keep the others from running when there
/// are more threads than processors.
#define SPIN_UNTIL(condition)                                                                    \
    do {                                                                                         \
        if (ink_thread_count() > available_processors()) break;                                  \
        int64_t deadline = nanoseconds() + SPIN_NANOSECONDS;                                     \
        for (int turn = 1; !(condition); turn++) {                                               \
            relax();                                                                             \
            if (turn % 64 == 0 && nanoseconds() > deadline) break;                               \
        }                                                                                        \
    } while (0)

static void run_tasks(void) {
    ink_task task = pool.task;
    void *context = pool.context;
    int64_t count = pool.count;
    inside_task = true;
    for (;;) {
        int64_t index = atomic_fetch_add_explicit(&pool.next, 1, memory_order_relaxed);
        if (index >= count) break;
        task(context, index);
    }
    inside_task = false;
}

static bool join_job(int worker) {
    unsigned state = atomic_load(&pool.state);
    while ((state & JOB_OPEN) != 0) {
        if (worker >= atomic_load_explicit(&pool.workers_in_job, memory_order_relaxed)) return false;
        if (atomic_compare_exchange_weak(&pool.state, &state, state + 1)) return true;
    }
    return false;
}

static void leave_job(void) {
    if (atomic_fetch_sub(&pool.state, 1) == 1 && atomic_load(&pool.caller_sleeps)) {
        pthread_mutex_lock(&pool.sleep_lock);
        pthread_cond_signal(&pool.done);
        pthread_mutex_unlock(&pool.sleep_lock);
    }
}

static void *worker_main(void *argument) {
    int worker = (int)(intptr_t)argument;
    unsigned seen = 0;
    for (;;) {
        SPIN_UNTIL(atomic_load_explicit(&pool.generation, memory_order_relaxed) != seen);
        if (atomic_load(&pool.generation) == seen) {
            pthread_mutex_lock(&pool.sleep_lock);
            atomic_fetch_add(&pool.sleepers, 1);
            while (atomic_load(&pool.generation) == seen) pthread_cond_wait(&pool.work, &pool.sleep_lock);
            atomic_fetch_sub(&pool.sleepers, 1);
            pthread_mutex_unlock(&pool.sleep_lock);
        }
        seen = atomic_load(&pool.generation);
        if (join_job(worker)) {
            run_tasks();
            leave_job();
        }
    }
    return NULL;
}

/// Starts missing workers; returns how many there are. The owner lock is held.
static int ensure_workers(int wanted) {
    while (pool.started_workers < wanted) {
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        int error = pthread_create(&thread, &attributes, worker_main, (void *)(intptr_t)pool.started_workers);
        pthread_attr_destroy(&attributes);
        if (error != 0) {
            // Fewer threads do the same work.
            static atomic_flag told = ATOMIC_FLAG_INIT;
            if (!atomic_flag_test_and_set(&told)) {
                fprintf(stderr, "note: the system refuses a thread; %d are at work\n", pool.started_workers + 1);
            }
            break;
        }
        pool.started_workers++;
    }
    return wanted < pool.started_workers ? wanted : pool.started_workers;
}

static void wait_for_workers(void) {
    unsigned left = atomic_fetch_and(&pool.state, ~(unsigned)JOB_OPEN) & ~(unsigned)JOB_OPEN;
    if (left == 0) return;
    SPIN_UNTIL(atomic_load(&pool.state) == 0);
    if (atomic_load(&pool.state) == 0) return;
    pthread_mutex_lock(&pool.sleep_lock);
    atomic_store(&pool.caller_sleeps, true);
    while (atomic_load(&pool.state) != 0) pthread_cond_wait(&pool.done, &pool.sleep_lock);
    atomic_store(&pool.caller_sleeps, false);
    pthread_mutex_unlock(&pool.sleep_lock);
}

static void run_inline(int64_t count, ink_task task, void *context) {
    for (int64_t index = 0; index < count; index++) task(context, index);
}

void ink_parallel(int64_t count, ink_task task, void *context) {
    int threads = ink_thread_count();
    if (count <= 1 || threads <= 1 || inside_task || pthread_mutex_trylock(&pool.owner) != 0) {
        run_inline(count, task, context);
        return;
    }
    int workers = ensure_workers((int)ink_min(threads, count) - 1);
    if (workers > 0) {
        pool.task = task;
        pool.context = context;
        pool.count = count;
        atomic_store_explicit(&pool.workers_in_job, workers, memory_order_relaxed);
        atomic_store_explicit(&pool.next, 0, memory_order_relaxed);
        atomic_store(&pool.state, JOB_OPEN);
        atomic_fetch_add(&pool.generation, 1);
        if (atomic_load(&pool.sleepers) > 0) {
            pthread_mutex_lock(&pool.sleep_lock);
            pthread_cond_broadcast(&pool.work);
            pthread_mutex_unlock(&pool.sleep_lock);
        }
        run_tasks();
        wait_for_workers();
    } else {
        run_inline(count, task, context);
    }
    pthread_mutex_unlock(&pool.owner);
}
