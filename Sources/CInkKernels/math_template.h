// Vector exp, tanh, normal distribution and the activations. The polynomials are minimax fits made for this file;
// the errors given are the largest found over the range in single precision.

/// 2^r for |r| <= 1/2, relative error 8e-8.
INK_INLINE vf v_exp2_fraction(vf r) {
    vf p = v_set(1.5353257e-4f);
    p = v_fma(p, r, v_set(1.3399004e-3f));
    p = v_fma(p, r, v_set(9.618439e-3f));
    p = v_fma(p, r, v_set(5.550332e-2f));
    p = v_fma(p, r, v_set(2.4022648e-1f));
    p = v_fma(p, r, v_set(6.931472e-1f));
    return v_fma(p, r, v_set(1.0f));
}

/// e^x, relative error 1.5e-7; 0 below -87.3, infinite above 88.8.
INK_INLINE vf v_exp(vf x) {
    const float log2_e = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    vf clamped = v_min(v_set(89.0f), v_max(v_set(-88.0f), x));
    vf n = v_round(v_mul(clamped, v_set(log2_e)));
    vf r = v_fnma(n, v_set(ln2_low), v_fnma(n, v_set(ln2_high), clamped));
    vf y = v_scale2(v_exp2_fraction(v_mul(r, v_set(log2_e))), n);
    return v_if_less(x, v_set(-87.3f), v_set(0.0f), y);
}

/// Probability that a standard normal variable is below -a, for a >= 0: absolute error 5e-8, 0 above 6.
/// The polynomial is its base-2 logarithm.
INK_INLINE vf v_normal_tail(vf a) {
    vf p = v_set(4.1173962e-7f);
    p = v_fma(p, a, v_set(-8.273731e-6f));
    p = v_fma(p, a, v_set(6.836659e-5f));
    p = v_fma(p, a, v_set(-2.6666443e-4f));
    p = v_fma(p, a, v_set(-1.1570753e-5f));
    p = v_fma(p, a, v_set(6.953571e-3f));
    p = v_fma(p, a, v_set(-5.2444883e-2f));
    p = v_fma(p, a, v_set(-4.5921934e-1f));
    p = v_fma(p, a, v_set(-1.1511045f));
    p = v_fma(p, a, v_set(-1.0f));
    p = v_max(v_set(-60.0f), v_min(v_set(0.0f), p));
    vf n = v_round(p);
    vf tail = v_scale2(v_exp2_fraction(v_sub(p, n)), n);
    return v_if_less(v_set(6.0f), a, v_set(0.0f), tail);
}

/// Distribution function of the standard normal: (1 + erf(x / sqrt 2)) / 2.
INK_INLINE vf v_normal_cdf(vf x) {
    vf tail = v_normal_tail(v_abs(x));
    return v_if_less(x, v_set(0.0f), tail, v_sub(v_set(1.0f), tail));
}

INK_INLINE vf v_sigmoid(vf x) {
    vf e = v_exp(v_sub(v_set(0.0f), x));
    return v_div(v_set(1.0f), v_add(v_set(1.0f), e));
}

/// Relative error 2e-7: an odd polynomial near zero, the exponential elsewhere.
INK_INLINE vf v_tanh(vf x) {
    vf z = v_mul(x, x);
    vf p = v_set(-5.6593805e-3f);
    p = v_fma(p, z, v_set(2.0599537e-2f));
    p = v_fma(p, z, v_set(-5.372803e-2f));
    p = v_fma(p, z, v_set(1.3331307e-1f));
    p = v_fma(p, z, v_set(-3.3333278e-1f));
    vf small = v_fma(v_mul(p, z), x, x);
    vf e = v_exp(v_mul(v_set(2.0f), x));
    vf large = v_sub(v_set(1.0f), v_div(v_set(2.0f), v_add(e, v_set(1.0f))));
    return v_if_less(v_abs(x), v_set(0.625f), small, large);
}

/// sqrt(2 / pi) (x + 0.044715 x^3), the argument of the tanh form of GELU, and its derivative.
INK_INLINE vf v_gelu_argument(vf x) {
    vf z = v_mul(x, x);
    return v_mul(x, v_fma(z, v_set(0.0356774081f), v_set(0.797884561f)));
}
INK_INLINE vf v_gelu_argument_slope(vf x) {
    vf z = v_mul(x, x);
    return v_fma(z, v_set(0.107032224f), v_set(0.797884561f));
}

INK_INLINE vf v_activate(ink_activation kind, vf x) {
    switch (kind) {
        case INK_RELU: return v_max(v_set(0.0f), x);
        case INK_GELU: return v_mul(x, v_normal_cdf(x));
        // (1 + tanh u) / 2 is sigmoid(2 u).
        case INK_GELU_TANH: return v_mul(x, v_sigmoid(v_mul(v_set(2.0f), v_gelu_argument(x))));
        case INK_TANH: return v_tanh(x);
        case INK_SIGMOID: return v_sigmoid(x);
        case INK_SILU: return v_mul(x, v_sigmoid(x));
        default: return x;
    }
}

INK_INLINE vf v_activation_slope(ink_activation kind, vf x) {
    const vf one = v_set(1.0f);
    switch (kind) {
        case INK_RELU: return v_if_less(v_set(0.0f), x, one, v_set(0.0f));
        case INK_GELU: {
            vf density = v_mul(v_set(0.398942280f), v_exp(v_mul(v_mul(x, x), v_set(-0.5f))));
            return v_fma(x, density, v_normal_cdf(x));
        }
        case INK_GELU_TANH: {
            vf s = v_sigmoid(v_mul(v_set(2.0f), v_gelu_argument(x)));
            vf inner = v_mul(v_mul(v_set(2.0f), v_gelu_argument_slope(x)), v_mul(s, v_sub(one, s)));
            return v_fma(x, inner, s);
        }
        case INK_TANH: {
            vf t = v_tanh(x);
            return v_fnma(t, t, one);
        }
        case INK_SIGMOID: {
            vf s = v_sigmoid(x);
            return v_mul(s, v_sub(one, s));
        }
        case INK_SILU: {
            vf s = v_sigmoid(x);
            return v_mul(s, v_fma(x, v_sub(one, s), one));
        }
        default: return one;
    }
}
