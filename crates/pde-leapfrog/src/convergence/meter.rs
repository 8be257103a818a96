//! Errors of a run against a solution.

use std::f64::consts::FRAC_PI_2;

use hexad_core::simd::{Kernel, Simd, Vector, dispatch_widest};

use super::Norms;
use crate::layout::Block;
use crate::{Simulation, Solution};

/// Compares the fields of a run with a solution, step after step.
pub(super) struct Meter<'a> {
    solution: &'a dyn Solution,
    /// Of each harmonic of the solution.
    angular_frequencies: Vec<f64>,
    /// The pressure, then the velocity along each axis.
    fields: Vec<FieldMeter>,
}

struct FieldMeter {
    /// `None` for the pressure.
    axis: Option<usize>,
    /// Rows in memory.
    rows: Vec<usize>,
    width: usize,
    /// Coordinates of each place; not kept if the solution has harmonics.
    places: Vec<Vec<f64>>,
    /// cos and sin part of each harmonic; of a solution without harmonics, what it is now.
    waves: Vec<[Vec<f64>; 2]>,
    /// Of each harmonic, now.
    factors: Vec<[f64; 2]>,
}

impl<'a> Meter<'a> {
    pub fn new(run: &Simulation<f64>, solution: &'a dyn Solution) -> Self {
        let axes = std::iter::once(None).chain((0..run.model().grid().dims()).map(Some));
        let harmonics = solution.harmonics();
        Self {
            solution,
            angular_frequencies: harmonics.iter().map(|harmonic| harmonic.angular_frequency).collect(),
            fields: axes.map(|axis| FieldMeter::new(run, solution, axis)).collect(),
        }
    }

    /// Of the pressure and of the velocity, each at its own time.
    pub fn norms(&mut self, run: &Simulation<f64>) -> (Norms, Norms) {
        let volume: f64 = (0..run.model().grid().dims()).map(|_| run.model().grid().spacing()).product();
        let mut both = (Norms::default(), Norms::default());
        for field in &mut self.fields {
            let time = run.time() + if field.axis.is_some() { 0.5 * run.dt() } else { 0.0 };
            field.evaluate(self.solution, &self.angular_frequencies, time);
            let norms = field.norms(run, volume);
            match field.axis {
                None => both.0 = norms,
                Some(_) => both.1 = both.1.together(norms),
            }
        }
        both
    }

    /// The largest that the pressure can be.
    pub fn scale(&self) -> f64 {
        let sizes = |wave: &[Vec<f64>; 2]| {
            let sizes = wave[0].iter().zip(&wave[1]).map(|(cosine, sine)| cosine.hypot(*sine));
            sizes.fold(0.0, f64::max)
        };
        self.fields[0].waves.iter().map(sizes).sum()
    }
}

impl FieldMeter {
    fn new(run: &Simulation<f64>, solution: &dyn Solution, axis: Option<usize>) -> Self {
        let scheme = &run.scheme;
        let mut ranges = scheme.walked.map(|ends| 0..ends.cells);
        if let Some(axis) = axis {
            let axis = scheme.axes.start + axis;
            ranges[axis] = scheme.walked[axis].faces();
        }
        let (block, lanes) = (Block::of(ranges), scheme.layout.lanes);
        let mut places = Vec::new();
        for row in block.rows() {
            for x in block.along(2) {
                for lane in 0..lanes.cast_signed() {
                    places.push(coordinates(run, axis, [row[0], row[1], x + lane * scheme.layout.places[2]]));
                }
            }
        }
        let harmonics = solution.harmonics();
        let waves = harmonics.iter().map(|harmonic| {
            let quarter = FRAC_PI_2 / harmonic.angular_frequency;
            [0.0, quarter]
                .map(|time| places.iter().map(|place| value(harmonic.part, axis, place, time)).collect())
        });
        let mut waves: Vec<[Vec<f64>; 2]> = waves.collect();
        let rows = block.rows().map(|row| scheme.layout.at(row)).collect();
        let mut factors = vec![[0.0; 2]; waves.len()];
        if waves.is_empty() {
            waves.push([vec![0.0; places.len()], vec![0.0; places.len()]]);
            factors.push([1.0, 0.0]);
        } else {
            places.clear();
        }
        Self { axis, rows, width: block.width() * lanes, places, waves, factors }
    }

