//! Templates in a record against the definition, and what follows from it.

use hexad_correlate::{CorrelateError, Correlation, Templates, TemplatesScratch, direct};
use hexad_testkit::{Random, assert_close};
use proptest::prelude::*;

fn noise(len: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.normal()).collect()
}

fn slices(templates: &[Vec<f64>]) -> Vec<&[f64]> {
    templates.iter().map(Vec::as_slice).collect()
}

#[test]
fn coefficients_are_those_of_the_definition() {
    // One position, less than a block, two blocks and a piece of a third.
    for (len, record) in [(2, 2), (2, 1300), (5, 60), (100, 100), (100, 2500), (300, 300 + 3 * 1749 + 5)] {
        let record = noise(record, 1);
        let templates: Vec<_> = (0..3).map(|seed| noise(len, 2 + seed)).collect();
        let plan = Templates::new(&slices(&templates)).unwrap();
        assert_eq!((plan.count(), plan.template_len()), (3, len));
        let found = plan.apply(&record).unwrap();
        for (found, template) in found.iter().zip(&templates) {
            assert_eq!(found.lags(), 0..=(record.len() - len) as i64);
            // Transforms round to 1e-15 of a block; a stretch of 2 is a thousandth of its energy and may be
            // almost constant.
            let tolerance = if len == 2 { 1e-9 } else { 1e-12 };
            assert_close(&found.values, &direct::template(&record, template).unwrap(), tolerance);
        }
    }
}

#[test]
fn a_louder_raised_copy_is_found_with_coefficient_one() {
    let mut record: Vec<f64> = noise(20_000, 3).iter().map(|x| 1e8 + x).collect();
    let template = noise(400, 4);
    for (place, x) in record[12_345..].iter_mut().zip(&template) {
        *place = 1e8 + 7.0 - 30.0 * x;
    }
    let peak = Templates::new(&[&template]).unwrap().apply(&record).unwrap()[0].peak_of_size().unwrap();
    assert_eq!(peak.lag, 12_345);
    // Samples are rounded to 1.5e-8 on the offset.
    assert!((peak.value + 1.0).abs() < 1e-9, "{}", peak.value);
}

#[test]
fn constant_stretches_are_not_numbers() {
    let mut record = noise(3000, 5);
    record[1000..1200].fill(0.1);
    let found = &Templates::new(&[&noise(50, 6)]).unwrap().apply(&record).unwrap()[0];
    for (position, value) in found.values.iter().enumerate() {
        assert_eq!(value.is_nan(), (1000..=1150).contains(&position), "{position}: {value}");
    }
    let silent = Templates::new(&[&noise(50, 6)]).unwrap().apply(&[0.0; 100]).unwrap();
    assert!(silent[0].values.iter().all(|value| value.is_nan()));
}

#[test]
fn a_loud_burst_leaves_digits_beside_it() {
    let mut record = noise(4000, 7);
    record[2000] = 1e7;
    let template = noise(100, 8);
    let found = &Templates::new(&[&template]).unwrap().apply(&record).unwrap()[0];
    // 1e-15 of 1e7 over the root of the energy of a stretch, 10.
    assert_close(&found.values, &direct::template(&record, &template).unwrap(), 1e-9);
}

#[test]
fn pieces_come_in_order_and_scratch_does_not_matter() {
    let record = noise(9000, 9);
    let templates = [noise(64, 10), noise(64, 11)];
    let plan = Templates::new(&slices(&templates)).unwrap();
    let wanted = plan.apply(&record).unwrap();
    let mut scratch = TemplatesScratch::default();
    let mut out = vec![Correlation { values: vec![7.0; 5], first_lag: 3 }];
    Templates::new(&[&noise(500, 1)]).unwrap().apply_into(&record, &mut out, &mut scratch).unwrap();
    plan.apply_into(&record, &mut out, &mut scratch).unwrap();
    assert_eq!(out, wanted);
    let mut next = [0, 0];
    plan.scan(&record, &mut scratch, |piece| {
        assert_eq!(piece.position, next[piece.template]);
        let own = &wanted[piece.template].values[piece.position..][..piece.values.len()];
        assert_eq!(piece.values, own);
        next[piece.template] += piece.values.len();
    })
    .unwrap();
    assert_eq!(next, [plan.positions(9000); 2]);
}

#[test]
fn bad_input_is_named() {
    let refused = |templates: &[&[f64]]| Templates::new(templates).unwrap_err().to_string();
    assert_eq!(refused(&[]), "templates needs at least 1 elements, got 0");
    assert_eq!(refused(&[&[1.0]]), "template needs at least 2 elements, got 1");
    assert_eq!(refused(&[&[1.0, 2.0], &[1.0; 3]]), "template must have 2 elements, got 3");
    assert_eq!(refused(&[&[1.0, 2.0], &[1.0, f64::NAN]]), "templates[1] must be finite, got NaN");
    assert_eq!(
        refused(&[&[1.0, 2.0], &[0.1, 0.1]]),
        "templates[1] must be a signal that is not constant, got 0.1"
    );
    let plan = Templates::new(&[&[1.0, 2.0, 4.0]]).unwrap();
    let message = |error: CorrelateError| error.to_string();
    assert_eq!(message(plan.apply(&[1.0, 2.0]).unwrap_err()), "record needs at least 3 elements, got 2");
    let bad = [0.0, 1.0, f64::INFINITY, f64::NAN];
    assert_eq!(message(plan.apply(&bad).unwrap_err()), "record[2] must be finite, got inf");
    assert_eq!(plan.positions(2), 0);
}

proptest! {
    #[test]
    fn a_coefficient_does_not_see_gain_and_offset(
        seed in 0_u64..1000, len in 20_usize..200, gain in 1e-3_f64..1e3, offset in -10.0_f64..10.0,
    ) {
        let (record, template) = (noise(1500, seed), noise(len, seed + 1));
        let changed: Vec<f64> = record.iter().map(|x| offset + gain * x).collect();
        let plan = Templates::new(&[&template]).unwrap();
        let (plain, changed) = (plan.apply(&record).unwrap(), plan.apply(&changed).unwrap());
        for (plain, changed) in plain[0].values.iter().zip(&changed[0].values) {
            // The offset is up to 1e4 deviations.
            prop_assert!((plain - changed).abs() < 1e-10 && plain.abs() <= 1.0 + 1e-12);
        }
    }
}
