//! Fixed-point iteration of a linear sweep, with extrapolation.
//!
//! Real networks have many small cycles that the walk rarely leaves, and each keeps a slowly
//! decreasing part of the error. So every few sweeps the last iterates are combined (reduced rank
//! extrapolation: Eddy 1979; Sidi, SIAM 2017, doi:10.1137/1.9781611974966). Of all weighted means
//! Σ γ_i x_{i+1} of successive iterates, the extrapolation takes the one whose change
//! Σ γ_i (x_{i+1} − x_i) has the least sum of squares.
//!
//! It is accepted only if the next sweep changes clearly less than any sweep before. So the number
//! of accepted extrapolations is finite for any tolerance, and between them the sweep converges as
//! it does alone.

/// Default upper bound on sweeps.
const MAX_SWEEPS: usize = 10_000;

/// Sweeps from one extrapolation to the next. 6 to 10 are equally good on web, citation and social
/// networks.
const CYCLE: usize = 8;

/// Number of changes that an extrapolation combines. More save sweeps (up to about 6), but each
/// takes memory: one number per node.
const WINDOW: usize = 4;

/// Ridge that keeps the equations of an extrapolation regular, relative to the mean of the
/// diagonal.
const RIDGE: f64 = 1e-12;

/// An extrapolation is accepted if the next change is less than this fraction of the least change
/// before. Otherwise it was not worth its sweep.
const MAX_CHANGE_RATIO: f64 = 0.75;

/// Change relative to all flow that may be rounding: some tens of units in the last place.
const ROUNDING: f64 = 1e-14;

/// Number of sweeps within rounding and without a smaller change after which the iteration stops.
const PATIENCE: usize = 10;

/// Stopping criteria.
#[derive(Clone, Copy)]
pub(crate) struct Stop {
    pub tolerance: f64,
    /// Minimum number of sweeps, unless the values become NaN.
    pub min_iterations: usize,
    pub max_iterations: Option<usize>,
}

/// Result of a sweep.
#[derive(Clone, Copy)]
pub(crate) struct Sweep {
    /// Sum of the changes.
    pub change: f64,
    /// Sum of the values.
    pub total: f64,
    /// Error bound that is compared with the tolerance.
    pub bound: f64,
}

impl Sweep {
    /// Result of a sweep for a walk that leaves its links with probability at least `escape` in
    /// every step. `pagerank.rs` derives the bound, which is relative to `total`.
    pub fn bounded(change: f64, total: f64, escape: f64) -> Self {
        let bound = if change == 0.0 { 0.0 } else { 2.0 * (1.0 - escape) / escape * change / total };
        Self { change, total, bound }
    }
}

/// Result of the iteration.
pub(crate) struct Outcome {
    pub iterations: usize,
    pub residual: f64,
    pub converged: bool,
}

/// Repeats `sweep` on `values` until its bound is within the tolerance, rounding allows no more
/// progress, or the maximum number of sweeps is reached. Extrapolation multiplies changes by
/// `scale`.
pub(crate) fn iterate(
    values: &mut [f64],
    scale: &[f64],
    stop: Stop,
    mut sweep: impl FnMut(&mut [f64]) -> Sweep,
) -> Outcome {
    let cap = stop.max_iterations.unwrap_or(MAX_SWEEPS).max(1);
    let mut recent: Vec<Box<[f64]>> = Vec::with_capacity(WINDOW + 1);
    let mut fallback: Option<Box<[f64]>> = None;
    let mut position = 0;
    let (mut min_change, mut since_min) = (f64::INFINITY, 0);
    let mut residual = f64::INFINITY;
    for iterations in 1..=cap {
        let Sweep { change, total, bound } = sweep(values);
        since_min += 1;
        let stalled = change <= ROUNDING * total && since_min > PATIENCE;
        let done = iterations >= stop.min_iterations && (bound <= stop.tolerance || stalled);
        if done || bound.is_nan() {
            return Outcome { iterations, residual: bound, converged: !bound.is_nan() };
        }
        if let Some(before) = fallback.take()
            && change > MAX_CHANGE_RATIO * min_change
        {
            values.copy_from_slice(&before);
            continue;
        }
        residual = bound;
        if change < min_change {
            (min_change, since_min) = (change, 0);
        }
        position += 1;
        if position >= CYCLE - WINDOW {
            recent.push(values.into());
        }
        if position == CYCLE {
            position = 0;
            if change > ROUNDING * total {
                extrapolate(values, scale, &recent);
                fallback = recent.pop();
            }
            recent.clear();
        }
    }
    if let Some(before) = fallback {
        values.copy_from_slice(&before);
    }
    Outcome { iterations: cap, residual, converged: false }
}

