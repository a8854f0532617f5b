// What the comparisons share: random operands, and the check of one result against the scalar kernels' one.
#ifndef COMPARISON_H
#define COMPARISON_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ink_kernels.h"

/// The instruction set that is compared with the scalar one.
extern ink_isa compared_isa;
/// Checks made and failed so far.
extern int checks_made, checks_failed;

/// A number in -1 ..< 1; the sequence is the same in every run.
float random_number(void);
int32_t random_index(int32_t limit);
/// `count` random numbers times `range`, 64-byte aligned; never freed: the program is short.
float *random_floats(int64_t count, float range);
float *zeros(int64_t count);
float *copy_of(const float *x, int64_t count);

/// Counts and prints a difference above `tolerance`, relative to the largest expected value and at least 1.
/// Numbers that are not finite have to be of the same kind.
void check_close(const char *kernel, const char *variant, const float *expected, const float *found, int64_t count, double tolerance);
void check_equal(const char *kernel, const char *variant, const void *expected, const void *found, size_t bytes);

/// Runs `call` with the scalar kernels and then with those compared.
#define BOTH(scalar_call, compared_call)  \
    do {                                  \
        ink_isa_select(INK_ISA_SCALAR);   \
        scalar_call;                      \
        ink_isa_select(compared_isa);     \
        compared_call;                    \
    } while (0)

void compare_products(void);
void compare_elementwise(void);
void compare_rows(void);
void compare_attention(void);
void compare_optimizers(void);
void compare_conversions(void);

#endif
