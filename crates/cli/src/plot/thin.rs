//! A million points on a thousand pixels: what can be seen of them.

use std::ops::Range;

/// Points of a line in order of x, at most four per column of a picture `columns` wide: the first, lowest,
/// highest and last. NaN breaks the line and is kept as one NaN point.
pub fn thin(points: impl Iterator<Item = (f64, f64)>, range: &Range<f64>, columns: usize) -> Vec<(f64, f64)> {
    let points = in_order(points);
    if points.len() <= 4 * columns {
        return points;
    }
    let width = (range.end - range.start) / columns as f64;
    let column = |x: f64| ((x - range.start) / width).floor();
    let mut thinned = Vec::new();
    for stretch in points.chunk_by(|a, b| column(a.0) == column(b.0) && a.1.is_nan() == b.1.is_nan()) {
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
        let lowest = stretch.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let highest = stretch.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        thinned.extend([*first, *lowest, *highest, *last]);
        if stretch.len() == 1 || first.1.is_nan() {
            thinned.truncate(thinned.len() - 3);
        }
    }
    thinned
}

/// The line through `points` where it is not below `floor`: cut where it crosses, NaN where it is below.
pub fn cut_off(points: &[(f64, f64)], floor: f64) -> Vec<(f64, f64)> {
    let mut above = Vec::with_capacity(points.len());
    let mut before: Option<(f64, f64)> = None;
    for &point in points {
        if let Some(before) = before
            && (before.1 < floor) != (point.1 < floor)
            && !point.1.is_nan()
            && !before.1.is_nan()
        {
            above.push((crossing(before, point, floor), floor));
        }
        above.push(if point.1 < floor { (point.0, f64::NAN) } else { point });
        before = Some(point);
    }
    above
}

/// Where the line between two points is at `floor`; minus infinity is straight below the other point.
fn crossing(a: (f64, f64), b: (f64, f64), floor: f64) -> f64 {
    match (a.1.is_infinite(), b.1.is_infinite()) {
        (true, _) => b.0,
        (_, true) => a.0,
        _ => a.0 + (b.0 - a.0) * ((floor - a.1) / (b.1 - a.1)),
    }
}

fn in_order(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut points: Vec<_> = points.collect();
    if !points.is_sorted_by(|a, b| a.0 <= b.0) {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_and_gaps_survive() {
        let x: Vec<f64> = (0..100_000).map(f64::from).collect();
        let mut y: Vec<f64> = x.iter().map(|x| (x / 1e4).sin()).collect();
        (y[500], y[70_000], y[80_000]) = (9.0, -9.0, f64::NAN);
        let thinned = thin(x.into_iter().zip(y), &(0.0..1e5), 100);
        assert!(thinned.len() < 420);
        for kept in [(500.0, 9.0), (70_000.0, -9.0)] {
            assert!(thinned.contains(&kept));
        }
        assert_eq!(thinned.iter().filter(|point| point.1.is_nan()).count(), 1);
        assert_eq!(thinned[0], (0.0, 0.0));
    }

    #[test]
    fn points_come_in_order_of_x() {
        let points = [(2.0, 5.0), (1.0, 6.0)];
        assert_eq!(thin(points.into_iter(), &(1.0..2.0), 10), [(1.0, 6.0), (2.0, 5.0)]);
    }

    #[test]
    fn a_line_is_cut_where_it_crosses_the_floor() {
        let points = [(0.0, 2.0), (1.0, -2.0), (2.0, -2.0), (3.0, 6.0), (4.0, f64::NEG_INFINITY), (5.0, 1.0)];
        let shown: Vec<_> = cut_off(&points, 0.0).into_iter().filter(|point| !point.1.is_nan()).collect();
        assert_eq!(
            shown,
            [(0.0, 2.0), (0.5, 0.0), (2.25, 0.0), (3.0, 6.0), (3.0, 0.0), (5.0, 0.0), (5.0, 1.0)]
        );
        let gap = [(0.0, 1.0), (1.0, f64::NAN), (2.0, -1.0)];
        assert_eq!(cut_off(&gap, 0.0).iter().filter(|point| !point.1.is_nan()).count(), 1);
    }
}
