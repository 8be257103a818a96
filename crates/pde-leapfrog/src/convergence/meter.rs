//! Errors of a run against a solution.

use std::f64::consts::FRAC_PI_2;

use hexad_core::simd::{Kernel, Simd, Vector, dispatch_widest};

use super::Norms;
use super::turn::Turn;
use crate::layout::Block;
use crate::{Simulation, Solution};

/// Compares the fields of a run with a solution, step after step, and keeps the largest errors.
pub(super) struct Meter<'a> {
    solution: &'a dyn Solution,
    /// Of each harmonic of the solution.
    turns: Vec<Turn>,
    /// The pressure, then the velocity along each axis.
    fields: Vec<FieldMeter>,
    /// Of the pressure and of the velocity.
    errors: [Errors; 2],
}

/// The largest so far: sum of the sizes, sum of the squares, and the sizes, element by element of a block.
#[derive(Clone, Copy, Default)]
struct Errors {
    sum: f64,
    squares: f64,
    sizes: [f64; BLOCK],
}

struct FieldMeter {
    /// `None` for the pressure.
    axis: Option<usize>,
    /// Rows in memory.
    rows: Vec<usize>,
    width: usize,
    /// Coordinates of each place; not kept if the solution has harmonics.
    places: Vec<Vec<f64>>,
    /// The solution, row by row in whole blocks, the rest of which is zero; of each block all harmonics.
    waves: Vec<Wave>,
    /// Of each harmonic, now, with a minus.
    factors: Vec<[f64; 2]>,
}

/// cos and sin part of a harmonic in a block; of a solution without harmonics, what it is now. On cache lines, for a
/// vector of eight that lies across two takes twice as long to load.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Wave([[f64; BLOCK]; 2]);

impl<'a> Meter<'a> {
    pub fn new(run: &Simulation<f64>, solution: &'a dyn Solution) -> Self {
        let axes = std::iter::once(None).chain((0..run.model().grid().dims()).map(Some));
        let harmonics = solution.harmonics();
        Self {
            solution,
            turns: harmonics.iter().map(|one| Turn::new(0.5 * one.angular_frequency * run.dt())).collect(),
            fields: axes.map(|axis| FieldMeter::new(run, solution, axis)).collect(),
            errors: [Errors::default(); 2],
        }
    }

    /// Compares the pressure and the velocity, each at its own time.
    pub fn compare(&mut self, run: &Simulation<f64>) {
        let mut sums = [[0.0; 2]; 2];
        for field in &mut self.fields {
            let (kind, late) = if field.axis.is_some() { (1, 1) } else { (0, 0) };
            field.evaluate(self.solution, &mut self.turns, 2 * run.step() + late, run.dt());
            let [sum, squares] = field.compare(run, &mut self.errors[kind].sizes);
            sums[kind] = [sums[kind][0] + sum, sums[kind][1] + squares];
        }
        for (errors, [sum, squares]) in self.errors.iter_mut().zip(sums) {
            errors.note(sum, squares);
        }
    }

    /// Of the pressure and of the velocity, the largest of all comparisons.
    pub fn norms(&self, run: &Simulation<f64>) -> [Norms; 2] {
        let volume: f64 = (0..run.model().grid().dims()).map(|_| run.model().grid().spacing()).product();
        self.errors.map(|errors| Norms {
            l1: volume * errors.sum,
            l2: (volume * errors.squares).sqrt(),
            max: errors.sizes.into_iter().fold(0.0, f64::max),
        })
    }

    /// The largest that the pressure can be.
    pub fn scale(&self) -> f64 {
        self.fields[0].scale()
    }
}

