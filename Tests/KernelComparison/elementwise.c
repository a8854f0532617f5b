// Activations, sums, copies, dropout: kernels that see a matrix as numbers in a row.
#include "comparison.h"

static const int64_t counts[] = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 64, 100, 1027, 70001};

static void activations(int64_t n, const char *variant) {
    float *x = random_floats(n, 12), *dy = random_floats(n, 1), *a = zeros(n), *b = zeros(n);
    if (n > 8) {
        x[1] = INFINITY, x[2] = -INFINITY, x[3] = NAN, x[4] = 0, x[5] = -0.0f, x[6] = 1e30f, x[7] = -1e30f;
    }
    for (int kind = INK_IDENTITY; kind <= INK_SILU; kind++) {
        BOTH(ink_activation_forward(kind, x, a, n), ink_activation_forward(kind, x, b, n));
        check_close("activation_forward", variant, a, b, n, 1e-6);
        BOTH(ink_activation_backward(kind, x, dy, a, n), ink_activation_backward(kind, x, dy, b, n));
        check_close("activation_backward", variant, a, b, n, 1e-6);
    }
}

static void arithmetic(int64_t n, const char *variant) {
    float *x = random_floats(n, 3), *z = random_floats(n, 3), *a = copy_of(z, n), *b = copy_of(z, n);
    size_t bytes = (size_t)n * sizeof(float);
    BOTH(ink_add(x, z, a, n), ink_add(x, z, b, n));
    check_equal("add", variant, a, b, bytes);
    BOTH(ink_multiply(x, z, a, n), ink_multiply(x, z, b, n));
    check_equal("multiply", variant, a, b, bytes);
    BOTH(ink_scale(x, 0.3f, a, n), ink_scale(x, 0.3f, b, n));
    check_equal("scale", variant, a, b, bytes);
    BOTH(ink_add_scaled(x, -0.7f, a, n), ink_add_scaled(x, -0.7f, b, n));
    check_close("add_scaled", variant, a, b, n, 1e-6);
    BOTH(ink_fill(a, 2.5f, n), ink_fill(b, 2.5f, n));
    check_equal("fill", variant, a, b, bytes);

    double sums[2], norms[2];
    BOTH(sums[0] = ink_sum(x, n), sums[1] = ink_sum(x, n));
    BOTH(norms[0] = ink_squared_norm(x, n), norms[1] = ink_squared_norm(x, n));
    float expected[2] = {(float)sums[0], (float)norms[0]}, found[2] = {(float)sums[1], (float)norms[1]};
    check_close("sum", variant, expected, found, 2, 1e-5);

    // A number that is not finite has to be seen wherever it stands.
    for (int64_t place = 0; place < n; place += n > 100 ? 997 : 1) {
        for (int kind = 0; kind < 3; kind++) {
            float kept = x[place];
            x[place] = kind == 0 ? NAN : kind == 1 ? INFINITY : -INFINITY;
            bool seen[2];
            BOTH(seen[0] = ink_all_finite(x, n), seen[1] = ink_all_finite(x, n));
            bool none[2] = {false, false};
            check_equal("all_finite", variant, none, seen, sizeof seen);
            x[place] = kept;
        }
    }
    bool clean[2], all[2] = {true, true};
    BOTH(clean[0] = ink_all_finite(x, n), clean[1] = ink_all_finite(x, n));
    check_equal("all_finite", variant, all, clean, sizeof clean);
}

static void matrices(int64_t rows, int64_t columns, const char *variant) {
    int64_t n = rows * columns, x_stride = columns + 5, y_stride = columns + 2;
    float *x = random_floats(rows * x_stride, 2), *a = random_floats(rows * y_stride, 1), *b = copy_of(a, rows * y_stride);
    for (int accumulate = 0; accumulate < 2; accumulate++) {
        BOTH(
            ink_copy_matrix(x, x_stride, a, y_stride, rows, columns, accumulate),
            ink_copy_matrix(x, x_stride, b, y_stride, rows, columns, accumulate));
        check_equal("copy_matrix", variant, a, b, (size_t)(rows * y_stride) * sizeof(float));
        float *s = random_floats(columns, 1), *t = copy_of(s, columns);
        BOTH(
            ink_column_sum(x, x_stride, rows, columns, s, accumulate), ink_column_sum(x, x_stride, rows, columns, t, accumulate));
        check_close("column_sum", variant, s, t, columns, 1e-5);
    }
    float *p = zeros(n), *q = zeros(n);
    BOTH(ink_transpose(x, p, rows, columns), ink_transpose(x, q, rows, columns));
    check_equal("transpose", variant, p, q, (size_t)n * sizeof(float));

    ink_dropout dropout = {.seed = 0x123456789abcdefu, .stream = 0xfedcba987u, .probability = 0.3f};
    BOTH(ink_dropout_apply(x, p, rows, columns, dropout), ink_dropout_apply(x, q, rows, columns, dropout));
    check_equal("dropout_apply", variant, p, q, (size_t)n * sizeof(float));
    uint32_t *u = (uint32_t *)zeros(columns), *v = (uint32_t *)zeros(columns);
    BOTH(
        ink_philox_row(dropout.seed, dropout.stream, 7, columns, u), ink_philox_row(dropout.seed, dropout.stream, 7, columns, v));
    check_equal("philox_row", variant, u, v, (size_t)columns * sizeof(uint32_t));
}

void compare_elementwise(void) {
    char variant[60];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        snprintf(variant, sizeof variant, "%lld", (long long)counts[i]);
        activations(counts[i], variant);
        arithmetic(counts[i], variant);
    }
    for (int64_t rows = 1; rows <= 70; rows = rows * 2 + 1) {
        for (int64_t columns = 1; columns <= 140; columns = columns * 2 + 1) {
            snprintf(variant, sizeof variant, "%lldx%lld", (long long)rows, (long long)columns);
            matrices(rows, columns, variant);
        }
    }
}
