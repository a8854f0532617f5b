// Elementwise maps over long vectors, copies of strided matrices, transposition, and sums.

enum { MAP_CHUNK = 16384, SUM_CHUNK = 16384, COLUMN_ROWS = 64, COLUMN_BLOCK = 256 };
enum { TRANSPOSE_ROWS = 64, TRANSPOSE_AHEAD = 128 };

typedef enum { MAP_FILL, MAP_ADD, MAP_MULTIPLY, MAP_SCALE, MAP_ADD_SCALED, MAP_ACTIVATE, MAP_SLOPE } map_kind;

typedef struct {
    map_kind kind;
    ink_activation activation;
    const float *a, *b;
    float *y;
    float factor;
    int64_t count;
} map_job;

INK_INLINE vf map_value(map_kind kind, ink_activation activation, const map_job *job, int64_t i, int64_t n) {
    switch (kind) {
        case MAP_FILL: return v_set(job->factor);
        case MAP_ADD: return v_add(v_load_part(job->a + i, n), v_load_part(job->b + i, n));
        case MAP_MULTIPLY: return v_mul(v_load_part(job->a + i, n), v_load_part(job->b + i, n));
        case MAP_SCALE: return v_mul(v_load_part(job->a + i, n), v_set(job->factor));
        case MAP_ADD_SCALED:
            return v_fma(v_load_part(job->a + i, n), v_set(job->factor), v_load_part(job->y + i, n));
        case MAP_ACTIVATE: return v_activate(activation, v_load_part(job->a + i, n));
        case MAP_SLOPE:
            return v_mul(v_load_part(job->b + i, n), v_activation_slope(activation, v_load_part(job->a + i, n)));
    }
    return v_set(0.0f);
}

/// `kind` and `activation` are constants where this is called, so the switches above vanish.
INK_INLINE void map_range(map_kind kind, ink_activation activation, const map_job *job, int64_t start, int64_t end) {
    const map_job local = *job;
    for (int64_t i = start; i < end; i += VEC) {
        v_store_part(local.y + i, map_value(kind, activation, &local, i, end - i), end - i);
    }
}

#define ACTIVATION_CASES(KIND)                                                            \
    switch (job->activation) {                                                            \
        case INK_IDENTITY: map_range(KIND, INK_IDENTITY, job, start, end); break;         \
        case INK_RELU: map_range(KIND, INK_RELU, job, start, end); break;                 \
        case INK_GELU: map_range(KIND, INK_GELU, job, start, end); break;                 \
        case INK_GELU_TANH: map_range(KIND, INK_GELU_TANH, job, start, end); break;       \
        case INK_TANH: map_range(KIND, INK_TANH, job, start, end); break;                 \
        case INK_SIGMOID: map_range(KIND, INK_SIGMOID, job, start, end); break;           \
        case INK_SILU: map_range(KIND, INK_SILU, job, start, end); break;                 \
    }

static void map_task(void *context, int64_t index) {
    const map_job *job = context;
    int64_t start = index * MAP_CHUNK, end = ink_min(job->count, start + MAP_CHUNK);
    switch (job->kind) {
        case MAP_FILL: map_range(MAP_FILL, INK_IDENTITY, job, start, end); break;
        case MAP_ADD: map_range(MAP_ADD, INK_IDENTITY, job, start, end); break;
        case MAP_MULTIPLY: map_range(MAP_MULTIPLY, INK_IDENTITY, job, start, end); break;
        case MAP_SCALE: map_range(MAP_SCALE, INK_IDENTITY, job, start, end); break;
        case MAP_ADD_SCALED: map_range(MAP_ADD_SCALED, INK_IDENTITY, job, start, end); break;
        case MAP_ACTIVATE: ACTIVATION_CASES(MAP_ACTIVATE) break;
        case MAP_SLOPE: ACTIVATION_CASES(MAP_SLOPE) break;
    }
}
#undef ACTIVATION_CASES

static void run_map(map_job job) { ink_parallel(ink_ceil_div(job.count, MAP_CHUNK), map_task, &job); }

