//! The question that this crate answers: samples `x`, `y`, smoothed by a Gaussian that ends at a share `reach` of its
//! peak. "Is there a function that takes the same arguments, and that could do the job faster?"

use std::time::{Duration, Instant};

use hexad_smoothing::{SmoothError, SmoothOptions, Truncation, seed, smooth};

fn main() -> Result<(), SmoothError> {
    let (reach, sigma, phi, amplitude) = (0.1, 10.0, 0.0, 1.0);
    let options = SmoothOptions::default().with_truncation(Truncation::Reach(reach));
    println!("   samples    as it was meant    to the letter    largest difference");
    for samples in [1_000, 10_000, 1_000_000] {
        let x: Vec<f64> = (0..samples).map(f64::from).collect();
        let y: Vec<f64> = (0..samples).map(noise).collect();
        let (meant, meant_time) = timed(|| smooth(&x, &y, sigma, &options))?;
        let (letter, letter_time) = timed(|| seed::flatten(&x, &y, reach, sigma, phi, amplitude))?;
        let difference = meant.iter().zip(&letter).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        println!("{samples:10} {meant_time:15.3} ms {letter_time:13.3} ms {difference:21.3}");
    }
    println!(
        "\nThe program of the question took its author 8 s for the first. Its window is one sample short on the right:"
    );
    let line: Vec<f64> = (0..200).map(f64::from).collect();
    let shift = line[100] - seed::flatten(&line, &line, reach, sigma, phi, amplitude)?[100];
    println!("a line that rises by 1 a sample comes out {shift:.3} too low.");
    Ok(())
}

/// Something between -4 and 4.
fn noise(index: u32) -> f64 {
    f64::from(index.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 21) - 4.0
}

/// What comes out of the fastest of ten runs, and its time in ms.
fn timed<T, E>(work: impl Fn() -> Result<T, E>) -> Result<(T, f64), E> {
    let mut fastest = Duration::MAX;
    let mut result = work()?;
    for _ in 0..10 {
        let begun = Instant::now();
        result = work()?;
        fastest = fastest.min(begun.elapsed());
    }
    Ok((result, 1e3 * fastest.as_secs_f64()))
}
