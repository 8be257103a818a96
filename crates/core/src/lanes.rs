//! Walking an N-D array one line at a time.

use ndarray::{ArrayViewD, ArrayViewMutD, Axis};

/// Lines copied together when the axis is not contiguous: one cache line of `f64`.
const TILE: usize = 8;

/// Calls `line(input, output)` for every 1-D line of `input` along `axis`, both as contiguous slices.
/// Lines of a strided axis are copied eight at a time, so that each cache line is read once.
///
/// # Errors
///
/// The first error that `line` returns; `output` then holds the lines done before.
///
/// # Panics
///
/// If the shapes differ or `axis` is out of range.
pub fn for_each_lane<T: Copy + Default, E>(
    input: &ArrayViewD<'_, T>,
    mut output: ArrayViewMutD<'_, T>,
    axis: usize,
    mut line: impl FnMut(&[T], &mut [T]) -> Result<(), E>,
) -> Result<(), E> {
    assert_eq!(input.shape(), output.shape(), "input and output must have one shape");
    let len = input.shape()[axis];
    let mut from = vec![T::default(); TILE * len];
    let mut to = vec![T::default(); TILE * len];
    let sources: Vec<_> = input.lanes(Axis(axis)).into_iter().collect();
    let mut targets: Vec<_> = output.lanes_mut(Axis(axis)).into_iter().collect();
    for (sources, targets) in sources.chunks(TILE).zip(targets.chunks_mut(TILE)) {
        for index in 0..len {
            for (tile, source) in sources.iter().enumerate() {
                from[tile * len + index] = source[index];
            }
        }
        for tile in 0..sources.len() {
            let place = tile * len..(tile + 1) * len;
            line(&from[place.clone()], &mut to[place])?;
        }
        for index in 0..len {
            for (tile, target) in targets.iter_mut().enumerate() {
                target[index] = to[tile * len + index];
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, Dimension};

    #[test]
    fn every_axis_is_walked_in_order() {
        let shape = [3, 11, 5];
        let array = Array::from_shape_fn(shape, |(i, j, k)| 100 * i + 10 * j + k).into_dyn();
        for axis in 0..3 {
            let mut out = Array::zeros(shape).into_dyn();
            let done: Result<(), ()> = for_each_lane(&array.view(), out.view_mut(), axis, |from, to| {
                for (index, (to, from)) in to.iter_mut().zip(from).enumerate() {
                    *to = from * 1000 + index;
                }
                Ok(())
            });
            assert_eq!(done, Ok(()));
            for (index, value) in out.indexed_iter() {
                assert_eq!(*value, array[index.clone()] * 1000 + index.as_array_view()[axis]);
            }
        }
    }
}
