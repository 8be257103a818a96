//! The buffer that hot calls work in.

/// Bytes of a cache line: the alignment of every field.
const LINE: usize = 64;
/// Bytes of a page, and how far each field starts past the place within its page of the one before:
/// equal offsets within a page make loads wait for unrelated stores (4 KiB aliasing).
const PAGE: usize = 4096;
const STAGGER: usize = 5 * LINE;

/// One allocation, handed out as fields that start on a cache line and are staggered within a page.
///
/// What the fields contain is never meaningful: they hold what an earlier call left there.
#[derive(Debug, Clone, Default)]
pub struct Workspace<T> {
    data: Vec<T>,
}

impl<T: Copy + Default> Workspace<T> {
    /// An empty workspace; it grows at the first call of [`Workspace::fields`].
    #[must_use]
    pub fn new() -> Self {
        Self { data: Vec::new() }
    }

    /// Splits the workspace into fields of the given lengths. Allocates only if it is too small.
    pub fn fields<const N: usize>(&mut self, lengths: [usize; N]) -> [&mut [T]; N] {
        let per_line = (LINE / size_of::<T>()).max(1);
        let stagger = (STAGGER / size_of::<T>()).max(1);
        let page = (PAGE / size_of::<T>()).max(1);
        let mut needed = per_line;
        for (field, length) in lengths.into_iter().enumerate() {
            needed = field_start(needed, field, page, stagger) + length;
        }
        if self.data.len() < needed + per_line {
            self.data.resize(needed + per_line, T::default());
        }
        let aligned = self.data.as_ptr().align_offset(LINE).min(per_line);
        let (mut rest, mut at) = (&mut self.data[aligned..], 0);
        let mut field = 0;
        lengths.map(|length| {
            let start = field_start(at, field, page, stagger);
            let (own, after) = std::mem::take(&mut rest)[start - at..].split_at_mut(length);
            rest = after;
            at = start + length;
            field += 1;
            own
        })
    }
}

/// First element at or after `at` whose place within its page is `field` staggers.
fn field_start(at: usize, field: usize, page: usize, stagger: usize) -> usize {
    let wanted = (field * stagger) % page;
    at + (wanted + page - at % page) % page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_aligned_staggered_and_apart() {
        let mut workspace = Workspace::<f64>::new();
        for _ in 0..2 {
            let [a, b, c] = workspace.fields([1000, 3, 512]);
            assert_eq!([a.len(), b.len(), c.len()], [1000, 3, 512]);
            let starts = [&a[0], &b[0], &c[0]].map(|first| std::ptr::from_ref(first).addr());
            assert!(starts.iter().all(|start| start % LINE == 0));
            let [pa, pb, pc] = starts.map(|start| start % PAGE);
            assert!(pa != pb && pb != pc && pa != pc);
            assert!(starts[0] + 8000 <= starts[1] && starts[1] + 24 <= starts[2]);
        }
    }

    #[test]
    fn a_second_call_does_not_move_it() {
        let mut workspace = Workspace::<f32>::new();
        let first = std::ptr::from_ref(&workspace.fields([100, 200])[0][0]).addr();
        let again = std::ptr::from_ref(&workspace.fields([50, 20])[0][0]).addr();
        assert_eq!(first, again);
    }
}