static void kernel_activation_forward(ink_activation kind, const float *x, float *y, int64_t count) {
    run_map((map_job){.kind = MAP_ACTIVATE, .activation = kind, .a = x, .y = y, .count = count});
}
static void kernel_activation_backward(
    ink_activation kind, const float *x, const float *dy, float *dx, int64_t count) {
    run_map((map_job){.kind = MAP_SLOPE, .activation = kind, .a = x, .b = dy, .y = dx, .count = count});
}
static void kernel_fill(float *x, float value, int64_t count) {
    run_map((map_job){.kind = MAP_FILL, .y = x, .factor = value, .count = count});
}
static void kernel_add(const float *a, const float *b, float *y, int64_t count) {
    run_map((map_job){.kind = MAP_ADD, .a = a, .b = b, .y = y, .count = count});
}
static void kernel_multiply(const float *a, const float *b, float *y, int64_t count) {
    run_map((map_job){.kind = MAP_MULTIPLY, .a = a, .b = b, .y = y, .count = count});
}
static void kernel_scale(const float *x, float factor, float *y, int64_t count) {
    run_map((map_job){.kind = MAP_SCALE, .a = x, .y = y, .factor = factor, .count = count});
}
static void kernel_add_scaled(const float *x, float factor, float *y, int64_t count) {
    run_map((map_job){.kind = MAP_ADD_SCALED, .a = x, .y = y, .factor = factor, .count = count});
}

// ---------------------------------------------------------------------------------------------- strided matrices

typedef struct {
    const float *x;
    float *y;
    int64_t x_stride, y_stride, rows, columns, rows_in_task;
    bool accumulate;
} matrix_job;

static void copy_task(void *context, int64_t index) {
    const matrix_job *job = context;
    int64_t end = ink_min(job->rows, (index + 1) * job->rows_in_task);
    for (int64_t row = index * job->rows_in_task; row < end; row++) {
        const float *x = job->x + row * job->x_stride;
        float *y = job->y + row * job->y_stride;
        if (!job->accumulate) {
            memcpy(y, x, (size_t)job->columns * sizeof(float));
            continue;
        }
        for (int64_t i = 0; i < job->columns; i += VEC) {
            int64_t n = job->columns - i;
            v_store_part(y + i, v_add(v_load_part(y + i, n), v_load_part(x + i, n)), n);
        }
    }
}

static void kernel_copy_matrix(
    const float *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows, int64_t columns, bool accumulate) {
    if (rows <= 0 || columns <= 0) return;
    matrix_job job = {x, y, x_stride, y_stride, rows, columns, ink_ceil_div(MAP_CHUNK, columns), accumulate};
    ink_parallel(ink_ceil_div(rows, job.rows_in_task), copy_task, &job);
}

/// y[c * y_stride + r] = x[r * x_stride + c] for r in 0..<rows and c in 0..<columns, and 0 for r in rows..<width.
INK_INLINE void transpose_block(
    const float *x, int64_t x_stride, int64_t rows, int64_t width, int64_t columns, float *y, int64_t y_stride,
    bool add) {
    for (int64_t r = 0; r < width; r += VEC) {
        for (int64_t c = 0; c < columns; c += VEC) {
            if (VEC > 1) {
                for (int64_t i = r; i < ink_min(rows, r + VEC); i++) {
                    __builtin_prefetch(x + i * x_stride + c + TRANSPOSE_AHEAD);
                }
            }
            vf block[VEC];
            const float *source = x + ink_min(r, rows - 1) * x_stride + c;
            const int64_t wide = ink_min(VEC, columns - c);
            // Beyond the last row it is read again, and its lanes are replaced before the store.
#pragma clang loop unroll(full)
            for (int i = 0; i < VEC; i++) {
                block[i] = wide == VEC ? v_load(source) : v_load_part(source, wide);
                source += r + i + 1 < rows ? x_stride : 0;
            }
            v_transpose(block);
#pragma clang loop unroll(full)
            for (int i = 0; i < VEC; i++) {
                vf column = v_fill_from(block[i], rows - r, 0.0f);
                if (i >= wide) continue;
                float *target = y + (c + i) * y_stride + r;
                if (add) column = v_add(column, v_load_part(target, width - r));
                v_store_part(target, column, width - r);
            }
        }
    }
}

static void transpose_task(void *context, int64_t index) {
    const matrix_job *job = context;
    int64_t start = index * job->rows_in_task, rows = ink_min(job->rows_in_task, job->rows - start);
    const float *x = job->x + start * job->x_stride;
    transpose_block(x, job->x_stride, rows, rows, job->columns, job->y + start, job->y_stride, false);
}

static void kernel_transpose(const float *x, float *y, int64_t rows, int64_t columns) {
    if (rows <= 0 || columns <= 0) return;
    matrix_job job = {x, y, columns, rows, rows, columns, TRANSPOSE_ROWS, false};
    ink_parallel(ink_ceil_div(rows, TRANSPOSE_ROWS), transpose_task, &job);
}

// ---------------------------------------------------------------------------------------------------------- sums

