// Attention over packed sequences: one task for each sequence and head, blocks of queries, scores in the cache.

enum { QUERY_BLOCK = 64 };

typedef struct {
    const ink_attention *a;
    const float *out, *dout;
    float *result;
    int64_t out_stride;
    float *log_sum_exp;
    const float *known_log_sum_exp;
    float *dq, *dk, *dv, *bias_gradient;
} attention_job;

/// What a task works on: one head of one sequence.
typedef struct {
    int64_t head, query_start, queries, key_start, keys, column;
} attention_item;

INK_INLINE attention_item attention_item_of(const ink_attention *a, int64_t sequence, int64_t head) {
    attention_item item = {.head = head, .column = head * a->head_dim};
    item.query_start = a->query_starts[sequence];
    item.queries = a->query_starts[sequence + 1] - item.query_start;
    item.key_start = a->key_starts[sequence];
    item.keys = a->key_starts[sequence + 1] - item.key_start;
    return item;
}

/// Keys that query i may see.
INK_INLINE int64_t visible_keys(const ink_attention *a, const attention_item *item, int64_t query) {
    if (!a->causal) return item->keys;
    return ink_max(0, ink_min(item->keys, query + (item->keys - item->queries) + 1));
}

/// c (+)= op(x) packed_b, on this thread.
INK_INLINE void small_product(
    int64_t m, int64_t n, int64_t k, const float *x, int64_t x_stride, bool transpose, const float *packed, float *c,
    int64_t c_stride, bool add) {
    ink_gemm_arguments g = {
        .m = m, .n = n, .k = k, .a = x, .a_stride = x_stride, .transpose_a = transpose, .c = c,
        .c_stride = c_stride, .accumulate = add};
    if (m > 0 && n > 0 && k > 0) gemm_serial(&g, packed);
}

INK_INLINE void pack_small(
    const float *x, int64_t stride, bool transpose, int64_t k, int64_t n, float *packed) {
    pack_b_panels(x, stride, transpose, k, n, 0, ink_ceil_div(n, INK_PANEL), packed);
}

/// The row of the bias for a query, or NULL.
INK_INLINE const float *bias_row(const ink_attention *a, const attention_item *item, int64_t query) {
    return a->bias == NULL ? NULL : a->bias + (item->head * a->bias_rows + query) * a->bias_columns;
}

/// scale * scores + bias of the vector at key j, minus infinity beyond the last visible key.
INK_INLINE vf scaled_scores(const float *scores, const float *bias, float scale, int64_t j, int64_t visible) {
    vf x = v_mul(v_load(scores + j), v_set(scale));
    if (bias != NULL) x = v_add(x, v_load_part(bias + j, visible - j));
    return v_fill_from(x, visible - j, -INFINITY);
}

/// Softmax of a row of scores but for the division: exp(scaled score - largest) in place, zero up to the next
/// multiple of VEC. Whole vectors are stored, so that they can be read again at once.
INK_INLINE float exp_scores(
    const ink_attention *a, const float *bias, int64_t visible, float *scores, float *largest) {
    vf top = v_set(-INFINITY), total = v_set(0.0f);
    for (int64_t j = 0; j < visible; j += VEC) {
        vf x = scaled_scores(scores, bias, a->scale, j, visible);
        v_store(scores + j, x);
        top = v_max(top, x);
    }
    *largest = v_reduce_max(top);
    for (int64_t j = 0; j < visible; j += VEC) {
        vf e = v_exp(v_sub(v_load(scores + j), v_set(*largest)));
        v_store(scores + j, e);
        total = v_add(total, e);
    }
    return v_reduce_add(total);
}

INK_INLINE uint32_t dropout_row_number(const ink_attention *a, const attention_item *item, int64_t query) {
    return (uint32_t)((item->query_start + query) * a->heads + item->head);
}

