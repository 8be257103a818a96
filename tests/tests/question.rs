//! The question's program, quirks included.

use hexad_smoothing::direct;
use hexad_smoothing::seed::flatten;
use hexad_testkit::assert_close;
use hexad_tests::question::cases;

/// Round-off of a window's sums, relative to the largest |y|, which is 4.
const ROUNDING: f64 = 4e-14;

#[test]
fn both_forms_return_what_the_program_returns() {
    let cases = cases();
    assert_eq!(cases.len(), 9);
    for case in cases {
        for form in [flatten, direct::flatten] {
            let got = form(&case.x, &case.y, case.reach, case.sigma, case.phi, case.amplitude).unwrap();
            assert_eq!(got.len(), 60);
            assert_close(&got, &case.output, ROUNDING);
        }
    }
}
