//! Correlation by transforms of whole signals: two of half the length forward, one back.
//!
//! A signal of 2 M samples, zeros behind, is transformed as its M pairs, `z_n = x_2n + i x_(2n+1)`. The bins of the
//! samples are never formed: with `S = Z_k + conj Z_(M-k)` and `D = Z_k - conj Z_(M-k)` of both signals, bin k of
//! twice the pairs of the correlation is `h + e` and bin M - k is `conj(h - e)`, where
//! `h = (S_a conj S_b + D_a conj D_b) / 2`, `e = (D_a conj S_b - w_k S_a conj D_b) / 2` and
//! `w_k = exp(2 pi i k / M)`. This is the split of a real transform (Cooley, Lewis and Welch, J. Sound Vib.
//! 12(3), 1970) of both, the product and the way back, in one pass.

use hexad_core::simd::{Kernel, Simd, Vector};
use hexad_core::{Complex64, ComplexFft, InputError, Workspace, turns};

use super::Part;
use super::cost;
use super::layout::Layout;
use super::negacyclic::{Negacyclic, multiply_conj};
use hexad_core::simd::complex::{conjugate, times, times_conj};
use hexad_core::simd::dispatch_widest;

#[derive(Debug, Clone)]
pub(super) struct Spectra {
    /// Of the pairs.
    fft: ComplexFft,
    /// `w_k` for 1 <= k < M / 2.
    turns: Vec<Complex64>,
    /// For long signals: a circle of half the length and one that changes the sign, whose sum and difference are
    /// the halves of the whole. Their transforms stay nearer to the processor.
    other: Option<Negacyclic>,
    first: i64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct SpectraScratch(Workspace<Complex64>);

impl Spectra {
    pub fn new(layout: &Layout) -> Result<Self, InputError> {
        Self::of_len(cost::spectra_len(layout), layout.inner_first)
    }

    fn of_len(len: usize, first: i64) -> Result<Self, InputError> {
        let is_halved = cost::is_halved(len);
        let pairs = if is_halved { len / 4 } else { len / 2 };
        Ok(Self {
            fft: ComplexFft::new(pairs)?,
            turns: turns_of(pairs),
            other: is_halved.then(|| Negacyclic::new(pairs)),
            first,
        })
    }

    /// Writes the sums to `out`.
    pub fn run(
        &self,
        a: Part,
        b: Part,
        out: &mut [f64],
        SpectraScratch(scratch): &mut SpectraScratch,
    ) -> Result<(), InputError> {
        let [of_a, of_b, others, work] = scratch.fields(self.lengths());
        self.transform(a, of_a, work)?;
        self.transform(b, of_b, work)?;
        multiply(of_a, of_b, &self.turns);
        self.fft.inverse(of_a, work)?;
        if let Some(other) = &self.other {
            self.transform_other(other, a, of_b, work)?;
            self.transform_other(other, b, others, work)?;
            multiply_conj(of_b, others);
            self.fft.inverse(of_b, work)?;
        }
        self.write(of_a, of_b, others, out);
        Ok(())
    }

    /// As [`Spectra::run`] of signals that are transformed already.
    pub fn run_transformed(
        &self,
        [a, b]: [&[Complex64]; 2],
        out: &mut [f64],
        SpectraScratch(scratch): &mut SpectraScratch,
    ) -> Result<(), InputError> {
        let [of_a, other_a, others, work] = scratch.fields(self.lengths());
        let (a, a_behind) = a.split_at(self.fft.len());
        let (b, b_behind) = b.split_at(self.fft.len());
        of_a.copy_from_slice(a);
        multiply(of_a, b, &self.turns);
        self.fft.inverse(of_a, work)?;
        if self.other.is_some() {
            other_a.copy_from_slice(a_behind);
            multiply_conj(other_a, b_behind);
            self.fft.inverse(other_a, work)?;
        }
        self.write(of_a, other_a, others, out);
        Ok(())
    }

    /// The transforms of a signal, one behind the other.
    pub fn transformed(
        &self,
        signal: Part,
        SpectraScratch(scratch): &mut SpectraScratch,
    ) -> Result<Vec<Complex64>, InputError> {
        let [work] = scratch.fields([self.fft.scratch_len()]);
        let circles = if self.other.is_some() { 2 } else { 1 };
        let mut bins = vec![Complex64::default(); circles * self.fft.len()];
        let (own, behind) = bins.split_at_mut(self.fft.len());
        self.transform(signal, own, work)?;
        if let Some(other) = &self.other {
            self.transform_other(other, signal, behind, work)?;
        }
        Ok(bins)
    }

    /// Two transforms, room for a third where there is another circle, and scratch.
    fn lengths(&self) -> [usize; 4] {
        let pairs = self.fft.len();
        let third = if self.other.is_some() { pairs } else { 0 };
        [pairs, pairs, third, self.fft.scratch_len()]
    }

