// Attention with each way of saying where a token stands, forward and backward.
#include "comparison.h"

enum { SEQUENCES = 3, HEADS = 3, REACH = 40, TABLE_ROWS = 9 };

static ink_relative_table table(bool wanted, int64_t head_dim, bool shared) {
    ink_relative_table result = {0};
    if (wanted) {
        result.stride = shared ? head_dim : HEADS * head_dim;
        result.head_step = shared ? 0 : head_dim;
        result.rows = random_floats(TABLE_ROWS * result.stride, 0.5f);
    }
    return result;
}

static void attend(const int32_t *starts, int64_t head_dim, int form) {
    int64_t tokens = starts[SEQUENCES], width = HEADS * head_dim, stride = 3 * width, n = tokens * width;
    float *qkv = random_floats(tokens * stride, 1);
    ink_attention x = {
        .sequences = SEQUENCES, .query_starts = starts, .key_starts = starts, .heads = HEADS, .head_dim = head_dim,
        .q = qkv, .k = qkv + width, .v = qkv + 2 * width, .q_stride = stride, .k_stride = stride, .v_stride = stride,
        .scale = 1 / sqrtf((float)head_dim)};
    char variant[80];
    snprintf(variant, sizeof variant, "%lld tokens, head %lld, form %d", (long long)tokens, (long long)head_dim, form);

    int32_t buckets[2 * REACH + 1];
    for (int i = 0; i < 2 * REACH + 1; i++) buckets[i] = random_index(TABLE_ROWS);
    bool shared = form == 4;
    ink_relative relative = {
        .key = table(form >= 3 && form <= 5, head_dim, shared), .query = table(form == 5, head_dim, false),
        .value = table(form == 3 || form == 4, head_dim, shared), .buckets = buckets, .reach = REACH};
    ink_rotary rotary = {.rotates_values = form == 7};
    if (form >= 3 && form <= 5) x.relative = &relative;
    if (form >= 6) {
        float *cosines = zeros(REACH * head_dim / 2), *sines = zeros(REACH * head_dim / 2);
        for (int64_t i = 0; i < REACH * head_dim / 2; i++) cosines[i] = cosf((float)i), sines[i] = sinf((float)i);
        rotary.cosines = cosines, rotary.sines = sines;
        x.rotary = &rotary;
    }
    x.causal = form == 1;
    if (form == 2) {
        x.bias_rows = REACH, x.bias_columns = REACH;
        x.bias = random_floats(HEADS * REACH * REACH, 1);
        x.dropout = (ink_dropout){.seed = 3, .stream = 4, .probability = 0.2f};
    }

    float *dout = random_floats(n, 1), *out[2], *sums[2], *grads[2], *bias[2], *tables[2][3];
    for (int side = 0; side < 2; side++) {
        out[side] = zeros(n), sums[side] = zeros(tokens * HEADS), grads[side] = zeros(tokens * stride);
        bias[side] = zeros(HEADS * REACH * REACH);
        for (int t = 0; t < 3; t++) tables[side][t] = zeros(TABLE_ROWS * width);
        ink_attention_gradients gradients = {
            .q = grads[side], .k = grads[side] + width, .v = grads[side] + 2 * width, .bias = x.bias ? bias[side] : NULL,
            .key_table = relative.key.rows ? tables[side][0] : NULL,
            .query_table = relative.query.rows ? tables[side][1] : NULL,
            .value_table = relative.value.rows ? tables[side][2] : NULL};
        ink_isa_select(side == 0 ? INK_ISA_SCALAR : compared_isa);
        ink_attention_forward(&x, out[side], width, sums[side]);
        ink_attention_backward(&x, out[0], dout, width, sums[0], &gradients);
    }
    check_close("attention_forward", variant, out[0], out[1], n, 3e-6);
    check_close("attention_forward", variant, sums[0], sums[1], tokens * HEADS, 3e-6);
    check_close("attention_backward", variant, grads[0], grads[1], tokens * stride, 1e-5);
    check_close("attention_backward", variant, bias[0], bias[1], HEADS * REACH * REACH, 1e-5);
    for (int t = 0; t < 3; t++) check_close("attention_backward", variant, tables[0][t], tables[1][t], TABLE_ROWS * width, 1e-5);
}

void compare_attention(void) {
    static const int32_t starts[][SEQUENCES + 1] = {{0, 1, 2, 3}, {0, 5, 21, 38}, {0, 33, 34, 70}};
    static const int64_t head_dims[] = {2, 8, 26, 32, 64, 66};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        for (size_t d = 0; d < sizeof head_dims / sizeof *head_dims; d++) {
            for (int form = 0; form <= 7; form++) attend(starts[i], head_dims[d], form);
        }
    }
}
