//! The weights with which a point is shared among grid nodes: cardinal B-splines.

/// Nodes that a spline of the highest degree reaches: a row of a vector.
pub(crate) const LANES: usize = 8;

/// Coefficients of the weights on nodes 0 to degree, as polynomials of a point's place between nodes:
/// `weight[node] = sum_power table[power][node] fraction^power`.
pub(crate) type Weights = [[f64; LANES]; LANES];

/// By the recursion `w_k^d(f) = ((f + d - k) w_(k-1)^(d-1) + (k + 1 - f) w_k^(d-1)) / d`.
pub(crate) fn weights(degree: usize) -> Weights {
    let mut table: Weights = [[0.0; LANES]; LANES];
    table[0][0] = 1.0;
    for d in 1..=degree {
        let before = table;
        table = [[0.0; LANES]; LANES];
        for node in 0..=d {
            for power in 0..d {
                let left = if node > 0 { before[power][node - 1] } else { 0.0 };
                let own = before[power][node];
                let (from_left, from_own) = ((d - node) as f64, (node + 1) as f64);
                table[power][node] += (from_left * left + from_own * own) / d as f64;
                table[power + 1][node] += (left - own) / d as f64;
            }
        }
    }
    table
}

/// The spline of `degree` at the whole numbers from 0 to the end of its support.
pub(crate) fn at_whole_numbers(degree: usize) -> Vec<f64> {
    let mut values = vec![1.0];
    for d in 1..=degree {
        let before = |k: usize| values.get(k).copied().unwrap_or(0.0);
        let value = |k: usize| {
            let left = if k > 0 { (d - k) as f64 * before(k - 1) } else { 0.0 };
            (left + (k + 1) as f64 * before(k)) / d as f64
        };
        values = (0..=d).map(value).collect();
    }
    // At a knot the support is one shorter; its middle is the middle of what is left.
    values.truncate(degree.max(1));
    values.split_off((values.len() - 1) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_and_find_the_point() {
        for degree in [1, 3, 5, 7] {
            let table = weights(degree);
            for step in 0..=10 {
                let fraction = f64::from(step) / 10.0;
                let at = |node: usize| {
                    (0..=degree).rev().fold(0.0, |sum, power| sum * fraction + table[power][node])
                };
                let sum: f64 = (0..=degree).map(at).sum();
                let mean: f64 = (0..=degree).map(|node| node as f64 * at(node)).sum();
                assert!((sum - 1.0).abs() < 1e-15, "{degree}: {sum}");
                assert!((mean - (degree as f64 - 1.0) / 2.0 - fraction).abs() < 1e-14, "{degree}: {mean}");
            }
        }
    }

    #[test]
    fn values_at_whole_numbers_are_the_known_ones() {
        assert_eq!(at_whole_numbers(1), [1.0]);
        assert_eq!(at_whole_numbers(3), [4.0 / 6.0, 1.0 / 6.0]);
        hexad_testkit::assert_close(&at_whole_numbers(5), &[0.55, 26.0 / 120.0, 1.0 / 120.0], 1e-16);
    }
}
