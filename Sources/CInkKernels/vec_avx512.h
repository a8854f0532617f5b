// The vector abstraction (see vec_scalar.h) with 16 lanes of AVX-512. Included under the target attribute.
#ifndef INK_VEC_AVX512_H
#define INK_VEC_AVX512_H

enum { VEC = 16 };
typedef __m512 vf;
typedef __m512i vi;

INK_INLINE __mmask16 lanes_below(int64_t n) {
    return n >= VEC ? (__mmask16)0xffff : n <= 0 ? (__mmask16)0 : (__mmask16)((1u << n) - 1);
}

INK_INLINE vf v_load(const float *p) { return _mm512_loadu_ps(p); }
INK_INLINE vf v_load_part(const float *p, int64_t n) { return _mm512_maskz_loadu_ps(lanes_below(n), p); }
INK_INLINE vf v_load_part_or(const float *p, int64_t n, float fill) {
    return _mm512_mask_loadu_ps(_mm512_set1_ps(fill), lanes_below(n), p);
}
INK_INLINE vf v_fill_from(vf x, int64_t n, float fill) {
    return _mm512_mask_mov_ps(_mm512_set1_ps(fill), lanes_below(n), x);
}
INK_INLINE void v_store(float *p, vf x) { _mm512_storeu_ps(p, x); }
INK_INLINE void v_store_part(float *p, vf x, int64_t n) { _mm512_mask_storeu_ps(p, lanes_below(n), x); }
INK_INLINE vf v_set(float x) { return _mm512_set1_ps(x); }
INK_INLINE vf v_add(vf a, vf b) { return _mm512_add_ps(a, b); }
INK_INLINE vf v_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
INK_INLINE vf v_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
INK_INLINE vf v_div(vf a, vf b) { return _mm512_div_ps(a, b); }
INK_INLINE vf v_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
INK_INLINE vf v_fnma(vf a, vf b, vf c) { return _mm512_fnmadd_ps(a, b, c); }
INK_INLINE vf v_max(vf a, vf b) { return _mm512_max_ps(a, b); }
INK_INLINE vf v_min(vf a, vf b) { return _mm512_min_ps(a, b); }
INK_INLINE vf v_abs(vf x) { return _mm512_abs_ps(x); }
INK_INLINE vf v_sqrt(vf x) { return _mm512_sqrt_ps(x); }
INK_INLINE vf v_round(vf x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INK_INLINE vf v_scale2(vf x, vf n) { return _mm512_scalef_ps(x, n); }
INK_INLINE vf v_if_less(vf a, vf b, vf x, vf y) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), y, x);
}
INK_INLINE float v_reduce_add(vf x) { return _mm512_reduce_add_ps(x); }
INK_INLINE float v_reduce_max(vf x) { return _mm512_reduce_max_ps(x); }
INK_INLINE double v_reduce_add_double(vf x) {
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
    __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
    return _mm512_reduce_add_pd(_mm512_add_pd(low, high));
}

INK_INLINE void v_transpose(vf *rows) {
    vf pairs[16];
    // Neighbouring rows, then pairs of rows, within each quarter of the register.
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i += 4) {
        vf a = _mm512_unpacklo_ps(rows[i], rows[i + 1]), b = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
        vf c = _mm512_unpacklo_ps(rows[i + 2], rows[i + 3]), d = _mm512_unpackhi_ps(rows[i + 2], rows[i + 3]);
        pairs[i] = _mm512_shuffle_ps(a, c, 0x44);
        pairs[i + 1] = _mm512_shuffle_ps(a, c, 0xee);
        pairs[i + 2] = _mm512_shuffle_ps(b, d, 0x44);
        pairs[i + 3] = _mm512_shuffle_ps(b, d, 0xee);
    }
    // Then the quarters: pairs[4 g + i] holds columns i, i + 4, i + 8, i + 12 of rows 4 g ..< 4 g + 4.
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        vf a = _mm512_shuffle_f32x4(pairs[i], pairs[i + 4], 0x88);
        vf b = _mm512_shuffle_f32x4(pairs[i], pairs[i + 4], 0xdd);
        vf c = _mm512_shuffle_f32x4(pairs[i + 8], pairs[i + 12], 0x88);
        vf d = _mm512_shuffle_f32x4(pairs[i + 8], pairs[i + 12], 0xdd);
        rows[i] = _mm512_shuffle_f32x4(a, c, 0x88);
        rows[i + 4] = _mm512_shuffle_f32x4(b, d, 0x88);
        rows[i + 8] = _mm512_shuffle_f32x4(a, c, 0xdd);
        rows[i + 12] = _mm512_shuffle_f32x4(b, d, 0xdd);
    }
}

INK_INLINE vi i_set(uint32_t x) { return _mm512_set1_epi32((int)x); }
INK_INLINE vi i_lanes(void) { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
INK_INLINE vi i_add(vi a, vi b) { return _mm512_add_epi32(a, b); }
INK_INLINE vi i_xor(vi a, vi b) { return _mm512_xor_si512(a, b); }
INK_INLINE void i_multiply_wide(vi a, vi b, vi *low, vi *high) {
    vi even = _mm512_mul_epu32(a, b);
    vi odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(b, 32));
    *low = _mm512_mask_mov_epi32(even, 0xaaaa, _mm512_slli_epi64(odd, 32));
    *high = _mm512_mask_mov_epi32(_mm512_srli_epi64(even, 32), 0xaaaa, odd);
}
INK_INLINE void i_store_part(uint32_t *p, vi x, int64_t n) { _mm512_mask_storeu_epi32(p, lanes_below(n), x); }
INK_INLINE vf v_zero_if_below(vi words, vi threshold, vf x) {
    return _mm512_maskz_mov_ps(_mm512_cmpge_epu32_mask(words, threshold), x);
}

INK_INLINE vf v_load_half(const uint16_t *p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)p));
}
INK_INLINE void v_store_half(uint16_t *p, vf x) {
    _mm256_storeu_si256((__m256i *)(void *)p, _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

#endif
