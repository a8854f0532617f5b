// Packing and the register-blocked inner kernel of the matrix product.
//
// A packed right operand is a row of panels: panel p holds columns 16 p ..< 16 p + 16 as [k][16], zero padded. The
// layout does not depend on the instruction set. A packed left operand is a row of panels of at most GEMM_ROWS rows,
// each [k][rows in the panel]. An element of c is one running sum over k in ascending order, whatever the blocking,
// so that its value depends neither on the number of threads nor on the rows computed with it.
//
// The including file defines GEMM_ROWS (rows of the largest tile), GEMM_VECTORS (vectors in its width) and
// GEMM_K_BLOCK.

enum { GEMM_COLUMNS = GEMM_VECTORS * VEC };

/// Packs panel `panel` of b.
INK_INLINE void pack_b_panel(
    const float *b, int64_t b_stride, bool transpose, int64_t k, int64_t n, int64_t panel, float *packed) {
    int64_t first = panel * INK_PANEL, columns = ink_min(INK_PANEL, n - first);
    float *target = packed + first * k;
    if (transpose) {
        if (columns < INK_PANEL) memset(target, 0, (size_t)(k * INK_PANEL) * sizeof(float));
        transpose_block(b + first * b_stride, b_stride, columns, k, target, INK_PANEL);
        return;
    }
    for (int64_t row = 0; row < k; row++) {
        for (int64_t c = 0; c < INK_PANEL; c += VEC) {
            v_store(target + row * INK_PANEL + c, v_load_part(b + row * b_stride + first + c, columns - c));
        }
    }
}

/// Packs rows [m_start, m_start + rows) and depths [k_start, k_start + depth) of op(a).
static void pack_a(
    const ink_gemm_arguments *g, int64_t m_start, int64_t rows, int64_t k_start, int64_t depth, float *packed) {
    int64_t panels = ink_ceil_div(rows, GEMM_ROWS);
    for (int64_t panel = 0; panel < panels; panel++) {
        int64_t start, count;
        ink_part(rows, panels, panel, &start, &count);
        float *target = packed + start * depth;
        int64_t row = m_start + start;
        if (!g->transpose_a) {
            transpose_block(g->a + row * g->a_stride + k_start, g->a_stride, count, depth, target, count);
            continue;
        }
        for (int64_t d = 0; d < depth; d++) {
            const float *source = g->a + (k_start + d) * g->a_stride + row;
            for (int64_t i = 0; i < count; i += VEC) {
                v_store_part(target + d * count + i, v_load_part(source + i, count - i), count - i);
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
    vf sums[GEMM_ROWS][GEMM_VECTORS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) {
            sums[r][j] = add ? v_load_part(c + r * c_stride + j * VEC, columns - j * VEC) : v_set(0.0f);
        }
    }
    for (int64_t d = 0; d < depth; d++) {
        vf right[GEMM_VECTORS];
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) right[j] = v_load(b + j * b_step);
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
            v_store_part(c + r * c_stride + j * VEC, sums[r][j], columns - j * VEC);
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

/// [vectors - 1][rows - 1]
static gemm_tile_function *const gemm_tiles[GEMM_VECTORS][GEMM_ROWS] = {
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 1)},
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 2)},
#if GEMM_VECTORS == 4
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 3)},
    {TILES_OF(GEMM_ROWS)(TILE_NAME, 4)},
#endif
};
