// What attention is made of: one task for each sequence and head, its operands, products on the task's own thread.

enum { QUERY_BLOCK = 64 };

typedef struct relative_plan relative_plan;

typedef struct {
    const ink_attention *a;
    const relative_plan *relative;  // or NULL
    const float *out, *dout;
    float *result;
    int64_t out_stride;
    float *log_sum_exp;
    const float *known_log_sum_exp;
    ink_attention_gradients gradients;
} attention_job;

/// What a task works on: one head of one sequence. q, k and v are its operands, rotated where that is asked for.
typedef struct {
    int64_t head, query_start, queries, key_start, keys, column;
    const float *q, *k, *v;
    int64_t q_stride, k_stride, v_stride;
} attention_item;

/// y = x with each pair of neighbours turned by the angle of its row, or turned back; y may be x.
static void rotate_rows(
    const ink_rotary *rotary, bool back, const float *x, int64_t x_stride, int64_t rows, int64_t dim, float *y,
    int64_t y_stride) {
    const int64_t pairs = dim / 2;
    const float sign = back ? -1.0f : 1.0f;
    for (int64_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
        const float *cosines = rotary->cosines + row * pairs, *sines = rotary->sines + row * pairs;
        for (int64_t p = 0; p < pairs; p++) {
            float even = x[2 * p], odd = x[2 * p + 1], cosine = cosines[p], sine = sign * sines[p];
            y[2 * p] = even * cosine - odd * sine;
            y[2 * p + 1] = odd * cosine + even * sine;
        }
    }
}

/// Replaces an operand of an item by its rotated copy at `copy`.
INK_INLINE void rotate_operand(
    const ink_attention *a, int64_t rows, const float **x, int64_t *stride, float *copy) {
    rotate_rows(a->rotary, false, *x, *stride, rows, a->head_dim, copy, a->head_dim);
    *x = copy;
    *stride = a->head_dim;
}

static attention_item attention_item_of(const ink_attention *a, int64_t sequence, int64_t head) {
    attention_item item = {.head = head, .column = head * a->head_dim};
    item.query_start = a->query_starts[sequence];
    item.queries = a->query_starts[sequence + 1] - item.query_start;
    item.key_start = a->key_starts[sequence];
    item.keys = a->key_starts[sequence + 1] - item.key_start;
    item.q_stride = a->q_stride;
    item.k_stride = a->k_stride;
    item.v_stride = a->v_stride;
    item.q = a->q + item.query_start * a->q_stride + item.column;
    item.k = a->k + item.key_start * a->k_stride + item.column;
    item.v = a->v + item.key_start * a->v_stride + item.column;
    if (a->rotary != NULL) {
        float *copies = ink_scratch(INK_SCRATCH_ROTARY, (size_t)((item.queries + 2 * item.keys) * a->head_dim));
        rotate_operand(a, item.queries, &item.q, &item.q_stride, copies);
        copies += item.queries * a->head_dim;
        rotate_operand(a, item.keys, &item.k, &item.k_stride, copies);
        copies += item.keys * a->head_dim;
        if (a->rotary->rotates_values) rotate_operand(a, item.keys, &item.v, &item.v_stride, copies);
    }
    return item;
}

/// c (+)= op(x) packed, on this thread. The panels of `packed` have `depth` rows, of which the first k are meant.
INK_INLINE void small_product_of_part(
    int64_t m, int64_t n, int64_t k, const float *x, int64_t x_stride, bool transpose, const float *packed,
    int64_t depth, float *c, int64_t c_stride, bool add) {
    ink_gemm_arguments g = {
        .m = m, .n = n, .k = k, .a = x, .a_stride = x_stride, .transpose_a = transpose, .packed_depth = depth,
        .c = c, .c_stride = c_stride, .accumulate = add};
    if (m > 0 && n > 0 && k > 0) gemm_serial(&g, packed);
}

INK_INLINE void small_product(
    int64_t m, int64_t n, int64_t k, const float *x, int64_t x_stride, bool transpose, const float *packed, float *c,
    int64_t c_stride, bool add) {
    small_product_of_part(m, n, k, x, x_stride, transpose, packed, k, c, c_stride, add);
}

INK_INLINE void pack_small(
    const float *x, int64_t stride, bool transpose, int64_t k, int64_t n, float *packed) {
    pack_b_panels(x, stride, transpose, k, n, 0, ink_ceil_div(n, INK_PANEL), packed);
}
