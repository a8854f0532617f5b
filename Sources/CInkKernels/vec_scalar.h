// The vector abstraction with one lane: the reference every instruction set is tested against.
//
// A vec_<set>.h defines VEC (lanes), the types vf (floats) and vi (32-bit words), and the functions below. `n` of a
// partial load or store is the number of elements left; VEC or more means a full vector, lanes beyond read as zero.
#ifndef INK_VEC_SCALAR_H
#define INK_VEC_SCALAR_H

#include "internal.h"

enum { VEC = 1 };
typedef float vf;
typedef uint32_t vi;

INK_INLINE vf v_load(const float *p) { return *p; }
INK_INLINE vf v_load_part(const float *p, int64_t n) { return n > 0 ? *p : 0.0f; }
INK_INLINE void v_store(float *p, vf x) { *p = x; }
INK_INLINE void v_store_part(float *p, vf x, int64_t n) {
    if (n > 0) *p = x;
}
INK_INLINE vf v_set(float x) { return x; }
INK_INLINE vf v_add(vf a, vf b) { return a + b; }
INK_INLINE vf v_sub(vf a, vf b) { return a - b; }
INK_INLINE vf v_mul(vf a, vf b) { return a * b; }
INK_INLINE vf v_div(vf a, vf b) { return a / b; }
/// a * b + c and c - a * b, rounded once where the set can.
INK_INLINE vf v_fma(vf a, vf b, vf c) { return a * b + c; }
INK_INLINE vf v_fnma(vf a, vf b, vf c) { return c - a * b; }
/// Larger and smaller of two; b where either is not a number.
INK_INLINE vf v_max(vf a, vf b) { return a > b ? a : b; }
INK_INLINE vf v_min(vf a, vf b) { return a < b ? a : b; }
INK_INLINE vf v_abs(vf x) { return fabsf(x); }
INK_INLINE vf v_sqrt(vf x) { return sqrtf(x); }
/// To the nearest integer, ties to even.
INK_INLINE vf v_round(vf x) { return rintf(x); }
/// x * 2^n for integral n in -252...252.
INK_INLINE vf v_scale2(vf x, vf n) { return ldexpf(x, (int)n); }
/// a < b ? x : y
INK_INLINE vf v_if_less(vf a, vf b, vf x, vf y) { return a < b ? x : y; }
INK_INLINE float v_reduce_add(vf x) { return x; }
INK_INLINE float v_reduce_max(vf x) { return x; }
INK_INLINE double v_reduce_add_double(vf x) { return (double)x; }
/// In-register transposition of VEC vectors.
INK_INLINE void v_transpose(vf *rows) { (void)rows; }

INK_INLINE vi i_set(uint32_t x) { return x; }
/// 0, 1, 2 ... in the lanes.
INK_INLINE vi i_lanes(void) { return 0; }
INK_INLINE vi i_add(vi a, vi b) { return a + b; }
INK_INLINE vi i_xor(vi a, vi b) { return a ^ b; }
INK_INLINE void i_multiply_wide(vi a, vi b, vi *low, vi *high) {
    uint64_t product = (uint64_t)a * b;
    *low = (uint32_t)product;
    *high = (uint32_t)(product >> 32);
}
INK_INLINE void i_store_part(uint32_t *p, vi x, int64_t n) {
    if (n > 0) *p = x;
}
/// words < threshold (unsigned) ? 0 : x
INK_INLINE vf v_zero_if_below(vi words, vi threshold, vf x) { return words < threshold ? 0.0f : x; }

INK_INLINE uint32_t scalar_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
INK_INLINE float scalar_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
INK_INLINE float scalar_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, exponent = (half >> 10) & 31u, fraction = half & 1023u;
    if (exponent == 31) return scalar_from_bits(sign | 0x7f800000u | fraction << 13);
    if (exponent == 0) {
        float magnitude = (float)fraction * 0x1p-24f;
        return sign != 0 ? -magnitude : magnitude;
    }
    return scalar_from_bits(sign | (exponent + 112) << 23 | fraction << 13);
}
INK_INLINE uint16_t scalar_float_to_half(float x) {
    uint32_t bits = scalar_bits(x), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return (uint16_t)(sign | 0x7e00u | (magnitude >> 13 & 0x3ffu));
    if (magnitude >= 0x477ff000u) return (uint16_t)(sign | 0x7c00u);
    if (magnitude < 0x38800000u) {
        // Below the smallest normal half: adding 0.5 rounds to a multiple of 2^-24.
        float shifted = scalar_from_bits(magnitude) + 0.5f;
        return (uint16_t)(sign | (scalar_bits(shifted) - 0x3f000000u));
    }
    uint32_t rounded = magnitude + 0xfffu + (magnitude >> 13 & 1u);
    return (uint16_t)(sign | (rounded - 0x38000000u) >> 13);
}
INK_INLINE uint16_t scalar_float_to_bfloat(float x) {
    uint32_t bits = scalar_bits(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return (uint16_t)(bits >> 16 | 0x40u);
    return (uint16_t)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

INK_INLINE vf v_load_half(const uint16_t *p) { return scalar_half_to_float(*p); }
INK_INLINE void v_store_half(uint16_t *p, vf x) { *p = scalar_float_to_half(x); }

#endif
