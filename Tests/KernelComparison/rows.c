// Kernels on rows: LayerNorm, embeddings, segments, softmax, cross-entropy.
#include "comparison.h"

static void layer_norm(int64_t rows, int64_t columns, const char *variant) {
    int64_t n = rows * columns;
    float *x = random_floats(n, 2), *residual = random_floats(n, 2), *gamma = random_floats(columns, 1);
    float *beta = random_floats(columns, 1), *dy = random_floats(n, 1);
    for (int form = 0; form < 3; form++) {
        ink_dropout dropout = {.seed = 5, .stream = 9, .probability = form == 2 ? 0.1f : 0};
        const float *r = form == 0 ? NULL : residual;
        float *sum[2], *y[2], *mean[2], *deviation[2], *ds[2], *dgamma[2], *dbeta[2];
        for (int side = 0; side < 2; side++) {
            sum[side] = zeros(n), y[side] = zeros(n), mean[side] = zeros(rows), deviation[side] = zeros(rows);
            ds[side] = zeros(n), dgamma[side] = zeros(columns), dbeta[side] = zeros(columns);
            ink_isa_select(side == 0 ? INK_ISA_SCALAR : compared_isa);
            ink_layer_norm_forward(
                x, r, dropout, gamma, beta, 1e-12f, rows, columns, sum[side], y[side], mean[side], deviation[side]);
            ink_layer_norm_backward(
                dy, sum[0], gamma, mean[0], deviation[0], rows, columns, ds[side], dgamma[side], dbeta[side], form == 1);
        }
        check_close("layer_norm_forward", variant, sum[0], sum[1], n, 1e-6);
        check_close("layer_norm_forward", variant, mean[0], mean[1], rows, 2e-6);
        // One column has no deviation: both sides divide by the square root of epsilon.
        if (columns > 2) {
            check_close("layer_norm_forward", variant, y[0], y[1], n, 1e-5);
            check_close("layer_norm_forward", variant, deviation[0], deviation[1], rows, 1e-5);
        }
        check_close("layer_norm_backward", variant, ds[0], ds[1], n, 1e-5);
        check_close("layer_norm_backward", variant, dgamma[0], dgamma[1], columns, 1e-5);
        check_close("layer_norm_backward", variant, dbeta[0], dbeta[1], columns, 1e-5);
    }
}

static void embeddings(int64_t rows, int64_t columns, const char *variant) {
    enum { TABLES = 4, ENTRIES = 11 };
    int64_t n = rows * columns;
    const float *tables[TABLES];
    const int32_t *ids[TABLES];
    for (int t = 0; t < TABLES; t++) {
        int32_t *list = (int32_t *)zeros(rows);
        for (int64_t r = 0; r < rows; r++) list[r] = random_index(ENTRIES);
        tables[t] = random_floats(ENTRIES * columns, 1);
        ids[t] = list;
    }
    float *a = zeros(n), *b = zeros(n);
    for (int count = 1; count <= TABLES; count++) {
        BOTH(
            ink_embedding_sum(tables, ids, count, rows, columns, a), ink_embedding_sum(tables, ids, count, rows, columns, b));
        check_equal("embedding_sum", variant, a, b, (size_t)n * sizeof(float));
    }
    BOTH(
        ink_gather_rows(tables[0], columns, ids[0], rows, columns, a), ink_gather_rows(tables[0], columns, ids[0], rows, columns, b));
    check_equal("gather_rows", variant, a, b, (size_t)n * sizeof(float));
    float *dy = random_floats(n, 1), *g = random_floats(ENTRIES * columns, 1), *h = copy_of(g, ENTRIES * columns);
    BOTH(ink_embedding_gradient(dy, ids[0], rows, columns, g), ink_embedding_gradient(dy, ids[0], rows, columns, h));
    check_equal("embedding_gradient", variant, g, h, (size_t)(ENTRIES * columns) * sizeof(float));
}

static void segments(int64_t rows, int64_t columns, const char *variant) {
    int32_t starts[] = {0, (int32_t)(rows / 3), (int32_t)(rows / 3), (int32_t)rows};
    float *x = random_floats(rows * columns, 1), *dy = random_floats(3 * columns, 1);
    for (int mean = 0; mean < 2; mean++) {
        float *a = zeros(3 * columns), *b = zeros(3 * columns), *c = zeros(rows * columns), *d = zeros(rows * columns);
        BOTH(ink_segment_sum(x, starts, 3, columns, mean, a), ink_segment_sum(x, starts, 3, columns, mean, b));
        check_close("segment_sum", variant, a, b, 3 * columns, 2e-6);
        BOTH(
            ink_segment_sum_backward(dy, starts, 3, columns, mean, c), ink_segment_sum_backward(dy, starts, 3, columns, mean, d));
        check_close("segment_sum_backward", variant, c, d, rows * columns, 1e-6);
    }
}

static void losses(int64_t rows, int64_t columns, const char *variant) {
    int64_t n = rows * columns;
    float *x = random_floats(n, 20), *a = zeros(n), *b = zeros(n), *c = zeros(n), *d = zeros(n), *dy = random_floats(n, 1);
    BOTH(ink_softmax_forward(x, a, rows, columns), ink_softmax_forward(x, b, rows, columns));
    check_close("softmax_forward", variant, a, b, n, 1e-6);
    BOTH(ink_softmax_backward(a, dy, c, rows, columns), ink_softmax_backward(a, dy, d, rows, columns));
    check_close("softmax_backward", variant, c, d, n, 1e-6);
    int32_t *labels = (int32_t *)zeros(rows);
    for (int64_t r = 0; r < rows; r++) labels[r] = r % 5 == 4 ? -100 : random_index((int32_t)columns);
    float *l = zeros(rows), *m = zeros(rows);
    BOTH(
        ink_cross_entropy_forward(x, labels, -100, rows, columns, l, a),
        ink_cross_entropy_forward(x, labels, -100, rows, columns, m, b));
    check_close("cross_entropy_forward", variant, l, m, rows, 1e-6);
    check_close("cross_entropy_forward", variant, a, b, n, 1e-6);
    BOTH(
        ink_cross_entropy_backward(a, labels, -100, 0.25f, rows, columns, c),
        ink_cross_entropy_backward(a, labels, -100, 0.25f, rows, columns, d));
    check_close("cross_entropy_backward", variant, c, d, n, 1e-6);
}

void compare_rows(void) {
    char variant[60];
    static const int64_t columns[] = {1, 2, 3, 5, 8, 16, 33, 64, 312, 1025};
    for (int64_t rows = 1; rows <= 40; rows = rows * 3 + 1) {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            snprintf(variant, sizeof variant, "%lldx%lld", (long long)rows, (long long)columns[i]);
            layer_norm(rows, columns[i], variant);
            embeddings(rows, columns[i], variant);
            segments(rows, columns[i], variant);
            losses(rows, columns[i], variant);
        }
    }
}
