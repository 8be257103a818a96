//! Short templates searched for in a long record.

use hexad_core::simd::{Kernel, Simd, Vector};
use hexad_core::{Complex64, ComplexFft, InputError, Workspace, check_length};

use crate::correlate::{Moments, exact_sums, of_channel, sums, transform_ns};
use crate::{CorrelateError, Correlation};
use hexad_core::Sum;
use hexad_core::simd::complex::{conjugate, times};
use hexad_core::simd::dispatch_widest;

/// Share of the energy of a block below which transforms leave no digit of a coefficient.
const LOST: f64 = 1e-14;
/// Share of its squares below which those of a stretch about its mean have lost too many digits.
const UNEVEN: f64 = 1e-6;

/// Pearson's coefficient of each of many templates of one length with a record, at every position at which the
/// record holds the whole template.
///
/// At position k it compares `record[k..k + len]` with the template, each without its mean and over its
/// deviation: 1 where the record holds a louder and raised copy. NaN where the stretch of the record is constant
/// up to rounding, or so quiet beside what stands within a few template lengths that transforms leave no
/// digit of it (14 decades). The error is about 1e-15 of the loudest deviation nearby over that of the stretch.
///
/// The record goes through transforms in blocks, each once for all templates, two neighbouring blocks to a complex
/// transform. Memory: for each template a transform of a block of a few of its lengths.
///
/// # Examples
///
/// ```
/// use hexad_correlate::Templates;
/// let record: Vec<f64> = (0..5000).map(|n| (0.0001 * f64::from(n * n)).sin()).collect();
/// let templates = Templates::new(&[&record[700..800], &record[3000..3100]])?;
/// let found = templates.apply(&record)?;
/// assert_eq!(found[1].peak().ok_or("no peak")?.lag, 3000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Deviation
///
/// `obspy.signal.cross_correlation.correlate_template(normalize="full")` gives 0 where the stretch of the record is
/// constant.
///
/// # References
///
/// J. P. Lewis, Fast normalized cross-correlation, Vision Interface, 1995; A. V. Oppenheim and R. W. Schafer,
/// Discrete-Time Signal Processing, 3rd ed., 2010, 8.7.3.
#[derive(Debug, Clone)]
pub struct Templates {
    fft: ComplexFft,
    /// Conjugate transforms of the templates without mean and of energy 1, over the length: the bins up to
    /// the middle.
    transfers: Vec<Vec<Complex64>>,
    len: usize,
}

/// Buffers of [`Templates::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct TemplatesScratch {
    complex: Workspace<Complex64>,
    real: Workspace<f64>,
}

/// Coefficients of one template at positions beside each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TemplatePiece<'a> {
    /// Index of the template.
    pub template: usize,
    /// Position of the first value.
    pub position: usize,
    /// By position.
    pub values: &'a [f64],
}

/// A piece of the record, ready to be transformed.
struct Block<'a> {
    samples: &'a mut [f64],
    /// One over the deviation from each position on; NaN where there is none.
    scales: &'a mut [f64],
}

impl Templates {
    /// Plans for templates of one length.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for no template or one of fewer than 2 samples; [`InputError::LengthMismatch`] for
    /// templates of different lengths; [`InputError::NotFinite`] and [`InputError::ElementOutOfRange`] with the
    /// index of the first template that holds NaN or infinity or is constant.
    pub fn new(templates: &[&[f64]]) -> Result<Self, CorrelateError> {
        let Some(first) = templates.first() else {
            return Err(InputError::TooFew { argument: "templates", needed: 1, got: 0 }.into());
        };
        let len = first.len();
        if len < 2 {
            return Err(InputError::TooFew { argument: "template", needed: 2, got: len }.into());
        }
        let fft = ComplexFft::new(block_len(len))?;
        let mut work = vec![Complex64::default(); fft.scratch_len()];
        let transfer = |(index, template): (usize, &&[f64])| {
            check_length("template", template.len(), len)?;
            transfer(&fft, template, &mut work).map_err(|error| of_channel(index, error))
        };
        let transfers =
            templates.iter().enumerate().map(transfer).collect::<Result<Vec<_>, CorrelateError>>()?;
        Ok(Self { fft, transfers, len })
    }

    /// Samples of a template.
    #[must_use]
    pub fn template_len(&self) -> usize {
        self.len
    }

    /// Number of templates.
    #[must_use]
    pub fn count(&self) -> usize {
        self.transfers.len()
    }

    /// Positions in a record of `len` samples.
    #[must_use]
    pub fn positions(&self, len: usize) -> usize {
        (len + 1).saturating_sub(self.len)
    }

