//! Independent trials.

use rayon::prelude::*;

/// The outcome of one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial<T> {
    /// Position of the trial, from 0.
    pub number: usize,
    /// Seed of the trial: the base seed plus the position.
    pub seed: u64,
    /// Value that the trial minimised.
    pub value: f64,
    /// Result of the trial.
    pub outcome: T,
}

/// The outcomes of several trials.
#[derive(Clone, Debug)]
pub struct Trials<T, S> {
    /// The trial with the lowest value, and of equals the earliest.
    pub best: Trial<T>,
    /// A summary of every trial that ran, in order.
    pub all: Vec<Trial<S>>,
}

/// Runs `count` trials in parallel in the current thread pool, trial `i` with seed `seed + i`, and
/// keeps the best.
///
/// `run` returns the value, the outcome and a summary of one trial, or [`None`] if the trial was
/// not started because of a stop request. Returns [`None`] if no trial ran. At most one outcome per
/// thread, and the best, are in memory at a time. The result does not depend on the number of
/// threads.
pub fn best_of_trials<T: Send, S: Send>(
    count: usize,
    seed: u64,
    run: impl Fn(usize, u64) -> Option<(f64, T, S)> + Sync,
) -> Option<Trials<T, S>> {
    let all_in_order = |mut a: Vec<Trial<S>>, b: Vec<Trial<S>>| {
        a.extend(b);
        a
    };
    (0..count)
        .into_par_iter()
        .with_max_len(1)
        .filter_map(|number| {
            let seed = seed.wrapping_add(number as u64);
            let (value, outcome, summary) = run(number, seed)?;
            let best = Trial { number, seed, value, outcome };
            Some(Trials { best, all: vec![Trial { number, seed, value, outcome: summary }] })
        })
        .reduce_with(|a, b| {
            let first = (a.best.value, a.best.number) <= (b.best.value, b.best.number);
            Trials { best: if first { a.best } else { b.best }, all: all_in_order(a.all, b.all) }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_of_the_best_wins() {
        let values = [3.0, 1.0, 2.0, 1.0];
        let trials = best_of_trials(4, 7, |number, seed| Some((values[number], seed, ()))).unwrap();
        assert_eq!((trials.best.number, trials.best.seed, trials.best.outcome), (1, 8, 8));
        assert_eq!(trials.all.iter().map(|trial| trial.value).collect::<Vec<_>>(), values);
    }

    #[test]
    fn trials_that_did_not_start_are_left_out() {
        let trials = best_of_trials(3, 0, |number, _| (number == 2).then_some((0.0, (), ()))).unwrap();
        assert_eq!(trials.all.len(), 1);
        assert!(best_of_trials(3, 0, |_, _| None::<(f64, (), ())>).is_none());
    }
}
