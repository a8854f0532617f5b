// The vector abstraction (see vec_scalar.h) with 4 lanes of NEON on arm64.
#ifndef INK_VEC_NEON_H
#define INK_VEC_NEON_H

#include <arm_neon.h>

enum { VEC = 4 };
typedef float32x4_t vf;
typedef uint32x4_t vi;

INK_INLINE vf v_load(const float *p) { return vld1q_f32(p); }
INK_INLINE vf v_load_part_or(const float *p, int64_t n, float fill) {
    if (n >= VEC) return vld1q_f32(p);
    vf x = vdupq_n_f32(fill);
    if (n > 0) x = vld1q_lane_f32(p, x, 0);
    if (n > 1) x = vld1q_lane_f32(p + 1, x, 1);
    if (n > 2) x = vld1q_lane_f32(p + 2, x, 2);
    return x;
}
INK_INLINE vf v_load_part(const float *p, int64_t n) { return v_load_part_or(p, n, 0.0f); }
INK_INLINE vf v_fill_from(vf x, int64_t n, float fill) {
    static const int32_t lanes[4] = {0, 1, 2, 3};
    int32_t count = n >= VEC ? VEC : (int32_t)n;
    return vbslq_f32(vcltq_s32(vld1q_s32(lanes), vdupq_n_s32(count)), x, vdupq_n_f32(fill));
}
INK_INLINE void v_store(float *p, vf x) { vst1q_f32(p, x); }
INK_INLINE void v_store_part(float *p, vf x, int64_t n) {
    if (n >= VEC) {
        vst1q_f32(p, x);
        return;
    }
    if (n > 0) vst1q_lane_f32(p, x, 0);
    if (n > 1) vst1q_lane_f32(p + 1, x, 1);
    if (n > 2) vst1q_lane_f32(p + 2, x, 2);
}
INK_INLINE vf v_set(float x) { return vdupq_n_f32(x); }
INK_INLINE vf v_add(vf a, vf b) { return vaddq_f32(a, b); }
INK_INLINE vf v_sub(vf a, vf b) { return vsubq_f32(a, b); }
INK_INLINE vf v_mul(vf a, vf b) { return vmulq_f32(a, b); }
INK_INLINE vf v_div(vf a, vf b) { return vdivq_f32(a, b); }
INK_INLINE vf v_fma(vf a, vf b, vf c) { return vfmaq_f32(c, a, b); }
INK_INLINE vf v_fnma(vf a, vf b, vf c) { return vfmsq_f32(c, a, b); }
INK_INLINE vf v_max(vf a, vf b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
INK_INLINE vf v_min(vf a, vf b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
INK_INLINE vf v_abs(vf x) { return vabsq_f32(x); }
INK_INLINE vf v_sqrt(vf x) { return vsqrtq_f32(x); }
INK_INLINE vf v_round(vf x) { return vrndnq_f32(x); }
INK_INLINE vf v_scale2(vf x, vf n) {
    // In two halves, so that neither exponent leaves its range.
    int32x4_t whole = vcvtq_s32_f32(n), half = vshrq_n_s32(whole, 1), bias = vdupq_n_s32(127);
    vf first = vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(half, bias), 23));
    vf second = vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(whole, half), bias), 23));
    return vmulq_f32(vmulq_f32(x, first), second);
}
INK_INLINE vf v_if_less(vf a, vf b, vf x, vf y) { return vbslq_f32(vcltq_f32(a, b), x, y); }
INK_INLINE float v_reduce_add(vf x) { return vaddvq_f32(x); }
INK_INLINE float v_reduce_max(vf x) { return vmaxvq_f32(x); }
INK_INLINE double v_reduce_add_double(vf x) {
    return vaddvq_f64(vaddq_f64(vcvt_f64_f32(vget_low_f32(x)), vcvt_high_f64_f32(x)));
}

INK_INLINE void v_transpose(vf *rows) {
    float32x4x2_t a = vtrnq_f32(rows[0], rows[1]), b = vtrnq_f32(rows[2], rows[3]);
    rows[0] = vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0]));
    rows[1] = vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1]));
    rows[2] = vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0]));
    rows[3] = vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1]));
}

INK_INLINE vi i_set(uint32_t x) { return vdupq_n_u32(x); }
INK_INLINE vi i_lanes(void) {
    static const uint32_t lanes[4] = {0, 1, 2, 3};
    return vld1q_u32(lanes);
}
INK_INLINE vi i_add(vi a, vi b) { return vaddq_u32(a, b); }
INK_INLINE vi i_xor(vi a, vi b) { return veorq_u32(a, b); }
INK_INLINE void i_multiply_wide(vi a, vi b, vi *low, vi *high) {
    vi first = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a), vget_low_u32(b)));
    vi second = vreinterpretq_u32_u64(vmull_high_u32(a, b));
    *low = vuzp1q_u32(first, second);
    *high = vuzp2q_u32(first, second);
}
INK_INLINE void i_store_part(uint32_t *p, vi x, int64_t n) {
    v_store_part((float *)(void *)p, vreinterpretq_f32_u32(x), n);
}
INK_INLINE vf v_zero_if_below(vi words, vi threshold, vf x) {
    return vreinterpretq_f32_u32(vandq_u32(vcgeq_u32(words, threshold), vreinterpretq_u32_f32(x)));
}

INK_INLINE vf v_load_half(const uint16_t *p) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p))); }
INK_INLINE void v_store_half(uint16_t *p, vf x) { vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(x))); }

#endif
