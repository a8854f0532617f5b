// The matrix product: division into tasks, cache blocking, and what is fused behind the product.

typedef struct {
    const ink_gemm_arguments *g;
    const float *packed_b;
    const float *packed_a;  // all of a, when it is small enough to be packed once; else NULL
    float *pack_target;
    int64_t depth_blocks;
    int64_t row_blocks, column_blocks;
} gemm_job;

INK_INLINE void finish_row(
    const ink_gemm_arguments *g, ink_activation activation, int64_t row, int64_t first, int64_t columns) {
    float *c = g->c + row * g->c_stride + first;
    const float *bias = g->bias != NULL ? g->bias + first : NULL;
    const float *residual = g->residual != NULL ? g->residual + row * g->c_stride + first : NULL;
    float *before = g->pre_activation != NULL ? g->pre_activation + row * g->c_stride + first : NULL;
    for (int64_t i = 0; i < columns; i += VEC) {
        int64_t n = columns - i;
        vf x = v_load_part(c + i, n);
        if (bias != NULL) x = v_add(x, v_load_part(bias + i, n));
        if (before != NULL) v_store_part(before + i, x, n);
        x = v_activate(activation, x);
        if (residual != NULL) x = v_add(x, v_load_part(residual + i, n));
        v_store_part(c + i, x, n);
    }
}

#define FINISH_ROWS(KIND)                                                               \
    for (int64_t r = 0; r < rows; r++) finish_row(g, KIND, row + r, first, columns);    \
    break;

/// Bias, activation and residual of a tile that was just stored and is still in the first cache.
static void finish_tile(const ink_gemm_arguments *g, int64_t row, int64_t rows, int64_t first, int64_t columns) {
    switch (g->activation) {
        case INK_IDENTITY:
            if (g->bias == NULL && g->residual == NULL && g->pre_activation == NULL) return;
            FINISH_ROWS(INK_IDENTITY)
        case INK_RELU: FINISH_ROWS(INK_RELU)
        case INK_GELU: FINISH_ROWS(INK_GELU)
        case INK_GELU_TANH: FINISH_ROWS(INK_GELU_TANH)
        case INK_TANH: FINISH_ROWS(INK_TANH)
        case INK_SIGMOID: FINISH_ROWS(INK_SIGMOID)
        case INK_SILU: FINISH_ROWS(INK_SILU)
    }
}
#undef FINISH_ROWS

/// Rows that fit into one tile of one vector, but not into one of the usual width. Every line of b is then read once,
/// and the requests for it are spread evenly over the products: what counts when b comes from memory.
INK_INLINE bool has_tall_tile(int64_t rows) { return rows > GEMM_ROWS && rows <= GEMM_TALL_ROWS; }

static void gemm_tall_strip(
    const ink_gemm_arguments *g, const float *packed_a, const float *b, int64_t b_step, int64_t first,
    int64_t columns, int64_t depth, bool add) {
#if GEMM_TALL_ROWS > GEMM_ROWS
    for (int64_t column = 0; column < columns; column += VEC, b += b_step) {
        gemm_tall_tiles[g->m - GEMM_ROWS - 1](
            depth, packed_a, b, b_step, g->c + first + column, g->c_stride, columns - column, add);
    }
#endif
}

/// All row panels of a block against one strip of GEMM_COLUMNS columns, for one block of depths.
static void gemm_strip(
    const gemm_job *job, const float *packed_a, int64_t row, int64_t rows, int64_t first, int64_t k_start,
    int64_t depth) {
    const ink_gemm_arguments *g = job->g;
    const int64_t columns = ink_min(GEMM_COLUMNS, g->n - first), vectors = ink_ceil_div(columns, VEC);
    const int64_t panel = g->packed_depth > 0 ? g->packed_depth : g->k;
    const float *b = job->packed_b + first / INK_PANEL * INK_PANEL * panel + first % INK_PANEL + k_start * INK_PANEL;
    const int64_t b_step = VEC < INK_PANEL ? VEC : INK_PANEL * panel;
    const bool add = g->accumulate || k_start > 0, last = k_start + depth == g->k;
    if (job->packed_a != NULL && has_tall_tile(rows)) {
        gemm_tall_strip(g, packed_a, b, b_step, first, columns, depth, add);
        if (last) finish_tile(g, row, rows, first, columns);
        return;
    }
    const int64_t panels = ink_ceil_div(rows, GEMM_ROWS);
    for (int64_t index = 0; index < panels; index++) {
        int64_t start, count;
        ink_part(rows, panels, index, &start, &count);
        float *c = g->c + (row + start) * g->c_stride + first;
        gemm_tiles[vectors - 1][count - 1](
            depth, packed_a + start * depth, b, b_step, c, g->c_stride, columns, add);
        if (last) finish_tile(g, row + start, count, first, columns);
    }
}