    fn transform(
        &self,
        signal: Part,
        bins: &mut [Complex64],
        work: &mut [Complex64],
    ) -> Result<(), InputError> {
        let circle = bytemuck::cast_slice_mut(bins);
        let (once, again) = signal.samples.split_at(signal.samples.len().min(circle.len()));
        let (samples, padding) = circle.split_at_mut(once.len());
        padding.fill(0.0);
        for (sample, x) in samples.iter_mut().zip(once) {
            *sample = x - signal.mean;
        }
        for (sample, x) in samples.iter_mut().zip(again) {
            *sample += x - signal.mean;
        }
        self.fft.forward(bins, work)
    }

    fn transform_other(
        &self,
        other: &Negacyclic,
        signal: Part,
        bins: &mut [Complex64],
        work: &mut [Complex64],
    ) -> Result<(), InputError> {
        other.pack(signal, bins);
        self.fft.forward(bins, work)
    }

    /// Writes the lags from one circle, or from the sum and the difference of two; `room` is for the samples of the
    /// other.
    fn write(&self, circle: &[Complex64], other: &[Complex64], room: &mut [Complex64], out: &mut [f64]) {
        let circle: &[f64] = bytemuck::cast_slice(circle);
        let unit = 1.0 / circle.len() as f64;
        let Some(negacyclic) = &self.other else {
            write_lags(out, self.first, circle.len(), |out, from| {
                for (value, sum) in out.iter_mut().zip(&circle[from..]) {
                    *value = sum * unit;
                }
            });
            return;
        };
        let changing: &mut [f64] = bytemuck::cast_slice_mut(room);
        negacyclic.unpack(other, changing);
        // The inverse of the first is twice its sums, for their number is that of samples, not of pairs.
        let (half, len) = (0.5 * unit, circle.len());
        write_lags(out, self.first, 2 * len, |out, from| {
            let (below, above) = out.split_at_mut(len.saturating_sub(from).min(out.len()));
            let halves = circle.iter().zip(&*changing);
            for (value, (sum, difference)) in below.iter_mut().zip(halves.clone().skip(from)) {
                *value = half * sum + unit * difference;
            }
            for (value, (sum, difference)) in above.iter_mut().zip(halves.skip(from.saturating_sub(len))) {
                *value = half * sum - unit * difference;
            }
        });
    }
}

/// `exp(2 pi i k / pairs)` for the k between 0 and half the pairs.
fn turns_of(pairs: usize) -> Vec<Complex64> {
    turns(pairs.div_ceil(2), pairs).into_iter().skip(1).collect()
}

/// Calls `write` for negative lags, which stand at the end of the circle, and for the others, with the place of the
/// first.
pub(super) fn write_lags<T>(
    out: &mut [T],
    first: i64,
    circle: usize,
    mut write: impl FnMut(&mut [T], usize),
) {
    let before = usize::try_from(-first).unwrap_or(0).min(out.len());
    let (negative, rest) = out.split_at_mut(before);
    let at = |lag: i64| usize::try_from(lag.rem_euclid(circle as i64)).unwrap_or(0);
    write(negative, at(first));
    write(rest, at(first.max(0)));
}

/// Over `a`: twice the transform of the pairs of the correlation.
fn multiply(a: &mut [Complex64], b: &[Complex64], turns: &[Complex64]) {
    let [first, last] = [a[0].re + a[0].im, a[0].re - a[0].im];
    let [first, last] = [first * (b[0].re + b[0].im), last * (b[0].re - b[0].im)];
    a[0] = Complex64::new(first + last, first - last);
    if a.len().is_multiple_of(2) {
        let middle = a.len() / 2;
        a[middle] = 2.0 * a[middle] * b[middle].conj();
    }
    let half = turns.len();
    let (a_low, a_high) = a[1..].split_at_mut(half);
    let a_high = &mut a_high[..];
    let a_skip = a_high.len() - half;
    dispatch_widest(Multiply {
        a: [a_low, &mut a_high[a_skip..]],
        b: [&b[1..=half], &b[b.len() - half..]],
        turns,
    });
}

/// Bins from the front and those that mirror them, at the end.
struct Multiply<'a> {
    a: [&'a mut [Complex64]; 2],
    b: [&'a [Complex64]; 2],
    turns: &'a [Complex64],
}

impl<const L: usize> Kernel<f64, L> for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { a: [a, a_mirrored], b: [b, b_mirrored], turns } = self;
        let rest = a.len() % (L / 2);
        let whole = a.len() - rest;
        let [(a, a_rest), (a_rest_mirrored, a_mirrored)] =
            [a.split_at_mut(whole), a_mirrored.split_at_mut(rest)];
        let [(b, b_rest), (b_rest_mirrored, b_mirrored)] = [b.split_at(whole), b_mirrored.split_at(rest)];
        let (turns, turns_rest) = turns.split_at(whole);
        let signs = simd.load(&conjugate());
        let half = simd.splat(0.5);
        let low = lanes_mut::<L>(a).iter_mut().zip(lanes::<L>(b));
        let high = lanes_mut::<L>(a_mirrored).iter_mut().rev().zip(lanes::<L>(b_mirrored).iter().rev());
        for (((a, b), (a_mirrored, b_mirrored)), turn) in low.zip(high).zip(lanes::<L>(turns)) {
            let (za, ya) = (simd.load(a), simd.load(a_mirrored).reverse_pairs());
            let (zb, yb) = (simd.load(b), simd.load(b_mirrored).reverse_pairs());
            let (sum_a, difference_a) = (ya.mul_add(signs, za), ya.mul_add(-signs, za));
            let (sum_b, difference_b) = (yb.mul_add(signs, zb) * half, yb.mul_add(-signs, zb) * half);
            let h = times_conj(sum_a, sum_b, signs) + times_conj(difference_a, difference_b, signs);
            let turned = times(simd.load(turn), times_conj(sum_a, difference_b, signs), signs);
            let e = times_conj(difference_a, sum_b, signs) - turned;
            (h + e).store(a);
            ((h - e) * signs).reverse_pairs().store(a_mirrored);
        }
        let low = a_rest.iter_mut().zip(b_rest);
        let high = a_rest_mirrored.iter_mut().zip(b_rest_mirrored).rev();
        for (((a, b), (a_mirrored, b_mirrored)), turn) in low.zip(high).zip(turns_rest) {
            let (sum_a, difference_a) = (*a + a_mirrored.conj(), *a - a_mirrored.conj());
            let (sum_b, difference_b) = (0.5 * (*b + b_mirrored.conj()), 0.5 * (*b - b_mirrored.conj()));
            let h = sum_a * sum_b.conj() + difference_a * difference_b.conj();
            let e = difference_a * sum_b.conj() - turn * sum_a * difference_b.conj();
            (*a, *a_mirrored) = (h + e, (h - e).conj());
        }
    }
}

