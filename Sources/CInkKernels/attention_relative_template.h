// Terms of attention that depend on the distance between query and key: rows of tables, multiplied with queries, keys
// and probabilities.
//
// Products with a table are made for the rows that occur in a block, once for each row and not for each pair of
// tokens. Between rows and pairs stand runs of distances over which the row stays the same or rises by one: they are
// spread and gathered with whole vectors, and what lies between runs that are worth it one by one.

enum { RELATIVE_SAME = 0, RELATIVE_RISING = 1, RELATIVE_MIXED = 2, RELATIVE_SHORT_RUN = 8 };

/// The rows of a table in the order in which they are used as the distance grows, counted from the least in use.
typedef struct {
    int64_t first;  // the least distance
    int32_t *row;   // of each distance
    int32_t *end;   // of each distance: where the run it belongs to ends, as an index of these arrays
    int32_t *kind;  // of each distance: what the row does in its run
    int64_t rows;
    int64_t least;  // row 0 in the table, or the last one when the order is reversed
    bool reversed;
} relative_order;

/// A table and where its gradient goes, for all heads.
typedef struct {
    const relative_order *order;  // NULL: there is no such table
    ink_relative_table table;
    float *gradient;              // or NULL
    float *turned, *straight;     // packed rows of all heads: as columns (depth head_dim), and as they are
    int64_t turned_step, straight_step;
} relative_side;

struct relative_plan {
    relative_order along_keys, along_queries;  // by key - query, by query - key
    relative_side key, query, value;
    int64_t heads, head_dim;
};

/// Says of the distances from 0 (or -1, downwards) on what the row does in their run. Runs are followed a little beyond
/// the distances in use: what is said of a distance must not depend on the other sequences of a batch, since sums are
/// rounded accordingly.
INK_INLINE void find_relative_runs(
    relative_order *order, const int32_t *buckets, int64_t step, int64_t reach, int64_t count, int64_t way) {
    const int64_t last = order->first + count - 1, sign = order->reversed ? -way : way;
    const int64_t beyond = way > 0 ? ink_min(reach, last + RELATIVE_SHORT_RUN) + 1
                                   : ink_max(-reach, order->first - RELATIVE_SHORT_RUN) - 1;
    for (int64_t distance = way > 0 ? 0 : -1, end; way * distance < way * beyond; distance = end) {
        int64_t rise = RELATIVE_MIXED;
        for (end = distance + way; end != beyond; end += way) {
            int64_t next = sign * (buckets[step * end] - buckets[step * (end - way)]);
            if (end == distance + way) rise = next;
            if (next != rise) break;
        }
        const bool is_short = way * (end - distance) < RELATIVE_SHORT_RUN;
        const int32_t kind = is_short || rise < 0 || rise > 1 ? RELATIVE_MIXED : (int32_t)rise;
        for (int64_t d = distance; d != end && d >= order->first && d <= last; d += way) {
            order->kind[d - order->first] = kind;
        }
    }
}

/// Fills an order for `count` distances from `first` on, 0 among them; bucket of distance d is at buckets[step * d].
static void make_relative_order(
    relative_order *order, const int32_t *buckets, int64_t step, int64_t reach, int64_t first, int64_t count,
    int32_t *memory) {
    const int32_t *bucket = buckets + step * first;
    int64_t rises = 0, least = bucket[0], largest = bucket[0];
    for (int64_t i = 1; i < count; i++) {
        int64_t b = bucket[step * i], before = bucket[step * (i - 1)];
        least = ink_min(least, b);
        largest = ink_max(largest, b);
        rises += b == before + 1 ? 1 : b == before - 1 ? -1 : 0;
    }
    *order = (relative_order){.first = first, .rows = largest - least + 1, .reversed = rises < 0};
    order->row = memory;
    order->end = memory + count;
    order->kind = memory + 2 * count;
    order->least = order->reversed ? largest : least;
    for (int64_t i = 0; i < count; i++) {
        int64_t b = bucket[step * i];
        order->row[i] = (int32_t)(order->reversed ? largest - b : b - least);
    }
    find_relative_runs(order, buckets, step, reach, count, 1);
    find_relative_runs(order, buckets, step, reach, count, -1);
    for (int64_t i = count - 1; i >= 0; i--) {
        const int32_t kind = order->kind[i];
        const bool goes_on = i + 1 < count && order->kind[i + 1] == kind
            && (kind == RELATIVE_MIXED || order->row[i + 1] - order->row[i] == kind);
        order->end[i] = goes_on ? order->end[i + 1] : (int32_t)(i + 1);
    }
}

