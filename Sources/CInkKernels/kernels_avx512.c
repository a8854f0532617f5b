// The kernels for AVX-512 (F, BW, DQ, VL) with FMA and F16C.
#if defined(__x86_64__)
#include <immintrin.h>

#include "scalar_convert.h"

#define AVX512_TARGET target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")
#pragma clang attribute push(__attribute__((AVX512_TARGET)), apply_to = function)

#include "vec_avx512.h"

#define GEMM_ROWS 14
#define GEMM_TALL_ROWS 28
#define GEMM_VECTORS 2
enum { GEMM_K_BLOCK = 384, GEMM_M_BLOCK = 224 };

#include "kernels_template.h"

#pragma clang attribute pop

INK_DEFINE_TABLE(ink_table_avx512)
#endif
