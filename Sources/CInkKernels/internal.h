// What the C files of this target share: the kernel table, per-thread scratch memory, work splitting.
#ifndef INK_INTERNAL_H
#define INK_INTERNAL_H

#include <math.h>
#include <string.h>

#include "ink_kernels.h"

#define INK_INLINE static inline __attribute__((always_inline, unused))
#define INK_RESTRICT __restrict__

/// Every public function that has one implementation for each instruction set.
#define INK_KERNEL_LIST(X)                                                                                         \
    X(philox_row) X(dropout_apply) X(gemm) X(pack_b) X(activation_forward) X(activation_backward) X(fill) X(add)   \
    X(multiply) X(scale) X(add_scaled) X(copy_matrix) X(transpose) X(column_sum) X(sum) X(squared_norm)            \
    X(all_finite) X(layer_norm_forward) X(layer_norm_backward) X(embedding_sum) X(embedding_gradient)              \
    X(gather_rows) X(segment_sum) X(segment_sum_backward) X(softmax_forward) X(softmax_backward)                   \
    X(cross_entropy_forward) X(cross_entropy_backward) X(attention_forward) X(attention_backward) X(adamw) X(sgd)  \
    X(f16_to_f32) X(f32_to_f16) X(bf16_to_f32) X(f32_to_bf16)

typedef struct {
#define INK_MEMBER(name) __typeof__(ink_##name) *name;
    INK_KERNEL_LIST(INK_MEMBER)
#undef INK_MEMBER
} ink_kernel_table;

/// Fills a table with the static functions kernel_<name> of the including file.
#define INK_TABLE_ENTRY(name) .name = kernel_##name,
#define INK_DEFINE_TABLE(variable) const ink_kernel_table variable = {INK_KERNEL_LIST(INK_TABLE_ENTRY)};

extern const ink_kernel_table ink_table_scalar;
#if defined(__x86_64__)
extern const ink_kernel_table ink_table_avx2;
extern const ink_kernel_table ink_table_avx512;
#elif defined(__aarch64__)
extern const ink_kernel_table ink_table_neon;
#endif

/// Width of a panel of a packed right operand. The same for every instruction set.
enum { INK_PANEL = 16 };

/// Uses of a thread's scratch memory; two uses never share memory.
typedef enum {
    INK_SCRATCH_PACKED_A = 0,
    INK_SCRATCH_PACKED_B,
    INK_SCRATCH_SHARED_A,
    INK_SCRATCH_ATTENTION,
    INK_SCRATCH_ROTARY,
    INK_SCRATCH_RELATIVE,
    INK_SCRATCH_TABLES,
    INK_SCRATCH_DISTANCES,
    INK_SCRATCH_PARTIAL,
    INK_SCRATCH_COUNT
} ink_scratch_use;

/// At least `count` floats, 64-byte aligned, owned by the calling thread and kept for its next call.
float *ink_scratch(ink_scratch_use use, size_t count);

INK_INLINE int64_t ink_min(int64_t a, int64_t b) { return a < b ? a : b; }
INK_INLINE int64_t ink_max(int64_t a, int64_t b) { return a > b ? a : b; }
INK_INLINE int64_t ink_ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
INK_INLINE int64_t ink_round_up(int64_t a, int64_t b) { return ink_ceil_div(a, b) * b; }

/// Part `index` of `parts` nearly equal parts of 0..<count, the longer ones first.
INK_INLINE void ink_part(int64_t count, int64_t parts, int64_t index, int64_t *start, int64_t *length) {
    int64_t base = count / parts, extra = count % parts;
    *start = index * base + ink_min(index, extra);
    *length = base + (index < extra ? 1 : 0);
}

#endif
