// Storage conversion. f16 uses the set's conversion instructions; bf16 is shifts that the compiler vectorises.

enum { CONVERT_CHUNK = 1 << 16 };

typedef struct {
    const void *x;
    void *y;
    int64_t count;
    enum { HALF_TO_FLOAT, FLOAT_TO_HALF, BFLOAT_TO_FLOAT, FLOAT_TO_BFLOAT } kind;
} convert_job;

static void half_to_float_range(const uint16_t *x, float *y, int64_t count) {
    int64_t i = 0;
    for (; i + VEC <= count; i += VEC) v_store(y + i, v_load_half(x + i));
    for (; i < count; i++) y[i] = scalar_half_to_float(x[i]);
}

static void float_to_half_range(const float *x, uint16_t *y, int64_t count) {
    int64_t i = 0;
    for (; i + VEC <= count; i += VEC) v_store_half(y + i, v_load(x + i));
    for (; i < count; i++) y[i] = scalar_float_to_half(x[i]);
}

static void bfloat_to_float_range(const uint16_t *INK_RESTRICT x, float *INK_RESTRICT y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] = scalar_from_bits((uint32_t)x[i] << 16);
}

static void float_to_bfloat_range(const float *INK_RESTRICT x, uint16_t *INK_RESTRICT y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] = scalar_float_to_bfloat(x[i]);
}

static void convert_task(void *context, int64_t index) {
    const convert_job *job = context;
    int64_t start = index * CONVERT_CHUNK, count = ink_min(CONVERT_CHUNK, job->count - start);
    const float *float_x = (const float *)job->x + start;
    const uint16_t *short_x = (const uint16_t *)job->x + start;
    float *float_y = (float *)job->y + start;
    uint16_t *short_y = (uint16_t *)job->y + start;
    switch (job->kind) {
        case HALF_TO_FLOAT: half_to_float_range(short_x, float_y, count); break;
        case FLOAT_TO_HALF: float_to_half_range(float_x, short_y, count); break;
        case BFLOAT_TO_FLOAT: bfloat_to_float_range(short_x, float_y, count); break;
        case FLOAT_TO_BFLOAT: float_to_bfloat_range(float_x, short_y, count); break;
    }
}

#define DEFINE_CONVERSION(name, from, to, which)                               \
    static void kernel_##name(const from *x, to *y, int64_t count) {           \
        convert_job job = {x, y, count, which};                                \
        ink_parallel(ink_ceil_div(count, CONVERT_CHUNK), convert_task, &job);  \
    }
DEFINE_CONVERSION(f16_to_f32, uint16_t, float, HALF_TO_FLOAT)
DEFINE_CONVERSION(f32_to_f16, float, uint16_t, FLOAT_TO_HALF)
DEFINE_CONVERSION(bf16_to_f32, uint16_t, float, BFLOAT_TO_FLOAT)
DEFINE_CONVERSION(f32_to_bf16, float, uint16_t, FLOAT_TO_BFLOAT)
#undef DEFINE_CONVERSION
