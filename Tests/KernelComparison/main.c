// Runs every kernel of the processor's instruction set and of plain C on the same operands and compares the results.
// For instruction sets that the machine at hand lacks: compiled for it and run under an emulator (see .ci/run --neon).
#include "comparison.h"

ink_isa compared_isa;
int checks_made, checks_failed;

static uint64_t state = 20240229;

static uint32_t next_word(void) {
    // SplitMix64 (Steele, Lea, Flood 2014).
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

float random_number(void) { return (float)((double)next_word() / 2147483648.0 - 1.0); }
int32_t random_index(int32_t limit) { return (int32_t)(next_word() % (uint32_t)limit); }

float *zeros(int64_t count) {
    size_t bytes = ((size_t)(count > 0 ? count : 1) * sizeof(float) + 63) / 64 * 64;
    float *x = aligned_alloc(64, bytes);
    if (x == NULL) {
        fprintf(stderr, "no memory for %lld numbers\n", (long long)count);
        exit(1);
    }
    memset(x, 0, bytes);
    return x;
}

float *random_floats(int64_t count, float range) {
    float *x = zeros(count);
    for (int64_t i = 0; i < count; i++) x[i] = range * random_number();
    return x;
}

float *copy_of(const float *x, int64_t count) {
    float *y = zeros(count);
    memcpy(y, x, (size_t)count * sizeof(float));
    return y;
}

static void report(const char *kernel, const char *variant, const char *what) {
    checks_failed++;
    printf("FAILED  %s (%s): %s\n", kernel, variant, what);
}

void check_close(
    const char *kernel, const char *variant, const float *expected, const float *found, int64_t count, double tolerance) {
    checks_made++;
    double largest = 1, worst = 0;
    int64_t place = -1;
    for (int64_t i = 0; i < count; i++) {
        if (isfinite(expected[i])) largest = fmax(largest, fabs((double)expected[i]));
    }
    for (int64_t i = 0; i < count; i++) {
        double difference;
        if (isnan(expected[i]) || isnan(found[i])) {
            difference = isnan(expected[i]) && isnan(found[i]) ? 0 : INFINITY;
        } else if (isinf(expected[i]) || isinf(found[i])) {
            difference = expected[i] == found[i] ? 0 : INFINITY;
        } else {
            difference = fabs((double)expected[i] - (double)found[i]) / largest;
        }
        if (difference > worst) {
            worst = difference;
            place = i;
        }
    }
    if (worst > tolerance) {
        char text[160];
        snprintf(
            text, sizeof text, "element %lld of %lld: expected %.9g, found %.9g, tolerance %g", (long long)place,
            (long long)count, (double)expected[place], (double)found[place], tolerance);
        report(kernel, variant, text);
    }
}

void check_equal(const char *kernel, const char *variant, const void *expected, const void *found, size_t bytes) {
    checks_made++;
    if (memcmp(expected, found, bytes) != 0) report(kernel, variant, "the bits differ");
}

int main(void) {
    compared_isa = ink_isa_current();
    if (compared_isa == INK_ISA_SCALAR) {
        fprintf(stderr, "this processor has no instruction set to compare\n");
        return 1;
    }
    compare_products();
    compare_elementwise();
    compare_rows();
    compare_attention();
    compare_optimizers();
    compare_conversions();
    printf("%s against scalar: %d passed, %d failed\n", ink_isa_name(compared_isa), checks_made - checks_failed, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}
