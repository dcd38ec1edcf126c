//! The queue of units to visit.

/// The unit is in the queue.
const QUEUED: u8 = 1;

/// A neighbour has moved since the unit was taken from the queue or put into it.
const STALE: u8 = 2;

/// A first-in-first-out queue that holds every unit at most once.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// A ring: its length is a power of two and greater than the number of units.
    ring: Vec<u32>,
    /// Bits of every unit: [`QUEUED`] and [`STALE`].
    flags: Vec<u8>,
    head: usize,
    tail: usize,
    has_frozen: bool,
}

impl Queue {
    /// Fills an empty queue with `waiting`, distinct numbers below `units`.
    ///
    /// Units that `frozen` marks are never queued.
    pub fn fill(&mut self, units: usize, frozen: &[bool], waiting: impl IntoIterator<Item = u32>) {
        debug_assert_eq!(self.head, self.tail, "the queue is empty");
        if self.has_frozen {
            self.flags.fill(0);
        }
        self.has_frozen = !frozen.is_empty();
        if self.flags.len() < units {
            self.flags.resize(units, 0);
            self.ring.resize((units + 1).next_power_of_two(), 0);
        }
        (self.head, self.tail) = (0, 0);
        // A unit that is marked as queued is not appended.
        for (flags, _) in self.flags.iter_mut().zip(frozen).filter(|(_, frozen)| **frozen) {
            *flags = QUEUED;
        }
        for unit in waiting {
            self.push_if(unit, true);
        }
    }

    /// Number of queued units.
    pub fn len(&self) -> usize {
        self.tail - self.head
    }

    /// Returns the unit behind the first `ahead` units, without removing it.
    #[inline(always)]
    pub fn peek(&self, ahead: usize) -> Option<u32> {
        (ahead < self.len()).then(|| self.ring[(self.head + ahead) & (self.ring.len() - 1)])
    }

    /// Removes and returns the first unit.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<usize> {
        let unit = self.peek(0)? as usize;
        self.head += 1;
        self.flags[unit] = 0;
        Some(unit)
    }

    /// Returns whether a neighbour of `unit` has moved since it was taken from the queue.
    pub fn is_stale(&self, unit: usize) -> bool {
        self.flags[unit] & STALE != 0
    }

    /// Records that a neighbour of `unit` has moved, and appends `unit` if `wanted` and not queued.
    ///
    /// Without a branch, which would be mispredicted too often.
    #[inline(always)]
    pub fn push_if(&mut self, unit: u32, wanted: bool) {
        let flags = &mut self.flags[unit as usize];
        let push = wanted & (*flags & QUEUED == 0);
        *flags |= STALE | u8::from(wanted);
        let mask = self.ring.len() - 1;
        self.ring[self.tail & mask] = unit;
        self.tail += usize::from(push);
    }

    /// Removes all units.
    pub fn clear(&mut self) {
        while self.pop().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_waits_once_and_in_order() {
        let mut queue = Queue::default();
        queue.fill(3, &[], [2, 0, 1]);
        assert_eq!(queue.pop(), Some(2));
        queue.push_if(0, true);
        queue.push_if(2, false);
        queue.push_if(2, true);
        assert_eq!((queue.len(), queue.peek(2), queue.peek(3)), (3, Some(2), None));
        assert_eq!([queue.pop(), queue.pop(), queue.pop(), queue.pop()], [Some(0), Some(1), Some(2), None]);
        queue.fill(7, &[], 0..7);
        queue.clear();
        queue.push_if(6, true);
        assert_eq!((queue.pop(), queue.len()), (Some(6), 0));
    }

    #[test]
    fn the_frozen_never_wait() {
        let mut queue = Queue::default();
        queue.fill(3, &[false, true, false], 0..3);
        assert_eq!([queue.pop(), queue.pop(), queue.pop()], [Some(0), Some(2), None]);
        queue.push_if(1, true);
        assert_eq!(queue.pop(), None);
        queue.fill(3, &[], 0..3);
        assert_eq!(queue.len(), 3);
    }
}
