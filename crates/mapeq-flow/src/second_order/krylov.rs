//! Fixed points of a linear map by stabilised biconjugate gradients (BiCGSTAB).
//!
//! If a walk rarely leaves parts of the network, repeated application of its map A converges
//! slowly. The solution x of (1 − A) x = A f − f makes f + x a fixed point. BiCGSTAB finds it in
//! about the square root of the number of applications (van der Vorst, SIAM J. Sci. Stat. Comput.
//! 1992, doi:10.1137/0913035). The differences have no component along fixed points. So of several
//! fixed points it finds the limit of the mean of f, A f, A² f, ….

/// Moves `values` towards a fixed point of `apply`, until the sum of the changes by `apply` is
/// within `tolerance`, or there is no progress. Returns the number of applications.
///
/// `apply` writes the image of its first argument to its second. Inner products divide elements by
/// `scale`. The number of applications exceeds `max_applications` by a few at most.
pub(super) fn approach(
    values: &mut [f64],
    scale: &[f64],
    tolerance: f64,
    max_applications: usize,
    mut apply: impl FnMut(&[f64], &mut [f64]),
) -> usize {
    let size = values.len();
    let product =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).zip(scale).map(|((a, b), scale)| a * b / scale).sum() };
    let sum = |a: &[f64]| -> f64 { a.iter().map(|a| a.abs()).sum() };
    let mut minus = |from: &[f64], into: &mut [f64]| {
        apply(from, into);
        into.iter_mut().zip(from).for_each(|(into, from)| *into = from - *into);
    };
    let mut residual = vec![0.0; size];
    minus(values, &mut residual);
    residual.iter_mut().for_each(|residual| *residual = -*residual);
    let shadow = residual.clone();
    let (mut direction, mut image) = (vec![0.0; size], vec![0.0; size]);
    let (mut half_image, mut shift) = (vec![0.0; size], vec![0.0; size]);
    let (mut rho, mut alpha, mut omega) = (1.0, 1.0, 1.0);
    let (mut min_change, mut since_min, mut applications) = (sum(&residual), 0, 1);
    while min_change > tolerance && applications < max_applications && since_min < PATIENCE {
        let next = product(&shadow, &residual);
        let beta = next / rho * (alpha / omega);
        rho = next;
        for ((direction, residual), image) in direction.iter_mut().zip(&residual).zip(&image) {
            *direction = residual + beta * (*direction - omega * image);
        }
        minus(&direction, &mut image);
        alpha = rho / product(&shadow, &image);
        residual.iter_mut().zip(&image).for_each(|(residual, image)| *residual -= alpha * image);
        minus(&residual, &mut half_image);
        applications += 2;
        omega = product(&half_image, &residual) / product(&half_image, &half_image);
        if !(alpha.is_finite() && omega.is_finite() && omega != 0.0) {
            break;
        }
        for ((shift, direction), residual) in shift.iter_mut().zip(&direction).zip(&residual) {
            *shift += alpha * direction + omega * residual;
        }
        residual.iter_mut().zip(&half_image).for_each(|(residual, image)| *residual -= omega * image);
        let change = sum(&residual);
        since_min += 1;
        if change < min_change {
            (min_change, since_min) = (change, 0);
            values.iter_mut().zip(&mut shift).for_each(|(value, shift)| *value += std::mem::take(shift));
        }
    }
    applications
}

/// Number of steps without a smaller change after which the iteration stops.
const PATIENCE: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    /// A lazy walk on a ring of nodes, which takes hundreds of steps to mix.
    #[test]
    fn slow_walks_converge() {
        const NODES: usize = 100;
        let mut values: Vec<f64> =
            (0..NODES).map(|node| if node < NODES / 2 { 2.0 } else { 0.0 } / NODES as f64).collect();
        let applications = approach(&mut values, &[1.0; NODES], 1e-13, 1000, |from, into| {
            for node in 0..NODES {
                let sides = from[(node + 1) % NODES] + from[(node + NODES - 1) % NODES];
                into[node] = 0.5 * from[node] + 0.25 * sides;
            }
        });
        assert!(applications < 150, "{applications} applications");
        assert!(values.iter().all(|value| (value * NODES as f64 - 1.0).abs() < 1e-9), "{values:?}");
    }

    #[test]
    fn a_fixed_point_stays() {
        let mut values = [0.25, 0.75];
        let applications = approach(&mut values, &[1.0; 2], 1e-12, 100, |from, into| into.copy_from_slice(from));
        assert_eq!((applications, values), (1, [0.25, 0.75]));
    }
}
