//! A call with a scratch and a map that have been used before does not allocate.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use hexad_density::{GaussianOptions, GaussianPlan, Points, Raster, View};
use hexad_testkit::{COUNTED, Counting, Random, assert_allocates_nothing};

#[global_allocator]
static ALLOCATOR: &Counting = &COUNTED;

// One test in the file: every thread's allocations count.
#[test]
fn hot_calls_do_not_allocate_on_one_thread() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(hot_calls);
}

fn hot_calls() {
    let mut random = Random::new(1);
    let (x, y) = (random.vector(20_000, -0.2, 1.2), random.vector(20_000, -0.2, 1.2));
    let weights = random.vector(20_000, 0.0, 3.0);
    let points = Points::new(&x, &y).unwrap();
    let weighted = points.with_weights(&weights).unwrap();
    let view = View::new([0.0, 0.0, 1.0, 1.0], [128, 96]).unwrap();
    for sigma in [0.01, 0.1] {
        for tolerance in [1e-5, 1e-7] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let plan = GaussianPlan::new(view, [sigma; 2], &options).unwrap();
            let (mut map, mut scratch) = (plan.make_map(), plan.make_scratch());
            assert_allocates_nothing("points", || plan.apply_into(&points, &mut map, &mut scratch));
            assert_eq!(map, plan.apply(&points));
            assert_allocates_nothing("weighted", || plan.apply_into(&weighted, &mut map, &mut scratch));
            assert_eq!(map, plan.apply(&weighted));
        }
    }
    let (mut raster, mut sums) = (Raster::new(view), Raster::weighted(view, 3.0).unwrap());
    assert_allocates_nothing("counts", || raster.add(&points).unwrap());
    assert_allocates_nothing("sums", || sums.add(&weighted).unwrap());
}
