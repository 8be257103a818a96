//! A call with a scratch and a result that have been used before does not allocate.

use hexad_core::Complex64;
use hexad_spectral::{
    Average, ChirpZ, CrossPlan, Detrend, ErrorNorm, FrequencyGrid, Goertzel, LombMethod, LombScargle,
    LombScargleOptions, LombScratch, Rebuild, RebuildPlan, Selection, SpectrumOptions, SpectrumPlan,
    StftOptions, StftPlan, WelchOptions, WelchPlan, Window,
};
use hexad_testkit::{COUNTED, Counting, Random, assert_allocates_nothing};

#[global_allocator]
static ALLOCATOR: &Counting = &COUNTED;

// One test in the file: every thread's allocations count.
#[test]
fn hot_calls_do_not_allocate() {
    for len in [4096, 3000, 1009] {
        let signal = Random::new(1).vector(len, -1.0, 1.0);
        let other = Random::new(2).vector(len, -1.0, 1.0);

        let options = SpectrumOptions::default().with_window(Window::Hann).with_detrend(Detrend::Linear);
        let plan = SpectrumPlan::new(len, 1.0, &options).unwrap();
        let (mut spectrum, mut scratch) = (plan.apply(&signal).unwrap(), plan.make_scratch());
        assert_allocates_nothing("spectrum", || {
            plan.apply_into(&signal, &mut spectrum, &mut scratch).unwrap();
        });

        for average in [Average::Mean, Average::Median] {
            let plan = WelchPlan::new(256, 1.0, &WelchOptions::default().with_average(average)).unwrap();
            let (mut spectrum, mut scratch) = (plan.apply(&signal).unwrap(), plan.make_scratch());
            assert_allocates_nothing("Welch", || {
                plan.apply_into(&signal, &mut spectrum, &mut scratch).unwrap();
            });
        }

        let plan = CrossPlan::new(256, 1.0, &WelchOptions::default()).unwrap();
        let (mut cross, mut scratch) = (plan.apply(&signal, &other).unwrap(), plan.make_scratch());
        assert_allocates_nothing("cross-spectrum", || {
            plan.apply_into(&signal, &other, &mut cross, &mut scratch).unwrap();
        });

        let plan = StftPlan::new(128, 32, 1.0, &StftOptions::default()).unwrap();
        let (mut stft, mut scratch) = (plan.forward(&signal).unwrap(), plan.make_scratch());
        let mut back = plan.inverse(&stft).unwrap();
        assert_allocates_nothing("frames", || {
            plan.forward_into(&signal, &mut stft, &mut scratch).unwrap();
            plan.inverse_into(&stft, &mut back, &mut scratch).unwrap();
        });

        let plan = RebuildPlan::new(len, 1.0).unwrap();
        let (mut rebuilt, mut scratch) = (Rebuild::default(), plan.make_scratch());
        for selection in [
            Selection::Count(20),
            Selection::Error { relative: 0.3, norm: ErrorNorm::L2 },
            Selection::Error { relative: 0.3, norm: ErrorNorm::Max },
        ] {
            assert_allocates_nothing("rebuild", || {
                plan.apply_into(&signal, selection, &mut rebuilt, &mut scratch).unwrap();
            });
        }

        let zoom = ChirpZ::new(len, 1.0, 0.1, 0.2, 100).unwrap();
        let (mut band, mut scratch) = (vec![Complex64::ZERO; 100], zoom.make_scratch());
        assert_allocates_nothing("chirp-z", || {
            zoom.apply_into(&signal, &mut band, &mut scratch).unwrap();
        });
        let bins = Goertzel::new(1.0, &[0.1, 0.2]).unwrap();
        assert_allocates_nothing("Goertzel", || bins.apply_into(&signal, &mut band[..2]).unwrap());

        let time: Vec<f64> = (0..len).map(|n| n as f64 + 0.3 * other[n]).collect();
        let grid = FrequencyGrid::new(1e-3, 1e-3, 400).unwrap();
        for method in [LombMethod::Direct, LombMethod::Fast] {
            let options = LombScargleOptions::default().with_method(method);
            let periodogram = LombScargle::new(&time, &signal, None, &options).unwrap();
            let (mut power, mut scratch) = (vec![0.0; 400], LombScratch::default());
            assert_allocates_nothing("Lomb-Scargle", || {
                periodogram.power_into(&grid, &mut power, &mut scratch).unwrap();
            });
        }
    }
}