static void gemm_block(const gemm_job *job, int64_t row, int64_t rows, int64_t first, int64_t columns) {
    const ink_gemm_arguments *g = job->g;
    if (job->packed_a != NULL) {
        // Few rows: a strip of b is read from memory once and meets all rows while in cache.
        for (int64_t strip = first; strip < first + columns; strip += GEMM_COLUMNS) {
            for (int64_t block = 0; block < job->depth_blocks; block++) {
                int64_t k_start, depth;
                ink_part(g->k, job->depth_blocks, block, &k_start, &depth);
                gemm_strip(job, job->packed_a + k_start * g->m, row, rows, strip, k_start, depth);
            }
        }
        return;
    }
    for (int64_t block = 0; block < job->depth_blocks; block++) {
        int64_t k_start, depth;
        ink_part(g->k, job->depth_blocks, block, &k_start, &depth);
        float *packed_a = ink_scratch(INK_SCRATCH_PACKED_A, (size_t)(rows * depth));
        pack_a(g, row, rows, GEMM_ROWS, k_start, depth, packed_a);
        for (int64_t strip = first; strip < first + columns; strip += GEMM_COLUMNS) {
            gemm_strip(job, packed_a, row, rows, strip, k_start, depth);
        }
    }
}

/// Columns are divided at multiples of the strip width.
static void gemm_task(void *context, int64_t index) {
    const gemm_job *job = context;
    const ink_gemm_arguments *g = job->g;
    int64_t row, rows, strip, strips;
    ink_part(g->m, job->row_blocks, index / job->column_blocks, &row, &rows);
    ink_part(ink_ceil_div(g->n, GEMM_COLUMNS), job->column_blocks, index % job->column_blocks, &strip, &strips);
    int64_t first = strip * GEMM_COLUMNS;
    gemm_block(job, row, rows, first, ink_min(strips * GEMM_COLUMNS, g->n - first));
}

enum { PACK_PANELS = 4 };

static void pack_b_task(void *context, int64_t index) {
    const gemm_job *job = context;
    const ink_gemm_arguments *g = job->g;
    int64_t first = index * PACK_PANELS, end = ink_min(ink_ceil_div(g->n, INK_PANEL), first + PACK_PANELS);
    pack_b_panels(g->b, g->b_stride, g->transpose_b, g->k, g->n, first, end, job->pack_target);
}

static void pack_all_b(const ink_gemm_arguments *g, float *packed) {
    gemm_job job = {.g = g, .pack_target = packed};
    ink_parallel(ink_ceil_div(ink_ceil_div(g->n, INK_PANEL), PACK_PANELS), pack_b_task, &job);
}

static void kernel_pack_b(const float *b, int64_t b_stride, bool transpose, int64_t k, int64_t n, float *packed) {
    if (k <= 0 || n <= 0) return;
    ink_gemm_arguments g = {.b = b, .b_stride = b_stride, .transpose_b = transpose, .k = k, .n = n};
    pack_all_b(&g, packed);
}

/// With nothing to add up, c is what the epilogue makes of zero.
static void gemm_without_depth(const ink_gemm_arguments *g) {
    for (int64_t row = 0; row < g->m; row++) {
        if (!g->accumulate) memset(g->c + row * g->c_stride, 0, (size_t)g->n * sizeof(float));
    }
    if (!g->accumulate) finish_tile(g, 0, g->m, 0, g->n);
}

enum { GEMM_SMALL_A = 1 << 16, GEMM_SERIAL_WORK = 1 << 16, GEMM_TASKS_PER_THREAD = 4 };

static void gemm_serial(const ink_gemm_arguments *g, const float *packed_b) {
    gemm_job job = {.g = g, .packed_b = packed_b, .row_blocks = 1, .column_blocks = 1};
    job.depth_blocks = ink_ceil_div(g->k, GEMM_K_BLOCK);
    for (int64_t row = 0; row < g->m; row += GEMM_M_BLOCK) {
        gemm_block(&job, row, ink_min(GEMM_M_BLOCK, g->m - row), 0, g->n);
    }
}

static void kernel_gemm(const ink_gemm_arguments *g) {
    if (g->m <= 0 || g->n <= 0) return;
    if (g->k <= 0) {
        gemm_without_depth(g);
        return;
    }
    gemm_job job = {.g = g, .packed_b = g->packed_b, .depth_blocks = ink_ceil_div(g->k, GEMM_K_BLOCK)};
    if (job.packed_b == NULL) {
        float *packed = ink_scratch(INK_SCRATCH_PACKED_B, ink_packed_b_count(g->k, g->n));
        pack_all_b(g, packed);
        job.packed_b = packed;
    }
    const int64_t strips = ink_ceil_div(g->n, GEMM_COLUMNS), threads = ink_thread_count();
    if (g->m * g->k <= GEMM_SMALL_A) {
        float *packed = ink_scratch(INK_SCRATCH_SHARED_A, (size_t)(g->m * g->k));
        for (int64_t block = 0; block < job.depth_blocks; block++) {
            int64_t k_start, depth;
            ink_part(g->k, job.depth_blocks, block, &k_start, &depth);
            pack_a(g, 0, g->m, has_tall_tile(g->m) ? g->m : GEMM_ROWS, k_start, depth, packed + k_start * g->m);
        }
        job.packed_a = packed;
        job.row_blocks = 1;
        bool serial = g->m * g->n * g->k <= GEMM_SERIAL_WORK;
        job.column_blocks = serial ? 1 : ink_min(strips, threads * GEMM_TASKS_PER_THREAD);
    } else {
        job.row_blocks = ink_ceil_div(g->m, GEMM_M_BLOCK);
        int64_t wanted = ink_ceil_div(threads * GEMM_TASKS_PER_THREAD, job.row_blocks);
        job.column_blocks = threads == 1 ? 1 : ink_min(strips, wanted);
    }
    ink_parallel(job.row_blocks * job.column_blocks, gemm_task, &job);
}
