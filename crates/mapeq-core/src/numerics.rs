//! Logarithms and powers from plain arithmetic, with identical bits on every platform.
//!
//! The `log2` of C libraries differs in the last bit, and a last bit can change the partition that
//! a search finds. This `log2` uses IEEE additions and multiplications only, never a fused
//! multiply-add. Its table is computed at compile time by the same operations.
//!
//! Let c = 2^k · (1 + i/128) be x rounded to 8 significant binary digits, and r = (x − c) / c with
//! |r| ≤ 2⁻⁸. Then log2 x = k + log2(1 + i/128) + log2(1 + r). The second term comes from a table
//! of 128 entries. The third is a Taylor polynomial of degree 6 with a remainder below 3·10⁻¹⁸.
//! The difference x − c is exact. Powers of two are exact, without cancellation near them.
//!
//! Powers: 2^x = 2^k · 2^r for the integer k nearest to x. 2^r − 1 is a Taylor polynomial with a
//! remainder below 10⁻¹⁷ for |r| ≤ 1/2.

const MANTISSA_BITS: u32 = 52;
const EXPONENT_OF_ONE: u64 = 1023;
const ONE: u64 = EXPONENT_OF_ONE << MANTISSA_BITS;
const EXPONENT: u64 = 0x7ff << MANTISSA_BITS;
const STEP_BITS: u32 = 7;
const STEPS: usize = 1 << STEP_BITS;
const SHIFT: u32 = MANTISSA_BITS - STEP_BITS;

const LOG2_E: f64 = std::f64::consts::LOG2_E;

/// The pairs (1/c, log2 c) for c = 1 + step/128.
static STEP: [(f64, f64); STEPS] = steps();

const fn steps() -> [(f64, f64); STEPS] {
    let mut table = [(1.0, 0.0); STEPS];
    let mut step = 1;
    while step < STEPS {
        let c = 1.0 + step as f64 / STEPS as f64;
        table[step] = (1.0 / c, log2_by_series(c));
        step += 1;
    }
    table
}

