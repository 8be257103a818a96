//! Lengths whose transforms are fast.

/// The smallest even length of at least `len` with no prime factor above 7.
#[must_use]
pub fn good_size(len: usize) -> usize {
    let mut size = len.max(2).next_multiple_of(2);
    while !is_smooth(size) {
        size += 2;
    }
    size
}

fn is_smooth(mut size: usize) -> bool {
    for factor in [2, 3, 5, 7] {
        while size.is_multiple_of(factor) {
            size /= factor;
        }
    }
    size == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_sizes_are_the_next_smooth_even_numbers() {
        let sizes = [0, 1, 3, 11, 97, 1025, 4096, 1_000_003].map(good_size);
        assert_eq!(sizes, [2, 2, 4, 12, 98, 1050, 4096, 1_000_188]);
    }
}
