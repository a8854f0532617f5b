// Attention over packed sequences: blocks of queries, scores in the cache.

/// Keys that query i may see.
INK_INLINE int64_t visible_keys(const ink_attention *a, const attention_item *item, int64_t query) {
    if (!a->causal) return item->keys;
    return ink_max(0, ink_min(item->keys, query + (item->keys - item->queries) + 1));
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

/// The scores of a block of queries, before the scale and the bias.
static void block_scores(
    const attention_job *job, const attention_item *item, int64_t block, int64_t count, const float *packed_keys,
    float *scores, int64_t stride) {
    const float *q = item->q + block * item->q_stride;
    small_product(count, stride, job->a->head_dim, q, item->q_stride, false, packed_keys, scores, stride, false);
    if (job->relative == NULL || item->keys == 0) return;
    spread_terms(
        job->relative, &job->relative->key, item->head, count, item->keys, -block, q, item->q_stride, scores, stride);
    spread_key_terms(job->relative, item, block, count, scores, stride);
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
    pack_small(item.k, item.k_stride, true, dim, item.keys, keys);
    pack_small(item.v, item.v_stride, false, item.keys, dim, values);
    for (int64_t block = 0; block < item.queries; block += QUERY_BLOCK) {
        int64_t count = ink_min(QUERY_BLOCK, item.queries - block);
        block_scores(job, &item, block, count, keys, scores, stride);
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
            if (job->relative != NULL) {
                gather_terms(
                    job->relative, &job->relative->value, item.head, count, item.keys, -block, scores, stride, out,
                    job->out_stride, NULL, 0);
            }
        } else {
            for (int64_t i = 0; i < count; i++) memset(out + i * job->out_stride, 0, (size_t)dim * sizeof(float));
        }
    }
}

static void kernel_attention_forward(
    const ink_attention *attention, float *out, int64_t out_stride, float *log_sum_exp) {
    attention_job job = {.a = attention, .result = out, .out_stride = out_stride, .log_sum_exp = log_sum_exp};
    relative_plan plan;
    if (attention->relative != NULL) {
        make_relative_plan(&plan, attention, NULL);
        job.relative = &plan;
    }
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
    if (job->gradients.bias != NULL) {
        bias_gradient = job->gradients.bias + (item->head * a->bias_rows + query) * a->bias_columns;
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
    float *dk = job->gradients.k + item.key_start * a->k_stride + item.column;
    float *dv = job->gradients.v + item.key_start * a->v_stride + item.column;
    float *dq = job->gradients.q + item.query_start * a->q_stride + item.column;
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
    pack_small(item.k, item.k_stride, true, dim, item.keys, transposed_k);
    pack_small(item.v, item.v_stride, true, dim, item.keys, transposed_v);
    pack_small(item.k, item.k_stride, false, item.keys, dim, packed_k);
    for (int64_t block = 0; block < item.queries; block += QUERY_BLOCK) {
        int64_t count = ink_min(QUERY_BLOCK, item.queries - block);
        const float *q = item.q + block * item.q_stride;
        const float *dout = job->dout + (item.query_start + block) * job->out_stride + item.column;
        float *block_dq = dq + block * a->q_stride;
        block_scores(job, &item, block, count, transposed_k, scores, stride);
        small_product(count, stride, dim, dout, job->out_stride, false, transposed_v, gradient, stride, false);
        if (job->relative != NULL) {
            spread_terms(
                job->relative, &job->relative->value, head, count, item.keys, -block, dout, job->out_stride, gradient,
                stride);
        }
        for (int64_t i = 0; i < count; i++) {
            attention_row_backward(
                job, &item, block + i, scores + i * stride, gradient + i * stride, dropped + i * stride);
        }
        pack_small(dout, job->out_stride, false, count, dim, packed_dout);
        pack_small(q, item.q_stride, false, count, dim, packed_q);
        small_product(item.keys, dim, count, dropped, stride, true, packed_dout, dv, a->v_stride, block > 0);
        small_product(item.keys, dim, count, gradient, stride, true, packed_q, dk, a->k_stride, block > 0);
        small_product(count, dim, item.keys, gradient, stride, false, packed_k, block_dq, a->q_stride, false);
        if (job->relative != NULL) {
            gather_terms(
                job->relative, &job->relative->value, head, count, item.keys, -block, dropped, stride, NULL, 0,
                packed_dout, count);
            gather_terms(
                job->relative, &job->relative->key, head, count, item.keys, -block, gradient, stride, block_dq,
                a->q_stride, packed_q, count);
            gather_key_terms(job->relative, &item, block, count, gradient, stride, dk, a->k_stride, packed_k);
        }
    }
    if (a->rotary != NULL) {
        rotate_rows(a->rotary, true, dq, a->q_stride, item.queries, dim, dq, a->q_stride);
        rotate_rows(a->rotary, true, dk, a->k_stride, item.keys, dim, dk, a->k_stride);
        if (a->rotary->rotates_values) {
            rotate_rows(a->rotary, true, dv, a->v_stride, item.keys, dim, dv, a->v_stride);
        }
    }
}

/// Whether something is summed over sequences: then one task takes a head of all of them, in order.
INK_INLINE bool sums_over_sequences(const ink_attention_gradients *g) {
    return g->bias != NULL || g->key_table != NULL || g->query_table != NULL || g->value_table != NULL;
}

static void attention_backward_task(void *context, int64_t index) {
    const attention_job *job = context;
    if (!sums_over_sequences(&job->gradients)) {
        attention_backward_item(job, index / job->a->heads, index % job->a->heads);
        return;
    }
    for (int64_t sequence = 0; sequence < job->a->sequences; sequence++) {
        attention_backward_item(job, sequence, index);
    }
}

static void kernel_attention_backward(
    const ink_attention *attention, const float *out, const float *dout, int64_t out_stride, const float *log_sum_exp,
    const ink_attention_gradients *gradients) {
    attention_job job = {
        .a = attention, .out = out, .dout = dout, .out_stride = out_stride, .known_log_sum_exp = log_sum_exp,
        .gradients = *gradients};
    relative_plan plan;
    if (attention->relative != NULL) {
        make_relative_plan(&plan, attention, gradients);
        job.relative = &plan;
    }
    int64_t tasks = attention->heads * (sums_over_sequences(gradients) ? 1 : attention->sequences);
    ink_parallel(tasks, attention_backward_task, &job);
}
