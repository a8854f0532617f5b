// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011: "Parallel random numbers: as easy as 1, 2, 3") and dropout.

/// Four words for each lane from the counters (counter, row, stream low, stream high).
INK_INLINE void philox(uint64_t seed, uint64_t stream, uint32_t row, vi counter, vi words[4]) {
    vi c0 = counter, c1 = i_set(row), c2 = i_set((uint32_t)stream), c3 = i_set((uint32_t)(stream >> 32));
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        vi low0, high0, low1, high1;
        i_multiply_wide(c0, i_set(0xD2511F53u), &low0, &high0);
        i_multiply_wide(c2, i_set(0xCD9E8D57u), &low1, &high1);
        c0 = i_xor(i_xor(high1, c1), i_set(key0));
        c2 = i_xor(i_xor(high0, c3), i_set(key1));
        c1 = low1;
        c3 = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

static void kernel_philox_row(uint64_t seed, uint64_t stream, uint32_t row, int64_t columns, uint32_t *words) {
    for (int64_t block = 0; block < columns; block += 64) {
        for (int64_t lane = 0; lane < 16; lane += VEC) {
            vi out[4];
            philox(seed, stream, row, i_add(i_set((uint32_t)(block / 4 + lane)), i_lanes()), out);
            for (int64_t part = 0; part < 4; part++) {
                int64_t column = block + part * 16 + lane;
                if (column < columns) i_store_part(words + column, out[part], columns - column);
            }
        }
    }
}

INK_INLINE uint32_t dropout_threshold(ink_dropout dropout) {
    double threshold = (double)dropout.probability * 4294967296.0;
    return threshold >= 4294967295.0 ? UINT32_MAX : (uint32_t)ceil(threshold);
}

INK_INLINE float dropout_scale(ink_dropout dropout) {
    return dropout.probability < 1.0f ? 1.0f / (1.0f - dropout.probability) : 0.0f;
}

/// y = factor * dropout(x) for one row, ones standing in for x when it is NULL; y may be x.
INK_INLINE void dropout_row(
    const float *x, float factor, float *y, uint32_t row, int64_t columns, ink_dropout dropout) {
    const vi threshold = i_set(dropout_threshold(dropout));
    const vf scale = v_set(factor * dropout_scale(dropout));
    for (int64_t block = 0; block < columns; block += 64) {
        for (int64_t lane = 0; lane < 16; lane += VEC) {
            vi words[4];
            philox(dropout.seed, dropout.stream, row, i_add(i_set((uint32_t)(block / 4 + lane)), i_lanes()), words);
            for (int64_t part = 0; part < 4; part++) {
                int64_t column = block + part * 16 + lane, n = columns - column;
                if (n <= 0) break;
                vf kept = x != NULL ? v_mul(v_load_part(x + column, n), scale) : scale;
                v_store_part(y + column, v_zero_if_below(words[part], threshold, kept), n);
            }
        }
    }
}

typedef struct {
    const float *x;
    float *y;
    int64_t rows, columns, rows_in_task;
    ink_dropout dropout;
} dropout_job;

static void dropout_task(void *context, int64_t index) {
    const dropout_job *job = context;
    int64_t start = index * job->rows_in_task, end = ink_min(job->rows, start + job->rows_in_task);
    for (int64_t row = start; row < end; row++) {
        dropout_row(
            job->x + row * job->columns, 1.0f, job->y + row * job->columns, (uint32_t)row, job->columns, job->dropout);
    }
}

static void kernel_dropout_apply(const float *x, float *y, int64_t rows, int64_t columns, ink_dropout dropout) {
    if (rows <= 0 || columns <= 0) return;
    if (dropout.probability <= 0.0f) {
        if (x != y) kernel_copy_matrix(x, columns, y, columns, rows, columns, false);
        return;
    }
    dropout_job job = {x, y, rows, columns, ink_ceil_div(8192, columns), dropout};
    ink_parallel(ink_ceil_div(rows, job.rows_in_task), dropout_task, &job);
}
