// The vector abstraction (see vec_scalar.h) with 8 lanes of AVX2 and FMA. Included under the target attribute.
#ifndef INK_VEC_AVX2_H
#define INK_VEC_AVX2_H

enum { VEC = 8 };
typedef __m256 vf;
typedef __m256i vi;

INK_INLINE __m256i lanes_below(int64_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

INK_INLINE vf v_load(const float *p) { return _mm256_loadu_ps(p); }
INK_INLINE vf v_load_part(const float *p, int64_t n) {
    return n >= VEC ? _mm256_loadu_ps(p) : _mm256_maskload_ps(p, lanes_below(n));
}
INK_INLINE vf v_load_part_or(const float *p, int64_t n, float fill) {
    if (n >= VEC) return _mm256_loadu_ps(p);
    __m256i mask = lanes_below(n);
    return _mm256_blendv_ps(_mm256_set1_ps(fill), _mm256_maskload_ps(p, mask), _mm256_castsi256_ps(mask));
}
INK_INLINE vf v_fill_from(vf x, int64_t n, float fill) {
    if (n >= VEC) return x;
    return _mm256_blendv_ps(_mm256_set1_ps(fill), x, _mm256_castsi256_ps(lanes_below(n)));
}
INK_INLINE void v_store(float *p, vf x) { _mm256_storeu_ps(p, x); }
INK_INLINE void v_store_part(float *p, vf x, int64_t n) {
    if (n >= VEC) {
        _mm256_storeu_ps(p, x);
    } else {
        _mm256_maskstore_ps(p, lanes_below(n), x);
    }
}
INK_INLINE vf v_set(float x) { return _mm256_set1_ps(x); }
INK_INLINE vf v_add(vf a, vf b) { return _mm256_add_ps(a, b); }
INK_INLINE vf v_sub(vf a, vf b) { return _mm256_sub_ps(a, b); }
INK_INLINE vf v_mul(vf a, vf b) { return _mm256_mul_ps(a, b); }
INK_INLINE vf v_div(vf a, vf b) { return _mm256_div_ps(a, b); }
INK_INLINE vf v_fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
INK_INLINE vf v_fnma(vf a, vf b, vf c) { return _mm256_fnmadd_ps(a, b, c); }
INK_INLINE vf v_max(vf a, vf b) { return _mm256_max_ps(a, b); }
INK_INLINE vf v_min(vf a, vf b) { return _mm256_min_ps(a, b); }
INK_INLINE vf v_abs(vf x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
INK_INLINE vf v_sqrt(vf x) { return _mm256_sqrt_ps(x); }
INK_INLINE vf v_round(vf x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INK_INLINE vf v_scale2(vf x, vf n) {
    // In two halves, so that neither exponent leaves its range.
    __m256i whole = _mm256_cvtps_epi32(n), half = _mm256_srai_epi32(whole, 1);
    __m256i bias = _mm256_set1_epi32(127);
    vf first = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(half, bias), 23));
    vf second = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_sub_epi32(whole, half), bias), 23));
    return _mm256_mul_ps(_mm256_mul_ps(x, first), second);
}
INK_INLINE vf v_if_less(vf a, vf b, vf x, vf y) { return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_LT_OQ)); }
INK_INLINE float v_reduce_add(vf x) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
}
INK_INLINE float v_reduce_max(vf x) {
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
}
INK_INLINE double v_reduce_add_double(vf x) {
    __m256d sum = _mm256_add_pd(
        _mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)));
    __m128d half = _mm_add_pd(_mm256_castpd256_pd128(sum), _mm256_extractf128_pd(sum, 1));
    return _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
}

INK_INLINE void v_transpose(vf *rows) {
    vf pairs[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i += 4) {
        vf a = _mm256_unpacklo_ps(rows[i], rows[i + 1]), b = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
        vf c = _mm256_unpacklo_ps(rows[i + 2], rows[i + 3]), d = _mm256_unpackhi_ps(rows[i + 2], rows[i + 3]);
        pairs[i] = _mm256_shuffle_ps(a, c, 0x44);
        pairs[i + 1] = _mm256_shuffle_ps(a, c, 0xee);
        pairs[i + 2] = _mm256_shuffle_ps(b, d, 0x44);
        pairs[i + 3] = _mm256_shuffle_ps(b, d, 0xee);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        rows[i] = _mm256_permute2f128_ps(pairs[i], pairs[i + 4], 0x20);
        rows[i + 4] = _mm256_permute2f128_ps(pairs[i], pairs[i + 4], 0x31);
    }
}

INK_INLINE vi i_set(uint32_t x) { return _mm256_set1_epi32((int)x); }
INK_INLINE vi i_lanes(void) { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
INK_INLINE vi i_add(vi a, vi b) { return _mm256_add_epi32(a, b); }
INK_INLINE vi i_xor(vi a, vi b) { return _mm256_xor_si256(a, b); }
INK_INLINE void i_multiply_wide(vi a, vi b, vi *low, vi *high) {
    vi even = _mm256_mul_epu32(a, b);
    vi odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32));
    *low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
    *high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
}
INK_INLINE void i_store_part(uint32_t *p, vi x, int64_t n) {
    v_store_part((float *)(void *)p, _mm256_castsi256_ps(x), n);
}
INK_INLINE vf v_zero_if_below(vi words, vi threshold, vf x) {
    __m256i keep = _mm256_cmpeq_epi32(_mm256_max_epu32(words, threshold), words);
    return _mm256_and_ps(_mm256_castsi256_ps(keep), x);
}

INK_INLINE vf v_load_half(const uint16_t *p) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)p));
}
INK_INLINE void v_store_half(uint16_t *p, vf x) {
    _mm_storeu_si128((__m128i *)(void *)p, _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

#endif