/// Computes log2 c = 2/ln 2 · artanh s with s = (c − 1)/(c + 1) ≤ 1/3, from the smallest term up.
const fn log2_by_series(c: f64) -> f64 {
    let s = (c - 1.0) / (c + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    let mut odd = 41;
    while odd > 1 {
        sum = (sum + 1.0 / odd as f64) * square;
        odd -= 2;
    }
    2.0 * LOG2_E * (s + s * sum)
}

/// Returns the binary logarithm of a positive normal number.
///
/// The result is unspecified for other arguments. The bound on the absolute error is 3·10⁻¹⁶ ·
/// max(1, |log2 x|).
#[inline(always)]
pub fn log2(x: f64) -> f64 {
    let bits = x.to_bits();
    // Rounded to the step. A carry increments the exponent, as it should.
    let rounded = bits.wrapping_add(1 << (SHIFT - 1));
    let exponent = (rounded >> MANTISSA_BITS) as i64 - EXPONENT_OF_ONE as i64;
    let step = (rounded >> SHIFT) as usize % STEPS;
    // m and c are x and c divided by 2^k.
    let m = f64::from_bits(bits.wrapping_sub(rounded & EXPONENT).wrapping_add(ONE));
    let c = f64::from_bits(ONE | ((step as u64) << SHIFT));
    let (inverse, log_c) = STEP[step];
    let r = (m - c) * inverse;
    let r2 = r * r;
    let low = LOG2_E - r * (LOG2_E / 2.0);
    let middle = LOG2_E / 3.0 - r * (LOG2_E / 4.0);
    let high = LOG2_E / 5.0 - r * (LOG2_E / 6.0);
    (exponent as f64 + log_c) + r * (low + r2 * (middle + r2 * high))
}

/// Returns 2^x − 1, accurate near 0 too.
///
/// The relative error is below 5·10⁻¹⁶. The result is infinite from 1023.5 on, and −1 below −1022.
pub fn exp2_minus_one(x: f64) -> f64 {
    if x < -1022.0 {
        return -1.0;
    }
    if x >= 1023.5 {
        return f64::INFINITY;
    }
    let exponent = x.round();
    let y = (x - exponent) * std::f64::consts::LN_2;
    let mut sum = 0.0;
    for factor in (2..=15).rev() {
        sum = (sum + 1.0) * y / f64::from(factor);
    }
    let part = y + y * sum;
    let power = f64::from_bits(((exponent as i64 + EXPONENT_OF_ONE as i64) as u64) << MANTISSA_BITS);
    power * part + (power - 1.0)
}

/// Returns x · log2 x for positive x, and 0 otherwise (cancellation may leave a tiny negative x).
#[inline(always)]
pub fn plogp(x: f64) -> f64 {
    if x > 0.0 { x * log2(x) } else { 0.0 }
}

/// Maximum of log2 x minus the straight line between the powers of two around x.
const ABOVE_LINE: f64 = 0.086_071_4;

/// Returns a lower bound of `plogp(to) − plogp(from)`, in a quarter of the time of the difference.
///
/// Arguments must not be negative, except for rounding errors.
///
/// The difference is (to − from) times the mean slope log2 x + log2 e in between. The slope is
/// concave. Hence its mean is at least the mean of its values at the two ends, and at most its
/// value in the middle. Straight lines between the powers of two bound the logarithm. Their value
/// is the bit pattern of the float, scaled.
#[inline(always)]
pub fn plogp_change_lower_bound(from: f64, to: f64) -> f64 {
    let change = to - from;
    if from <= 0.0 {
        to * below_log2(to)
    } else if change < 0.0 {
        change * (below_log2(0.5 * (from + to)) + (ABOVE_LINE + LOG2_E))
    } else {
        change * (0.5 * (below_log2(from) + below_log2(to)) + LOG2_E)
    }
}

/// Returns the slope of [`plogp`] at `x`, log2 x + log2 e, or 0 unless `x` is positive.
#[inline(always)]
pub fn plogp_slope(x: f64) -> f64 {
    if x > 0.0 { log2(x) + LOG2_E } else { 0.0 }
}

/// Returns a lower bound of `plogp(to) − plogp(from)` by the tangent at `from`, with `slope` its
/// [`plogp_slope`].
///
/// The bound is closer than [`plogp_change_lower_bound`] for small changes, and faster for many
/// changes from the same value.
#[inline(always)]
pub fn plogp_change_by_tangent(from: f64, slope: f64, to: f64) -> f64 {
    if from > 0.0 { (to - from) * slope } else { to * below_log2(to) }
}

/// Returns log2 x interpolated linearly between powers of two, at most `ABOVE_LINE` below log2 x.
#[inline(always)]
fn below_log2(x: f64) -> f64 {
    const PER_BIT: f64 = 1.0 / (1u64 << MANTISSA_BITS) as f64;
    x.to_bits() as i64 as f64 * PER_BIT - EXPONENT_OF_ONE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_exact() {
        for exponent in -300..300 {
            assert_eq!(log2(2f64.powi(exponent)), f64::from(exponent));
        }
    }

    /// Values of all magnitudes, near 1, and at the borders of steps of the table.
    const REFERENCE: &str = include_str!("log2_reference.txt");

    #[test]
    fn agrees_with_high_precision() {
        let rows = REFERENCE.lines().filter(|line| !line.starts_with('#'));
        let mut worst = 0f64;
        for row in rows.clone() {
            let (bits, expected) = row.split_once(' ').expect("two columns");
            let x = f64::from_bits(u64::from_str_radix(bits, 16).expect("bits"));
            let expected: f64 = expected.parse().expect("a number");
            worst = worst.max((log2(x) - expected).abs() / expected.abs().max(1.0));
        }
        assert!(rows.count() > 150 && worst > 0.0, "the reference has rows, and some differ");
        assert!(worst <= 3e-16, "relative error {worst:e}");
    }

    #[test]
    fn inverts_multiplication_on_a_dense_grid() {
        let mut x = 1e-12;
        while x < 4.0 {
            let error = (log2(x) - x.log2()).abs();
            assert!(error <= 4e-16 * x.log2().abs().max(1.0), "log2({x}): error {error:e}");
            x *= 1.000_13;
        }
    }

    #[test]
    fn changes_of_plogp_are_bounded_from_below() {
        let grid: Vec<f64> = (-80..20).map(|step| 1.37f64.powi(step)).chain([0.0]).collect();
        let mut tightest = f64::INFINITY;
        for &from in &grid {
            for &to in &grid {
                let (change, bound) = (plogp(to) - plogp(from), plogp_change_lower_bound(from, to));
                assert!(bound <= change + 1e-15 * change.abs(), "from {from} to {to}: {bound} is above {change}");
                let tangent = plogp_change_by_tangent(from, plogp_slope(from), to);
                assert!(tangent <= change + 1e-15 * change.abs(), "from {from} to {to}: {tangent} is above {change}");
                if to > from && from > 0.0 {
                    tightest = tightest.min((change - bound) / (to - from));
                }
            }
        }
        assert!(tightest < 0.5, "the bound is never close: {tightest}");
    }

    #[test]
    fn powers_agree_with_high_precision() {
        let rows = include_str!("exp2_reference.txt").lines().filter(|line| !line.starts_with('#'));
        let mut worst = 0f64;
        for row in rows.clone() {
            let (bits, expected) = row.split_once(' ').expect("two columns");
            let x = f64::from_bits(u64::from_str_radix(bits, 16).expect("bits"));
            let expected: f64 = expected.parse().expect("a number");
            worst = worst.max((exp2_minus_one(x) - expected).abs() / expected.abs());
        }
        assert!(rows.count() > 100 && worst > 0.0, "the reference has rows, and some differ");
        assert!(worst <= 5e-16, "relative error {worst:e}");
    }

    #[test]
    fn powers_with_whole_exponents_are_exact() {
        for exponent in -1022..=1023 {
            assert_eq!(exp2_minus_one(f64::from(exponent)), 2f64.powi(exponent) - 1.0);
        }
        assert_eq!((exp2_minus_one(-2000.0), exp2_minus_one(2000.0)), (-1.0, f64::INFINITY));
    }

    #[test]
    fn plogp_of_zero_and_one_is_zero() {
        assert_eq!(plogp(0.0), 0.0);
        assert_eq!(plogp(-1e-18), 0.0);
        assert_eq!(plogp(1.0), 0.0);
        assert_eq!(plogp(0.5), -0.5);
    }
}
