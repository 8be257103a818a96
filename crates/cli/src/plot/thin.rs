//! A million points on a thousand pixels: what can be seen of them.

/// Points of a line in order of x, at most four per column of a picture `columns` wide: the first, lowest,
/// highest and last. NaN breaks the line and is kept as one NaN point.
pub fn thin(x: &[f64], y: &[f64], range: &std::ops::Range<f64>, columns: usize) -> Vec<(f64, f64)> {
    let points = in_order(x, y);
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

fn in_order(x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
    let mut points: Vec<_> = x.iter().copied().zip(y.iter().copied()).collect();
    if !x.is_sorted() {
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
        let thinned = thin(&x, &y, &(0.0..1e5), 100);
        assert!(thinned.len() < 420);
        for kept in [(500.0, 9.0), (70_000.0, -9.0)] {
            assert!(thinned.contains(&kept));
        }
        assert_eq!(thinned.iter().filter(|point| point.1.is_nan()).count(), 1);
        assert_eq!(thinned[0], (0.0, 0.0));
    }

    #[test]
    fn points_come_in_order_of_x() {
        assert_eq!(thin(&[2.0, 1.0], &[5.0, 6.0], &(1.0..2.0), 10), [(1.0, 6.0), (2.0, 5.0)]);
    }
}
