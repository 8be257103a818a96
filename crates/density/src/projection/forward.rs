//! Degrees to metres, many at a time.
//!
//! With a the half of the latitude, `y / R = ln tan(pi/4 + a) = ln q`, `q = (cos a + sin a) / (cos a - sin a)`;
//! and with p a power of 2 near q, `ln q = ln p + 2 artanh f`, `f = (q / p - 1) / (q / p + 1)`: series for the
//! sine, the cosine and artanh, and one division. At the equator p is 1 and f is tan a, so that small latitudes
//! keep all their digits.

use std::f64::consts::{LN_2, PI};

use hexad_core::simd::{Kernel, Simd, dispatch, dispatch_eight, has_eight_lanes};

use super::{EARTH_RADIUS_M, HALF_WORLD_M, MERCATOR_LIMIT_DEG};

/// Writes the metres of places in degrees; NaN for y beyond the map. Returns how many latitudes are beyond.
pub(super) fn project(lon_deg: &[f64], lat_deg: &[f64], x_m: &mut [f64], y_m: &mut [f64]) -> u64 {
    let project = Project { lon_deg, lat_deg, x_m, y_m };
    if has_eight_lanes() { dispatch_eight(project) } else { dispatch::<f64, 4, _>(project) }
}

/// Plain loops: what matters is that they are compiled for the wide instructions.
struct Project<'a> {
    lon_deg: &'a [f64],
    lat_deg: &'a [f64],
    x_m: &'a mut [f64],
    y_m: &'a mut [f64],
}

macro_rules! project {
    ($lanes:literal) => {
        impl Kernel<f64, $lanes> for Project<'_> {
            type Output = u64;
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, _: S) -> u64 {
                self.all()
            }
        }
    };
}
project!(4);
project!(8);

impl Project<'_> {
    #[inline(always)]
    fn all(self) -> u64 {
        for (x, lon) in self.x_m.iter_mut().zip(self.lon_deg) {
            *x = wrapped(*lon) / 180.0 * HALF_WORLD_M;
        }
        let mut beyond = 0;
        for (y, lat) in self.y_m.iter_mut().zip(self.lat_deg) {
            let size = lat.abs();
            let outside = size > MERCATOR_LIMIT_DEG;
            beyond += u64::from(outside & (size < f64::INFINITY));
            let metres = (height(size * (PI / 360.0)) * EARTH_RADIUS_M).min(HALF_WORLD_M);
            let metres = if outside { f64::NAN } else { metres };
            // `min` drops a NaN; a product keeps it.
            *y = metres.copysign(*lat) + 0.0 * *lat;
        }
        beyond
    }
}

/// The same longitude in `[-180, 180)`; those that are there already keep their bits.
#[inline(always)]
fn wrapped(lon: f64) -> f64 {
    let turned = lon - 360.0 * ((lon + 180.0) / 360.0).floor();
    // The quotient is rounded, so that it may be one off.
    let turned = if turned >= 180.0 { turned - 360.0 } else { turned };
    // Of a longitude that is far too large nothing is left but rounding.
    let turned = if turned >= 180.0 { -180.0 } else { turned };
    let turned = if turned < -180.0 { -180.0 } else { turned };
    if (-180.0..180.0).contains(&lon) { lon } else { turned }
}

/// `ln tan(pi/4 + a)` for `0 <= a <= pi/4`.
#[inline(always)]
fn height(a: f64) -> f64 {
    let square = a * a;
    let (mut sine, mut cosine) = (SINE[7], COSINE[8]);
    for power in (0..8).rev() {
        cosine = cosine * square + COSINE[power];
    }
    for power in (0..7).rev() {
        sine = sine * square + SINE[power];
    }
    let sine = sine * a;
    let (mut power, mut logarithm) = (1.0, 0.0);
    for (step, from) in POWERS_FROM.iter().enumerate() {
        let double = POWERS[step + 1];
        power = if a > *from { double } else { power };
        logarithm = if a > *from { LOGARITHMS[step + 1] } else { logarithm };
    }
    let (above, below) = (cosine + sine, power * (cosine - sine));
    // Without a power the difference is twice the sine, to the last bit.
    let difference = if power == 1.0 { 2.0 * sine } else { above - below };
    let f = difference / (above + below);
    let square = f * f;
    let mut series = ARTANH[9];
    for power in (0..9).rev() {
        series = series * square + ARTANH[power];
    }
    2.0 * f * series + logarithm
}

