//! A call with a scratch that has been used before does not allocate.

use hexad_smoothing::{Boundary, Fit, Missing, SmoothOptions, Smoother, Truncation};
use hexad_testkit::{COUNTED, Counting, Random, assert_allocates_nothing};

#[global_allocator]
static ALLOCATOR: &Counting = &COUNTED;

const LEN: usize = 50_000;

// One test in the file: every thread's allocations count.
#[test]
fn the_second_call_on_even_samples_allocates_nothing() {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let mut random = Random::new(1);
    let complete = random.vector(LEN, -1.0, 1.0);
    let weights = random.vector(LEN, 0.5, 2.0);
    let mut gappy = complete.clone();
    gappy[2000..2400].fill(f64::NAN);
    let base = SmoothOptions::default();
    let reflect = base.with_boundary(Boundary::Reflect);
    for options in [
        base,
        base.with_truncation(Truncation::Exact),
        base.with_fit(Fit::Linear),
        base.with_missing(Missing::Propagate),
        reflect,
        reflect.with_truncation(Truncation::Exact),
        reflect.with_derivative(1),
        reflect.with_derivative(2),
    ] {
        for sigma in [1.0, 20.0, 400.0] {
            for (y, weights) in [(&complete, None), (&gappy, None), (&gappy, Some(&weights[..]))] {
                let plan = Smoother::uniform(LEN, 0.5, sigma, &options).unwrap();
                let (mut out, mut scratch) = (vec![0.0; LEN], plan.make_scratch());
                let what = format!("{options:?}, sigma {sigma}, weights {}", weights.is_some());
                assert_allocates_nothing(&what, || {
                    plan.apply_into(y, weights, &mut out, &mut scratch).unwrap();
                });
            }
        }
    }
}