typedef struct {
    const float *x;
    int64_t x_stride, rows, columns;
    float *sums;
    bool accumulate;
} column_job;

/// The sums of one block of columns: rows are added in chunks, each from zero, and the chunks one after another.
static void column_sum_task(void *context, int64_t index) {
    const column_job *job = context;
    int64_t first = index * COLUMN_BLOCK, columns = ink_min(COLUMN_BLOCK, job->columns - first);
    float total[COLUMN_BLOCK + 16] = {0}, partial[COLUMN_BLOCK + 16];
    for (int64_t start = 0; start < job->rows; start += COLUMN_ROWS) {
        int64_t end = ink_min(job->rows, start + COLUMN_ROWS);
        memset(partial, 0, sizeof partial);
        for (int64_t row = start; row < end; row++) {
            const float *x = job->x + row * job->x_stride + first;
            for (int64_t c = 0; c < columns; c += VEC) {
                v_store(partial + c, v_add(v_load(partial + c), v_load_part(x + c, columns - c)));
            }
        }
        for (int64_t c = 0; c < columns; c += VEC) v_store(total + c, v_add(v_load(total + c), v_load(partial + c)));
    }
    for (int64_t c = 0; c < columns; c += VEC) {
        float *sums = job->sums + first + c;
        vf value = v_load(total + c);
        if (job->accumulate) value = v_add(value, v_load_part(sums, columns - c));
        v_store_part(sums, value, columns - c);
    }
}

static void kernel_column_sum(
    const float *x, int64_t x_stride, int64_t rows, int64_t columns, float *sums, bool accumulate) {
    if (columns <= 0) return;
    column_job job = {x, x_stride, ink_max(rows, 0), columns, sums, accumulate};
    ink_parallel(ink_ceil_div(columns, COLUMN_BLOCK), column_sum_task, &job);
}

typedef struct {
    const float *x;
    int64_t count;
    double *partial;
    bool squares;
} sum_job;

static void sum_task(void *context, int64_t index) {
    const sum_job *job = context;
    int64_t end = ink_min(job->count, (index + 1) * SUM_CHUNK);
    vf sums[4] = {v_set(0.0f), v_set(0.0f), v_set(0.0f), v_set(0.0f)};
    double total = 0;
    // Single precision only within short runs.
    for (int64_t run = index * SUM_CHUNK; run < end; run += 1024) {
        int64_t run_end = ink_min(end, run + 1024);
        for (int j = 0; j < 4; j++) sums[j] = v_set(0.0f);
        for (int64_t i = run; i < run_end; i += 4 * VEC) {
            for (int j = 0; j < 4; j++) {
                int64_t n = run_end - i - j * VEC;
                if (n <= 0) break;
                vf x = v_load_part(job->x + i + j * VEC, n);
                sums[j] = job->squares ? v_fma(x, x, sums[j]) : v_add(sums[j], x);
            }
        }
        for (int j = 0; j < 4; j++) total += v_reduce_add_double(sums[j]);
    }
    job->partial[index] = total;
}

static double run_sum(const float *x, int64_t count, bool squares) {
    if (count <= 0) return 0;
    int64_t chunks = ink_ceil_div(count, SUM_CHUNK);
    double *partial = (double *)(void *)ink_scratch(INK_SCRATCH_PARTIAL, (size_t)chunks * 2);
    sum_job job = {x, count, partial, squares};
    ink_parallel(chunks, sum_task, &job);
    double total = 0;
    for (int64_t i = 0; i < chunks; i++) total += partial[i];
    return total;
}

static double kernel_sum(const float *x, int64_t count) { return run_sum(x, count, false); }
static double kernel_squared_norm(const float *x, int64_t count) { return run_sum(x, count, true); }

static void finite_task(void *context, int64_t index) {
    const sum_job *job = context;
    int64_t end = ink_min(job->count, (index + 1) * SUM_CHUNK);
    uint32_t bad = 0;
    for (int64_t i = index * SUM_CHUNK; i < end; i++) {
        bad |= (scalar_bits(job->x[i]) & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
    }
    job->partial[index] = bad;
}

static bool kernel_all_finite(const float *x, int64_t count) {
    if (count <= 0) return true;
    int64_t chunks = ink_ceil_div(count, SUM_CHUNK);
    double *partial = (double *)(void *)ink_scratch(INK_SCRATCH_PARTIAL, (size_t)chunks * 2);
    sum_job job = {x, count, partial, false};
    ink_parallel(chunks, finite_task, &job);
    for (int64_t i = 0; i < chunks; i++) {
        if (partial[i] != 0) return false;
    }
    return true;
}
