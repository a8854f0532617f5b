// Storage conversion of single values, for the scalar set and the tails of the others.
#ifndef INK_SCALAR_CONVERT_H
#define INK_SCALAR_CONVERT_H

#include "internal.h"

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

#endif