static void attention_forward_task(void *context, int64_t index) {
    const attention_job *job = context;
    const ink_attention *a = job->a;
    const attention_item item = attention_item_of(a, index / a->heads, index % a->heads);
    const int64_t dim = a->head_dim, stride = ink_round_up(item.keys, INK_PANEL);
    float *keys = ink_scratch(
        INK_SCRATCH_ATTENTION,
        (size_t)(stride * dim + ink_round_up(dim, INK_PANEL) * item.keys + QUERY_BLOCK * stride));
    float *values = keys + stride * dim, *scores = values + ink_round_up(dim, INK_PANEL) * item.keys;
    pack_small(a->k + item.key_start * a->k_stride + item.column, a->k_stride, true, dim, item.keys, keys);
    pack_small(a->v + item.key_start * a->v_stride + item.column, a->v_stride, false, item.keys, dim, values);
    for (int64_t block = 0; block < item.queries; block += QUERY_BLOCK) {
        int64_t count = ink_min(QUERY_BLOCK, item.queries - block);
        const float *q = a->q + (item.query_start + block) * a->q_stride + item.column;
        small_product(count, stride, dim, q, a->q_stride, false, keys, scores, stride, false);
        for (int64_t i = 0; i < count; i++) {
            float *row = scores + i * stride;
            int64_t query = block + i, visible = visible_keys(a, &item, query);
            float log_sum_exp = 0.0f;
            if (visible > 0) {
                float top, sum = exp_scores(a, bias_row(a, &item, query), visible, row, &top);
                log_sum_exp = top + logf(sum);
                if (a->dropout.probability > 0.0f) {
                    uint32_t number = dropout_row_number(a, &item, query);
                    dropout_row(row, 1.0f / sum, row, number, visible, a->dropout);
                } else {
                    for (int64_t j = 0; j < visible; j += VEC) {
                        v_store(row + j, v_mul(v_load(row + j), v_set(1.0f / sum)));
                    }
                }
            }
            if (visible < item.keys) memset(row + visible, 0, (size_t)(item.keys - visible) * sizeof(float));
            if (job->log_sum_exp != NULL) {
                job->log_sum_exp[(item.query_start + query) * a->heads + item.head] = log_sum_exp;
            }
        }
        float *out = job->result + (item.query_start + block) * job->out_stride + item.column;
        if (item.keys > 0) {
            small_product(count, dim, item.keys, scores, stride, false, values, out, job->out_stride, false);
        } else {
            for (int64_t i = 0; i < count; i++) memset(out + i * job->out_stride, 0, (size_t)dim * sizeof(float));
        }
    }
}

static void kernel_attention_forward(
    const ink_attention *attention, float *out, int64_t out_stride, float *log_sum_exp) {
    attention_job job = {.a = attention, .result = out, .out_stride = out_stride, .log_sum_exp = log_sum_exp};
    ink_parallel(attention->sequences * attention->heads, attention_forward_task, &job);
}

/// From the scores and dout v^T of one query: the dropped probabilities, for dv, and the gradient of the scores.
INK_INLINE void attention_row_backward(
    const attention_job *job, const attention_item *item, int64_t query, const float *probabilities, float *gradient,
    float *dropped) {
    const ink_attention *a = job->a;
    const int64_t token = item->query_start + query, visible = visible_keys(a, item, query);
    const float *out = job->out + token * job->out_stride + item->column;
    const float *dout = job->dout + token * job->out_stride + item->column;
    const vf dot = v_set(row_dot(out, dout, a->head_dim));
    const vf log_sum_exp = v_set(job->known_log_sum_exp[token * a->heads + item->head]), scale = v_set(a->scale);
    const float *bias = bias_row(a, item, query);
    float *bias_gradient = NULL;
    if (job->bias_gradient != NULL) {
        bias_gradient = job->bias_gradient + (item->head * a->bias_rows + query) * a->bias_columns;
    }
    const bool drops = a->dropout.probability > 0.0f;
    if (drops) dropout_row(NULL, 1.0f, dropped, dropout_row_number(a, item, query), visible, a->dropout);
    for (int64_t j = 0; j < visible; j += VEC) {
        vf p = v_exp(v_sub(scaled_scores(probabilities, bias, a->scale, j, visible), log_sum_exp));
        vf keep = drops ? v_load_part(dropped + j, visible - j) : v_set(1.0f);
        vf ds = v_mul(p, v_sub(v_mul(v_load(gradient + j), keep), dot));
        v_store(dropped + j, v_mul(p, keep));
        v_store(gradient + j, v_mul(ds, scale));
        if (bias_gradient != NULL) {
            int64_t n = visible - j;
            v_store_part(bias_gradient + j, v_add(v_load_part(bias_gradient + j, n), ds), n);
        }
    }
    if (visible < item->keys) {
        memset(dropped + visible, 0, (size_t)(item->keys - visible) * sizeof(float));
        memset(gradient + visible, 0, (size_t)(item->keys - visible) * sizeof(float));
    }
}

