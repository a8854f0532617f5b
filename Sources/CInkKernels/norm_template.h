// LayerNorm with its residual sum and dropout, and softmax with cross-entropy: one row at a time, row in L1.

enum { NORM_ROWS = 8, NORM_GRADIENT_ROWS = 32 };

typedef struct {
    const float *x, *residual, *gamma, *beta;
    ink_dropout dropout;
    float epsilon;
    int64_t rows, columns;
    float *sum, *y, *mean, *reciprocal_deviation;
} norm_job;

/// s = residual + dropout(x) into `s`, which may be x.
INK_INLINE void norm_input(const norm_job *job, int64_t row, float *s) {
    const float *x = job->x + row * job->columns;
    const float *residual = job->residual != NULL ? job->residual + row * job->columns : NULL;
    if (job->dropout.probability > 0.0f) {
        dropout_row(x, 1.0f, s, (uint32_t)row, job->columns, job->dropout);
        x = s;
    }
    for (int64_t c = 0; c < job->columns; c += VEC) {
        int64_t n = job->columns - c;
        vf value = v_load_part(x + c, n);
        if (residual != NULL) value = v_add(value, v_load_part(residual + c, n));
        v_store_part(s + c, value, n);
    }
}

static void norm_task(void *context, int64_t index) {
    const norm_job *job = context;
    int64_t columns = job->columns, end = ink_min(job->rows, (index + 1) * NORM_ROWS);
    for (int64_t row = index * NORM_ROWS; row < end; row++) {
        float *y = job->y + row * columns;
        float *s = job->sum != NULL ? job->sum + row * columns : y;
        norm_input(job, row, s);
        vf total = v_set(0.0f);
        for (int64_t c = 0; c < columns; c += VEC) total = v_add(total, v_load_part(s + c, columns - c));
        const float mean = v_reduce_add(total) / (float)columns;
        vf squares = v_set(0.0f);
        for (int64_t c = 0; c < columns; c += VEC) {
            vf d = v_sub(v_load_part_or(s + c, columns - c, mean), v_set(mean));
            squares = v_fma(d, d, squares);
        }
        const float reciprocal = 1.0f / sqrtf(v_reduce_add(squares) / (float)columns + job->epsilon);
        for (int64_t c = 0; c < columns; c += VEC) {
            int64_t n = columns - c;
            vf normal = v_mul(v_sub(v_load_part(s + c, n), v_set(mean)), v_set(reciprocal));
            v_store_part(y + c, v_fma(normal, v_load_part(job->gamma + c, n), v_load_part(job->beta + c, n)), n);
        }
        if (job->mean != NULL) job->mean[row] = mean;
        if (job->reciprocal_deviation != NULL) job->reciprocal_deviation[row] = reciprocal;
    }
}

static void kernel_layer_norm_forward(
    const float *x, const float *residual, ink_dropout dropout, const float *gamma, const float *beta, float epsilon,
    int64_t rows, int64_t columns, float *sum, float *y, float *mean, float *reciprocal_deviation) {
    if (rows <= 0 || columns <= 0) return;
    norm_job job = {x,    residual, gamma, beta, dropout, epsilon, rows, columns, sum,
                    y, mean,     reciprocal_deviation};
    ink_parallel(ink_ceil_div(rows, NORM_ROWS), norm_task, &job);
}

typedef struct {
    const float *dy, *sum, *gamma, *mean, *reciprocal_deviation;
    int64_t rows, columns;
    float *ds, *partial;
} norm_gradient_job;