/// A table's address of row 0 of an order, for one head, and the step from row to row.
INK_INLINE const float *relative_rows(const relative_side *side, int64_t head, int64_t *stride) {
    *stride = side->order->reversed ? -side->table.stride : side->table.stride;
    return side->table.rows + side->order->least * side->table.stride + head * side->table.head_step;
}

static void pack_relative_task(void *context, int64_t index) {
    const relative_plan *plan = context;
    const relative_side *sides[] = {&plan->key, &plan->query, &plan->value};
    const relative_side *side = sides[index / plan->heads];
    const int64_t head = index % plan->heads;
    if (side->order == NULL || (head > 0 && side->table.head_step == 0)) return;
    int64_t stride;
    const float *rows = relative_rows(side, head, &stride);
    if (side->turned != NULL) {
        pack_small(
            rows, stride, true, plan->head_dim, side->order->rows, side->turned + head * side->turned_step);
    }
    if (side->straight != NULL) {
        pack_small(
            rows, stride, false, side->order->rows, plan->head_dim, side->straight + head * side->straight_step);
    }
}

/// Places the packed forms of a side that one direction needs at `memory`; returns their size, with NULL only that.
/// Scores need the turned rows, and so does the way back from a value; sums of rows are taken of the straight ones.
static int64_t place_relative_side(
    relative_side *side, const ink_attention *a, bool turned, bool straight, float *memory) {
    if (side->order == NULL) return 0;
    const bool shared = side->table.head_step == 0;
    const int64_t rows = side->order->rows, copies = shared ? 1 : a->heads;
    const int64_t turned_count = ink_round_up(rows, INK_PANEL) * a->head_dim;
    const int64_t straight_count = ink_round_up(a->head_dim, INK_PANEL) * rows;
    side->turned_step = shared ? 0 : turned_count;
    side->straight_step = shared ? 0 : straight_count;
    const int64_t first = turned ? copies * turned_count : 0;
    side->turned = turned && memory != NULL ? memory : NULL;
    side->straight = straight && memory != NULL ? memory + first : NULL;
    return first + (straight ? copies * straight_count : 0);
}

/// The tables of a call in the forms the products need. The memory belongs to the calling thread.
static void make_relative_plan(
    relative_plan *plan, const ink_attention *a, const ink_attention_gradients *gradients) {
    const ink_relative *relative = a->relative;
    const bool backward = gradients != NULL;
    int64_t queries = 1, keys = 1;
    for (int64_t s = 0; s < a->sequences; s++) {
        queries = ink_max(queries, a->query_starts[s + 1] - a->query_starts[s]);
        keys = ink_max(keys, a->key_starts[s + 1] - a->key_starts[s]);
    }
    const int64_t distances = queries + keys - 1;
    int32_t *memory = (int32_t *)(void *)ink_scratch(INK_SCRATCH_DISTANCES, (size_t)(6 * distances));
    const int32_t *middle = relative->buckets + relative->reach;
    make_relative_order(&plan->along_keys, middle, 1, relative->reach, 1 - queries, distances, memory);
    make_relative_order(
        &plan->along_queries, middle, -1, relative->reach, 1 - keys, distances, memory + 3 * distances);
    plan->heads = a->heads;
    plan->head_dim = a->head_dim;
    plan->key = (relative_side){
        .order = relative->key.rows != NULL ? &plan->along_keys : NULL, .table = relative->key,
        .gradient = backward ? gradients->key_table : NULL};
    plan->query = (relative_side){
        .order = relative->query.rows != NULL ? &plan->along_queries : NULL, .table = relative->query,
        .gradient = backward ? gradients->query_table : NULL};
    plan->value = (relative_side){
        .order = relative->value.rows != NULL ? &plan->along_keys : NULL, .table = relative->value,
        .gradient = backward ? gradients->value_table : NULL};
    int64_t size = place_relative_side(&plan->key, a, true, backward, NULL);
    size += place_relative_side(&plan->query, a, true, backward, NULL);
    size += place_relative_side(&plan->value, a, backward, !backward, NULL);
    float *packed = ink_scratch(INK_SCRATCH_TABLES, (size_t)size);
    packed += place_relative_side(&plan->key, a, true, backward, packed);
    packed += place_relative_side(&plan->query, a, true, backward, packed);
    place_relative_side(&plan->value, a, backward, !backward, packed);
    ink_parallel(3 * a->heads, pack_relative_task, plan);
}

