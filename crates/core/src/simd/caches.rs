//! What goes into the caches, and what does not.

#[cfg(target_arch = "x86_64")]
use super::x86;

/// An element of [`copy_past_caches`]: `f32` or `f64`.
pub trait Plain: bytes::Bytes {}

impl Plain for f32 {}
impl Plain for f64 {}

/// Copies as many elements as both have, past the caches: for the parts of a result that no cache holds as a whole.
/// The memory is not read before it is written, and the caches keep what they had.
///
/// ```
/// let mut to = [0.0; 3];
/// hexad_core::simd::copy_past_caches(&[1.0, 2.0, 3.0], &mut to);
/// assert_eq!(to, [1.0, 2.0, 3.0]);
/// ```
pub fn copy_past_caches<T: Plain>(from: &[T], to: &mut [T]) {
    let len = from.len().min(to.len());
    let (from, to) = (T::bytes(&from[..len]), T::bytes_mut(&mut to[..len]));
    #[cfg(target_arch = "x86_64")]
    x86::copy_past_caches(from, to);
    #[cfg(not(target_arch = "x86_64"))]
    to.copy_from_slice(from);
}

/// Asks for the cache line of the first of `values`, which will be read soon; does nothing where the processor
/// cannot be asked.
#[inline(always)]
pub fn prefetch<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    x86::prefetch(values);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}

/// [`prefetch`] of `values[index]`; an index beyond the end is no mistake.
#[inline(always)]
pub fn prefetch_at<T>(values: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    x86::prefetch_at(values, index);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, index);
}

/// Closed, so that no element has padding.
mod bytes {
    pub trait Bytes: Sized {
        fn bytes(values: &[Self]) -> &[u8];
        fn bytes_mut(values: &mut [Self]) -> &mut [u8];
    }

    macro_rules! bytes {
        ($t:ty) => {
            impl Bytes for $t {
                fn bytes(values: &[Self]) -> &[u8] {
                    bytemuck::cast_slice(values)
                }
                fn bytes_mut(values: &mut [Self]) -> &mut [u8] {
                    bytemuck::cast_slice_mut(values)
                }
            }
        };
    }
    bytes!(f32);
    bytes!(f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_past_the_caches_are_whole_wherever_they_start_and_end() {
        let from: Vec<f32> = (0..300).map(|i| i as f32).collect();
        for start in 0..20 {
            for len in (0..40).chain([63, 64, 65, 200, 256]) {
                let mut to = vec![-1.0; 300];
                copy_past_caches(&from[..len], &mut to[start..]);
                let right = |i: usize| if (start..start + len).contains(&i) { from[i - start] } else { -1.0 };
                assert!((0..300).all(|i| to[i] == right(i)), "{start} {len}");
            }
        }
    }
}
