// Fused optimizer steps: one pass over value, gradient and moments, in chunks of fixed size over all runs.

enum { OPTIMIZER_CHUNK = 16384 };

typedef struct {
    const ink_optimizer_run *runs;
    int64_t run_count;
    float lr, beta1, beta2, epsilon, step, correction2;
    bool adam;
} optimizer_job;

INK_INLINE void adamw_range(const optimizer_job *job, const ink_optimizer_run *run, int64_t start, int64_t end) {
    float *value = run->value, *first = run->first_moment, *second = run->second_moment;
    const float *gradient = run->gradient;
    const vf keep = v_set(1.0f - job->lr * run->weight_decay), scale = v_set(run->gradient_scale);
    const vf beta1 = v_set(job->beta1), beta2 = v_set(job->beta2);
    const vf rest1 = v_set(1.0f - job->beta1), rest2 = v_set(1.0f - job->beta2);
    const vf step = v_set(job->step), epsilon = v_set(job->epsilon), correction2 = v_set(job->correction2);
    for (int64_t i = start; i < end; i += VEC) {
        int64_t n = end - i;
        vf g = gradient != NULL ? v_mul(v_load_part(gradient + i, n), scale) : v_set(0.0f);
        vf m = v_fma(beta1, v_load_part(first + i, n), v_mul(rest1, g));
        vf v = v_fma(beta2, v_load_part(second + i, n), v_mul(rest2, v_mul(g, g)));
        vf denominator = v_add(v_sqrt(v_mul(v, correction2)), epsilon);
        vf x = v_mul(v_load_part(value + i, n), keep);
        v_store_part(first + i, m, n);
        v_store_part(second + i, v, n);
        v_store_part(value + i, v_fnma(step, v_div(m, denominator), x), n);
    }
}

INK_INLINE void sgd_range(const optimizer_job *job, const ink_optimizer_run *run, int64_t start, int64_t end) {
    float *value = run->value, *moment = run->first_moment;
    const float *gradient = run->gradient;
    const vf decay = v_set(run->weight_decay), scale = v_set(run->gradient_scale);
    const vf momentum = v_set(job->beta1), lr = v_set(job->lr);
    for (int64_t i = start; i < end; i += VEC) {
        int64_t n = end - i;
        vf x = v_load_part(value + i, n);
        vf g = gradient != NULL ? v_mul(v_load_part(gradient + i, n), scale) : v_set(0.0f);
        g = v_fma(decay, x, g);
        if (moment != NULL) {
            g = v_fma(momentum, v_load_part(moment + i, n), g);
            v_store_part(moment + i, g, n);
        }
        v_store_part(value + i, v_fnma(lr, g, x), n);
    }
}

static void optimizer_task(void *context, int64_t index) {
    const optimizer_job *job = context;
    // The chunks of the runs are numbered one run after another.
    int64_t run = 0;
    while (index >= ink_ceil_div(job->runs[run].count, OPTIMIZER_CHUNK)) {
        index -= ink_ceil_div(job->runs[run].count, OPTIMIZER_CHUNK);
        run++;
    }
    int64_t start = index * OPTIMIZER_CHUNK, end = ink_min(job->runs[run].count, start + OPTIMIZER_CHUNK);
    if (job->adam) {
        adamw_range(job, &job->runs[run], start, end);
    } else {
        sgd_range(job, &job->runs[run], start, end);
    }
}

static void run_optimizer(optimizer_job *job) {
    int64_t chunks = 0;
    for (int64_t run = 0; run < job->run_count; run++) chunks += ink_ceil_div(job->runs[run].count, OPTIMIZER_CHUNK);
    ink_parallel(chunks, optimizer_task, job);
}

static void kernel_adamw(
    const ink_optimizer_run *runs, int64_t run_count, float lr, float beta1, float beta2, float epsilon,
    float correction1, float correction2) {
    optimizer_job job = {runs, run_count, lr, beta1, beta2, epsilon, lr / correction1, 1.0f / correction2, true};
    run_optimizer(&job);
}

static void kernel_sgd(const ink_optimizer_run *runs, int64_t run_count, float lr, float momentum) {
    optimizer_job job = {.runs = runs, .run_count = run_count, .lr = lr, .beta1 = momentum};
    run_optimizer(&job);
}
