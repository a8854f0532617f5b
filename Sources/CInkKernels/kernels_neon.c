// The kernels for NEON on arm64.
#if defined(__aarch64__)
#include "scalar_convert.h"
#include "vec_neon.h"

#define GEMM_ROWS 6
#define GEMM_TALL_ROWS 0
#define GEMM_VECTORS 4
enum { GEMM_K_BLOCK = 384, GEMM_M_BLOCK = 144 };

#include "kernels_template.h"

INK_DEFINE_TABLE(ink_table_neon)
#endif
