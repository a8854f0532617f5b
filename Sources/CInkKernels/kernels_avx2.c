// The kernels for AVX2 with FMA and F16C.
#if defined(__x86_64__)
#include <immintrin.h>

#include "scalar_convert.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#include "vec_avx2.h"

#define GEMM_ROWS 6
#define GEMM_TALL_ROWS 0
#define GEMM_VECTORS 2
enum { GEMM_K_BLOCK = 384, GEMM_M_BLOCK = 144 };

#include "kernels_template.h"

#pragma clang attribute pop

INK_DEFINE_TABLE(ink_table_avx2)
#endif