/// Rows of an order that occur among `count` distances from `distance` on.
typedef struct {
    int64_t first, count;
} relative_rows_in_use;

INK_INLINE relative_rows_in_use rows_in_use(const relative_order *order, int64_t distance, int64_t count) {
    int64_t least = order->rows, largest = -1, last = distance - order->first + count;
    for (int64_t i = distance - order->first; i < last;) {
        const int64_t end = ink_min(order->end[i], last), step = order->kind[i] == RELATIVE_MIXED ? 1 : end - i - 1;
        for (; i < end; i += ink_max(step, 1)) {
            least = ink_min(least, order->row[i]);
            largest = ink_max(largest, order->row[i]);
        }
        i = end;
    }
    return (relative_rows_in_use){.first = least, .count = largest - least + 1};
}

/// y[c] += x[row of distance + c - first]
INK_INLINE void spread_row(
    const relative_order *order, const float *x, int64_t first, int64_t distance, int64_t count, float *y) {
    const int64_t start = distance - order->first, last = start + count;
    for (int64_t i = start; i < last;) {
        const int64_t n = ink_min(order->end[i], last) - i;
        const int32_t *rows = order->row + i;
        float *target = y + (i - start);
        if (order->kind[i] == RELATIVE_MIXED) {
            for (int64_t c = 0; c < n; c++) target[c] += x[rows[c] - first];
        } else {
            const float *source = x + (rows[0] - first);
            const bool same = order->kind[i] == RELATIVE_SAME;
            for (int64_t c = 0; c < n; c += VEC) {
                vf term = same ? v_set(*source) : v_load_part(source + c, n - c);
                v_store_part(target + c, v_add(v_load_part(target + c, n - c), term), n - c);
            }
        }
        i += n;
    }
}

/// y[row of distance + c - first] += x[c]
INK_INLINE void gather_row(
    const relative_order *order, const float *x, int64_t distance, int64_t count, float *y, int64_t first) {
    const int64_t start = distance - order->first, last = start + count;
    for (int64_t i = start; i < last;) {
        const int64_t n = ink_min(order->end[i], last) - i;
        const int32_t *rows = order->row + i;
        const float *source = x + (i - start);
        float *target = y + (rows[0] - first);
        if (order->kind[i] == RELATIVE_MIXED) {
            for (int64_t c = 0; c < n; c++) y[rows[c] - first] += source[c];
        } else if (order->kind[i] == RELATIVE_SAME) {
            vf total = v_set(0.0f);
            for (int64_t c = 0; c < n; c += VEC) total = v_add(total, v_load_part(source + c, n - c));
            *target += v_reduce_add(total);
        } else {
            for (int64_t c = 0; c < n; c += VEC) {
                vf sum = v_add(v_load_part(target + c, n - c), v_load_part(source + c, n - c));
                v_store_part(target + c, sum, n - c);
            }
        }
        i += n;
    }
}

