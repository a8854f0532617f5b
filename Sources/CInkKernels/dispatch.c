// Chooses the instruction set at first use and forwards the public functions to its table.
#include <stdatomic.h>
#include <stdlib.h>

#include "internal.h"

static const char *const isa_names[] = {"scalar", "neon", "avx2", "avx512"};
enum { ISA_COUNT = 4, ISA_UNDECIDED = -1 };
static atomic_int current_isa = ISA_UNDECIDED;
static _Thread_local int thread_isa = ISA_UNDECIDED;

bool ink_isa_supported(ink_isa isa) {
    switch (isa) {
        case INK_ISA_SCALAR: return true;
#if defined(__x86_64__)
        case INK_ISA_AVX2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
        case INK_ISA_AVX512:
            return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
                && ink_isa_supported(INK_ISA_AVX2);
#elif defined(__aarch64__)
        case INK_ISA_NEON: return true;
#endif
        default: return false;
    }
}

static ink_isa choose_isa(void) {
    const char *wanted = getenv("INKSTONE_ISA");
    if (wanted != NULL) {
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (strcmp(wanted, isa_names[isa]) == 0 && ink_isa_supported((ink_isa)isa)) return (ink_isa)isa;
        }
    }
    for (int isa = ISA_COUNT - 1; isa > 0; isa--) {
        if (ink_isa_supported((ink_isa)isa)) return (ink_isa)isa;
    }
    return INK_ISA_SCALAR;
}

ink_isa ink_isa_current(void) {
    if (thread_isa != ISA_UNDECIDED) return (ink_isa)thread_isa;
    int isa = atomic_load_explicit(&current_isa, memory_order_relaxed);
    if (isa == ISA_UNDECIDED) {
        int chosen = (int)choose_isa();
        // Another thread, or ink_isa_select, may have decided meanwhile; its choice stands.
        if (atomic_compare_exchange_strong(&current_isa, &isa, chosen)) isa = chosen;
    }
    return (ink_isa)isa;
}

bool ink_isa_select(ink_isa isa) {
    if (!ink_isa_supported(isa)) return false;
    atomic_store(&current_isa, (int)isa);
    return true;
}

bool ink_isa_select_for_thread(ink_isa isa) {
    if (!ink_isa_supported(isa)) return false;
    thread_isa = (int)isa;
    return true;
}

void ink_isa_reset_for_thread(void) { thread_isa = ISA_UNDECIDED; }

const char *ink_isa_name(ink_isa isa) {
    return (int)isa >= 0 && (int)isa < ISA_COUNT ? isa_names[isa] : "unknown";
}

static const ink_kernel_table *table(void) {
    switch (ink_isa_current()) {
#if defined(__x86_64__)
        case INK_ISA_AVX2: return &ink_table_avx2;
        case INK_ISA_AVX512: return &ink_table_avx512;
#elif defined(__aarch64__)
        case INK_ISA_NEON: return &ink_table_neon;
#endif
        default: return &ink_table_scalar;
    }
}

void ink_philox_row(uint64_t seed, uint64_t stream, uint32_t row, int64_t columns, uint32_t *words) {
    table()->philox_row(seed, stream, row, columns, words);
}
void ink_dropout_apply(const float *x, float *y, int64_t rows, int64_t columns, ink_dropout dropout) {
    table()->dropout_apply(x, y, rows, columns, dropout);
}

void ink_gemm(const ink_gemm_arguments *arguments) { table()->gemm(arguments); }
size_t ink_packed_b_count(int64_t k, int64_t n) {
    return k <= 0 || n <= 0 ? 0 : (size_t)(ink_round_up(n, INK_PANEL) * k);
}
void ink_pack_b(const float *b, int64_t b_stride, bool transpose, int64_t k, int64_t n, float *packed) {
    table()->pack_b(b, b_stride, transpose, k, n, packed);
}

void ink_activation_forward(ink_activation kind, const float *x, float *y, int64_t count) {
    table()->activation_forward(kind, x, y, count);
}
void ink_activation_backward(ink_activation kind, const float *x, const float *dy, float *dx, int64_t count) {
    table()->activation_backward(kind, x, dy, dx, count);
}
void ink_fill(float *x, float value, int64_t count) { table()->fill(x, value, count); }
void ink_add(const float *a, const float *b, float *y, int64_t count) { table()->add(a, b, y, count); }
void ink_multiply(const float *a, const float *b, float *y, int64_t count) { table()->multiply(a, b, y, count); }
void ink_scale(const float *x, float factor, float *y, int64_t count) { table()->scale(x, factor, y, count); }
void ink_add_scaled(const float *x, float factor, float *y, int64_t count) {
    table()->add_scaled(x, factor, y, count);
}
void ink_copy_matrix(
    const float *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows, int64_t columns, bool accumulate) {
    table()->copy_matrix(x, x_stride, y, y_stride, rows, columns, accumulate);
}
void ink_transpose(const float *x, float *y, int64_t rows, int64_t columns) {
    table()->transpose(x, y, rows, columns);
}
void ink_column_sum(
    const float *x, int64_t x_stride, int64_t rows, int64_t columns, float *sums, bool accumulate) {
    table()->column_sum(x, x_stride, rows, columns, sums, accumulate);
}
double ink_sum(const float *x, int64_t count) { return table()->sum(x, count); }
double ink_squared_norm(const float *x, int64_t count) { return table()->squared_norm(x, count); }
bool ink_all_finite(const float *x, int64_t count) { return table()->all_finite(x, count); }