impl Errors {
    /// NaN makes the largest size infinite.
    fn note(&mut self, sum: f64, squares: f64) {
        self.sum = self.sum.max(sum);
        self.squares = self.squares.max(squares);
        if sum.is_nan() {
            self.sizes[0] = f64::INFINITY;
        }
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
        let harmonics = solution.harmonics();
        let count = harmonics.len().max(1);
        let width = block.width() * lanes;
        let waves = vec![Wave::default(); rows.len() * width.div_ceil(BLOCK) * count];
        let mut meter = Self { axis, rows, width, places, waves, factors: vec![[-1.0, 0.0]; count] };
        for (number, harmonic) in harmonics.iter().enumerate() {
            let quarter = FRAC_PI_2 / harmonic.angular_frequency;
            meter.sample(harmonic.part, 0.0, number, 0);
            meter.sample(harmonic.part, quarter, number, 1);
        }
        if !harmonics.is_empty() {
            meter.places.clear();
        }
        meter
    }

    /// The values of `solution` as a part of harmonic `number`.
    fn sample(&mut self, solution: &dyn Solution, time: f64, number: usize, part: usize) {
        let count = self.factors.len();
        let rows = self.places.chunks(self.width);
        let blocks = rows.flat_map(|row| row.chunks(BLOCK));
        for (places, waves) in blocks.zip(self.waves.chunks_mut(count)) {
            for (place, value) in places.iter().zip(&mut waves[number].0[part]) {
                *value = match self.axis {
                    None => solution.pressure(place, time),
                    Some(axis) => solution.velocity(axis, place, time),
                };
            }
        }
    }

    fn evaluate(&mut self, solution: &dyn Solution, turns: &mut [Turn], half_steps: u64, dt: f64) {
        for (factors, turn) in self.factors.iter_mut().zip(turns) {
            *factors = turn.after(half_steps).map(|factor| -factor);
        }
        if !self.places.is_empty() {
            self.sample(solution, 0.5 * half_steps as f64 * dt, 0, 0);
        }
    }

    /// Sum of the sizes of the errors and sum of their squares.
    fn compare(&self, run: &Simulation<f64>, largest: &mut [f64; BLOCK]) -> [f64; 2] {
        let field = match self.axis {
            None => &run.state.pressure,
            Some(axis) => &run.state.velocity[run.scheme.axes.start + axis],
        };
        let mut sums = [0.0; 2];
        let waves = self.waves.chunks_exact(self.waves.len() / self.rows.len());
        for (row, waves) in self.rows.iter().zip(waves) {
            let field = &field[*row..*row + self.width];
            let [sum, squares] = dispatch_widest(Compare { field, waves, factors: &self.factors, largest });
            sums = [sums[0] + sum, sums[1] + squares];
        }
        sums
    }

    fn scale(&self) -> f64 {
        let mut largest = vec![0.0_f64; self.factors.len()];
        for waves in self.waves.chunks(self.factors.len()) {
            for (Wave([cosine, sine]), largest) in waves.iter().zip(&mut largest) {
                let sizes = cosine.iter().zip(sine).map(|(cosine, sine)| cosine.hypot(*sine));
                *largest = sizes.fold(*largest, f64::max);
            }
        }
        largest.iter().sum()
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

/// Sum of the sizes and sum of the squares of `field + sum (cosine factor_0 + sine factor_1)`. The largest sizes are
/// kept element by element of the blocks; NaN is passed over.
struct Compare<'a> {
    field: &'a [f64],
    waves: &'a [Wave],
    factors: &'a [[f64; 2]],
    largest: &'a mut [f64; BLOCK],
}

impl<const L: usize> Kernel<f64, L> for Compare<'_> {
    type Output = [f64; 2];

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) -> [f64; 2] {
        let zero = [simd.splat(0.0); MOST_VECTORS];
        let mut kept = [zero; 3];
        for (vector, largest) in kept[2].iter_mut().zip(self.largest.as_chunks::<L>().0) {
            *vector = simd.load(largest);
        }
        let (blocks, rest) = self.field.as_chunks::<BLOCK>();
        let mut waves = self.waves.chunks_exact(self.factors.len());
        for (block, waves) in blocks.iter().zip(&mut waves) {
            add(simd, block, waves, self.factors, &mut kept);
        }
        if let Some(waves) = waves.next() {
            let mut last = [0.0; BLOCK];
            last[..rest.len()].copy_from_slice(rest);
            add(simd, &last, waves, self.factors, &mut kept);
        }
        let [sizes, squares, largest] = kept;
        for (vector, largest) in largest.iter().zip(self.largest.as_chunks_mut::<L>().0) {
            vector.store(largest);
        }
        [total(sizes), total(squares)]
    }
}

