//! Sums of many terms.

use hexad_core::Sum;

/// Terms added plainly before they go into a compensated sum.
const BLOCK: usize = 32;

/// The sum of many terms, right to a few last places whatever their number.
pub(crate) fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut block) = (Sum::default(), 0.0);
    for (index, term) in terms.enumerate() {
        block += term;
        if index % BLOCK == BLOCK - 1 {
            total.add(std::mem::take(&mut block));
        }
    }
    total.add(block);
    total.total()
}