    /// Buffers for [`Templates::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> TemplatesScratch {
        TemplatesScratch::default()
    }

    /// The coefficients of each template; a lag is a position in the record.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a record that is shorter than a template, [`InputError::NotFinite`] for its first
    /// NaN or infinity.
    pub fn apply(&self, record: &[f64]) -> Result<Vec<Correlation>, CorrelateError> {
        let mut out = Vec::new();
        self.apply_into(record, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`Templates::apply`], into correlations whose vectors are reused. Does not allocate in a second call with
    /// the same buffers.
    ///
    /// # Errors
    ///
    /// As [`Templates::apply`].
    pub fn apply_into(
        &self,
        record: &[f64],
        out: &mut Vec<Correlation>,
        scratch: &mut TemplatesScratch,
    ) -> Result<(), CorrelateError> {
        out.resize_with(self.count(), Correlation::default);
        for correlation in &mut *out {
            correlation.first_lag = 0;
            correlation.values.clear();
            correlation.values.reserve(self.positions(record.len()));
        }
        // Pieces of a template come in the order of positions.
        self.scan(record, scratch, |piece| out[piece.template].values.extend_from_slice(piece.values))
    }

    /// Calls `each` with the coefficients of every template, piece by piece in the order of positions: for
    /// results that are too large to keep. Memory does not go with the record.
    ///
    /// # Errors
    ///
    /// As [`Templates::apply`].
    pub fn scan(
        &self,
        record: &[f64],
        scratch: &mut TemplatesScratch,
        mut each: impl FnMut(TemplatePiece),
    ) -> Result<(), CorrelateError> {
        if record.len() < self.len {
            let (argument, needed) = ("record", self.len);
            return Err(InputError::TooFew { argument, needed, got: record.len() }.into());
        }
        Moments::of("record", record, false)?;
        let (block, hop) = (self.fft.len(), self.fft.len() + 1 - self.len);
        let positions = self.positions(record.len());
        let [bins, products, work] = scratch.complex.fields([block, block, self.fft.scratch_len()]);
        let [re, im, scales_re, scales_im, values] = scratch.real.fields([block, block, hop, hop, hop]);
        for start in (0..positions).step_by(2 * hop) {
            let next = (start + hop).min(positions);
            let end = (next + hop).min(positions);
            prepare(record, start..next, self.len, Block { samples: re, scales: scales_re });
            prepare(record, next..end, self.len, Block { samples: im, scales: scales_im });
            for ((bin, re), im) in bins.iter_mut().zip(&*re).zip(&*im) {
                *bin = Complex64::new(*re, *im);
            }
            self.fft.forward(bins, work)?;
            for (template, transfer) in self.transfers.iter().enumerate() {
                multiply(bins, transfer, products);
                self.fft.inverse(products, work)?;
                let first = &mut values[..next - start];
                for ((value, z), scale) in first.iter_mut().zip(&*products).zip(&*scales_re) {
                    *value = (z.re * scale).clamp(-1.0, 1.0);
                }
                each(TemplatePiece { template, position: start, values: first });
                let second = &mut values[..end - next];
                for ((value, z), scale) in second.iter_mut().zip(&*products).zip(&*scales_im) {
                    *value = (z.im * scale).clamp(-1.0, 1.0);
                }
                if !second.is_empty() {
                    each(TemplatePiece { template, position: next, values: second });
                }
            }
        }
        Ok(())
    }
}

/// The smallest power of two that costs little more per position than the best.
fn block_len(template_len: usize) -> usize {
    let smallest = (2 * template_len).next_power_of_two().max(512);
    let lengths = || (0..6).map(|doubling| smallest << doubling);
    let cost = |len: usize| transform_ns(len) / (len + 1 - template_len) as f64;
    let best = lengths().map(cost).fold(f64::INFINITY, f64::min);
    lengths().find(|len| cost(*len) <= 1.05 * best).unwrap_or(smallest)
}

fn transfer(
    fft: &ComplexFft,
    template: &[f64],
    work: &mut [Complex64],
) -> Result<Vec<Complex64>, CorrelateError> {
    let moments = Moments::of("templates", template, true)?;
    moments.check_varies("templates", template)?;
    let mut bins = vec![Complex64::default(); fft.len()];
    let scale = 1.0 / moments.energy.sqrt();
    for (bin, x) in bins.iter_mut().zip(template) {
        bin.re = (x - moments.mean) * scale;
    }
    fft.forward(&mut bins, work)?;
    let unit = 1.0 / fft.len() as f64;
    Ok(bins[..=fft.len() / 2].iter().map(|bin| bin.conj() * unit).collect())
}