/// ds = r (g - mean(g) - n mean(g n)) with g = gamma dy, n the normalised row; dgamma and dbeta of a chunk of rows.
static void norm_gradient_task(void *context, int64_t index) {
    const norm_gradient_job *job = context;
    int64_t columns = job->columns, end = ink_min(job->rows, (index + 1) * NORM_GRADIENT_ROWS);
    float *dgamma = job->partial + index * 2 * columns, *dbeta = dgamma + columns;
    memset(dgamma, 0, (size_t)columns * 2 * sizeof(float));
    for (int64_t row = index * NORM_GRADIENT_ROWS; row < end; row++) {
        const float *dy = job->dy + row * columns, *s = job->sum + row * columns;
        float *ds = job->ds + row * columns;
        const vf mean = v_set(job->mean[row]), reciprocal = v_set(job->reciprocal_deviation[row]);
        vf total = v_set(0.0f), product = v_set(0.0f);
        for (int64_t c = 0; c < columns; c += VEC) {
            int64_t n = columns - c;
            vf d = v_load_part(dy + c, n);
            vf normal = v_mul(v_sub(v_load_part(s + c, n), mean), reciprocal);
            vf g = v_mul(d, v_load_part(job->gamma + c, n));
            total = v_add(total, g);
            product = v_fma(g, normal, product);
            v_store_part(dgamma + c, v_fma(d, normal, v_load_part(dgamma + c, n)), n);
            v_store_part(dbeta + c, v_add(d, v_load_part(dbeta + c, n)), n);
        }
        const vf mean_g = v_set(v_reduce_add(total) / (float)columns);
        const vf mean_product = v_set(v_reduce_add(product) / (float)columns);
        for (int64_t c = 0; c < columns; c += VEC) {
            int64_t n = columns - c;
            vf normal = v_mul(v_sub(v_load_part(s + c, n), mean), reciprocal);
            vf g = v_mul(v_load_part(dy + c, n), v_load_part(job->gamma + c, n));
            v_store_part(ds + c, v_mul(reciprocal, v_fnma(normal, mean_product, v_sub(g, mean_g))), n);
        }
    }
}

static void kernel_layer_norm_backward(
    const float *dy, const float *sum, const float *gamma, const float *mean, const float *reciprocal_deviation,
    int64_t rows, int64_t columns, float *ds, float *dgamma, float *dbeta, bool accumulate) {
    if (columns <= 0) return;
    int64_t chunks = ink_ceil_div(ink_max(rows, 0), NORM_GRADIENT_ROWS);
    float *partial = ink_scratch(INK_SCRATCH_PARTIAL, (size_t)(ink_max(chunks, 1) * 2 * columns));
    norm_gradient_job job = {dy, sum, gamma, mean, reciprocal_deviation, rows, columns, ds, partial};
    ink_parallel(chunks, norm_gradient_task, &job);
    kernel_column_sum(partial, 2 * columns, chunks, columns, dgamma, accumulate);
    kernel_column_sum(partial + columns, 2 * columns, chunks, columns, dbeta, accumulate);
}

// ------------------------------------------------------------------------------------------------------- softmax

INK_INLINE float row_max(const float *x, int64_t columns) {
    vf top = v_set(-INFINITY);
    for (int64_t c = 0; c < columns; c += VEC) top = v_max(top, v_load_part_or(x + c, columns - c, -INFINITY));
    return v_reduce_max(top);
}

/// y = exp(x - shift); returns the sum.
INK_INLINE float row_exp(const float *x, float *y, int64_t columns, float shift) {
    vf total = v_set(0.0f);
    for (int64_t c = 0; c < columns; c += VEC) {
        int64_t n = columns - c;
        vf e = v_exp(v_sub(v_load_part_or(x + c, n, -INFINITY), v_set(shift)));
        v_store_part(y + c, e, n);
        total = v_add(total, e);
    }
    return v_reduce_add(total);
}

INK_INLINE void row_scale(const float *x, float factor, float *y, int64_t columns) {
    for (int64_t c = 0; c < columns; c += VEC) {
        v_store_part(y + c, v_mul(v_load_part(x + c, columns - c), v_set(factor)), columns - c);
    }
}

INK_INLINE float row_dot(const float *a, const float *b, int64_t columns) {
    vf total = v_set(0.0f);
    for (int64_t c = 0; c < columns; c += VEC) {
        total = v_fma(v_load_part(a + c, columns - c), v_load_part(b + c, columns - c), total);
    }
    return v_reduce_add(total);
}

typedef struct {
    const float *x, *dy;
    const int32_t *labels;
    int32_t ignore_index;
    float scale;
    int64_t rows, columns, rows_in_task;
    float *y, *losses;
    enum { SOFTMAX, SOFTMAX_GRADIENT, CROSS_ENTROPY, CROSS_ENTROPY_GRADIENT } kind;
} softmax_job;

