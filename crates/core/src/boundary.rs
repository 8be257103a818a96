//! How evenly spaced samples continue past their ends.

/// How a signal `a b c d` continues past its ends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Boundary {
    /// It does not: the kernel shrinks to the samples that exist and is renormalized.
    #[default]
    Renormalize,
    /// `d c b a|a b c d|d c b a`: mirrored about the edge of the last sample.
    Reflect,
    /// `d c b|a b c d|c b a`: mirrored about the centre of the last sample.
    Mirror,
    /// `a a a|a b c d|d d d`.
    Nearest,
    /// `b c d|a b c d|a b c`.
    Wrap,
    /// `k k k|a b c d|k k k`.
    Constant(f64),
}

impl Boundary {
    /// The sample of `0..len` that stands at `index`, or `None` where no sample does
    /// ([`Boundary::Renormalize`], [`Boundary::Constant`]). `len` must not be 0.
    #[must_use]
    pub fn source_index(self, index: i64, len: usize) -> Option<usize> {
        self.run(index, len).map(|run| run.source)
    }

    /// The longest stretch of the extended signal from `index` on that is a stretch of the signal,
    /// forwards or backwards.
    fn run(self, index: i64, len: usize) -> Option<Run> {
        let n = i64::try_from(len).unwrap_or(i64::MAX);
        let run = |source: i64, count: i64, backwards: bool| {
            let (source, count) = (usize::try_from(source).ok()?, usize::try_from(count).ok()?);
            Some(Run { source, count, backwards, is_constant: false })
        };
        if (0..n).contains(&index) {
            return run(index, n - index, false);
        }
        match self {
            Boundary::Renormalize | Boundary::Constant(_) => None,
            Boundary::Nearest => {
                let nearest = run(index.clamp(0, n - 1), 1, false);
                nearest.map(|run| Run { is_constant: true, ..run })
            }
            Boundary::Mirror if n == 1 => run(0, 1, false),
            Boundary::Wrap => {
                let place = index.rem_euclid(n);
                run(place, n - place, false)
            }
            Boundary::Reflect => match index.rem_euclid(2 * n) {
                place if place < n => run(place, n - place, false),
                place => run(2 * n - 1 - place, 2 * n - place, true),
            },
            Boundary::Mirror => match index.rem_euclid(2 * n - 2) {
                place if place < n - 1 => run(place, n - 1 - place, false),
                place => run(2 * n - 2 - place, 2 * n - 2 - place, true),
            },
        }
    }

    /// The value outside the signal where no sample stands: the constant, or 0.
    #[must_use]
    pub fn fill_value(self) -> f64 {
        if let Boundary::Constant(value) = self { value } else { 0.0 }
    }
}

/// `count` samples of the signal from `source` on, in rising or falling order.
struct Run {
    source: usize,
    count: usize,
    backwards: bool,
    /// The sample at `source` is repeated up to the signal, or without end.
    is_constant: bool,
}

/// Writes the samples `start..start + out.len()` of the extended `signal` into `out`; places where no
/// sample stands get `fill`. An empty signal is `fill` everywhere.
pub fn extend_into<T: Copy>(signal: &[T], boundary: Boundary, fill: T, start: i64, out: &mut [T]) {
    let (mut index, mut rest) = (start, out);
    while !rest.is_empty() {
        let run = if signal.is_empty() { None } else { boundary.run(index, signal.len()) };
        let done = match run {
            None => fill_outside(index, fill, rest),
            Some(run) if run.is_constant => fill_outside(index, signal[run.source], rest),
            Some(run) => {
                let count = run.count.min(rest.len());
                if run.backwards {
                    let source = &signal[run.source + 1 - count..=run.source];
                    rest.iter_mut().zip(source.iter().rev()).for_each(|(to, from)| *to = *from);
                } else {
                    rest[..count].copy_from_slice(&signal[run.source..run.source + count]);
                }
                count
            }
        };
        rest = &mut rest[done..];
        index += i64::try_from(done).unwrap_or(i64::MAX);
    }
}

/// Fills what stands before the signal, or all that stands after it; returns how much that was.
fn fill_outside<T: Copy>(index: i64, fill: T, rest: &mut [T]) -> usize {
    let before = usize::try_from(-index).unwrap_or(usize::MAX);
    let count = if index < 0 { before.min(rest.len()) } else { rest.len() };
    rest[..count].fill(fill);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extended(boundary: Boundary) -> String {
        let mut out = [0.0; 12];
        extend_into(&[1.0, 2.0, 3.0, 4.0], boundary, 9.0, -4, &mut out);
        out.iter().map(|value| format!("{value:.0}")).collect()
    }

    #[test]
    fn modes_are_those_of_scipy() {
        assert_eq!(extended(Boundary::Reflect), "432112344321");
        assert_eq!(extended(Boundary::Mirror), "343212343212");
        assert_eq!(extended(Boundary::Nearest), "111112344444");
        assert_eq!(extended(Boundary::Wrap), "123412341234");
        assert_eq!(extended(Boundary::Constant(9.0)), "999912349999");
        assert_eq!(extended(Boundary::Renormalize), "999912349999");
    }

    #[test]
    fn one_sample_and_none_extend() {
        let mut out = [0.0; 3];
        for boundary in [Boundary::Reflect, Boundary::Mirror, Boundary::Nearest, Boundary::Wrap] {
            extend_into(&[5.0], boundary, 0.0, -1, &mut out);
            assert_eq!(out, [5.0; 3]);
        }
        extend_into(&[], Boundary::Nearest, 7.0, -1, &mut out);
        assert_eq!(out, [7.0; 3]);
    }

    #[test]
    fn far_windows_follow_the_index_map() {
        let signal = [1.0, 2.0, 3.0];
        for boundary in [Boundary::Reflect, Boundary::Mirror, Boundary::Nearest, Boundary::Wrap] {
            for start in [-40, -3, 1, 3, 40] {
                let mut out = [0.0; 7];
                extend_into(&signal, boundary, 0.0, start, &mut out);
                for (offset, &value) in (0..).zip(&out) {
                    let source = boundary.source_index(start + offset, 3).unwrap();
                    assert_eq!(value, signal[source], "{boundary:?} at {}", start + offset);
                }
            }
        }
    }
}
