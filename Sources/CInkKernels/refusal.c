// The end of a run to which the system gives no more memory. Nothing here allocates.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static pthread_mutex_t note_lock = PTHREAD_MUTEX_INITIALIZER;
static char note[1024];

void ink_set_memory_note(const char *text) {
    pthread_mutex_lock(&note_lock);
    snprintf(note, sizeof note, "%s", text);
    pthread_mutex_unlock(&note_lock);
}

void ink_memory_refused(size_t bytes, const char *purpose, size_t in_use) {
    char text[2048];
    // Whoever writes the note now goes on after the end; what is there may be told half, never waited for.
    int length = snprintf(
        text, sizeof text,
        "error: memory: the system refused %zu bytes for %s\n"
        "  found:    %zu MB in use by tensors\n"
        "  remedy:   use a smaller --batch-size or --max-length, fewer --threads or a smaller model, or allow more "
        "memory (ulimit -v)\n%s%s%s",
        bytes, purpose, in_use >> 20, note[0] ? "  note:     " : "", note, note[0] ? "\n" : "");
    size_t count = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    for (size_t done = 0; done < count;) {
        ssize_t written = write(STDERR_FILENO, text + done, count - done);
        if (written <= 0) break;
        done += (size_t)written;
    }
    _exit(1);
}
