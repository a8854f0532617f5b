// Inner loops of the engine, one implementation for each instruction set, chosen at run time.
//
// All matrices are row-major f32. Functions split large work over the thread pool themselves; every output element
// is computed by one task in a fixed order, so results do not depend on the number of threads.
// Pointers marked "or NULL" are optional. Outputs may not alias inputs unless a comment says so.
#ifndef INK_KERNELS_H
#define INK_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---------------------------------------------------------------------------------------------- instruction sets

typedef enum { INK_ISA_SCALAR = 0, INK_ISA_NEON = 1, INK_ISA_AVX2 = 2, INK_ISA_AVX512 = 3 } ink_isa;

/// Whether this build and this processor can run the set.
bool ink_isa_supported(ink_isa isa);
/// The set in use: the widest supported, or what the environment variable INKSTONE_ISA (scalar, neon, avx2, avx512)
/// names if it is supported.
ink_isa ink_isa_current(void);
/// Switches the set for the whole process (tests, self-check); false when it is not supported. The layout of packed
/// weights is the same for all sets.
bool ink_isa_select(ink_isa isa);
/// Like ink_isa_select, but only for the calls made by the calling thread, until ink_isa_reset_for_thread.
bool ink_isa_select_for_thread(ink_isa isa);
void ink_isa_reset_for_thread(void);
const char *ink_isa_name(ink_isa isa);

// --------------------------------------------------------------------------------------------------- thread pool

typedef void (*ink_task)(void *context, int64_t index);

/// Number of threads that take part, the caller included. Default: the processors this process may run on.
int ink_thread_count(void);
void ink_set_thread_count(int count);
/// Runs task(context, i) for i in 0..<count and returns when all are done. Workers spin briefly for the next call,
/// then sleep. A call made while another thread holds the pool, or from inside a task, runs on the calling thread.
void ink_parallel(int64_t count, ink_task task, void *context);

/// Ends the process with exit code 1 and a message that names the size, what it was for and what can be done.
_Noreturn void ink_memory_refused(size_t bytes, const char *purpose, size_t in_use);
/// A line for that message: what is not lost, and how to go on. At most 1023 bytes are kept.
void ink_set_memory_note(const char *text);

// ------------------------------------------------------------------------------------------------------- dropout

/// Counter-based dropout (Philox 4x32-10, Salmon et al. 2011). Element (row, column) of a matrix is kept when its
/// 32-bit word is >= probability * 2^32; kept elements are scaled by 1 / (1 - probability).
/// The word: key = seed (low, high); the counter of column c is (16 * (c / 64) + c % 16, row, stream low, stream high)
/// and its output word number (c % 64) / 16 is used, so that 16 lanes give 64 neighbouring columns without shuffling.
typedef struct {
    uint64_t seed;
    uint64_t stream;
    float probability;  // 0: no dropout
} ink_dropout;

/// The raw words of columns 0..<columns of one row.
void ink_philox_row(uint64_t seed, uint64_t stream, uint32_t row, int64_t columns, uint32_t *words);
/// y = dropout(x), [rows, columns]; y may be x. Its own gradient with the same arguments.
void ink_dropout_apply(const float *x, float *y, int64_t rows, int64_t columns, ink_dropout dropout);

// ------------------------------------------------------------------------------------------------ matrix product

typedef enum {
    INK_IDENTITY = 0,
    INK_RELU = 1,
    INK_GELU = 2,       // x/2 (1 + erf(x/sqrt 2)); error of the kernel's erf <= 2e-7
    INK_GELU_TANH = 3,  // "gelu_new"
    INK_TANH = 4,
    INK_SIGMOID = 5,
    INK_SILU = 6,
} ink_activation;

/// c = activation(op(a) op(b) + bias) + residual, or c += op(a) op(b) when `accumulate`.
typedef struct {
    int64_t m, n, k;
    const float *a;  // [m, k], or [k, m] when transpose_a
    int64_t a_stride;
    bool transpose_a;
    const float *b;  // [k, n], or [n, k] when transpose_b; ignored when packed_b is given
    int64_t b_stride;
    bool transpose_b;
    const float *packed_b;  // from ink_pack_b, or NULL
    int64_t packed_depth;   // rows of its panels when they hold more than the k that are meant; 0: k
    float *c;               // [m, n]
    int64_t c_stride;
    bool accumulate;         // with it, bias, activation, pre_activation and residual must be absent
    const float *bias;       // [n] or NULL
    ink_activation activation;
    float *pre_activation;   // [m, n] with stride c_stride: the value before the activation, or NULL
    const float *residual;   // [m, n] with stride c_stride, or NULL
} ink_gemm_arguments;