void ink_layer_norm_forward(
    const float *x, const float *residual, ink_dropout dropout, const float *gamma, const float *beta, float epsilon,
    int64_t rows, int64_t columns, float *sum, float *y, float *mean, float *reciprocal_deviation) {
    table()->layer_norm_forward(
        x, residual, dropout, gamma, beta, epsilon, rows, columns, sum, y, mean, reciprocal_deviation);
}
void ink_layer_norm_backward(
    const float *dy, const float *sum, const float *gamma, const float *mean, const float *reciprocal_deviation,
    int64_t rows, int64_t columns, float *ds, float *dgamma, float *dbeta, bool accumulate) {
    table()->layer_norm_backward(
        dy, sum, gamma, mean, reciprocal_deviation, rows, columns, ds, dgamma, dbeta, accumulate);
}

void ink_embedding_sum(
    const float *const *tables, const int32_t *const *ids, int64_t table_count, int64_t rows, int64_t columns,
    float *y) {
    table()->embedding_sum(tables, ids, table_count, rows, columns, y);
}
void ink_embedding_gradient(
    const float *dy, const int32_t *ids, int64_t rows, int64_t columns, float *table_gradient) {
    table()->embedding_gradient(dy, ids, rows, columns, table_gradient);
}
void ink_gather_rows(
    const float *x, int64_t x_stride, const int32_t *ids, int64_t rows, int64_t columns, float *y) {
    table()->gather_rows(x, x_stride, ids, rows, columns, y);
}
void ink_segment_sum(
    const float *x, const int32_t *starts, int64_t segments, int64_t columns, bool mean, float *y) {
    table()->segment_sum(x, starts, segments, columns, mean, y);
}
void ink_segment_sum_backward(
    const float *dy, const int32_t *starts, int64_t segments, int64_t columns, bool mean, float *dx) {
    table()->segment_sum_backward(dy, starts, segments, columns, mean, dx);
}

void ink_softmax_forward(const float *x, float *y, int64_t rows, int64_t columns) {
    table()->softmax_forward(x, y, rows, columns);
}
void ink_softmax_backward(const float *y, const float *dy, float *dx, int64_t rows, int64_t columns) {
    table()->softmax_backward(y, dy, dx, rows, columns);
}
void ink_cross_entropy_forward(
    const float *logits, const int32_t *labels, int32_t ignore_index, int64_t rows, int64_t columns, float *losses,
    float *probabilities) {
    table()->cross_entropy_forward(logits, labels, ignore_index, rows, columns, losses, probabilities);
}
void ink_cross_entropy_backward(
    const float *probabilities, const int32_t *labels, int32_t ignore_index, float scale, int64_t rows,
    int64_t columns, float *dlogits) {
    table()->cross_entropy_backward(probabilities, labels, ignore_index, scale, rows, columns, dlogits);
}

void ink_attention_forward(const ink_attention *attention, float *out, int64_t out_stride, float *log_sum_exp) {
    table()->attention_forward(attention, out, out_stride, log_sum_exp);
}
void ink_attention_backward(
    const ink_attention *attention, const float *out, const float *dout, int64_t out_stride, const float *log_sum_exp,
    const ink_attention_gradients *gradients) {
    table()->attention_backward(attention, out, dout, out_stride, log_sum_exp, gradients);
}

void ink_adamw(
    const ink_optimizer_run *runs, int64_t run_count, float lr, float beta1, float beta2, float epsilon,
    float correction1, float correction2) {
    table()->adamw(runs, run_count, lr, beta1, beta2, epsilon, correction1, correction2);
}
void ink_sgd(const ink_optimizer_run *runs, int64_t run_count, float lr, float momentum) {
    table()->sgd(runs, run_count, lr, momentum);
}

void ink_f16_to_f32(const uint16_t *x, float *y, int64_t count) { table()->f16_to_f32(x, y, count); }
void ink_f32_to_f16(const float *x, uint16_t *y, int64_t count) { table()->f32_to_f16(x, y, count); }
void ink_bf16_to_f32(const uint16_t *x, float *y, int64_t count) { table()->bf16_to_f32(x, y, count); }
void ink_f32_to_bf16(const float *x, uint16_t *y, int64_t count) { table()->f32_to_bf16(x, y, count); }
