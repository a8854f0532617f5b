// Optimizer steps, and conversions between number formats.
#include "comparison.h"

static void optimizers(int64_t n, const char *variant) {
    for (int form = 0; form < 3; form++) {
        float *gradient = form == 2 ? NULL : random_floats(n, 1);
        ink_optimizer_run runs[2];
        float *value = random_floats(n, 1), *first = random_floats(n, 1), *second = random_floats(n, 1);
        for (int64_t i = 0; i < n; i++) second[i] = fabsf(second[i]);
        for (int side = 0; side < 2; side++) {
            runs[side] = (ink_optimizer_run){
                .value = copy_of(value, n), .gradient = gradient, .first_moment = copy_of(first, n),
                .second_moment = copy_of(second, n), .count = n, .weight_decay = form == 1 ? 0.01f : 0, .gradient_scale = 0.5f};
        }
        BOTH(
            ink_adamw(&runs[0], 1, 1e-3f, 0.9f, 0.999f, 1e-6f, 0.1f, 0.001f),
            ink_adamw(&runs[1], 1, 1e-3f, 0.9f, 0.999f, 1e-6f, 0.1f, 0.001f));
        check_close("adamw", variant, runs[0].value, runs[1].value, n, 1e-6);
        check_close("adamw", variant, runs[0].first_moment, runs[1].first_moment, n, 1e-6);
        check_close("adamw", variant, runs[0].second_moment, runs[1].second_moment, n, 1e-6);
        for (int side = 0; side < 2; side++) {
            runs[side].second_moment = NULL;
            memcpy(runs[side].value, value, (size_t)n * sizeof(float));
            memcpy(runs[side].first_moment, first, (size_t)n * sizeof(float));
        }
        BOTH(ink_sgd(&runs[0], 1, 1e-2f, 0.9f), ink_sgd(&runs[1], 1, 1e-2f, 0.9f));
        check_close("sgd", variant, runs[0].value, runs[1].value, n, 1e-6);
        check_close("sgd", variant, runs[0].first_moment, runs[1].first_moment, n, 1e-6);
    }
}

void compare_optimizers(void) {
    char variant[60];
    for (int64_t n = 1; n <= 5000; n = n * 2 + 1) {
        snprintf(variant, sizeof variant, "%lld", (long long)n);
        optimizers(n, variant);
    }
}

void compare_conversions(void) {
    enum { ALL = 65536 };
    uint16_t *halves = (uint16_t *)zeros(ALL), *a = (uint16_t *)zeros(ALL), *b = (uint16_t *)zeros(ALL);
    float *wide[2] = {zeros(ALL), zeros(ALL)};
    for (int i = 0; i < ALL; i++) halves[i] = (uint16_t)i;
    BOTH(ink_f16_to_f32(halves, wide[0], ALL), ink_f16_to_f32(halves, wide[1], ALL));
    check_close("f16_to_f32", "all values", wide[0], wide[1], ALL, 0);
    BOTH(ink_bf16_to_f32(halves, wide[0], ALL), ink_bf16_to_f32(halves, wide[1], ALL));
    check_equal("bf16_to_f32", "all values", wide[0], wide[1], ALL * sizeof(float));

    // Random bits: every exponent, numbers between two halves, and on the middle between them.
    float *x = zeros(ALL);
    for (int i = 0; i < ALL; i++) {
        uint32_t bits = (uint32_t)random_index(INT32_MAX) << 1 ^ (uint32_t)random_index(INT32_MAX);
        if (i % 4 == 0) bits = (bits & 0xFFFF0000u) | 0x8000u;
        if (i % 4 == 1) bits = (bits & 0x87FFE000u) | 0x38000000u | 0x1000u;
        memcpy(&x[i], &bits, sizeof bits);
        if (isnan(x[i])) x[i] = INFINITY;
    }
    BOTH(ink_f32_to_f16(x, a, ALL), ink_f32_to_f16(x, b, ALL));
    check_equal("f32_to_f16", "random bits", a, b, ALL * sizeof(uint16_t));
    BOTH(ink_f32_to_bf16(x, a, ALL), ink_f32_to_bf16(x, b, ALL));
    check_equal("f32_to_bf16", "random bits", a, b, ALL * sizeof(uint16_t));
}