void ink_gemm(const ink_gemm_arguments *arguments);

/// Number of floats that ink_pack_b writes for a [k, n] operand.
size_t ink_packed_b_count(int64_t k, int64_t n);
/// Packs b ([k, n], or [n, k] when transpose) into the panels ink_gemm reads. `packed` is 64-byte aligned.
void ink_pack_b(const float *b, int64_t b_stride, bool transpose, int64_t k, int64_t n, float *packed);

// --------------------------------------------------------------------------------------- elementwise, reductions

void ink_activation_forward(ink_activation kind, const float *x, float *y, int64_t count);  // y may be x
/// dx = dy * activation'(x), x being the value before the activation; dx may be dy.
void ink_activation_backward(ink_activation kind, const float *x, const float *dy, float *dx, int64_t count);

void ink_fill(float *x, float value, int64_t count);
void ink_add(const float *a, const float *b, float *y, int64_t count);       // y may be a or b
void ink_multiply(const float *a, const float *b, float *y, int64_t count);  // y may be a or b
void ink_scale(const float *x, float factor, float *y, int64_t count);       // y may be x
void ink_add_scaled(const float *x, float factor, float *y, int64_t count);  // y += factor * x
/// y[r, c] (+)= x[r, c] for strided matrices: slices, concatenation and their gradients.
void ink_copy_matrix(
    const float *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows, int64_t columns, bool accumulate);
/// y [columns, rows] = transpose of x [rows, columns].
void ink_transpose(const float *x, float *y, int64_t rows, int64_t columns);
/// sums[c] (+)= sum over rows of x[r, c]; rows are added in chunks of fixed size, chunk after chunk.
void ink_column_sum(
    const float *x, int64_t x_stride, int64_t rows, int64_t columns, float *sums, bool accumulate);
double ink_sum(const float *x, int64_t count);
double ink_squared_norm(const float *x, int64_t count);
bool ink_all_finite(const float *x, int64_t count);

// ------------------------------------------------------------------------------------------------------ LayerNorm

/// s = residual + dropout(x) (or x when residual is NULL), y = gamma * (s - mean) / sqrt(var + epsilon) + beta.
/// x, residual, y: [rows, columns]; sum (s, or NULL) may be x; mean, reciprocal_deviation: [rows] or NULL.
void ink_layer_norm_forward(
    const float *x, const float *residual, ink_dropout dropout, const float *gamma, const float *beta, float epsilon,
    int64_t rows, int64_t columns, float *sum, float *y, float *mean, float *reciprocal_deviation);
/// Gradient with respect to s; dgamma and dbeta [columns] are set, or added to when `accumulate`. ds may be dy.
void ink_layer_norm_backward(
    const float *dy, const float *sum, const float *gamma, const float *mean, const float *reciprocal_deviation,
    int64_t rows, int64_t columns, float *ds, float *dgamma, float *dbeta, bool accumulate);

// ------------------------------------------------------------------------------------- embeddings, rows, segments

/// y[r] = sum over tables t of tables[t][ids[t][r]]; at most 4 tables of `columns` columns. Ids must be in range.
void ink_embedding_sum(
    const float *const *tables, const int32_t *const *ids, int64_t table_count, int64_t rows, int64_t columns,
    float *y);
/// table_gradient[ids[r]] += dy[r], in row order.
void ink_embedding_gradient(
    const float *dy, const int32_t *ids, int64_t rows, int64_t columns, float *table_gradient);
/// y[r] = x[ids[r]]; rows of x have x_stride floats.
void ink_gather_rows(
    const float *x, int64_t x_stride, const int32_t *ids, int64_t rows, int64_t columns, float *y);
/// y[s] = scale_s * sum of rows starts[s]..<starts[s+1] of x; scale_s = 1 or, for mean, 1 / length (0 if empty).
void ink_segment_sum(
    const float *x, const int32_t *starts, int64_t segments, int64_t columns, bool mean, float *y);
void ink_segment_sum_backward(
    const float *dy, const int32_t *starts, int64_t segments, int64_t columns, bool mean, float *dx);

// ---------------------------------------------------------------------------------------------- softmax, the loss

void ink_softmax_forward(const float *x, float *y, int64_t rows, int64_t columns);  // y may be x
/// dx = y * (dy - sum(dy * y)); dx may be dy.
void ink_softmax_backward(const float *y, const float *dy, float *dx, int64_t rows, int64_t columns);
/// losses[r] = -log softmax(logits[r])[labels[r]], 0 where labels[r] == ignore_index; probabilities or NULL.
void ink_cross_entropy_forward(
    const float *logits, const int32_t *labels, int32_t ignore_index, int64_t rows, int64_t columns, float *losses,
    float *probabilities);