/// y[r, c] += x[r] . the table's row of distance - r + c, for m rows and n columns.
static void spread_terms(
    const relative_plan *plan, const relative_side *side, int64_t head, int64_t m, int64_t n, int64_t distance,
    const float *x, int64_t x_stride, float *y, int64_t y_stride) {
    if (side->order == NULL) return;
    const relative_rows_in_use use = rows_in_use(side->order, distance - (m - 1), m + n - 1);
    const int64_t first = use.first / INK_PANEL * INK_PANEL;
    const int64_t width = ink_round_up(use.first + use.count, INK_PANEL) - first;
    const float *rows = side->turned + head * side->turned_step + first * plan->head_dim;
    float *products = ink_scratch(INK_SCRATCH_RELATIVE, (size_t)(m * width));
    small_product(m, width, plan->head_dim, x, x_stride, false, rows, products, width, false);
    for (int64_t r = 0; r < m; r++) {
        spread_row(side->order, products + r * width, first, distance - r, n, y + r * y_stride);
    }
}

/// y[r] += sum over c of x[r, c] times the table's row of distance - r + c, for m rows and n columns; and what that
/// gives for the gradient of the table, `packed` being the m rows that the table is multiplied with.
static void gather_terms(
    const relative_plan *plan, const relative_side *side, int64_t head, int64_t m, int64_t n, int64_t distance,
    const float *x, int64_t x_stride, float *y, int64_t y_stride, const float *packed, int64_t packed_depth) {
    if (side->order == NULL || (side->straight == NULL && side->gradient == NULL)) return;
    const int64_t dim = plan->head_dim;
    const relative_rows_in_use use = rows_in_use(side->order, distance - (m - 1), m + n - 1);
    float *sums = ink_scratch(INK_SCRATCH_RELATIVE, (size_t)(m * use.count));
    memset(sums, 0, (size_t)(m * use.count) * sizeof(float));
    for (int64_t r = 0; r < m; r++) {
        gather_row(side->order, x + r * x_stride, distance - r, n, sums + r * use.count, use.first);
    }
    if (side->straight != NULL) {
        const float *rows = side->straight + head * side->straight_step + use.first * INK_PANEL;
        small_product_of_part(
            m, dim, use.count, sums, use.count, false, rows, side->order->rows, y, y_stride, true);
    }
    if (side->gradient != NULL) {
        const int64_t width = plan->heads * dim, step = side->order->reversed ? -width : width;
        float *gradient = side->gradient + side->order->least * width + head * dim + use.first * step;
        small_product_of_part(
            use.count, dim, m, sums, use.count, true, packed, packed_depth, gradient, step, true);
    }
}

/// scores[query, key] += key . the query table's row, for a block of queries; tile by tile, keys being the rows.
static void spread_key_terms(
    const relative_plan *plan, const attention_item *item, int64_t block, int64_t count, float *scores,
    int64_t stride) {
    if (plan->query.order == NULL) return;
    float tile[QUERY_BLOCK * QUERY_BLOCK];
    for (int64_t key = 0; key < item->keys; key += QUERY_BLOCK) {
        const int64_t m = ink_min(QUERY_BLOCK, item->keys - key);
        memset(tile, 0, (size_t)(m * QUERY_BLOCK) * sizeof(float));
        spread_terms(
            plan, &plan->query, item->head, m, count, block - key, item->k + key * item->k_stride, item->k_stride,
            tile, QUERY_BLOCK);
        transpose_block(tile, QUERY_BLOCK, m, m, count, scores + key, stride, true);
    }
}

/// The way back of spread_key_terms: adds to the gradients of the keys and of the table. `packed_k`: the keys.
static void gather_key_terms(
    const relative_plan *plan, const attention_item *item, int64_t block, int64_t count, const float *gradient,
    int64_t stride, float *dk, int64_t dk_stride, const float *packed_k) {
    if (plan->query.order == NULL) return;
    float tile[QUERY_BLOCK * QUERY_BLOCK];
    for (int64_t key = 0; key < item->keys; key += QUERY_BLOCK) {
        const int64_t m = ink_min(QUERY_BLOCK, item->keys - key);
        transpose_block(gradient + key, stride, count, count, m, tile, QUERY_BLOCK, false);
        gather_terms(
            plan, &plan->query, item->head, m, count, block - key, tile, QUERY_BLOCK, dk + key * dk_stride, dk_stride,
            packed_k + key * INK_PANEL, item->keys);
    }
}