    fn evaluate(&mut self, solution: &dyn Solution, angular_frequencies: &[f64], time: f64) {
        for (factors, angular_frequency) in self.factors.iter_mut().zip(angular_frequencies) {
            let (sine, cosine) = (angular_frequency * time).sin_cos();
            *factors = [cosine, sine];
        }
        for (reference, place) in self.waves[0][0].iter_mut().zip(&self.places) {
            *reference = value(solution, self.axis, place, time);
        }
    }

    fn norms(&self, run: &Simulation<f64>, volume: f64) -> Norms {
        let field = match self.axis {
            None => &run.state.pressure,
            Some(axis) => &run.state.velocity[run.scheme.axes.start + axis],
        };
        let mut sums = [0.0; 3];
        for (number, row) in self.rows.iter().enumerate() {
            let compare = Compare {
                field: &field[*row..*row + self.width],
                waves: &self.waves,
                factors: &self.factors,
                from: number * self.width,
            };
            let [sum, squares, largest] = dispatch_widest(compare);
            sums = [sums[0] + sum, sums[1] + squares, sums[2].max(largest)];
        }
        Norms { l1: volume * sums[0], l2: (volume * sums[1]).sqrt(), max: sums[2] }
    }
}

fn value(solution: &dyn Solution, axis: Option<usize>, place: &[f64], time: f64) -> f64 {
    match axis {
        None => solution.pressure(place, time),
        Some(axis) => solution.velocity(axis, place, time),
    }
}

/// Where a cell is, or the face after it along `axis`.
fn coordinates(run: &Simulation<f64>, axis: Option<usize>, cell: [isize; 3]) -> Vec<f64> {
    let along = |other: usize| {
        let half = if axis == Some(other) { 0.5 } else { 0.0 };
        run.model().grid().coordinate(other, cell[run.scheme.axes.start + other] as f64 + half)
    };
    (0..run.model().grid().dims()).map(along).collect()
}

/// Elements that are summed side by side, whatever the width of vectors: so that every machine gives the same sums.
const SIDE_BY_SIDE: usize = 16;

/// Sum of the sizes, sum of the squares and largest size of `field - sum (cosine factor_0 + sine factor_1)`. NaN
/// makes the largest infinite.
struct Compare<'a> {
    field: &'a [f64],
    waves: &'a [[Vec<f64>; 2]],
    factors: &'a [[f64; 2]],
    /// Where the waves start to count.
    from: usize,
}

impl<const L: usize> Kernel<f64, L> for Compare<'_> {
    type Output = [f64; 3];

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) -> [f64; 3] {
        let (vectors, _) = self.field.as_chunks::<L>();
        let blocks = self.field.len() / SIDE_BY_SIDE;
        let per_block = SIDE_BY_SIDE / L;
        let zero = simd.splat(0.0);
        // As many as the narrowest vectors need.
        let (mut sums, mut squares, mut largest) = ([zero; 4], [zero; 4], [zero; 4]);
        for block in 0..blocks {
            for part in 0..per_block {
                let mut error = simd.load(&vectors[block * per_block + part]);
                let at = self.from + block * SIDE_BY_SIDE + part * L;
                for (wave, factors) in self.waves.iter().zip(self.factors) {
                    let ([cosine, ..], [sine, ..]) =
                        (wave[0][at..at + L].as_chunks::<L>().0, wave[1][at..at + L].as_chunks::<L>().0)
                    else {
                        continue;
                    };
                    let value =
                        simd.load(cosine) * simd.splat(factors[0]) + simd.load(sine) * simd.splat(factors[1]);
                    error = error - value;
                }
                let size = error.max(-error);
                sums[part] = sums[part] + size;
                squares[part] = squares[part] + error * error;
                largest[part] = largest[part].max(size);
            }
        }
        let mut total = [0.0, 0.0, 0.0_f64];
        for part in 0..per_block {
            let (mut sum, mut square, mut large) = ([0.0; L], [0.0; L], [0.0; L]);
            sums[part].store(&mut sum);
            squares[part].store(&mut square);
            largest[part].store(&mut large);
            for lane in 0..L {
                total = [total[0] + sum[lane], total[1] + square[lane], total[2].max(large[lane])];
            }
        }
        for index in blocks * SIDE_BY_SIDE..self.field.len() {
            let mut error = self.field[index];
            for (wave, factors) in self.waves.iter().zip(self.factors) {
                error -= wave[0][self.from + index] * factors[0] + wave[1][self.from + index] * factors[1];
            }
            total = [total[0] + error.abs(), total[1] + error * error, total[2].max(error.abs())];
        }
        [total[0], total[1], if total[0].is_nan() { f64::INFINITY } else { total[2] }]
    }
}