/// Adds a block to the sums of sizes, the sums of squares and the largest sizes.
#[inline(always)]
fn add<S: Simd<f64, L>, const L: usize>(
    simd: S,
    block: &[f64; BLOCK],
    waves: &[Wave],
    factors: &[[f64; 2]],
    [sizes, squares, largest]: &mut [[S::V; MOST_VECTORS]; 3],
) {
    let mut errors = [simd.splat(0.0); MOST_VECTORS];
    for (error, values) in errors.iter_mut().zip(block.as_chunks::<L>().0) {
        *error = simd.load(values);
    }
    for (Wave([cosine, sine]), factors) in waves.iter().zip(factors) {
        let factors = [simd.splat(factors[0]), simd.splat(factors[1])];
        let waves = cosine.as_chunks::<L>().0.iter().zip(sine.as_chunks::<L>().0);
        for (error, (cosine, sine)) in errors.iter_mut().zip(waves) {
            *error = simd.load(cosine).mul_add(factors[0], *error);
            *error = simd.load(sine).mul_add(factors[1], *error);
        }
    }
    for part in 0..BLOCK / L {
        let size = errors[part].abs();
        sizes[part] = sizes[part] + size;
        squares[part] = size.mul_add(size, squares[part]);
        largest[part] = size.max(largest[part]);
    }
}

/// Sum of the vectors of a block: the upper half is added to the lower until one element is left.
#[inline(always)]
fn total<V: Vector<f64, L>, const L: usize>(mut vectors: [V; MOST_VECTORS]) -> f64 {
    let mut half = BLOCK / L / 2;
    while half > 0 {
        for part in 0..half {
            vectors[part] = vectors[part] + vectors[part + half];
        }
        half /= 2;
    }
    vectors[0].sum()
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
        let mut waves = vec![Wave::default(); 2 * LEN.div_ceil(BLOCK)];
        let factors = [[0.3, -0.7], [1.1, 0.2]];
        let mut wanted = [0.0, 0.0, 0.0_f64];
        for at in 0..LEN {
            let mut error = field[at];
            for (harmonic, factors) in factors.iter().enumerate() {
                for (part, factor) in factors.iter().enumerate() {
                    let wave = number(at + 200 * (1 + 2 * harmonic + part));
                    waves[at / BLOCK * 2 + harmonic].0[part][at % BLOCK] = wave;
                    error += wave * factor;
                }
            }
            wanted = [wanted[0] + error.abs(), wanted[1] + error * error, wanted[2].max(error.abs())];
        }
        let after = |run: fn(Compare<'_>) -> [f64; 2]| {
            let mut largest = [0.1; BLOCK];
            let sums =
                run(Compare { field: &field, waves: &waves, factors: &factors, largest: &mut largest });
            (sums, largest)
        };
        let portable = after(|job| run_portable::<f64, 4, _>(job));
        assert_eq!(after(|job| run_portable::<f64, 8, _>(job)), portable);
        assert_eq!(after(|job| dispatch::<f64, 4, _>(job)), portable);
        assert_eq!(after(|job| dispatch_widest(job)), portable);
        let ([sum, squares], largest) = portable;
        for (got, wanted) in [sum, squares, largest.into_iter().fold(0.0, f64::max)].iter().zip(wanted) {
            // A hundred roundings of numbers of that size.
            assert!((got - wanted).abs() < 1e-14 * wanted, "{got} is not {wanted}");
        }
    }
}