static void cross_entropy_row(const softmax_job *job, int64_t row, const float *x, float *y) {
    float scratch[VEC > 4 ? 64 * VEC : 256];
    const int64_t block = (int64_t)(sizeof scratch / sizeof *scratch);
    const float top = row_max(x, job->columns);
    float sum = 0;
    if (y != NULL) {
        sum = row_exp(x, y, job->columns, top);
        row_scale(y, 1.0f / sum, y, job->columns);
    } else {
        for (int64_t c = 0; c < job->columns; c += block) {
            sum += row_exp(x + c, scratch, ink_min(block, job->columns - c), top);
        }
    }
    int32_t label = job->labels[row];
    job->losses[row] = label == job->ignore_index ? 0.0f : logf(sum) + (top - x[label]);
}

static void softmax_row(const softmax_job *job, int64_t row) {
    const int64_t columns = job->columns;
    const float *x = job->x + row * columns;
    float *y = job->y != NULL ? job->y + row * columns : NULL;
    switch (job->kind) {
        case SOFTMAX: {
            float sum = row_exp(x, y, columns, row_max(x, columns));
            row_scale(y, 1.0f / sum, y, columns);
            break;
        }
        case SOFTMAX_GRADIENT: {
            const float *dy = job->dy + row * columns;
            const vf dot = v_set(row_dot(x, dy, columns));
            for (int64_t c = 0; c < columns; c += VEC) {
                int64_t n = columns - c;
                v_store_part(y + c, v_mul(v_load_part(x + c, n), v_sub(v_load_part(dy + c, n), dot)), n);
            }
            break;
        }
        case CROSS_ENTROPY: cross_entropy_row(job, row, x, y); break;
        case CROSS_ENTROPY_GRADIENT: {
            bool ignored = job->labels[row] == job->ignore_index;
            if (ignored) {
                memset(y, 0, (size_t)columns * sizeof(float));
            } else {
                row_scale(x, job->scale, y, columns);
                y[job->labels[row]] -= job->scale;
            }
            break;
        }
    }
}

static void softmax_task(void *context, int64_t index) {
    const softmax_job *job = context;
    int64_t end = ink_min(job->rows, (index + 1) * job->rows_in_task);
    for (int64_t row = index * job->rows_in_task; row < end; row++) softmax_row(job, row);
}

static void run_softmax(softmax_job job) {
    if (job.rows <= 0 || job.columns <= 0) return;
    job.rows_in_task = ink_ceil_div(4096, job.columns);
    ink_parallel(ink_ceil_div(job.rows, job.rows_in_task), softmax_task, &job);
}

static void kernel_softmax_forward(const float *x, float *y, int64_t rows, int64_t columns) {
    run_softmax((softmax_job){.kind = SOFTMAX, .x = x, .y = y, .rows = rows, .columns = columns});
}
static void kernel_softmax_backward(const float *y, const float *dy, float *dx, int64_t rows, int64_t columns) {
    run_softmax(
        (softmax_job){.kind = SOFTMAX_GRADIENT, .x = y, .dy = dy, .y = dx, .rows = rows, .columns = columns});
}
static void kernel_cross_entropy_forward(
    const float *logits, const int32_t *labels, int32_t ignore_index, int64_t rows, int64_t columns, float *losses,
    float *probabilities) {
    run_softmax((softmax_job){
        .kind = CROSS_ENTROPY, .x = logits, .labels = labels, .ignore_index = ignore_index, .rows = rows,
        .columns = columns, .losses = losses, .y = probabilities});
}
static void kernel_cross_entropy_backward(
    const float *probabilities, const int32_t *labels, int32_t ignore_index, float scale, int64_t rows,
    int64_t columns, float *dlogits) {
    run_softmax((softmax_job){
        .kind = CROSS_ENTROPY_GRADIENT, .x = probabilities, .labels = labels, .ignore_index = ignore_index,
        .scale = scale, .rows = rows, .columns = columns, .y = dlogits});
}
