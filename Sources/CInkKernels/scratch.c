// Per-thread scratch memory: grows to the largest request and is freed when its thread ends.
#include <pthread.h>
#include <stdlib.h>

#include "internal.h"

typedef struct {
    void *memory[INK_SCRATCH_COUNT];
    size_t capacity[INK_SCRATCH_COUNT];
} scratch_set;

static _Thread_local scratch_set *thread_scratch;
static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;

static void free_scratch(void *value) {
    scratch_set *set = value;
    for (int use = 0; use < INK_SCRATCH_COUNT; use++) free(set->memory[use]);
    free(set);
}

static void make_key(void) { pthread_key_create(&scratch_key, free_scratch); }

static _Noreturn void out_of_memory(size_t bytes) { ink_memory_refused(bytes, "the work of a thread", 0); }

static scratch_set *make_set(void) {
    pthread_once(&scratch_once, make_key);
    scratch_set *set = calloc(1, sizeof *set);
    if (set == NULL) out_of_memory(sizeof *set);
    pthread_setspecific(scratch_key, set);
    thread_scratch = set;
    return set;
}

float *ink_scratch(ink_scratch_use use, size_t count) {
    scratch_set *set = thread_scratch != NULL ? thread_scratch : make_set();
    if (set->capacity[use] < count) {
        // A quarter more than asked, so that slowly growing requests do not allocate each time.
        size_t bytes = ((count + count / 4) * sizeof(float) + 4095) / 4096 * 4096;
        free(set->memory[use]);
        set->memory[use] = NULL;
        set->capacity[use] = 0;
        if (posix_memalign(&set->memory[use], 64, bytes) != 0) out_of_memory(bytes);
        set->capacity[use] = bytes / sizeof(float);
    }
    return set->memory[use];
}
