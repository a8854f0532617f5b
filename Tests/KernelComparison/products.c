// The matrix product with every combination of its options, and the packing of its right operand.
#include "comparison.h"

static const int64_t sizes[][3] = {
    {1, 1, 1}, {1, 16, 7}, {2, 17, 33}, {5, 31, 64}, {6, 16, 385}, {7, 48, 100}, {13, 65, 770}, {150, 33, 20}, {37, 312, 78},
};

static void product(const int64_t *size, bool transpose_a, bool transpose_b, bool packed, int form) {
    int64_t m = size[0], n = size[1], k = size[2], stride = n + 3;
    ink_gemm_arguments x = {.m = m, .n = n, .k = k, .transpose_a = transpose_a, .transpose_b = transpose_b, .c_stride = stride};
    x.a_stride = (transpose_a ? m : k) + 2;
    x.b_stride = (transpose_b ? k : n) + 1;
    x.a = random_floats((transpose_a ? k : m) * x.a_stride, 1);
    x.b = random_floats((transpose_b ? n : k) * x.b_stride, 1);
    char variant[120];
    snprintf(
        variant, sizeof variant, "%lldx%lldx%lld a%s b%s%s form %d", (long long)m, (long long)n, (long long)k,
        transpose_a ? "T" : "", transpose_b ? "T" : "", packed ? " packed" : "", form);
    if (packed) {
        size_t count = ink_packed_b_count(k, n);
        float *one = zeros((int64_t)count), *other = zeros((int64_t)count);
        BOTH(ink_pack_b(x.b, x.b_stride, transpose_b, k, n, one), ink_pack_b(x.b, x.b_stride, transpose_b, k, n, other));
        check_equal("pack_b", variant, one, other, count * sizeof(float));
        x.packed_b = one;
    }
    if (form == 1) x.accumulate = true;
    if (form >= 2) x.bias = random_floats(n, 1);
    if (form >= 3) {
        x.activation = (ink_activation)(INK_RELU + form - 3);
        x.residual = random_floats(m * stride, 1);
    }
    ink_gemm_arguments y = x;
    x.c = random_floats(m * stride, 1);
    y.c = copy_of(x.c, m * stride);
    if (form >= 3) {
        x.pre_activation = zeros(m * stride);
        y.pre_activation = zeros(m * stride);
    }
    BOTH(ink_gemm(&x), ink_gemm(&y));
    // An activation narrows the range but not the error of the sum before it.
    check_close("gemm", variant, x.c, y.c, m * stride, form >= 3 ? 1e-5 : 2e-6);
    if (form >= 3) check_close("gemm", variant, x.pre_activation, y.pre_activation, m * stride, 2e-6);
}

void compare_products(void) {
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int flags = 0; flags < 8; flags++) {
            for (int form = 0; form <= 8; form++) product(sizes[i], flags & 1, flags & 2, flags & 4, form);
        }
    }
}
