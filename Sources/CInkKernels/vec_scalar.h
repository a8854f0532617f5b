// The vector abstraction with one lane: the reference every instruction set is tested against.
//
// A vec_<set>.h defines VEC (lanes), the types vf (floats) and vi (32-bit words), and the functions below. `n` of a
// partial load or store is the number of elements left; VEC or more means a full vector, lanes beyond read as zero.
#ifndef INK_VEC_SCALAR_H
#define INK_VEC_SCALAR_H

#include "scalar_convert.h"

enum { VEC = 1 };
typedef float vf;
typedef uint32_t vi;

INK_INLINE vf v_load(const float *p) { return *p; }
INK_INLINE vf v_load_part(const float *p, int64_t n) { return n > 0 ? *p : 0.0f; }
/// Like v_load_part, but the lanes beyond read as `fill`.
INK_INLINE vf v_load_part_or(const float *p, int64_t n, float fill) { return n > 0 ? *p : fill; }
/// x with the lanes from n on replaced.
INK_INLINE vf v_fill_from(vf x, int64_t n, float fill) { return n > 0 ? x : fill; }
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

INK_INLINE vf v_load_half(const uint16_t *p) { return scalar_half_to_float(*p); }
INK_INLINE void v_store_half(uint16_t *p, vf x) { *p = scalar_float_to_half(x); }

#endif
