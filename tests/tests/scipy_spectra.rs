//! Windows, periodograms, Welch averages, cross-spectra and coherence beside SciPy: every line of the table.

use hexad_core::Complex64;
use hexad_spectral::{
    Average, Detrend, Padding, Scaling, Sides, SpectrumOptions, WelchOptions, Window, cross_spectrum,
    spectrum, spectrum_of_complex, welch,
};
use hexad_testkit::max_difference;

/// Both sides round sums over 200 samples and a transform; relative to the largest value.
const ROUNDING: f64 = 1e-13;

/// One line of the table.
struct Case<'a> {
    what: &'a str,
    fields: Vec<&'a str>,
    wanted: Vec<f64>,
}

impl Case<'_> {
    fn window(&self) -> Window {
        self.fields[0].parse().expect("a window")
    }

    fn samples(&self) -> usize {
        self.fields[1].parse().expect("a number of samples")
    }

    fn detrend(&self) -> Detrend {
        match self.fields[2] {
            "none" => Detrend::None,
            "constant" => Detrend::Constant,
            "linear" => Detrend::Linear,
            other => panic!("unknown trend {other}"),
        }
    }

    fn scaling(&self) -> Scaling {
        self.fields[3].parse().expect("a scaling")
    }

    fn sides(&self) -> Sides {
        if self.fields[4] == "1" { Sides::One } else { Sides::Two }
    }

    fn padding(&self) -> Padding {
        self.fields[8].parse().map_or(Padding::None, Padding::To)
    }

    fn segment(&self) -> usize {
        self.fields[5].parse().expect("a segment")
    }

    fn spectrum(&self) -> SpectrumOptions {
        SpectrumOptions::default()
            .with_window(self.window())
            .with_detrend(self.detrend())
            .with_sides(self.sides())
            .with_padding(self.padding())
    }

    fn welch(&self) -> WelchOptions {
        let average = if self.fields[7] == "median" { Average::Median } else { Average::Mean };
        WelchOptions::default()
            .with_window(self.window())
            .with_overlap(self.fields[6].parse().expect("an overlap"))
            .with_detrend(self.detrend())
            .with_average(average)
            .with_sides(self.sides())
            .with_padding(self.padding())
    }
}

fn numbers<'a>(fields: impl Iterator<Item = &'a str>) -> Vec<f64> {
    fields.map(|field| field.parse().expect("a number")).collect()
}

fn parts(values: &[Complex64]) -> Vec<f64> {
    values.iter().flat_map(|value| [value.re, value.im]).collect()
}

/// What our crate makes of a case.
fn found(case: &Case, x: &[f64], y: &[f64]) -> Vec<f64> {
    const RATE: f64 = 8.0;
    let len = case.samples();
    let valid = "valid parameters";
    match case.what {
        "window" => {
            let samples = case.window().samples(len).expect(valid);
            // SciPy does not scale this one to a peak of 1.
            let Window::Dpss { .. } = case.window() else { return samples };
            let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, value| most.max(*value));
            let scale = largest(&case.wanted) / largest(&samples);
            samples.iter().map(|sample| scale * sample).collect()
        }
        "spectrum" => spectrum(&x[..len], RATE, &case.spectrum()).expect(valid).values(case.scaling()),
        "complex" => {
            let signal: Vec<_> = x.iter().zip(y).take(len).map(|(x, y)| Complex64::new(*x, *y)).collect();
            spectrum_of_complex(&signal, RATE, &case.spectrum()).expect(valid).values(case.scaling())
        }
        "welch" => {
            let average = welch(&x[..len], RATE, case.segment(), &case.welch()).expect(valid);
            average.values(case.scaling())
        }
        "cross" => {
            let cross = cross_spectrum(x, y, RATE, case.segment(), &case.welch()).expect(valid);
            let is_power = case.scaling() == Scaling::Power;
            parts(&if is_power { cross.powers() } else { cross.densities() })
        }
        "coherence" => {
            let cross = cross_spectrum(x, y, RATE, case.segment(), &case.welch()).expect(valid);
            cross.coherence().expect("several segments")
        }
        other => panic!("unknown {other}"),
    }
}

#[test]
fn every_line_of_the_table_comes_out() {
    let mut lines = include_str!("../reference/spectra.csv").lines().skip(1);
    let mut signal = || numbers(lines.next().expect("a signal").split(','));
    let [x, y] = [signal(), signal()];
    let mut count = 0;
    for line in lines {
        let mut fields = line.split(',');
        let what = fields.next().expect("a name");
        let case = Case { what, fields: fields.by_ref().take(9).collect(), wanted: numbers(fields) };
        let found = found(&case, &x, &y);
        assert_eq!(found.len(), case.wanted.len(), "{what} {:?}", case.fields);
        let largest = case.wanted.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let difference = max_difference(&found, &case.wanted);
        assert!(difference <= ROUNDING * largest, "{difference:e} of {largest:e}: {what} {:?}", case.fields);
        count += 1;
    }
    assert_eq!(count, 336);
}