/// Where q is `sqrt(2) 2^k`, about: `atan(q) - pi/4`.
const POWERS_FROM: [f64; 5] = [0.169_918_454, 0.445_561_253, 0.610_429_117, 0.697_238_920, 0.741_232_728];
const POWERS: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
const LOGARITHMS: [f64; 6] = [0.0, LN_2, 2.0 * LN_2, 3.0 * LN_2, 4.0 * LN_2, 5.0 * LN_2];
const SINE: [f64; 8] = series(1, -1.0, Kind::Factorials);
const COSINE: [f64; 9] = series(0, -1.0, Kind::Factorials);
const ARTANH: [f64; 10] = series(1, 1.0, Kind::Numbers);

enum Kind {
    Factorials,
    Numbers,
}

/// `sign^k / (first + 2 k)!`, or without the factorial.
const fn series<const N: usize>(first: usize, sign: f64, kind: Kind) -> [f64; N] {
    let mut coefficients = [1.0; N];
    let mut index = 1;
    while index < N {
        let number = (first + 2 * index) as f64;
        coefficients[index] = match kind {
            Kind::Factorials => sign * coefficients[index - 1] / (number * (number - 1.0)),
            Kind::Numbers => 1.0 / number,
        };
        index += 1;
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::Random;

    #[test]
    fn heights_are_those_of_the_formula() {
        let mut worst = 0.0_f64;
        for step in 0..=200_000 {
            let lat = MERCATOR_LIMIT_DEG * f64::from(step) / 200_000.0;
            let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
            project(&[0.0; 2], &[lat, -lat], &mut x, &mut y);
            assert_eq!(y[0], -y[1]);
            let wanted = lat.to_radians().tan().asinh() * EARTH_RADIUS_M;
            worst = worst.max((y[0] - wanted.min(HALF_WORLD_M)).abs());
        }
        // The tangent's own error near the limit: half an ulp of the angle times 1 / cos.
        assert!(worst < 3e-8, "{worst:e} m");
    }

    #[test]
    fn small_latitudes_keep_their_digits() {
        for exponent in -30..0 {
            let lat = f64::from(exponent).exp2();
            let mut y = [0.0];
            project(&[0.0], &[lat], &mut [0.0], &mut y);
            let wanted = lat.to_radians().sin().atanh() * EARTH_RADIUS_M;
            assert!((y[0] / wanted - 1.0).abs() < 4.0 * f64::EPSILON, "{lat}");
        }
    }

    #[test]
    fn longitudes_wrap_and_keep_their_bits_at_home() {
        for lon in [-180.0, -179.999_999_999, 0.0, 1e-300, 180_f64.next_down()] {
            assert_eq!(wrapped(lon), lon);
        }
        assert_eq!(
            [180.0, -540.0, 540.0, 190.0, -190.0, 360.0].map(wrapped),
            [-180.0, -180.0, -180.0, -170.0, 170.0, 0.0]
        );
        let mut random = Random::new(1);
        for lon in random.vector(10_000, -1e6, 1e6) {
            let home = wrapped(lon);
            assert!((-180.0..180.0).contains(&home));
            let turns = (lon - home) / 360.0;
            assert!((turns - turns.round()).abs() < 1e-12, "{lon} became {home}");
        }
    }

    #[test]
    fn what_is_not_on_the_map_is_missing_and_only_the_finite_is_beyond() {
        let nan = f64::NAN;
        let lat = [86.0, -90.0, 1000.0, nan, f64::INFINITY, 0.0];
        let lon = [0.0, 0.0, 0.0, 0.0, 0.0, f64::NEG_INFINITY];
        let (mut x, mut y) = ([0.0; 6], [0.0; 6]);
        assert_eq!(project(&lon, &lat, &mut x, &mut y), 3);
        assert!(y[..5].iter().all(|y| y.is_nan()) && x[5].is_nan());
    }
}
