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
    /// From a row of the waves to the next: whole blocks, the rest of which is zero.
    stride: usize,
    /// Coordinates of each place; not kept if the solution has harmonics.
    places: Vec<Vec<f64>>,
    /// cos and sin part of each harmonic; of a solution without harmonics, what it is now.
    waves: Vec<[Vec<f64>; 2]>,
    /// Of each harmonic, now, with a minus.
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
        let rows: Vec<usize> = block.rows().map(|row| scheme.layout.at(row)).collect();
        let width = block.width() * lanes;
        let stride = width.next_multiple_of(BLOCK);
        let at_rest = vec![0.0; rows.len() * stride];
        let mut meter = Self { axis, rows, width, stride, places, waves: Vec::new(), factors: Vec::new() };
        for harmonic in solution.harmonics() {
            let quarter = FRAC_PI_2 / harmonic.angular_frequency;
            meter.waves.push([0.0, quarter].map(|time| {
                let mut wave = at_rest.clone();
                meter.sample(harmonic.part, time, &mut wave);
                wave
            }));
            meter.factors.push([0.0; 2]);
        }
        if meter.waves.is_empty() {
            meter.waves.push([at_rest.clone(), at_rest]);
            meter.factors.push([-1.0, 0.0]);
        } else {
            meter.places.clear();
        }
        meter
    }

    /// The values of `solution`, row by row.
    fn sample(&self, solution: &dyn Solution, time: f64, values: &mut [f64]) {
        if self.places.is_empty() {
            return;
        }
        for (values, places) in values.chunks_mut(self.stride).zip(self.places.chunks(self.width)) {
            for (value_here, place) in values.iter_mut().zip(places) {
                *value_here = value(solution, self.axis, place, time);
            }
        }
    }

    fn evaluate(&mut self, solution: &dyn Solution, angular_frequencies: &[f64], time: f64) {
        for (factors, angular_frequency) in self.factors.iter_mut().zip(angular_frequencies) {
            let (sine, cosine) = (angular_frequency * time).sin_cos();
            *factors = [-cosine, -sine];
        }
        let mut now = std::mem::take(&mut self.waves[0][0]);
        self.sample(solution, time, &mut now);
        self.waves[0][0] = now;
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
                from: number * self.stride,
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
const BLOCK: usize = 16;
/// Vectors of a block, of the narrowest.
const MOST_VECTORS: usize = 4;

/// Sum of the sizes, sum of the squares and largest size of `field + sum (cosine factor_0 + sine factor_1)`. NaN
/// makes the largest infinite.
struct Compare<'a> {
    field: &'a [f64],
    waves: &'a [[Vec<f64>; 2]],
    factors: &'a [[f64; 2]],
    /// Where the waves start to count. They have whole blocks.
    from: usize,
}

impl<const L: usize> Kernel<f64, L> for Compare<'_> {
    type Output = [f64; 3];

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) -> [f64; 3] {
        let mut sums = [[simd.splat(0.0); MOST_VECTORS]; 3];
        let (blocks, rest) = self.field.as_chunks::<BLOCK>();
        for (number, block) in blocks.iter().enumerate() {
            self.add(simd, block, self.from + number * BLOCK, &mut sums);
        }
        let mut last = [0.0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        if !rest.is_empty() {
            self.add(simd, &last, self.from + blocks.len() * BLOCK, &mut sums);
        }
        let [sizes, squares, largest] = sums.map(lanes);
        let sum = folded(sizes, |a, b| a + b);
        let largest = folded(largest, f64::max).sqrt();
        [sum, folded(squares, |a, b| a + b), if sum.is_nan() { f64::INFINITY } else { largest }]
    }
}

impl Compare<'_> {
    /// Adds a block to the sums of sizes, the sums of squares and the largest squares. `at` is its place in the waves.
    #[inline(always)]
    fn add<S: Simd<f64, L>, const L: usize>(
        &self,
        simd: S,
        block: &[f64; BLOCK],
        at: usize,
        [sizes, squares, largest]: &mut [[S::V; MOST_VECTORS]; 3],
    ) {
        let mut errors = [simd.splat(0.0); MOST_VECTORS];
        for (error, values) in errors.iter_mut().zip(block.as_chunks::<L>().0) {
            *error = simd.load(values);
        }
        for ([cosine, sine], factors) in self.waves.iter().zip(self.factors) {
            let factors = [simd.splat(factors[0]), simd.splat(factors[1])];
            let cosine = cosine[at..at + BLOCK].as_chunks::<L>().0;
            let sine = sine[at..at + BLOCK].as_chunks::<L>().0;
            for (error, (cosine, sine)) in errors.iter_mut().zip(cosine.iter().zip(sine)) {
                *error = simd.load(cosine).mul_add(factors[0], *error);
                *error = simd.load(sine).mul_add(factors[1], *error);
            }
        }
        for part in 0..BLOCK / L {
            let error = errors[part];
            sizes[part] = sizes[part] + error.max(-error);
            squares[part] = error.mul_add(error, squares[part]);
            largest[part] = (error * error).max(largest[part]);
        }
    }
}

/// The lanes of vectors that make a block.
#[inline(always)]
fn lanes<V: Vector<f64, L>, const L: usize>(vectors: [V; MOST_VECTORS]) -> [f64; BLOCK] {
    let mut lanes = [0.0; BLOCK];
    for (vector, lanes) in vectors.iter().zip(lanes.as_chunks_mut::<L>().0) {
        vector.store(lanes);
    }
    lanes
}

/// The upper half onto the lower until one is left.
#[inline(always)]
fn folded(mut lanes: [f64; BLOCK], of: fn(f64, f64) -> f64) -> f64 {
    let mut half = BLOCK / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = of(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::{dispatch, run_portable};

    #[test]
    fn every_width_of_vectors_gives_the_sums_of_a_plain_loop() {
        const LEN: usize = 100;
        let number = |index: usize| ((index * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
        let field: Vec<f64> = (0..LEN).map(number).collect();
        let wave = |seed: usize| {
            (0..LEN.next_multiple_of(BLOCK))
                .map(|at| if at < LEN { number(at + seed) } else { 0.0 })
                .collect()
        };
        let waves = [[wave(200), wave(400)], [wave(600), wave(800)]];
        let factors = [[0.3, -0.7], [1.1, 0.2]];
        let compare = || Compare { field: &field, waves: &waves, factors: &factors, from: 0 };
        let portable = run_portable::<f64, 4, _>(compare());
        assert_eq!(run_portable::<f64, 8, _>(compare()), portable);
        assert_eq!(dispatch::<f64, 4, _>(compare()), portable);
        assert_eq!(dispatch_widest(compare()), portable);
        let mut wanted = [0.0, 0.0, 0.0_f64];
        for at in 0..LEN {
            let of = |wave: &[Vec<f64>; 2], factors: &[f64; 2]| {
                wave[0][at] * factors[0] + wave[1][at] * factors[1]
            };
            let error = field[at] + of(&waves[0], &factors[0]) + of(&waves[1], &factors[1]);
            wanted = [wanted[0] + error.abs(), wanted[1] + error * error, wanted[2].max(error.abs())];
        }
        for (got, wanted) in portable.iter().zip(wanted) {
            // A hundred roundings of numbers of that size.
            assert!((got - wanted).abs() < 1e-14 * wanted, "{got} is not {wanted}");
        }
    }
}
