//! The units that wait to be visited.

/// A queue that holds every unit at most once, first in, first out.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// A ring: its length is a power of two and greater than the number of units.
    ring: Vec<u32>,
    queued: Vec<bool>,
    head: usize,
    tail: usize,
}

impl Queue {
    /// Makes an empty queue hold `waiting`, each of which is less than `units` and there once.
    pub fn fill(&mut self, units: usize, waiting: impl IntoIterator<Item = u32>) {
        debug_assert_eq!(self.head, self.tail, "the queue is empty");
        if self.queued.len() < units {
            self.queued.resize(units, false);
            self.ring.resize((units + 1).next_power_of_two(), 0);
        }
        (self.head, self.tail) = (0, 0);
        for unit in waiting {
            self.push_if(unit, true);
        }
    }

    /// Number of units waiting.
    pub fn len(&self) -> usize {
        self.tail - self.head
    }

    /// The unit that is next after `ahead` others.
    #[inline(always)]
    pub fn peek(&self, ahead: usize) -> Option<u32> {
        (ahead < self.len()).then(|| self.ring[(self.head + ahead) & (self.ring.len() - 1)])
    }

    /// Takes the first unit.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<usize> {
        let unit = self.peek(0)? as usize;
        self.head += 1;
        self.queued[unit] = false;
        Some(unit)
    }

    /// Appends `unit` if `wanted` and if it does not wait yet. Without a branch: it would be mispredicted too often.
    #[inline(always)]
    pub fn push_if(&mut self, unit: u32, wanted: bool) {
        let queued = &mut self.queued[unit as usize];
        let push = wanted & !*queued;
        *queued |= wanted;
        let mask = self.ring.len() - 1;
        self.ring[self.tail & mask] = unit;
        self.tail += usize::from(push);
    }

    /// Forgets all that wait.
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
        queue.fill(3, [2, 0, 1]);
        assert_eq!(queue.pop(), Some(2));
        queue.push_if(0, true);
        queue.push_if(2, false);
        queue.push_if(2, true);
        assert_eq!((queue.len(), queue.peek(2), queue.peek(3)), (3, Some(2), None));
        assert_eq!([queue.pop(), queue.pop(), queue.pop(), queue.pop()], [Some(0), Some(1), Some(2), None]);
        queue.fill(7, 0..7);
        queue.clear();
        queue.push_if(6, true);
        assert_eq!((queue.pop(), queue.len()), (Some(6), 0));
    }
}