/// Replaces `values`, the last of `iterates`, by the extrapolation from the last `WINDOW` of them.
fn extrapolate(values: &mut [f64], scale: &[f64], iterates: &[Box<[f64]>]) {
    let mut products = [[0.0; WINDOW]; WINDOW];
    for node in 0..values.len() {
        let mut changes = [0.0; WINDOW];
        for (change, pair) in changes.iter_mut().zip(iterates.windows(2)) {
            *change = scale[node] * (pair[1][node] - pair[0][node]);
        }
        for (row, own) in products.iter_mut().zip(changes) {
            for (product, other) in row.iter_mut().zip(changes) {
                *product += own * other;
            }
        }
    }
    let Some(shares) = min_change_weights(products) else { return };
    for (node, value) in values.iter_mut().enumerate() {
        *value = shares.iter().zip(&iterates[1..]).map(|(share, iterate)| share * iterate[node]).sum();
    }
}

/// Returns the γ with Σ γ = 1 that minimises γᵀ A γ, or `None` if it is not finite. It is
/// proportional to the solution x of A x = 1.
fn min_change_weights(products: [[f64; WINDOW]; WINDOW]) -> Option<[f64; WINDOW]> {
    let trace: f64 = (0..WINDOW).map(|i| products[i][i]).sum();
    // Rows of A, with the right-hand side as the last element.
    let mut rows = [[1.0; WINDOW + 1]; WINDOW];
    for (i, (row, products)) in rows.iter_mut().zip(products).enumerate() {
        row[..WINDOW].copy_from_slice(&products);
        row[i] += RIDGE / WINDOW as f64 * trace;
    }
    for pivot in 0..WINDOW {
        let (above, below) = rows.split_at_mut(pivot + 1);
        for row in below {
            let factor = row[pivot] / above[pivot][pivot];
            row.iter_mut().zip(above[pivot]).for_each(|(element, above)| *element -= factor * above);
        }
    }
    let mut shares = [0.0; WINDOW];
    for (i, row) in rows.iter().enumerate().rev() {
        let known: f64 = (i + 1..WINDOW).map(|right| row[right] * shares[right]).sum();
        shares[i] = (row[WINDOW] - known) / row[i];
    }
    let total: f64 = shares.iter().sum();
    let shares = shares.map(|share| share / total);
    shares.iter().all(|share| share.is_finite()).then_some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: Stop = Stop { tolerance: 1e-12, min_iterations: 0, max_iterations: None };

    /// Iterates x ← x − (x − 1)(1 − factor): each element's distance to 1 shrinks by its factor.
    fn shrink(factors: &[f64]) -> (Vec<f64>, Outcome) {
        let mut values = vec![0.0; factors.len()];
        let outcome = iterate(&mut values, &vec![1.0; factors.len()], STOP, |values| {
            let mut change = 0.0;
            for (value, factor) in values.iter_mut().zip(factors) {
                let step = (1.0 - *value) * (1.0 - factor);
                *value += step;
                change += step.abs();
            }
            Sweep { change, total: 1.0, bound: change }
        });
        (values, outcome)
    }

    #[test]
    fn as_many_modes_as_the_window_are_extrapolated_away() {
        let (values, outcome) = shrink(&[0.99, 0.9, -0.5]);
        assert!(outcome.converged);
        assert!(outcome.iterations <= 4 * CYCLE, "{} sweeps", outcome.iterations);
        assert!(values.iter().all(|value| (value - 1.0).abs() < 1e-9), "{values:?}");
    }

    #[test]
    fn a_sweep_without_change_ends_the_iteration() {
        let (_, outcome) = shrink(&[1.0]);
        assert_eq!((outcome.iterations, outcome.converged), (1, true));
    }

    #[test]
    fn a_tolerance_below_rounding_ends_the_iteration() {
        let mut sign = 1.0;
        let stop = Stop { tolerance: 0.0, ..STOP };
        let outcome = iterate(&mut [1.0], &[1.0], stop, |values| {
            sign = -sign;
            values[0] += sign * 1e-16;
            Sweep { change: 1e-16, total: 1.0, bound: 1e-15 }
        });
        assert!(outcome.converged);
        assert_eq!((outcome.iterations, outcome.residual), (PATIENCE + 2, 1e-15));
    }

    #[test]
    fn the_minimum_number_of_sweeps_is_made() {
        for min_iterations in [0, 5, 100] {
            let stop = Stop { min_iterations, ..STOP };
            let outcome = iterate(&mut [1.0], &[1.0], stop, |_| Sweep { change: 0.0, total: 1.0, bound: 0.0 });
            assert_eq!((outcome.iterations, outcome.converged), (min_iterations.max(1), true));
        }
    }

    #[test]
    fn the_maximum_number_of_sweeps_holds_and_is_reported() {
        let stop = Stop { max_iterations: Some(5), ..STOP };
        let outcome = iterate(&mut [1.0], &[1.0], stop, |_| Sweep { change: 1.0, total: 1.0, bound: 1.0 });
        assert_eq!((outcome.iterations, outcome.converged), (5, false));
    }
}