INK_INLINE void zero_rows(float *x, int64_t stride, int64_t rows, int64_t columns) {
    for (int64_t row = 0; row < rows; row++) memset(x + row * stride, 0, (size_t)columns * sizeof(float));
}

static void attention_backward_item(const attention_job *job, int64_t sequence, int64_t head) {
    const ink_attention *a = job->a;
    const attention_item item = attention_item_of(a, sequence, head);
    const int64_t dim = a->head_dim, stride = ink_round_up(item.keys, INK_PANEL);
    const int64_t wide = ink_round_up(dim, INK_PANEL);
    const float *k = a->k + item.key_start * a->k_stride + item.column;
    const float *v = a->v + item.key_start * a->v_stride + item.column;
    float *dk = job->dk + item.key_start * a->k_stride + item.column;
    float *dv = job->dv + item.key_start * a->v_stride + item.column;
    float *dq = job->dq + item.query_start * a->q_stride + item.column;
    if (item.queries <= 0 || item.keys <= 0) {
        zero_rows(dq, a->q_stride, item.queries, dim);
        zero_rows(dk, a->k_stride, item.keys, dim);
        zero_rows(dv, a->v_stride, item.keys, dim);
        return;
    }
    float *scratch = ink_scratch(
        INK_SCRATCH_ATTENTION,
        (size_t)(2 * stride * dim + wide * item.keys + 3 * QUERY_BLOCK * stride + 2 * QUERY_BLOCK * wide));
    float *transposed_k = scratch, *transposed_v = transposed_k + stride * dim;
    float *packed_k = transposed_v + stride * dim;
    float *scores = packed_k + wide * item.keys, *gradient = scores + QUERY_BLOCK * stride;
    float *dropped = gradient + QUERY_BLOCK * stride;
    float *packed_q = dropped + QUERY_BLOCK * stride, *packed_dout = packed_q + QUERY_BLOCK * wide;
    pack_small(k, a->k_stride, true, dim, item.keys, transposed_k);
    pack_small(v, a->v_stride, true, dim, item.keys, transposed_v);
    pack_small(k, a->k_stride, false, item.keys, dim, packed_k);
    for (int64_t block = 0; block < item.queries; block += QUERY_BLOCK) {
        int64_t count = ink_min(QUERY_BLOCK, item.queries - block);
        const float *q = a->q + (item.query_start + block) * a->q_stride + item.column;
        const float *dout = job->dout + (item.query_start + block) * job->out_stride + item.column;
        small_product(count, stride, dim, q, a->q_stride, false, transposed_k, scores, stride, false);
        small_product(count, stride, dim, dout, job->out_stride, false, transposed_v, gradient, stride, false);
        for (int64_t i = 0; i < count; i++) {
            attention_row_backward(
                job, &item, block + i, scores + i * stride, gradient + i * stride, dropped + i * stride);
        }
        pack_small(dout, job->out_stride, false, count, dim, packed_dout);
        pack_small(q, a->q_stride, false, count, dim, packed_q);
        small_product(item.keys, dim, count, dropped, stride, true, packed_dout, dv, a->v_stride, block > 0);
        small_product(item.keys, dim, count, gradient, stride, true, packed_q, dk, a->k_stride, block > 0);
        small_product(
            count, dim, item.keys, gradient, stride, false, packed_k, dq + block * a->q_stride, a->q_stride, false);
    }
}

static void attention_backward_task(void *context, int64_t index) {
    const attention_job *job = context;
    if (job->bias_gradient == NULL) {
        attention_backward_item(job, index / job->a->heads, index % job->a->heads);
        return;
    }
    // A head's bias gradient is summed over the sequences in order, by one task.
    for (int64_t sequence = 0; sequence < job->a->sequences; sequence++) {
        attention_backward_item(job, sequence, index);
    }
}

static void kernel_attention_backward(
    const ink_attention *attention, const float *out, const float *dout, int64_t out_stride, const float *log_sum_exp,
    float *dq, float *dk, float *dv, float *bias_gradient) {
    attention_job job = {
        .a = attention, .out = out, .dout = dout, .out_stride = out_stride, .known_log_sum_exp = log_sum_exp,
        .dq = dq, .dk = dk, .dv = dv, .bias_gradient = bias_gradient};
    int64_t tasks = attention->heads * (bias_gradient == NULL ? attention->sequences : 1);
    ink_parallel(tasks, attention_backward_task, &job);
}