/// Fills a block with the samples of positions, less their mean and of energy 1, and with their scales.
fn prepare(record: &[f64], positions: std::ops::Range<usize>, len: usize, block: Block) {
    let Block { samples, scales } = block;
    if positions.is_empty() {
        return samples.fill(0.0);
    }
    let source = &record[positions.start..positions.end + len - 1];
    let (own, padding) = samples.split_at_mut(source.len());
    padding.fill(0.0);
    // Whole: it was checked before.
    let Ok(moments) = Moments::of("record", source, true) else { return };
    let energy = if moments.check_varies("record", source).is_ok() { moments.energy } else { 0.0 };
    let scale = if energy > 0.0 { 1.0 / energy.sqrt() } else { 0.0 };
    for (sample, x) in own.iter_mut().zip(source) {
        *sample = (x - moments.mean) * scale;
    }
    let [mut sum, mut squares] = exact_sums(&own[..len], 0.0);
    for (index, scale) in scales[..positions.len()].iter_mut().enumerate() {
        *scale = one_over_deviation(sum, squares, &own[index..][..len]);
        if let Some(entering) = own.get(index + len) {
            let leaving = own[index];
            sum.add(*entering);
            sum.add(-leaving);
            squares.add(entering * entering);
            squares.add(-leaving * leaving);
        }
    }
}

/// Of a stretch, from the sums of its samples and of their squares. Where the block is so loud or uneven that its
/// mean stands far off the stretch, about the mean of the stretch.
fn one_over_deviation(sum: Sum, squares: Sum, stretch: &[f64]) -> f64 {
    let (sum, squares) = (sum.total(), squares.total());
    let mean = sum / stretch.len() as f64;
    let mut about_mean = squares - sum * mean;
    if about_mean < UNEVEN * squares {
        about_mean = sums(stretch, mean)[1];
    }
    let rounding = f64::EPSILON * mean;
    let least = (rounding * rounding * stretch.len() as f64).max(LOST * LOST);
    if about_mean > least { 1.0 / about_mean.sqrt() } else { f64::NAN }
}

/// Products of the transforms of a complex and a real signal.
fn multiply(bins: &[Complex64], transfer: &[Complex64], out: &mut [Complex64]) {
    let half = bins.len() / 2;
    out[0] = bins[0] * transfer[0];
    out[half] = bins[half] * transfer[half];
    let (low, high) = out.split_at_mut(half);
    dispatch_widest(Multiply {
        bins: [&bins[1..half], &bins[half + 1..]],
        transfer: &transfer[1..half],
        out: [&mut low[1..], &mut high[1..]],
    });
}

/// Bins from the front and those that mirror them, at the end.
struct Multiply<'a> {
    bins: [&'a [Complex64]; 2],
    transfer: &'a [Complex64],
    out: [&'a mut [Complex64]; 2],
}

impl<const L: usize> Kernel<f64, L> for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { bins: [low, high], transfer, out: [low_out, high_out] } = self;
        let rest = low.len() % (L / 2);
        let (low, low_rest) = low.split_at(low.len() - rest);
        let (high_rest, high) = high.split_at(rest);
        let (transfer, transfer_rest) = transfer.split_at(low.len());
        let (low_out, low_out_rest) = low_out.split_at_mut(low.len());
        let (high_out_rest, high_out) = high_out.split_at_mut(rest);
        let (low, _) = bytemuck::cast_slice::<_, f64>(low).as_chunks::<L>();
        let (high, _) = bytemuck::cast_slice::<_, f64>(high).as_chunks::<L>();
        let (transfer, _) = bytemuck::cast_slice::<_, f64>(transfer).as_chunks::<L>();
        let (low_out, _) = bytemuck::cast_slice_mut::<_, f64>(low_out).as_chunks_mut::<L>();
        let (high_out, _) = bytemuck::cast_slice_mut::<_, f64>(high_out).as_chunks_mut::<L>();
        let signs = simd.load(&conjugate());
        let outs = low_out.iter_mut().zip(high_out.iter_mut().rev());
        for (((low, high), transfer), (low_out, high_out)) in
            low.iter().zip(high.iter().rev()).zip(transfer).zip(outs)
        {
            let factor = simd.load(transfer);
            times(simd.load(low), factor, signs).store(low_out);
            times(simd.load(high), (factor * signs).reverse_pairs(), signs).store(high_out);
        }
        let outs = low_out_rest.iter_mut().zip(high_out_rest.iter_mut().rev());
        for (((low, high), transfer), (low_out, high_out)) in
            low_rest.iter().zip(high_rest.iter().rev()).zip(transfer_rest).zip(outs)
        {
            (*low_out, *high_out) = (low * transfer, high * transfer.conj());
        }
    }
}
