//! How far a harmonic has turned.

/// cos and sin of a harmonic in time: asked for at the start of every span, turned on from there within.
pub(super) struct Turn {
    angle: f64,
    span: u64,
    start: [f64; 2],
    /// From the start of a span to each of its half steps.
    within: Vec<[f64; 2]>,
}

impl Turn {
    /// Half steps of a span.
    const SPAN: u64 = 128;

    /// `angle` is that of half a step.
    pub fn new(angle: f64) -> Self {
        let within = (0..Self::SPAN).map(|half_step| cos_sin(angle * half_step as f64)).collect();
        Self { angle, span: 0, start: [1.0, 0.0], within }
    }

    /// After so many half steps from time 0.
    pub fn after(&mut self, half_steps: u64) -> [f64; 2] {
        let (span, within) = (half_steps / Self::SPAN, half_steps % Self::SPAN);
        if span != self.span {
            (self.span, self.start) = (span, cos_sin(self.angle * (span * Self::SPAN) as f64));
        }
        #[expect(clippy::cast_possible_truncation, reason = "below the length of a span")]
        let ([cosine, sine], [cosine_on, sine_on]) = (self.start, self.within[within as usize]);
        [cosine * cosine_on - sine * sine_on, sine * cosine_on + cosine * sine_on]
    }
}

fn cos_sin(angle: f64) -> [f64; 2] {
    [angle.cos(), angle.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_in_two_parts_is_the_turn() {
        let mut turn = Turn::new(0.37);
        for half_steps in (0..5000).chain([130, 7]) {
            let (got, angle) = (turn.after(half_steps), 0.37 * half_steps as f64);
            for (got, wanted) in got.into_iter().zip(cos_sin(angle)) {
                // Roundings of the angles, and of some products.
                assert!((got - wanted).abs() < f64::EPSILON * (angle + 4.0), "{half_steps}");
            }
        }
    }
}
