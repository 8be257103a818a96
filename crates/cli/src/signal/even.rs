//! Whether times are even, also of records too long to keep.

/// Farthest that a time may stand from its place, in steps.
const TOLERANCE: f64 = 1e-3;

/// Times seen so far: enough to tell in the end how far any of them was from the straight line through the
/// first and the last, whatever that line will be.
#[derive(Debug, Default)]
pub struct EvenTimes {
    count: usize,
    first: f64,
    last: f64,
    /// The first step: corners are found by their distance from that line, which does not cancel.
    slope: f64,
    above: Hull,
    below: Hull,
    longest: Step,
    shortest: Step,
}

/// What is wrong with times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Uneven {
    /// A time that does not come after the one before it.
    Falls { row: usize, time: f64, before: f64 },
    /// The step farthest from the mean, and the largest distance of a time from its place, in steps.
    Off { row: usize, step: f64, mean: f64, worst_deviation: f64 },
}

/// A step and the row it leads to.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    row: usize,
    size: f64,
}

impl EvenTimes {
    /// Goes on with the next times. Refuses early what can no longer become even: a stretch that leaves its
    /// own straight line by more than twice the tolerance leaves every other by more than the tolerance.
    pub fn push(&mut self, times: &[f64]) -> Result<(), Uneven> {
        times.iter().try_for_each(|&time| self.push_one(time))?;
        if self.count > 1 && self.worst_deviation() > 4.0 * TOLERANCE { Err(self.off()) } else { Ok(()) }
    }

    /// The mean step, of at least two times.
    pub fn step(&self) -> Result<f64, Uneven> {
        if self.worst_deviation() <= TOLERANCE { Ok(self.mean()) } else { Err(self.off()) }
    }

    /// The first time.
    pub fn first(&self) -> f64 {
        self.first
    }

    fn push_one(&mut self, time: f64) -> Result<(), Uneven> {
        let row = self.count;
        if row == 0 {
            self.first = time;
        } else {
            if time <= self.last {
                return Err(Uneven::Falls { row, time, before: self.last });
            }
            let step = Step { row, size: time - self.last };
            if row == 1 {
                (self.slope, self.longest, self.shortest) = (step.size, step, step);
            }
            if step.size > self.longest.size {
                self.longest = step;
            }
            if step.size < self.shortest.size {
                self.shortest = step;
            }
        }
        let off = time - (self.first + row as f64 * self.slope);
        self.above.push(Corner { row: row as f64, time, off });
        self.below.push(Corner { row: row as f64, time, off: -off });
        self.last = time;
        self.count += 1;
        Ok(())
    }

    fn mean(&self) -> f64 {
        (self.last - self.first) / (self.count - 1) as f64
    }

    /// In mean steps; only corners of a hull can be farthest from a line.
    fn worst_deviation(&self) -> f64 {
        let mean = self.mean();
        if !mean.is_finite() {
            return f64::INFINITY;
        }
        let corners = self.above.corners.iter().chain(&self.below.corners);
        let off = corners.map(|corner| (corner.time - (self.first + corner.row * mean)).abs());
        off.fold(0.0, f64::max) / mean
    }

    fn off(&self) -> Uneven {
        let mean = self.mean();
        let distance = |step: &Step| (step.size - mean).abs();
        let (longest, shortest) = (&self.longest, &self.shortest);
        let worst = match distance(longest).total_cmp(&distance(shortest)) {
            std::cmp::Ordering::Greater => longest,
            std::cmp::Ordering::Less => shortest,
            std::cmp::Ordering::Equal if longest.row < shortest.row => longest,
            std::cmp::Ordering::Equal => shortest,
        };
        Uneven::Off { row: worst.row, step: worst.size, mean, worst_deviation: self.worst_deviation() }
    }
}

/// The upper corners of the convex hull of points that come from left to right. Of rounded even times there
/// are few; within the tolerance there are never more than millions, for doubles do not hold more.
#[derive(Debug, Default)]
struct Hull {
    corners: Vec<Corner>,
}

#[derive(Debug, Clone, Copy)]
struct Corner {
    row: f64,
    time: f64,
    off: f64,
}

impl Hull {
    fn push(&mut self, next: Corner) {
        while let [.., a, b] = self.corners[..]
            && (b.off - a.off) * (next.row - b.row) <= (next.off - b.off) * (b.row - a.row)
        {
            self.corners.pop();
        }
        self.corners.push(next);
    }
}

#[cfg(test)]
mod tests {
    use hexad_spectral::{SpectralError, uniform_time_axis};

    use super::*;

    fn in_pieces(times: &[f64], piece: usize) -> Result<f64, Uneven> {
        let mut even = EvenTimes::default();
        times.chunks(piece).try_for_each(|times| even.push(times))?;
        even.step()
    }

    #[test]
    fn pieces_are_judged_as_the_library_judges_the_whole() {
        for (jitter, drift) in
            [(0.0, 0.0), (9e-4, 0.0), (1.1e-3, 0.0), (0.0, 3.5e-3), (0.0, 4.5e-3), (0.1, 0.0)]
        {
            let (len, step) = (5000, 0.1);
            let time = |n: usize| {
                let share = n as f64 / (len - 1) as f64;
                let off = jitter * (12.9898 * n as f64).sin() + drift * share * (1.0 - share);
                7.0 + step * (n as f64 + off)
            };
            let times: Vec<f64> = (0..len).map(time).collect();
            for piece in [1, 7, 5000] {
                match (in_pieces(&times, piece), uniform_time_axis(&times)) {
                    (Ok(step), Ok(axis)) => assert_eq!(step, axis.step),
                    (Err(Uneven::Off { worst_deviation: found, .. }), Err(error)) => {
                        let SpectralError::NeedsUniformX { worst_deviation, .. } = error else {
                            panic!("{error}");
                        };
                        // Refused early, it is that of the beginning.
                        assert!(piece < len || found == worst_deviation, "{found} {worst_deviation}");
                    }
                    (found, expected) => panic!("{jitter} {drift} {piece}: {found:?}, {expected:?}"),
                }
            }
        }
    }

    #[test]
    fn the_first_worst_step_is_named() {
        let off = in_pieces(&[0.0, 1.0, 3.0, 3.5, 4.0], 5);
        assert_eq!(off, Err(Uneven::Off { row: 2, step: 2.0, mean: 1.0, worst_deviation: 1.0 }));
        let falls = in_pieces(&[0.0, 1.0, 1.0], 2);
        assert_eq!(falls, Err(Uneven::Falls { row: 2, time: 1.0, before: 1.0 }));
    }

    #[test]
    fn few_times_are_kept() {
        let mut even = EvenTimes::default();
        for n in 0..300_000 {
            even.push(&[1e6 + 0.001 * f64::from(n)]).unwrap();
        }
        let kept = even.above.corners.len() + even.below.corners.len();
        assert!(kept < 200, "{kept}");
    }
}
