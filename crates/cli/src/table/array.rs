//! NumPy arrays of any number of axes, as a whole and piece by piece.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use hexad_core::ndarray::{ArrayD, IxDyn, ShapeBuilder};
use npyz::{NpyHeader, Order};

use super::guard::{damaged, guarded};
use super::npy::Element;
use crate::error::{Failure, Outcome};
use crate::memory;

/// Reads an array.
pub fn read_array(path: &Path) -> Outcome<ArrayD<f64>> {
    let input = path.display().to_string();
    let cannot = |doing, error| Failure::io(path, doing, &error);
    if path.is_dir() {
        return Err(Failure::work(format!("{input}: is a folder; name an .npy file in it")));
    }
    let mut file = BufReader::new(File::open(path).map_err(|error| cannot("open", error))?);
    let header =
        guarded(&input, || NpyHeader::from_reader(&mut file).map_err(|error| damaged(&input, error)))?;
    let element = Element::of_header(&input, &header)?;
    let start = file.stream_position().map_err(|error| cannot("read", error))?;
    let size = file.get_ref().metadata().map_err(|error| cannot("read", error))?.len();
    let numbers = header.shape().iter().try_fold(1_u64, |product, length| product.checked_mul(*length));
    let bytes = numbers.and_then(|numbers| numbers.checked_mul(element.size() as u64));
    let there = size.saturating_sub(start);
    let Some(bytes) = bytes.filter(|bytes| *bytes <= there) else {
        let shape = header.shape();
        return Err(damaged(
            &input,
            format!("its shape {shape:?} needs more than the {there} bytes there are"),
        ));
    };
    memory::check_for(&input, 16 * (bytes / element.size() as u64), "save a smaller array")?;
    let mut raw = Vec::new();
    file.take(bytes).read_to_end(&mut raw).map_err(|error| cannot("read", error))?;
    let values: Vec<f64> = raw.chunks_exact(element.size()).map(|bytes| element.decode(bytes)).collect();
    let shape: Vec<usize> =
        header.shape().iter().map(|length| usize::try_from(*length).unwrap_or(usize::MAX)).collect();
    let shape = IxDyn(&shape).set_f(header.order() == Order::Fortran);
    ArrayD::from_shape_vec(shape, values).map_err(|error| damaged(&input, error))
}

/// How an array of this shape begins, in row-major order, its floats being of so many bytes.
pub fn npy_header(shape: &[u64], bytes: u64) -> Vec<u8> {
    const ALIGNED: usize = 64;
    let lengths: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let shape = if shape.len() == 1 { lengths.trim_end() } else { lengths.trim_end_matches(", ") };
    let mut text = format!("{{'descr': '<f{bytes}', 'fortran_order': False, 'shape': ({shape}), }}");
    let length = (10 + text.len() + 1).next_multiple_of(ALIGNED) - 10;
    text.extend(std::iter::repeat_n(' ', length - 1 - text.len()));
    text.push('\n');
    let length = u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes();
    [b"\x93NUMPY\x01\x00".as_slice(), &length, text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npy");
        for shape in [vec![6], vec![2, 3], vec![1, 2, 3], vec![3, 1, 1, 2]] {
            let lengths: Vec<u64> = shape.iter().map(|length| *length as u64).collect();
            let mut bytes = npy_header(&lengths, 4);
            assert_eq!(bytes.len() % 64, 0);
            bytes.extend((0..6_u8).flat_map(|value| f32::from(value).to_le_bytes()));
            std::fs::write(&path, &bytes).unwrap();
            let array = read_array(&path).unwrap();
            assert_eq!(array.shape(), shape);
            assert!(array.iter().zip(0_u8..).all(|(got, wanted)| *got == f64::from(wanted)));
        }
    }

    #[test]
    fn columns_first_is_turned() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npy");
        let header = npy_header(&[2, 3], 8);
        let header = String::from_utf8_lossy(&header[10..]).replace("False", "True ");
        let mut bytes = npy_header(&[2, 3], 8)[..10].to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend([0.0_f64, 3.0, 1.0, 4.0, 2.0, 5.0].iter().flat_map(|value| value.to_le_bytes()));
        std::fs::write(&path, &bytes).unwrap();
        let array = read_array(&path).unwrap();
        assert!(array.iter().zip(0_u8..).all(|(got, wanted)| *got == f64::from(wanted)));
    }
}
