// The kernels in plain C.
#include "vec_scalar.h"

#define GEMM_ROWS 4
#define GEMM_TALL_ROWS 0
#define GEMM_VECTORS 4
enum { GEMM_K_BLOCK = 384, GEMM_M_BLOCK = 128 };

#include "kernels_template.h"

INK_DEFINE_TABLE(ink_table_scalar)
