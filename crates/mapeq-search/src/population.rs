//! Trials that combine outcomes of earlier trials: an evolutionary search.

use rayon::prelude::*;

use crate::random::{below, random};
use crate::trials::{Trial, Trials};

/// Number of trials that start from scratch.
const FOUNDERS: usize = 4;

/// After the founders, every third trial starts from scratch (random immigrants).
const IMMIGRANT_INTERVAL: usize = 3;

/// Upper bound on the number of parents, which are the best distinct outcomes.
const MAX_PARENTS: usize = 6;

/// Number of trials in a round, at any number of threads. A trial can combine outcomes of earlier
/// rounds.
const ROUND_SIZE: usize = 4;

/// Outcomes whose values differ by less than this count as equal.
const VALUE_TOLERANCE: f64 = 1e-12;

/// Names the stream of random numbers for the choice of parents.
const STREAM: u64 = 0x7061_7265;

/// Criterion for the end of the trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convergence {
    /// Trials end after this number of consecutive trials with little gain.
    pub trials: usize,
    /// A gain is little if it is smaller than this share of the value.
    pub relative_gain: f64,
}

impl Default for Convergence {
    fn default() -> Self {
        Self { trials: 5, relative_gain: 1e-6 }
    }
}

/// Runs up to `count` trials, trial `i` with seed `seed + i`.
///
/// The first trials start from scratch, with `run`. Later trials combine outcomes of earlier
/// rounds, with `combine`. Every third of these, and each one if there are no two distinct
/// outcomes, starts from scratch and combines its result with the best.
///
/// With `convergence`, trials end with the round in which they have converged.
///
/// `run` and `combine` return the value, the outcome and a summary of a trial. If they return
/// [`None`], later rounds are not started. Returns [`None`] if no trial ran. The result does not
/// depend on the number of threads.
pub fn evolve_trials<T: Clone + Send + Sync, S: Send>(
    count: usize,
    seed: u64,
    convergence: Option<Convergence>,
    run: impl Fn(usize, u64) -> Option<(f64, T, S)> + Sync,
    combine: impl Fn(usize, u64, Parents<'_, T>) -> Option<(f64, T, S)> + Sync,
) -> Option<Trials<T, S>> {
    let mut parents: Vec<Trial<T>> = Vec::new();
    let mut all = Vec::new();
    let mut next = 0;
    let (mut lowest, mut trials_without_gain) = (f64::INFINITY, 0);
    while next < count {
        let end = count.min(next + ROUND_SIZE);
        let trial = |number: usize| {
            let own_seed = seed.wrapping_add(number as u64);
            let (value, outcome, summary) = match draw(&parents, number, seed) {
                None => run(number, own_seed)?,
                Some(drawn) => combine(number, own_seed, drawn)?,
            };
            Some((Trial { number, seed: own_seed, value, outcome }, summary))
        };
        let round: Vec<_> = (next..end).into_par_iter().with_max_len(1).map(trial).collect();
        let mut converged = false;
        let ended = round.iter().any(Option::is_none);
        for (trial, summary) in round.into_iter().flatten() {
            let Trial { number, seed, value, .. } = trial;
            let gains = convergence.is_none_or(|convergence| lowest - value > convergence.relative_gain * value.abs());
            (lowest, trials_without_gain) =
                if gains || number == 0 { (value, 0) } else { (lowest.min(value), trials_without_gain + 1) };
            converged |= convergence.is_some_and(|convergence| trials_without_gain >= convergence.trials);
            all.push(Trial { number, seed, value, outcome: summary });
            if parents.iter().all(|parent| (parent.value - value).abs() >= VALUE_TOLERANCE) {
                parents.push(trial);
            }
        }
        parents.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.number.cmp(&b.number)));
        parents.truncate(MAX_PARENTS);
        if ended || converged {
            break;
        }
        next = end;
    }
    Some(Trials { best: parents.into_iter().next()?, all })
}

/// The outcomes that a trial combines.
#[derive(Debug)]
pub enum Parents<'a, T> {
    /// Two outcomes, the better one first.
    Two(&'a T, &'a T),
    /// The best outcome, to be combined with a new one.
    BestAndNew(&'a T),
}

/// Draws the parents of trial `number`. Returns [`None`] for a founder.
fn draw<T>(parents: &[Trial<T>], number: usize, seed: u64) -> Option<Parents<'_, T>> {
    if number < FOUNDERS {
        return None;
    }
    let best = parents.first()?;
    if parents.len() < 2 || (number - FOUNDERS) % IMMIGRANT_INTERVAL == IMMIGRANT_INTERVAL - 1 {
        return Some(Parents::BestAndNew(&best.outcome));
    }
    let mut random = random(seed, &[STREAM, number as u64]);
    let first = below(&mut random, parents.len() - 1);
    let second = first + 1 + below(&mut random, parents.len() - 1 - first);
    Some(Parents::Two(&parents[first].outcome, &parents[second].outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_trials_have_two_different_parents() {
        let run = |number: usize, _| Some((10.0 - number as f64, number, "alone"));
        let combine = |_, _, parents: Parents<'_, usize>| match parents {
            Parents::Two(better, worse) => {
                assert!(better > worse, "the value falls with the number");
                Some((10.0 - (better + worse) as f64, better + worse, "two"))
            }
            Parents::BestAndNew(best) => Some((10.0 - *best as f64, *best, "new")),
        };
        let trials = evolve_trials(9, 1, None, run, combine).unwrap();
        let kinds: Vec<_> = trials.all.iter().map(|trial| trial.outcome).collect();
        assert_eq!(kinds, ["alone", "alone", "alone", "alone", "two", "two", "new", "two", "two"]);
        assert!(trials.best.value < 7.0);
        assert!(trials.all.iter().enumerate().all(|(number, trial)| trial.number == number));
    }

    #[test]
    fn trials_end_when_they_gain_nothing_more() {
        let values = [5.0, 4.0, 4.0, 4.0, 4.0, 3.0, 3.0, 3.0 - 1e-9, 3.0, 3.0, 3.0, 0.0];
        let convergence = Some(Convergence::default());
        let trials = evolve_trials(
            50,
            1,
            convergence,
            |number, _| Some((values[number], number, ())),
            |number, _, _| Some((values[number], number, ())),
        );
        let trials = trials.unwrap();
        // The fifth trial without gain is the eleventh. The twelfth belongs to the same round.
        assert_eq!((trials.all.len(), trials.best.number), (12, 11));
    }

    #[test]
    fn equal_outcomes_are_no_parents_of_each_other() {
        let combine = |_, _, parents: Parents<'_, ()>| {
            assert!(matches!(parents, Parents::BestAndNew(())));
            Some((1.0, (), ()))
        };
        let trials = evolve_trials(6, 1, None, |_, _| Some((1.0, (), ())), combine).unwrap();
        assert_eq!((trials.best.number, trials.all.len()), (0, 6));
    }

    #[test]
    fn a_trial_that_does_not_start_is_the_last() {
        let trials = evolve_trials(
            20,
            1,
            None,
            |number, _| (number < 2).then_some((number as f64, (), ())),
            |_, _, _| unreachable!("no round after the one that ended"),
        );
        assert_eq!(trials.unwrap().all.len(), 2);
        assert!(evolve_trials(3, 1, None, |_, _| None::<(f64, (), ())>, |_, _, _| None).is_none());
    }
}