/// dlogits[r] = scale * (probabilities[r] - onehot(labels[r])), 0 for ignored rows; may be probabilities.
void ink_cross_entropy_backward(
    const float *probabilities, const int32_t *labels, int32_t ignore_index, float scale, int64_t rows,
    int64_t columns, float *dlogits);

// ------------------------------------------------------------------------------------------------------ attention

/// A table of rows for distances: head h reads head_dim columns from h * head_step on; 0 when all heads share them.
typedef struct {
    const float *rows;  // or NULL
    int64_t stride, head_step;
} ink_relative_table;

/// Before the scale, score(i, j) gets q_i . key[b] + k_j . query[b]; out_i gets the sum over j of p_ij value[b], with b
/// the row buckets[reach + j - i]. i and j count within the sequence; |j - i| <= reach must hold for all of them.
typedef struct {
    ink_relative_table key, query, value;
    const int32_t *buckets;  // [2 * reach + 1]
    int64_t reach;
} ink_relative;

/// Turns each pair (x, y) of neighbouring columns of q and k at position p of a sequence to
/// (x cos - y sin, y cos + x sin), the angle being that of row p and the pair's number.
typedef struct {
    const float *cosines, *sines;  // [positions, head_dim / 2]
    bool rotates_values;           // v too
} ink_rotary;

/// Multi-head attention over packed sequences. Token t of an operand starts at t * stride; head h is at columns
/// h * head_dim ..< (h + 1) * head_dim. Sequence s has queries query_starts[s]..<query_starts[s+1] and keys
/// key_starts[s]..<key_starts[s+1]. Memory use is linear in the sequence length.
typedef struct {
    int64_t sequences;
    const int32_t *query_starts;  // [sequences + 1]
    const int32_t *key_starts;    // [sequences + 1]; the same array for self-attention
    int64_t heads, head_dim;
    const float *q, *k, *v;
    int64_t q_stride, k_stride, v_stride;
    float scale;   // usually 1 / sqrt(head_dim)
    bool causal;   // query i sees keys j <= i + (keys - queries)
    const float *bias;  // [heads, bias_rows, bias_columns] added to the scaled scores, the same for all sequences; NULL
    int64_t bias_rows, bias_columns;
    const ink_relative *relative;  // or NULL
    const ink_rotary *rotary;      // or NULL; before everything else
    ink_dropout dropout;  // on the probabilities; row = query token * heads + head, column = key within the sequence
} ink_attention;

/// q, k and v have the strides of the operands and are set. The others are added to, or NULL: bias as the bias, the
/// tables' [table rows, heads * head_dim], also where the heads share a table. They are summed over the sequences in
/// order, one head being one task.
typedef struct {
    float *q, *k, *v;
    float *bias, *key_table, *query_table, *value_table;
} ink_attention_gradients;

/// out [query tokens, heads * head_dim] with out_stride; log_sum_exp [query tokens, heads] or NULL.
void ink_attention_forward(const ink_attention *attention, float *out, int64_t out_stride, float *log_sum_exp);
void ink_attention_backward(
    const ink_attention *attention, const float *out, const float *dout, int64_t out_stride, const float *log_sum_exp,
    const ink_attention_gradients *gradients);

// ----------------------------------------------------------------------------------------------------- optimizers

/// A run of parameters that share a setting. One call updates all runs in one pass over memory.
typedef struct {
    float *value;
    const float *gradient;  // NULL means all zero
    float *first_moment;
    float *second_moment;  // NULL for SGD
    int64_t count;
    float weight_decay;
    float gradient_scale;  // clipping factor
} ink_optimizer_run;

/// g = gradient * gradient_scale; value *= 1 - lr * weight_decay; m, v as Adam;
/// value -= lr / correction1 * m / (sqrt(v / correction2) + epsilon). BertAdam: both corrections 1.
void ink_adamw(
    const ink_optimizer_run *runs, int64_t run_count, float lr, float beta1, float beta2, float epsilon,
    float correction1, float correction2);
/// g as above plus weight_decay * value; m = momentum * m + g (first_moment may be NULL when momentum is 0);
/// value -= lr * m.
void ink_sgd(const ink_optimizer_run *runs, int64_t run_count, float lr, float momentum);

// --------------------------------------------------------------------------------------------- storage conversion

void ink_f16_to_f32(const uint16_t *x, float *y, int64_t count);
void ink_f32_to_f16(const float *x, uint16_t *y, int64_t count);  // round to nearest even
void ink_bf16_to_f32(const uint16_t *x, float *y, int64_t count);
void ink_f32_to_bf16(const float *x, uint16_t *y, int64_t count);  // round to nearest even

#endif
