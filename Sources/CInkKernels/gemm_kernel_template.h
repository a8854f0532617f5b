// Packing and the register-blocked inner kernel of the matrix product.
//
// A packed right operand is a row of panels: panel p holds columns 16 p ..< 16 p + 16 as [k][16], zero padded. The
// layout does not depend on the instruction set. A packed left operand is a row of panels of at most GEMM_ROWS rows,
// each [k][rows in the panel]. An element of c is the sum of running sums over blocks of k that depend on k alone,
// so that its value depends neither on the number of threads nor on the rows computed with it.
//
// The including file defines GEMM_ROWS (rows of the largest tile), GEMM_VECTORS (vectors in its width),
// GEMM_TALL_ROWS (rows of the largest tile of one vector; not more than GEMM_ROWS where there is none) and GEMM_K_BLOCK.

enum { GEMM_COLUMNS = GEMM_VECTORS * VEC, PACK_DEPTHS = 16, GEMM_LOOK_AHEAD = 64 };

/// Packs panels [first_panel, end_panel) of b.
INK_INLINE void pack_b_panels(
    const float *b, int64_t b_stride, bool transpose, int64_t k, int64_t n, int64_t first_panel, int64_t end_panel,
    float *packed) {
    const int64_t first = first_panel * INK_PANEL, end = ink_min(n, end_panel * INK_PANEL);
    if (transpose) {
        for (int64_t column = first; column < end; column += INK_PANEL) {
            float *target = packed + column * k;
            int64_t columns = ink_min(INK_PANEL, end - column);
            transpose_block(b + column * b_stride, b_stride, columns, INK_PANEL, k, target, INK_PANEL, false);
        }
        return;
    }
    // Row by row through all panels: neighbouring memory is read together.
    for (int64_t row = 0; row < k; row++) {
        const float *source = b + row * b_stride;
        for (int64_t column = first; column < end; column += INK_PANEL) {
            float *target = packed + column * k + row * INK_PANEL;
            for (int64_t c = 0; c < INK_PANEL; c += VEC) {
                v_store(target + c, v_load_part(source + column + c, end - column - c));
            }
        }
    }
}

/// Packs, in panels of at most `panel_rows`, rows [m_start, m_start + rows) and depths [k_start, k_start + depth) of op(a).
static void pack_a(
    const ink_gemm_arguments *g, int64_t m_start, int64_t rows, int64_t panel_rows, int64_t k_start, int64_t depth,
    float *packed) {
    const int64_t panels = ink_ceil_div(rows, panel_rows);
    int64_t start, count;
    if (!g->transpose_a) {
        for (int64_t panel = 0; panel < panels; panel++) {
            ink_part(rows, panels, panel, &start, &count);
            const float *source = g->a + (m_start + start) * g->a_stride + k_start;
            transpose_block(source, g->a_stride, count, count, depth, packed + start * depth, count, false);
        }
        return;
    }
    // A few depths at a time: reads stay in few pages, writes in one panel.
    for (int64_t block = 0; block < depth; block += PACK_DEPTHS) {
        const int64_t end = ink_min(depth, block + PACK_DEPTHS);
        for (int64_t panel = 0; panel < panels; panel++) {
            ink_part(rows, panels, panel, &start, &count);
            const float *source = g->a + (k_start + block) * g->a_stride + m_start + start;
            float *target = packed + start * depth + block * count;
            for (int64_t d = block; d < end; d++, source += g->a_stride, target += count) {
                for (int64_t i = 0; i < count; i += VEC) {
                    v_store_part(target + i, v_load_part(source + i, count - i), count - i);
                }
            }
        }
    }
}

/// c (+)= a b for one tile: a is one packed panel of `rows` rows, vector j of row d of b is at b + 16 d + j b_step.
typedef void gemm_tile_function(
    int64_t depth, const float *a, const float *b, int64_t b_step, float *c, int64_t c_stride, int64_t columns,
    bool add);

