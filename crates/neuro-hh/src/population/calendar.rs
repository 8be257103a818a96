//! What happens when.

/// A ring of buckets, one for each of the moments to come.
#[derive(Debug, Clone)]
pub(crate) struct Calendar<E> {
    buckets: Vec<Vec<E>>,
}

impl<E: Clone> Calendar<E> {
    /// For at least `moments`: a power of two, so that a moment's bucket needs no division.
    pub fn new(moments: usize) -> Self {
        Self { buckets: vec![Vec::new(); moments.next_power_of_two()] }
    }

    /// How many moments it holds.
    pub fn moments(&self) -> u64 {
        self.buckets.len() as u64
    }

    #[inline]
    pub fn enter(&mut self, moment: u64, event: E) {
        let place = self.place(moment);
        self.buckets[place].push(event);
    }

    pub fn at(&self, moment: u64) -> &[E] {
        &self.buckets[self.place(moment)]
    }

    /// Takes the bucket of `moment` out and leaves `emptied` in its place.
    pub fn take(&mut self, moment: u64, mut emptied: Vec<E>) -> Vec<E> {
        emptied.clear();
        let place = self.place(moment);
        std::mem::replace(&mut self.buckets[place], emptied)
    }

    pub fn clear(&mut self) {
        self.buckets.iter_mut().for_each(Vec::clear);
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "less than the number of buckets")]
    fn place(&self, moment: u64) -> usize {
        (moment & (self.buckets.len() as u64 - 1)) as usize
    }
}