#[inline(always)]
fn lanes<const L: usize>(values: &[Complex64]) -> &[[f64; L]] {
    bytemuck::cast_slice::<_, f64>(values).as_chunks().0
}

#[inline(always)]
fn lanes_mut<const L: usize>(values: &mut [Complex64]) -> &mut [[f64; L]] {
    bytemuck::cast_slice_mut::<_, f64>(values).as_chunks_mut().0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + 13) % 1009) as f64 / 504.5 - 1.0).collect()
    }

    #[test]
    fn one_circle_and_two_of_half_the_length_give_the_sums() {
        for (len, len_a, len_b, first) in
            [(64, 30, 35, -34), (64, 64, 5, 0), (60, 20, 55, -40), (4, 2, 2, -1)]
        {
            // As many as do not wrap onto each other.
            let lags = usize::try_from((len - len_b as i64).min(len_a as i64 - 1) - first + 1).unwrap();
            let (a, b) = (noise(len_a), noise(len_b + 7)[7..].to_vec());
            let part = |samples| Part { samples, mean: 0.25, energy: 1.0 };
            let len = usize::try_from(len).unwrap();
            let whole = Spectra::of_len(len, first).unwrap();
            let pairs = len / 4;
            let halves = Spectra {
                fft: ComplexFft::new(pairs).unwrap(),
                turns: turns_of(pairs),
                other: Some(Negacyclic::new(pairs)),
                first,
            };
            for spectra in [whole, halves] {
                let mut scratch = SpectraScratch::default();
                let mut found = vec![f64::NAN; lags];
                spectra.run(part(&a), part(&b), &mut found, &mut scratch).unwrap();
                let transforms = [part(&a), part(&b)].map(|x| spectra.transformed(x, &mut scratch).unwrap());
                let mut again = vec![f64::NAN; lags];
                spectra.run_transformed([&transforms[0], &transforms[1]], &mut again, &mut scratch).unwrap();
                assert_eq!(found, again);
                for (value, lag) in found.iter().zip(first..) {
                    let at = |n: usize| usize::try_from(n as i64 + lag).ok().and_then(|n| a.get(n));
                    let term = |(n, y): (usize, &f64)| at(n).map_or(0.0, |x| (x - 0.25) * (y - 0.25));
                    let wanted: f64 = b.iter().enumerate().map(term).sum();
                    assert!((value - wanted).abs() < 1e-13, "{len} {lag}: {value} {wanted}");
                }
            }
        }
    }
}