INK_INLINE void gemm_tile(
    const int rows, const int vectors, int64_t depth, const float *INK_RESTRICT a, const float *INK_RESTRICT b,
    int64_t b_step, float *c, int64_t c_stride, int64_t columns, bool add) {
    vf sums[GEMM_TALL_ROWS > GEMM_ROWS ? GEMM_TALL_ROWS : GEMM_ROWS][GEMM_VECTORS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) {
            sums[r][j] = v_set(0.0f);
            // Needed only after the loop: it arrives meanwhile.
            __builtin_prefetch(c + r * c_stride + j * VEC, 1);
        }
    }
    for (int64_t d = 0; d < depth; d++) {
        vf right[GEMM_VECTORS];
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) {
            right[j] = v_load(b + j * b_step);
            // Panels are read once from memory when there are few rows; the hardware stops looking ahead at pages.
            __builtin_prefetch(b + j * b_step + GEMM_LOOK_AHEAD * INK_PANEL);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            vf left = v_set(a[r]);
#pragma clang loop unroll(full)
            for (int j = 0; j < vectors; j++) sums[r][j] = v_fma(left, right[j], sums[r][j]);
        }
        a += rows;
        b += INK_PANEL;
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) {
            float *target = c + r * c_stride + j * VEC;
            int64_t n = columns - j * VEC;
            v_store_part(target, add ? v_add(v_load_part(target, n), sums[r][j]) : sums[r][j], n);
        }
    }
}

#define DEFINE_TILE(rows, vectors)                                                                               \
    static void gemm_tile_##rows##_##vectors(                                                                    \
        int64_t depth, const float *a, const float *b, int64_t b_step, float *c, int64_t c_stride,               \
        int64_t columns, bool add) {                                                                             \
        gemm_tile(rows, vectors, depth, a, b, b_step, c, c_stride, columns, add);                                \
    }
#define TILE_NAME(rows, vectors) gemm_tile_##rows##_##vectors,

#define TILES_OF_4(X, v) X(1, v) X(2, v) X(3, v) X(4, v)
#define TILES_OF_6(X, v) TILES_OF_4(X, v) X(5, v) X(6, v)
#define TILES_OF_14(X, v) \
    TILES_OF_6(X, v) X(7, v) X(8, v) X(9, v) X(10, v) X(11, v) X(12, v) X(13, v) X(14, v)
#define JOIN_TILES(rows) TILES_OF_##rows
#define TILES_OF(rows) JOIN_TILES(rows)

TILES_OF(GEMM_ROWS)(DEFINE_TILE, 1)
TILES_OF(GEMM_ROWS)(DEFINE_TILE, 2)
#if GEMM_VECTORS == 4
TILES_OF(GEMM_ROWS)(DEFINE_TILE, 3)
TILES_OF(GEMM_ROWS)(DEFINE_TILE, 4)
#endif

#if GEMM_TALL_ROWS > GEMM_ROWS
#define TILES_OF_15_TO_28(X, v)                                                                                \
    X(15, v) X(16, v) X(17, v) X(18, v) X(19, v) X(20, v) X(21, v) X(22, v) X(23, v) X(24, v) X(25, v) X(26, v) \
    X(27, v) X(28, v)
TILES_OF_15_TO_28(DEFINE_TILE, 1)

/// One vector wide, for as many rows as there are registers: [rows - GEMM_ROWS - 1]
static gemm_tile_function *const gemm_tall_tiles[GEMM_TALL_ROWS - GEMM_ROWS] = {TILES_OF_15_TO_28(TILE_NAME, 1)};
#endif

/// [vectors - 1][rows - 1]
static gemm_tile_function *const gemm_tiles[GEMM_VECTORS][GEMM_ROWS] = {
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 1)},
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 2)},
#if GEMM_VECTORS == 4
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 3)},
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 4)},
#endif
};
