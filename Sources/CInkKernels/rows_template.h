// Embeddings, gathered rows, and sums over segments of rows.

enum { ROW_CHUNK = 8192, GRADIENT_COLUMNS = 64 };

typedef struct {
    const float *const *tables;
    const int32_t *const *ids;
    int64_t table_count, rows, columns, rows_in_task;
    const float *x;
    int64_t x_stride;
    const int32_t *row_ids;
    bool mean;
    float *y;
} rows_job;

INK_INLINE void add_row(const float *x, float factor, float *y, int64_t columns) {
    for (int64_t c = 0; c < columns; c += VEC) {
        int64_t n = columns - c;
        v_store_part(y + c, v_fma(v_load_part(x + c, n), v_set(factor), v_load_part(y + c, n)), n);
    }
}

static void embedding_sum_task(void *context, int64_t index) {
    const rows_job *job = context;
    int64_t end = ink_min(job->rows, (index + 1) * job->rows_in_task);
    for (int64_t row = index * job->rows_in_task; row < end; row++) {
        float *y = job->y + row * job->columns;
        memcpy(y, job->tables[0] + job->ids[0][row] * job->columns, (size_t)job->columns * sizeof(float));
        for (int64_t t = 1; t < job->table_count; t++) {
            add_row(job->tables[t] + job->ids[t][row] * job->columns, 1.0f, y, job->columns);
        }
    }
}

static void kernel_embedding_sum(
    const float *const *tables, const int32_t *const *ids, int64_t table_count, int64_t rows, int64_t columns,
    float *y) {
    if (rows <= 0 || columns <= 0 || table_count <= 0) return;
    rows_job job = {.tables = tables, .ids = ids, .table_count = table_count, .rows = rows, .columns = columns, .y = y};
    job.rows_in_task = ink_ceil_div(ROW_CHUNK, columns);
    ink_parallel(ink_ceil_div(rows, job.rows_in_task), embedding_sum_task, &job);
}

/// All rows, but only one range of columns: repeated ids are then added in row order by one task.
static void embedding_gradient_task(void *context, int64_t index) {
    const rows_job *job = context;
    int64_t first = index * GRADIENT_COLUMNS, columns = ink_min(GRADIENT_COLUMNS, job->columns - first);
    for (int64_t row = 0; row < job->rows; row++) {
        add_row(
            job->x + row * job->columns + first, 1.0f, job->y + job->row_ids[row] * job->columns + first, columns);
    }
}

static void kernel_embedding_gradient(
    const float *dy, const int32_t *ids, int64_t rows, int64_t columns, float *table_gradient) {
    if (rows <= 0 || columns <= 0) return;
    rows_job job = {.x = dy, .row_ids = ids, .rows = rows, .columns = columns, .y = table_gradient};
    ink_parallel(ink_ceil_div(columns, GRADIENT_COLUMNS), embedding_gradient_task, &job);
}

static void gather_task(void *context, int64_t index) {
    const rows_job *job = context;
    int64_t end = ink_min(job->rows, (index + 1) * job->rows_in_task);
    for (int64_t row = index * job->rows_in_task; row < end; row++) {
        const float *x = job->x + job->row_ids[row] * job->x_stride;
        memcpy(job->y + row * job->columns, x, (size_t)job->columns * sizeof(float));
    }
}

static void kernel_gather_rows(
    const float *x, int64_t x_stride, const int32_t *ids, int64_t rows, int64_t columns, float *y) {
    if (rows <= 0 || columns <= 0) return;
    rows_job job = {.x = x, .x_stride = x_stride, .row_ids = ids, .rows = rows, .columns = columns, .y = y};
    job.rows_in_task = ink_ceil_div(ROW_CHUNK, columns);
    ink_parallel(ink_ceil_div(rows, job.rows_in_task), gather_task, &job);
}

INK_INLINE float segment_scale(const rows_job *job, int64_t segment) {
    int32_t length = job->row_ids[segment + 1] - job->row_ids[segment];
    return !job->mean ? 1.0f : length > 0 ? 1.0f / (float)length : 0.0f;
}

static void segment_sum_task(void *context, int64_t segment) {
    const rows_job *job = context;
    float *y = job->y + segment * job->columns;
    memset(y, 0, (size_t)job->columns * sizeof(float));
    for (int64_t row = job->row_ids[segment]; row < job->row_ids[segment + 1]; row++) {
        add_row(job->x + row * job->columns, 1.0f, y, job->columns);
    }
    if (job->mean) row_scale(y, segment_scale(job, segment), y, job->columns);
}

static void segment_gradient_task(void *context, int64_t segment) {
    const rows_job *job = context;
    const float *dy = job->x + segment * job->columns;
    for (int64_t row = job->row_ids[segment]; row < job->row_ids[segment + 1]; row++) {
        row_scale(dy, segment_scale(job, segment), job->y + row * job->columns, job->columns);
    }
}

static void kernel_segment_sum(
    const float *x, const int32_t *starts, int64_t segments, int64_t columns, bool mean, float *y) {
    if (segments <= 0 || columns <= 0) return;
    rows_job job = {.x = x, .row_ids = starts, .columns = columns, .mean = mean, .y = y};
    ink_parallel(segments, segment_sum_task, &job);
}

static void kernel_segment_sum_backward(
    const float *dy, const int32_t *starts, int64_t segments, int64_t columns, bool mean, float *dx) {
    if (segments <= 0 || columns <= 0) return;
    rows_job job = {.x = dy, .row_ids = starts, .columns = columns, .mean = mean, .y = dx};
    ink_parallel(segments, segment_gradient_task, &job);
}
